import Checkpoints
import Foundation
import TestSupport
import Testing

/// `certify init`, `train`, `run`, `evaluate` and `data` as a user sees them.
@Suite("CLI: training and running") struct TrainTests {
  static let small = """
    [task]
    kind = "cognitive"
    tasks = ["rtgo", "dm1"]
    steps = 12
    [network]
    kind = "combo"
    modules = 2
    units = 8
    [training]
    batch = 4
    steps = 4
    evaluate-every = 2
    """

  private func write(_ text: String, _ name: String, _ folder: TemporaryFolder) throws {
    try text.write(toFile: folder.path + "/" + name, atomically: true, encoding: .utf8)
  }

  @Test("a trained pair verifies, runs and is evaluated") func wholeStory() throws {
    let folder = TemporaryFolder()
    try write(Self.small, "c.toml", folder)
    let train = try Certify.run("train", "c.toml", "-o", "m.safetensors", in: folder.path)
    #expect(train.status == 0 && train.output.isEmpty, "\(train.errors)")
    #expect(train.errors.contains("certified before training: split-step, factor<="))
    #expect(train.errors.contains("step 4/4"))
    let verify = try Certify.run(
      "verify", "m.safetensors.cert.json", "m.safetensors", in: folder.path)
    #expect(verify.status == 0)
    let evaluate = try Certify.run(
      "evaluate", "m.safetensors", "--task", "c.toml", "--trials", "20", "--format", "json",
      in: folder.path)
    #expect(evaluate.status == 0, "\(evaluate.errors)")
    let result = try evaluate.objects()[0]
    #expect(result["schema"] == .string("certify.evaluation/v1"))
    #expect(result["sequences"]?.number?.double == 40)
    // The same numbers again: trials depend on the seed alone.
    let again = try Certify.run(
      "evaluate", "m.safetensors", "--task", "c.toml", "--trials", "20", "--format", "json",
      "--threads", "1", in: folder.path)
    #expect(again.output == evaluate.output)
    let wrong = try Certify.run("evaluate", "m.safetensors", "--task", "dm1", in: folder.path)
    #expect(wrong.status == 4 && wrong.errors.contains("the task has 33 inputs"))
    let unknown = try Certify.run("evaluate", "m.safetensors", "--task", "dmm1", in: folder.path)
    #expect(unknown.status == 4 && unknown.errors.contains("dm1"))
    let occupied = try Certify.run("train", "c.toml", "-o", "m.safetensors", in: folder.path)
    #expect(occupied.status == 4 && occupied.errors.contains("exists; --resume"))
    let longer = try Certify.run(
      "train", "c.toml", "-o", "m.safetensors", "--resume", "--seed", "5", in: folder.path)
    #expect(longer.status == 4 && longer.errors.contains("another configuration, seed or data"))
  }

  /// A limit on the size of files stands for a disk that is full: writing fails in the middle of the model.
  @Test("a full disk leaves the last pair, and the run goes on later") func fullDisk() throws {
    let folder = TemporaryFolder()
    try write(Self.small, "c.toml", folder)
    let first = try Certify.run(
      "train", "c.toml", "-o", "m.safetensors", "--steps", "2", in: folder.path)
    #expect(first.status == 0, "\(first.errors)")
    let names = ["m.safetensors", "m.safetensors.cert.json"]
    func bytes() -> [Data?] {
      names.map { FileManager.default.contents(atPath: folder.path + "/" + $0) }
    }
    let before = bytes()
    let full = try Certify.shell(
      """
      trap '' XFSZ
      ulimit -f 4
      exec "$CERTIFY" train c.toml -o m.safetensors --resume
      """, in: folder.path)
    #expect(full.status == 4 && full.errors.contains("cannot write"), "\(full.testDescription)")
    #expect(full.errors.contains("m.safetensors"))
    #expect(before == bytes() && before.allSatisfy { $0 != nil })
    let verify = try Certify.run(
      "verify", "m.safetensors.cert.json", "m.safetensors", in: folder.path)
    #expect(verify.status == 0, "\(verify.testDescription)")
    let later = try Certify.run(
      "train", "c.toml", "-o", "m.safetensors", "--resume", in: folder.path)
    #expect(later.status == 0 && later.errors.contains("step 4/4"), "\(later.errors)")
  }

  /// Two units, W = ½, Euler steps of ½, and the identity for input: x⁺ = ½x + ½(½ relu(x) + u).
  private func halving(_ folder: TemporaryFolder) throws {
    let text = """
      [network]
      form = "outside"
      recurrent = "W"
      activation = "relu"
      [step]
      size = 0.5
      """
    try write(text, "m.toml", folder)
    try folder.model("m.safetensors", [0.5, 0, 0, 0.5])
  }

  private func npy(_ name: String, _ shape: [Int], _ values: [Double], _ folder: TemporaryFolder)
    throws
  {
    var writer = try NPYWriter(path: folder.path + "/" + name, shape: shape, isDouble: true)
    try writer.write(values)
    try writer.commit()
  }

  @Test("a trajectory is that of the equation") func trajectory() throws {
    let folder = TemporaryFolder()
    try halving(folder)
    try npy("u.npy", [2, 1, 2], [1, 0, 1, 0], folder)
    try npy("x.npy", [1, 2], [0, 1], folder)
    let run = try Certify.run(
      "run", "m.safetensors", "--manifest", "m.toml", "--input", "u.npy", "--start", "x.npy", "-o",
      "y.npy", "--precision", "float64", in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("2 steps of 1 sequences, 2 units; certified by"))
    #expect(run.output.contains("two runs with the same input are within 1/e"))
    let file = try Checkpoint(contentsOf: folder.path + "/y.npy")
    #expect(file.entries[0].shape == [2, 1, 2])
    // x⁺ = ¾x + ½u for x ≥ 0.
    #expect(try file.doubles(named: "") == [0.5, 0.75, 0.875, 0.5625])
  }

  @Test("what is not certified does not run") func refused() throws {
    let folder = TemporaryFolder()
    try halving(folder)
    try npy("u.npy", [1, 2], [0, 0], folder)
    try folder.model("bad.safetensors", Sample.refuted)
    let refuted = try Certify.run(
      "run", "bad.safetensors", "--manifest", "m.toml", "--input", "u.npy", "-o", "y.npy",
      in: folder.path)
    #expect(refuted.status == 1 && refuted.errors.contains("does not contract (refuted by"))
    try folder.model("open.safetensors", Sample.undecided)
    let open = try Certify.run(
      "run", "open.safetensors", "--manifest", "m.toml", "--input", "u.npy", "-o", "y.npy",
      in: folder.path)
    #expect(open.status == 5 || open.status == 1, "\(open.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/y.npy"))
    let plain = "[network]\nform = \"outside\"\nrecurrent = \"W\"\nactivation = \"relu\"\n"
    try write(plain, "flow.toml", folder)
    let flow = try Certify.run(
      "run", "m.safetensors", "--manifest", "flow.toml", "--input", "u.npy", "-o", "y.npy",
      in: folder.path)
    #expect(flow.status == 4 && flow.errors.contains("neither the model nor --step"))
    for (name, shape) in [("three.npy", [1, 3]), ("flat.npy", [2])] {
      try npy(name, shape, [Double](repeating: 0, count: shape.reduce(1, *)), folder)
      let run = try Certify.run(
        "run", "m.safetensors", "--manifest", "m.toml", "--input", name, "-o", "y.npy",
        in: folder.path)
      #expect(
        run.status == 3 && run.errors.contains("the network takes steps x 2"), "\(run.errors)")
    }
    try npy("nan.npy", [1, 2], [.nan, 0], folder)
    let nan = try Certify.run(
      "run", "m.safetensors", "--manifest", "m.toml", "--input", "nan.npy", "-o", "y.npy",
      in: folder.path)
    #expect(nan.status == 3 && nan.errors.contains("not finite"))
  }

  @Test("init writes what train reads, and keeps what is there") func templates() throws {
    let folder = TemporaryFolder()
    let made = try Certify.run("init", "lm-rnn", "-o", "c.toml", in: folder.path)
    #expect(made.status == 0)
    let again = try Certify.run("init", "combo", "-o", "c.toml", in: folder.path)
    #expect(again.status == 4 && again.errors.contains("exists; it is left as it is"))
    let unknown = try Certify.run("init", "lstm", in: folder.path)
    #expect(unknown.status == 4 && unknown.errors.contains("known kinds are combo, "))
    let train = try Certify.run(
      "train", "c.toml", "-o", "m", "--steps", "1", "--threads", "1", in: folder.path)
    #expect(train.status == 0, "\(train.errors)")
  }

  @Test("faults of a configuration and of data end with their status") func faults() throws {
    let folder = TemporaryFolder()
    let cases: [(String, Int32, String)] = [
      (Self.small + "\ncolour = 1", 4, "unknown key training.colour"),
      (Self.small.replacingOccurrences(of: "dm1", with: "dm7"), 4, "dm7"),
      (
        "[task]\nkind = \"rows\"\nfolder = \"nowhere\"\n[network]\nkind = \"combo\"", 3, "nowhere"
      ),
      ("[task]\nkind = \"rows\"\ndata = \"mnist\"\n[network]\nkind = \"combo\"", 4, "task.folder"),
    ]
    for (text, status, words) in cases {
      try write(text, "c.toml", folder)
      let run = try Certify.run("train", "c.toml", "-o", "m", in: folder.path)
      #expect(run.status == status && run.errors.contains(words), "\(run.status) \(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/m.run"))
    }
    let missing = try Certify.run("train", "none.toml", "-o", "m", in: folder.path)
    #expect(missing.status == 4 && missing.errors.contains("none.toml: no such file"))
    try write(Self.small, "c.toml", folder)
    let place = try Certify.run("train", "c.toml", in: folder.path)
    #expect(place.status == 4 && place.errors.contains("no place for the model"))
    let unwritable = try Certify.run("train", "c.toml", "-o", "no/where/m", in: folder.path)
    #expect(unwritable.status == 4 && unwritable.errors.contains("no/where/m.run"))
  }

  @Test("a measurement is one line of its schema") func measurement() throws {
    let folder = TemporaryFolder()
    try write(
      Self.small.replacingOccurrences(
        of: "steps = 12", with: "steps = 12\ninputs = 33\nclasses = 17"), "c.toml", folder)
    let run = try Certify.run("train", "c.toml", "--measure", "2", in: folder.path)
    let line = try run.objects()[0]
    #expect(run.status == 0 && line["schema"] == .string("certify.measure/v1"))
    #expect(line["units"]?.number?.double == 16)
    #expect(line["secondsPerStep"]?["minimum"]?.number != nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["c.toml"])
  }

  @Test("tasks are listed and drawn") func data() throws {
    let folder = TemporaryFolder()
    let list = try Certify.run("data", "list", in: folder.path)
    #expect(
      list.status == 0 && list.output.contains("dlygointrseqr") && list.output.contains("132"))
    let show = try Certify.run("data", "show", "dm1", "-o", "t.svg", in: folder.path)
    #expect(show.status == 0)
    let svg = try String(contentsOfFile: folder.path + "/t.svg", encoding: .utf8)
    #expect(svg.hasPrefix("<svg") || svg.hasPrefix("<?xml"))
    let unknown = try Certify.run("data", "show", "dm9", "-o", "u.svg", in: folder.path)
    #expect(unknown.status == 4)
  }
}

/// Published networks, where the shared folder is: our tasks give what their authors' gave.
@Suite("CLI: evaluation of published networks") struct PublishedEvaluationTests {
  private struct Row: Sendable {
    let path: String
    let task: String
    let accuracy: Double
    let isRefutedAsRun: Bool
  }

  private static var rows: [Row] {
    let table = SharedFolder.file("checkpoints/expected.csv")
    guard let text = try? String(contentsOf: table, encoding: .utf8) else { return [] }
    let lines = text.split(whereSeparator: \.isNewline).map { fields(String($0)) }
    guard let header = lines.first else { return [] }
    return lines.dropFirst().compactMap { line in
      let row = Dictionary(uniqueKeysWithValues: zip(header, line))
      guard let path = row["path"], let task = row["task"],
        let accuracy = row["eval_last_step_acc"].flatMap(Double.init)
      else { return nil }
      return Row(
        path: path, task: task, accuracy: accuracy, isRefutedAsRun: row["DT_verdict"] == "refuted")
    }
  }

  /// The fields of a line, in which quotes protect commas.
  private static func fields(_ line: String) -> [String] {
    var fields = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }

  @Test(
    "certified ones agree with expected.csv, refuted ones are refused",
    .enabled(if: SharedFolder.isPresent, "needs the shared folder"))
  func published() throws {
    let folder = TemporaryFolder()
    // Every ninth network, so that all three kinds are met.
    var differences: [Double] = []
    for (index, row) in Self.rows.enumerated() where index % 9 == 0 {
      let path = SharedFolder.file("checkpoints/" + row.path).path
      let run = try Certify.run(
        "evaluate", path, "--task", row.task, "--step", "3/10", "--trials", "1000", "--format",
        "json", in: folder.path)
      guard !row.isRefutedAsRun else {
        #expect(run.status == 1 && run.errors.contains("not run: the network as it runs"))
        continue
      }
      let found = try #require(try run.objects()[0]["accuracy"]?.number?.double)
      let deviation = (max(found * (1 - found), 1e-3) * (1 / 400.0 + 1 / 1000.0)).squareRoot()
      #expect(abs(found - row.accuracy) <= 4 * deviation, "\(row.path): \(found), \(row.accuracy)")
      differences.append(found - row.accuracy)
    }
    #expect(Self.rows.count == 95 && differences.count >= 4)
  }
}
