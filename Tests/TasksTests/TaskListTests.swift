import Foundation
import Testing

@testable import Tasks

@Suite("Cognitive tasks: names and lists") struct TaskListTests {
  /// 11 base tasks have a delay, so 126 = 20 + 22 + 40 + 44. The paper's 132 = 20 + 24 + 40 + 48 counts a twelfth.
  @Test func counts() {
    #expect(CognitiveTask.yang20.count == 20)
    #expect(CognitiveTask.intervals22.count == 22)
    #expect(CognitiveTask.sequences40.count == 40)
    #expect(CognitiveTask.composed44.count == 44)
    #expect(CognitiveTask.modCog82.count == 82)
    #expect(CognitiveTask.all126.count == 126)
    #expect(Set(CognitiveTask.all126).count == 126)
    #expect(Set(CognitiveTask.all126.map(\.name)).count == 126)
    #expect(CognitiveTask.channels == 33)
    #expect(CognitiveTask.classes == 17)
  }

  @Test func order() {
    #expect(
      CognitiveTask.yang20.map(\.name) == [
        "go", "rtgo", "dlygo", "anti", "rtanti", "dlyanti", "dm1", "dm2", "ctxdm1", "ctxdm2",
        "multidm", "dlydm1", "dlydm2", "ctxdlydm1", "ctxdlydm2", "multidlydm", "dms", "dnms",
        "dmc", "dnmc",
      ])
    let names = CognitiveTask.modCog82.map(\.name)
    #expect(names[20] == "dlygointr")
    #expect(names[21] == "dlygointl")
    #expect(names[41] == "dnmcintl")
    #expect(names[42] == "goseqr")
    #expect(names[62] == "goseql")
    #expect(names[81] == "dnmcseql")
    for (index, task) in CognitiveTask.all126.enumerated() { #expect(task.index == index) }
  }

  @Test(.enabled(if: SharedData.hasTaskNames, "needs the shared folder"))
  func authorsOrder() throws {
    let data = try Data(
      contentsOf: URL(fileURLWithPath: SharedData.path("data/task_names_82.json")))
    let names = try JSONDecoder().decode([String].self, from: data)
    #expect(CognitiveTask.modCog82.map(\.name) == names)
  }

  @Test(arguments: CognitiveTask.all126)
  func namesAreRead(task: CognitiveTask) throws {
    #expect(try CognitiveTask(named: task.name) == task)
  }

  @Test func authorsComposedNames() throws {
    let tasks = try BaseTask.allCases.filter(\.hasDelay).map {
      try CognitiveTask(named: $0.rawValue + "intseq")
    }
    #expect(tasks.count == 11)
    for task in tasks {
      #expect(task.interval == .right)
      #expect(task.sequence == .right)
      #expect(task.name == task.base.rawValue + "intrseqr")
    }
  }

  @Test(arguments: [
    ("goo", ["go"]), ("dmsint", ["dmsintr", "dmsintl"]), ("DMS", ["dms", "dm1", "dm2"]),
    ("dly_go_int_r", ["dlygointr", "dlygointl", "dlygointrseqr"]), ("dmcc", ["dmc", "dm1", "dm2"]),
    ("gointr", []), ("gointseq", []), ("nothing at all", []), ("", []),
    (String(repeating: "go", count: 1000), []),
  ])
  func unknownNames(name: String, near: [String]) {
    let error = #expect(throws: CognitiveTaskError.self) { try CognitiveTask(named: name) }
    guard case .unknown(let given, let found)? = error else { return }
    #expect(given == name)
    #expect(found.prefix(1) == near.prefix(1), "\(found)")
    for other in found { #expect(throws: Never.self) { try CognitiveTask(named: other) } }
  }

  @Test func messages() {
    #expect(
      CognitiveTaskError.unknown(name: "dmsint", near: ["dmsintr", "dmsintl"]).description
        == "no task is named \"dmsint\"; is dmsintr or dmsintl meant?")
    #expect(
      CognitiveTaskError.unknown(name: "\u{1b}[2J", near: []).description
        == "no task is named \"\\u{1b}[2J\"; names are a base task such as go or dms, "
        + "then intr or intl, then seqr or seql")
  }

  @Test func distances() {
    #expect(editDistance("", "go") == 2)
    #expect(editDistance("kitten", "sitting") == 3)
    #expect(editDistance("dms", "dms") == 0)
    #expect(editDistance("dnms", "dms") == 1)
  }
}
