import Certify
import CertifyKernel
import Foundation
import TestSupport
import Testing
import Train

/// Runs on a task without files, a few steps long.
@Suite struct TrainingRunTests {
  private static func text(_ kind: NetworkKind, extra: String = "", training: String = "") -> String
  {
    let size = kind == .lmRNN ? "grid = [4, 4]\nradius = 1.5" : "modules = 3\nunits = 6"
    return """
      [task]
      kind = "cognitive"
      tasks = ["rtgo", "dm1"]
      steps = 12
      [network]
      kind = "\(kind.rawValue)"
      \(size)
      \(extra)
      [training]
      batch = 4
      steps = 6
      evaluate-every = 2
      \(training)
      """
  }

  private static func options(_ output: String? = nil) -> TrainingRun.Options {
    var options = TrainingRun.Options()
    options.threads = 2
    options.trials = 3
    options.output = output
    return options
  }

  private struct Folder: ~Copyable {
    let path: String
    init() throws {
      path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  /// What `certify init` writes can be trained as it stands: the network in its full size, on a task that needs no data.
  @Test(arguments: NetworkKind.allCases.filter { $0 != .trainedWorkspace })
  func everyTemplateIsCertifiedBeforeTraining(_ kind: NetworkKind) throws {
    let folder = try Folder()
    let path = folder.path + "/model.safetensors"
    let template = ConfigurationTemplate.text(for: kind)
    let start = try #require(template.range(of: "[network]"))
    let end = try #require(template.range(of: "[training]"))
    let text =
      "[task]\nkind = \"cognitive\"\ntasks = [\"rtgo\"]\nsteps = 4\n"
      + template[start.lowerBound..<end.lowerBound] + "[training]\nbatch = 2\nsteps = 1\n"
    try TrainingRun(Configuration(text: text), Self.options(path)).run { _ in }
    let model = try Model.load(path: path)
    #expect(
      try CertificateFile.verify(certificatePath: path + ".cert.json", model: model).count == 1)
  }

  @Test(arguments: NetworkKind.allCases.filter { $0 != .trainedWorkspace })
  func everyKindTrainsAndItsPairVerifies(_ kind: NetworkKind) throws {
    let folder = try Folder()
    let path = folder.path + "/model.safetensors"
    let run = try TrainingRun(Configuration(text: Self.text(kind)), Self.options(path))
    var reports: [TrainingRun.Report] = []
    var saves: [Int] = []
    try run.run { event in
      switch event {
      case .report(let report): reports.append(report)
      case .saved(let step):
        saves.append(step)
        // Each pair that was saved verifies, and is all that is there.
        let model = try? Model.load(path: path)
        let claims = model.flatMap {
          try? CertificateFile.verify(certificatePath: path + ".cert.json", model: $0)
        }
        if claims?.count != 1 { Issue.record("\(kind) step \(step): the pair does not verify") }
        let kept = try? FileManager.default.contentsOfDirectory(atPath: path + ".run")
        if kept?.filter({ $0.hasPrefix("step-") }).count != 1 { Issue.record("\(kept ?? [])") }
      case .started, .progress: break
      }
    }
    #expect(saves == [0, 2, 4, 6] && reports.map(\.step) == [2, 4, 6])
    #expect(reports.allSatisfy { $0.factor < 1 && $0.loss.isFinite })
    let lines = try String(contentsOfFile: path + ".metrics.jsonl", encoding: .utf8)
    #expect(lines.split(separator: "\n").count == 3)
  }

  @Test func aWorkspaceOverTrainedModules() throws {
    let folder = try Folder()
    var sources: [String] = []
    for seed in [1, 2] {
      var configuration = try Configuration(
        text: Self.text(.combo, extra: "modules = 1")
          .replacingOccurrences(of: "modules = 3\n", with: ""))
      configuration.training.seed = seed
      sources.append(folder.path + "/source-\(seed)")
      try TrainingRun(configuration, Self.options(sources[seed - 1])).run { _ in }
    }
    let list = sources.map { "\"\($0)\"" }.joined(separator: ", ")
    let text = Self.text(.trainedWorkspace, extra: "sources = [\(list)]")
    let path = folder.path + "/whole"
    try TrainingRun(Configuration(text: text), Self.options(path)).run { _ in }
    let whole = try Model.load(path: path).specification
    for (k, source) in sources.enumerated() {
      let units = (0..<6).map { 6 * (k + 1) + $0 }
      #expect(
        whole.recurrent.submatrix(units, units)
          == (try Model.load(path: source).specification.recurrent.dense()))
    }
    // Other weights under the name of a source make another run.
    let kept = try Data(contentsOf: URL(fileURLWithPath: sources[0]))
    try Data(contentsOf: URL(fileURLWithPath: sources[1])).write(
      to: URL(fileURLWithPath: sources[0]))
    var options = Self.options(path)
    options.resumes = true
    let changed = #expect(throws: TrainingError.self) {
      try TrainingRun(Configuration(text: text), options)
    }
    #expect(changed?.description.contains("another configuration, seed or data") == true)
    try kept.write(to: URL(fileURLWithPath: sources[0]))
    let few = #expect(throws: TrainingError.self) {
      try TrainingRun(
        Configuration(text: Self.text(.trainedWorkspace, extra: "sources = [\"\(sources[0])\"]")),
        Self.options(path + "2"))
    }
    #expect(few?.description.contains("1 sources and the hub make 2") == true)
    let other = text.replacingOccurrences(of: "units = 6", with: "units = 5")
    let size = #expect(throws: TrainingError.self) {
      try TrainingRun(Configuration(text: other), Self.options(path + "2"))
    }
    #expect(size?.description.contains("has 6 units, network.units is 5") == true)
  }

  @Test func aResumedRunGoesOnBitForBit() throws {
    let folder = try Folder()
    let configuration = try Configuration(text: Self.text(.combo, training: "dropout = 0.2"))
    let whole = folder.path + "/whole"
    try TrainingRun(configuration, Self.options(whole)).run { _ in }
    let cut = folder.path + "/cut"
    var short = Self.options(cut)
    short.steps = 4
    try TrainingRun(configuration, short).run { _ in }
    var rest = Self.options(cut)
    rest.resumes = true
    try TrainingRun(configuration, rest).run { _ in }
    let models = try [whole, cut].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    #expect(models[0] == models[1])
  }

  @Test func aRunIsResumedOnlyWithWhatItBeganWith() throws {
    let folder = try Folder()
    let path = folder.path + "/model"
    try TrainingRun(Configuration(text: Self.text(.combo)), Self.options(path)).run { _ in }
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    var options = Self.options(path)
    options.resumes = true
    for (text, seed) in [
      (Self.text(.combo), 2), (Self.text(.combo, extra: "bound = 0.5"), 1),
      (Self.text(.combo).replacingOccurrences(of: "dm1", with: "dm2"), 1),
    ] {
      var configuration = try Configuration(text: text)
      configuration.training.seed = seed
      let error = #expect(throws: TrainingError.self) { try TrainingRun(configuration, options) }
      #expect(error?.description.contains("another configuration, seed or data") == true)
    }
    // A new run does not replace an old one, and there is nothing to resume elsewhere.
    let occupied = #expect(throws: TrainingError.self) {
      try TrainingRun(Configuration(text: Self.text(.combo)), Self.options(path)).run { _ in }
    }
    #expect(occupied?.description.contains("exists; --resume") == true)
    options.output = folder.path + "/nothing"
    let missing = #expect(throws: TrainingError.self) {
      try TrainingRun(Configuration(text: Self.text(.combo)), options)
    }
    #expect(missing?.description.contains("no run to resume") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test func whatCannotBeCertifiedIsRefusedBeforeTraining() throws {
    let folder = try Folder()
    let path = folder.path + "/model"
    // A budget beyond what the hub's rate allows.
    let text = Self.text(.workspacePsi, extra: "budget = 3.0")
    let error = #expect(throws: TrainingError.self) {
      try TrainingRun(Configuration(text: text), Self.options(path)).run { _ in }
    }
    guard case .refused(let reason)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.hasPrefix("the network cannot be certified: "))
    #expect(!FileManager.default.fileExists(atPath: path + ".run"))
  }

  @Test func divergenceStopsTrainingWithTheLastPairIntact() throws {
    let folder = try Folder()
    let path = folder.path + "/model"
    var configuration = try Configuration(text: Self.text(.combo))
    configuration.training.learningRate = 1e200
    configuration.training.schedule = .constant
    configuration.training.warmUp = 0
    let error = #expect(throws: TrainingError.self) {
      try TrainingRun(configuration, Self.options(path)).run { _ in }
    }
    switch error {
    case .notFinite?, .uncertified?: break
    default: Issue.record("\(String(describing: error))")
    }
    let model = try Model.load(path: path)
    #expect(
      try CertificateFile.verify(certificatePath: path + ".cert.json", model: model).count == 1)
  }

  @Test func templatesReadBackAndCanBeCertified() throws {
    for kind in NetworkKind.allCases {
      let configuration = try Configuration(text: ConfigurationTemplate.text(for: kind))
      #expect(configuration.network.kind == kind && configuration.output == "model.safetensors")
    }
  }

  @Test(arguments: [
    ("[task]\nkind = \"rows\"\ncolour = 1", "unknown key task.colour"),
    ("[task]\nkind = \"films\"", "task.kind = \"films\" is not known"),
    ("[network]\nkind = \"combo\"", "task.kind is missing"),
    ("[task]\nkind = \"rows\"", "network.kind is missing"),
    ("[task]\nkind = \"rows\"\n[network]\nkind = \"combo\"\nbound = 1", "above 0.0 and below 1.0"),
    (
      "[task]\nkind = \"rows\"\n[network]\nkind = \"combo\"\ncoupling = \"psi\"",
      "split-step knows linear couplings only"
    ),
    (
      "[task]\nkind = \"rows\"\n[network]\nkind = \"combo\"\nscheme = \"euler\"\nleak = \"unit\"",
      "leaks are learned in split steps only"
    ),
    (
      "[task]\nkind = \"rows\"\n[network]\nkind = \"combo\"\n[training]\nepochs = 1\nsteps = 1",
      "training.epochs and training.steps"
    ),
    ("[task]\nkind = \"rows\"\n[network]\nkind = \"combo\"\nunits = 0", "must be at least 1"),
    ("[task]\nkind = \"rows\"\n[network]\nkind = \"lm-rnn\"\nscheme = \"split\"", "lm-rnn"),
    ("[task]\nkind = \"rows\"\n[network]\nkind = \"combo\"\nactivation = \"gelu\"", "gelu"),
    ("[task", "line 1"),
  ])
  func faultsAreNamed(_ text: String, _ words: String) throws {
    let error = #expect(throws: ManifestError.self) { try Configuration(text: text) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }
}
