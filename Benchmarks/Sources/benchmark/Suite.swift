import Foundation

/// The measurements, in order.
struct Suite {
  let certify: String
  let python: String
  let folder: String
  let checkpoints: String?
  private(set) var failures = 0

  init(certify: String, python: String, folder: String, checkpoints: String?) {
    self.certify = certify
    self.python = python
    self.folder = folder
    self.checkpoints = checkpoints
  }

  mutating func run() throws {
    let processors = ProcessInfo.processInfo.activeProcessorCount
    show("certify on \(processors) processors, OpenBLAS kernel \(openBLASKernel() ?? "unknown")")
    try startUp()
    for kind in ["sparse32", "sparse64"] { try sparse(kind) }
    try dense()
    try published()
    try combos()
    try workspaces()
    show(failures == 0 ? "all limits met" : "\(failures) missed")
  }

  private mutating func line(
    _ name: String, _ value: Double, _ unit: String, limit: Double, atLeast: Bool = false
  ) {
    let good = atLeast ? value >= limit : value <= limit
    if !good { failures += 1 }
    let relation = atLeast ? ">=" : "<="
    show(
      "\(good ? "PASS" : "FAIL")  \(name): \(decimal(value))\(unit) (limit \(relation) "
        + "\(decimal(limit))\(unit))")
  }

  private mutating func startUp() throws {
    var times: [Double] = []
    for _ in 0..<20 { times.append(try Child.run([certify, "--version"]).seconds) }
    line("start-up, median of 20", median(times) * 1000, " ms", limit: Limits.startUpSeconds * 1000)
  }

  private mutating func sparse(_ kind: String) throws {
    let path = "\(folder)/\(kind).safetensors"
    try Child.expect(0, [CommandLine.arguments[0], "generate", kind, path])
    let size = try fileSize(path)
    let runs = try (0..<3).map { _ in try Child.expect(0, [certify, "check", path]) }
    let label = "\(kind), 10^6 units, 4*10^6 entries, \(decimal(size / 1e6)) MB"
    show(runs[0].output.split(separator: "\n").first.map { "      \($0)" } ?? "")
    line("\(label): check", median(runs.map(\.seconds)), " s", limit: Limits.sparseSeconds)
    line(
      "\(label): memory over file size", runs.map(\.peakBytes).max()! / size, "x",
      limit: Limits.sparseMemory)
    let kernel = try Child.expect(0, [CommandLine.arguments[0], "kernel", path])
    guard let seconds = Double(kernel.output.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw Failure("the kernel timing printed \(kernel.output)")
    }
    line(
      "\(label): the kernel's own check, median of 9", seconds, " s",
      limit: Limits.sparseKernelSeconds)
  }

  /// Sparse Combo Nets of 1,024 units: one that is certified and one that its step breaks.
  private mutating func combos() throws {
    for (kind, status) in [("combo", Int32(0)), ("combo-fast", 1)] {
      let path = "\(folder)/\(kind).safetensors"
      try Child.expect(0, [CommandLine.arguments[0], "generate", kind, path])
      let runs = try (0..<3).map { _ in try Child.expect(status, [certify, "check", path]) }
      show(runs[0].output.split(separator: "\n").first.map { "      \($0)" } ?? "")
      line(
        "32 x 32 units, all couplings, \(status == 0 ? "certified" : "refuted as run")",
        median(runs.map(\.seconds)), " s", limit: Limits.comboSeconds)
    }
  }

  /// Modules of 32 round a workspace: what a module costs must not grow with their number.
  private mutating func workspaces() throws {
    let counts = [125, 250, 500, 1000]
    var times: [Double] = []
    for count in counts {
      let path = "\(folder)/workspace.safetensors"
      try Child.expect(0, [CommandLine.arguments[0], "generate", "workspace-\(count)", path])
      let runs = try (0..<3).map { _ in try Child.expect(0, [certify, "check", path]) }
      times.append(median(runs.map(\.seconds)))
    }
    show("      modules of 32 round a workspace   seconds   milliseconds a module")
    for (count, time) in zip(counts, times) {
      let cells = [
        ("\(count)", 22), (decimal(time), 22), (decimal(1000 * time / Double(count)), 14),
      ]
      show(
        "      " + cells.map { $0.0.padding(toLength: $0.1, withPad: " ", startingAt: 0) }.joined())
    }
    line("1000 modules of 32 round a workspace", times[3], " s", limit: Limits.workspaceSeconds)
    line(
      "a module among 1000 against one among 125", times[3] / 1000 / (times[0] / 125), "x the time",
      limit: Limits.workspaceGrowth)
  }

  private mutating func dense() throws {
    let path = "\(folder)/dense.safetensors"
    try Child.expect(0, [CommandLine.arguments[0], "generate", "dense", path])
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("eigvals.py").path
    let theirs = try Child.expect(0, [python, script, path]).output
      .split(separator: "\n").map(String.init)
    guard theirs.count == 2, let seconds = Double(theirs[0]) else {
      throw Failure("eigvals.py printed \(theirs)")
    }
    // Ours may take as long as theirs and no longer: it has failed by far then.
    let patience = String(Int(seconds.rounded(.up)))
    var ours: [Child] = []
    for _ in 0..<3 where ours.allSatisfy({ $0.status == 0 }) {
      ours.append(try Child.run(["timeout", patience, certify, "check", path]))
    }
    guard ours.allSatisfy({ $0.status == 0 }) else {
      failures += 1
      show(
        "FAIL  dense n = 2048, absolute-value: certify check ended with status "
          + "\(ours.last?.status ?? 0) after \(decimal(ours.last?.seconds ?? 0)) s; eigvals(|W|) took "
          + "\(decimal(seconds)) s, \(theirs[1])")
      return
    }
    let mine = median(ours.map(\.seconds))
    show(ours[0].output.split(separator: "\n").first.map { "      \($0)" } ?? "")
    show(
      "      certify check \(decimal(mine)) s; eigvals(|W|) \(decimal(seconds)) s, \(theirs[1])")
    line(
      "dense n = 2048, absolute-value against numpy eigvals(|W|)", seconds / mine, "x faster",
      limit: Limits.denseSpeedup, atLeast: true)
  }

  private mutating func published() throws {
    guard let checkpoints, FileManager.default.fileExists(atPath: "\(checkpoints)/expected.csv")
    else {
      show("SKIP  published networks: the shared folder is not here")
      return
    }
    let table = try String(contentsOfFile: "\(checkpoints)/expected.csv", encoding: .utf8)
    let models = table.split(whereSeparator: \.isNewline).dropFirst()
      .compactMap { $0.split(separator: ",").first }.map { "\(checkpoints)/\($0)" }
    let run = try Child.expect(1, [certify, "check"] + models + ["--step", "0.3"])
    line(
      "\(models.count) published networks, flow and map", run.seconds, " s",
      limit: Limits.publishedSeconds)
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func decimal(_ x: Double) -> String { String(format: x < 10 ? "%.3g" : "%.1f", x) }

func fileSize(_ path: String) throws -> Double {
  let attributes = try FileManager.default.attributesOfItem(atPath: path)
  guard let size = attributes[.size] as? NSNumber else { throw Failure("\(path) has no size") }
  return size.doubleValue
}

/// Prints a line at once, so that a long run can be watched.
func show(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
