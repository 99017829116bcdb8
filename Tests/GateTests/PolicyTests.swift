import Certify
import CertifyKernel
import Testing

@testable import Gate

@Suite struct PolicyTests {
  static let today = "2026-11-21"

  private func policy(_ text: String) throws -> Policy {
    try Policy(text, path: "certify.toml", today: Self.today)
  }

  private func whyNot(_ text: String) -> String? {
    do {
      _ = try policy(text)
      return nil
    } catch { return "\(error)" }
  }

  @Test(arguments: [
    ("[policy]\nverdict = \"stable\"", "policy.verdict"),
    ("[policy]\nminimum-rates = 1", "unknown key policy.minimum-rates"),
    ("[polices]\n", "unknown key polices"),
    ("[policy]\nminimum-rate = 0", "policy.minimum-rate = 0"),
    ("[policy]\nminimum-rate = -1.0", "policy.minimum-rate"),
    ("[policy]\nminimum-rate = nan", "policy.minimum-rate"),
    ("[policy]\nrequired-step = -1", "policy.required-step"),
    ("[policy]\nallowed-rules = []", "no network could pass"),
    ("[policy]\nallowed-rules = [\"magic\"]", "magic"),
    ("[policy]\nforbidden-diagnoses = [\"magic\"]", "magic"),
    ("[policy]\nverdict = \"not-refuted\"\nminimum-rate = 0.1", "only a certified network"),
    ("[policy]\nverdict = \"not-refuted\"\nallowed-rules = [\"disk\"]", "only a certified network"),
    ("[policy]\nas-run = false\nrequired-step = 0.1", "a step is that of the map"),
    ("[[override]]\nminimum-rate = 0.1", "override[0].paths is missing"),
    ("[[override]]\npaths = []", "override[0].paths is missing"),
    ("[policy", "line 1"),
  ])
  func whatIsNoPolicy(text: String, names: String) throws {
    let refusal = try #require(whyNot(text), "accepted: \(text)")
    #expect(refusal.contains(names), "\(refusal)")
  }

  static func waiver(
    path: String = "a.pt", tensors: String = Samples.digest, rules: String = "[\"undecided\"]",
    until: String = "2026-12-31", reason: String = "ticket 12"
  ) -> String {
    """
    [[waiver]]
    path = "\(path)"
    tensors = "\(tensors)"
    rules = \(rules)
    until = "\(until)"
    reason = "\(reason)"
    """
  }

  @Test func waiversAreDatedReasonedAndBound() throws {
    // The last day still counts.
    #expect(whyNot(Self.waiver(until: Self.today)) == nil)
    let expired = try #require(whyNot(Self.waiver(until: "2026-11-20")))
    #expect(expired.contains("ran out") && expired.contains("a.pt") && expired.contains(Self.today))
    for (text, names) in [
      (Self.waiver(until: "2026-02-30"), "a day is written"),
      (Self.waiver(until: "31.12.2026"), "a day is written"),
      (Self.waiver(reason: "  "), "say why"),
      (Self.waiver(tensors: "abc"), "64 lower-case"),
      (Self.waiver(tensors: Samples.digest.uppercased()), "64 lower-case"),
      (Self.waiver(rules: "[]"), "waiver[0].rules is missing"),
      (Self.waiver(rules: "[\"everything\"]"), "everything"),
      ("[[waiver]]\npath = \"a\"", "waiver[0].tensors is missing"),
    ] {
      let refusal = try #require(whyNot(text), "accepted: \(text)")
      #expect(refusal.contains(names), "\(refusal)")
    }
  }

  @Test func aWaiverServesItsTensorsItsRulesAndItsPathOnly() throws {
    let policy = try policy(Self.waiver())
    func isAccepted(_ entry: GateEntry) -> Bool {
      policy.judge(entry, step: nil).entry.openProblems.isEmpty
    }
    #expect(isAccepted(Samples.undecided("a.pt")))
    #expect(!isAccepted(Samples.undecided("b.pt")))
    #expect(!isAccepted(Samples.refuted("a.pt")))
    var other = Samples.undecided("a.pt")
    other.tensors = String(repeating: "0", count: 64)
    let judged = policy.judge(other, step: nil)
    #expect(judged.entry.openProblems.count == 1)
    #expect(judged.notes.contains { $0.contains("does not apply") }, "\(judged.notes)")
    other.tensors = nil
    #expect(!isAccepted(other))
  }

  @Test func theLineThatDecidedIsNamed() throws {
    let text = """
      # what we ask
      [policy]
      verdict = "certified"
      minimum-rate = 0.1

      [[override]]
      paths = ["legacy/**"]
      minimum-rate = 0.5
      """
    let policy = try policy(text)
    let good = policy.judge(Samples.certified("a.pt"), step: nil)
    #expect(good.entry.openProblems.isEmpty && good.notes.isEmpty)
    let bad = policy.judge(Samples.certified("legacy/x/a.pt"), step: nil)
    #expect(bad.entry.openProblems.map(\.rule) == ["rate-not-met", "rate-not-met"])
    #expect(
      bad.notes.allSatisfy { $0.hasPrefix("certify.toml:8: minimum-rate = 0.5") }, "\(bad.notes)")
    // A rate that equals what is asked for meets it.
    #expect(
      policy.judge(Samples.certified("a.pt", rate: 0.1), step: nil).entry.openProblems.isEmpty)
    // Not a number meets nothing.
    #expect(
      !policy.judge(Samples.certified("a.pt", rate: .nan), step: nil).entry.openProblems.isEmpty)
  }

  /// A bound that is too low fails also where another scope is waived.
  @Test func boundsCountNextToAWaivedScope() throws {
    let policy = try policy(
      "[policy]\nminimum-rate = 0.5\n" + Self.waiver(rules: "[\"unstable-vertex\"]"))
    var entry = Samples.refuted("a.pt")
    entry.guarantees = [Samples.certified("a.pt").guarantees[0]]
    #expect(policy.judge(entry, step: nil).entry.openProblems.map(\.rule) == ["rate-not-met"])
    entry.guarantees[0].rate = 0.5
    #expect(policy.judge(entry, step: nil).entry.openProblems.isEmpty)
  }

  /// An override never leaves a policy that contradicts itself.
  @Test func overridesThatAskForMoreOrLess() throws {
    let less = try policy(
      """
      [policy]
      minimum-rate = 0.5
      as-run = true
      [[override]]
      paths = ["legacy/**"]
      verdict = "not-refuted"
      """)
    for (path, passes) in [("legacy/a.pt", true), ("a.pt", false)] {
      for entry in [Samples.undecided(path), Samples.certified(path)] {
        #expect(less.judge(entry, step: nil).entry.openProblems.isEmpty == passes, "\(entry)")
      }
    }
    let more = try policy(
      """
      [policy]
      verdict = "not-refuted"
      [[override]]
      paths = ["new/**"]
      minimum-rate = 0.1
      """)
    #expect(more.judge(Samples.undecided("a.pt"), step: nil).entry.openProblems.isEmpty)
    #expect(!more.judge(Samples.undecided("new/a.pt"), step: nil).entry.openProblems.isEmpty)
    #expect(more.judge(Samples.certified("new/a.pt"), step: nil).entry.openProblems.isEmpty)
  }

  @Test func demandsOnTheMapThatRuns() throws {
    var flow = Samples.certified("a.pt")
    flow.guarantees.removeLast()
    let run = try policy("[policy]\nas-run = true")
    #expect(run.judge(flow, step: nil).entry.openProblems.map(\.rule) == ["not-certified-as-run"])
    #expect(
      run.judge(Samples.certified("a.pt"), step: ExactRatio(0.03)).entry.openProblems.isEmpty)
    let step = try policy("[policy]\nrequired-step = 0.03")
    for (size, passes) in [(0.03, true), (0.1, false)] {
      let judged = step.judge(Samples.certified("a.pt"), step: ExactRatio(size))
      #expect(judged.entry.openProblems.isEmpty == passes, "\(size)")
    }
    #expect(!step.judge(flow, step: nil).entry.openProblems.isEmpty)
    // Exact steps are compared exactly.
    let exact = try policy("[policy]\nrequired-step = \"3/100\"")
    #expect(
      !exact.judge(Samples.certified("a.pt"), step: ExactRatio(0.03)).entry.openProblems.isEmpty)
    let tenth = ExactRatio(3, over: 100)
    #expect(exact.judge(Samples.certified("a.pt"), step: tenth).entry.openProblems.isEmpty)
  }

  @Test func rulesAndDiagnoses() throws {
    let rules = try policy("[policy]\nallowed-rules = [\"step\", \"feedback\"]")
    let judged = rules.judge(Samples.certified("a.pt"), step: nil)
    #expect(judged.entry.openProblems.map(\.rule) == ["rule-not-allowed", "rule-not-allowed"])
    #expect(judged.entry.openProblems[0].message.contains("symmetric"))
    let diagnoses = try policy("[policy]\nforbidden-diagnoses = [\"lyapunov-metric\"]")
    #expect(diagnoses.asksForDiagnoses("a.pt"))
    var entry = Samples.certified("a.pt")
    entry.problems = ["lyapunov-metric", "slope-hypothesis"].map {
      GateProblem(rule: $0, kind: .diagnosis, level: .note, message: "found")
    }
    #expect(
      diagnoses.judge(entry, step: nil).entry.openProblems.map(\.rule) == ["lyapunov-metric"])
  }

  @Test func undecidedPassesWhereOnlyRefutationsFail() throws {
    let policy = try policy("[policy]\nverdict = \"not-refuted\"")
    #expect(policy.judge(Samples.undecided("a"), step: nil).entry.openProblems.isEmpty)
    #expect(!policy.judge(Samples.refuted("a"), step: nil).entry.openProblems.isEmpty)
    #expect(!policy.judge(Samples.rejected("a"), step: nil).entry.openProblems.isEmpty)
  }

  @Test(arguments: [
    ("legacy/**", "legacy/a.pt", true), ("legacy/**", "legacy/x/y/a.pt", true),
    ("legacy/**", "legacy", true), ("legacy/**", "other/legacy/a.pt", false),
    ("**/a.pt", "a.pt", true), ("**/a.pt", "x/y/a.pt", true), ("**/a.pt", "x/b.pt", false),
    ("*.pt", "x/y/a.pt", true), ("*.pt", "x/y/a.pth", false), ("x/*.pt", "x/a.pt", true),
    ("x/*.pt", "x/y/a.pt", false), ("a?c", "abc", true), ("a?c", "ac", false),
    ("./x/a", "x/a", true), ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false),
    ("x/**/y", "x/y", true), ("x/**/y", "x/1/2/y", true), ("x/**/y", "x/1/2/z", false),
    ("", "a", false), ("[a].pt", "[a].pt", true),
  ])
  func patterns(pattern: String, path: String, matches: Bool) {
    #expect(PathPattern(pattern).matches(path) == matches)
  }
}
