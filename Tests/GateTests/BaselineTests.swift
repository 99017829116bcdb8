import Testing

@testable import Gate

@Suite struct BaselineTests {
  /// A line of an earlier run; verdicts and rates of the flow and of the map that runs.
  private func line(
    _ path: String, _ verdict: String, flow: String? = nil, run: String? = nil,
    rate: String = "0.25"
  ) -> String {
    func scope(_ verdict: String?) -> String {
      guard let verdict else { return "null" }
      let bound = verdict == "certified" ? #","rate":\#(rate)"# : ""
      return #"{"verdict":"\#(verdict)"\#(bound)}"#
    }
    return #"{"schema":"certify.verdict/v1","model":"\#(path)","verdict":"\#(verdict)","#
      + #""continuous":\#(scope(flow)),"asRun":\#(scope(run))}"#
  }

  /// Refuted samples are so as run, undecided ones as a flow.
  @Test func whatWasAsBadInTheSameScopeIsKnown() throws {
    let text =
      [
        line("refuted", "refuted", flow: "refuted", run: "refuted"),
        line("undecided", "undecided", flow: "undecided", run: "undecided"),
        line("rejected", "rejected"),
        line("certified", "certified", flow: "certified", run: "certified"),
        line("flow", "refuted", flow: "refuted"), line("run", "refuted", run: "refuted"),
      ].joined(separator: "\n") + "\n\n"
    let baseline = try Baseline(text)
    func isOpen(_ entry: GateEntry) -> Bool { !baseline.judge(entry).openProblems.isEmpty }
    #expect(!isOpen(Samples.refuted("refuted")))
    #expect(!isOpen(Samples.undecided("refuted")))
    #expect(!isOpen(Samples.undecided("undecided")))
    #expect(!isOpen(Samples.rejected("rejected")))
    #expect(!isOpen(Samples.refuted("run")))
    // New, in another scope, or worse than before.
    #expect(isOpen(Samples.refuted("flow")))
    #expect(isOpen(Samples.undecided("run")))
    #expect(isOpen(Samples.refuted("undecided")))
    #expect(isOpen(Samples.refuted("certified")))
    #expect(isOpen(Samples.refuted("rejected")))
    #expect(isOpen(Samples.rejected("refuted")))
    #expect(isOpen(Samples.refuted("new")))
    #expect(isOpen(Samples.undecided("certified")))
  }

  /// A scope that was certified and is not looked at any more is not silently lost.
  @Test func aScopeThatIsNotJudgedAnyMoreFails() throws {
    let baseline = try Baseline(line("a", "certified", flow: "certified", run: "certified"))
    var entry = Samples.certified("a")
    #expect(baseline.judge(entry).openProblems.isEmpty)
    entry.guarantees.removeLast()
    let problems = baseline.judge(entry).openProblems
    #expect(problems.map(\.rule) == ["rate-fell"] && problems[0].scope == "as-run")
    #expect(problems[0].message.contains("not judged"))
    // What is refuted now fails by that, once.
    #expect(baseline.judge(Samples.rejected("a")).openProblems.map(\.rule) == ["rejected"])
  }

  @Test func ratesThatFellFail() throws {
    let baseline = try Baseline(line("a", "certified", flow: "certified"))
    func fell(_ rate: Double) -> Bool {
      baseline.judge(Samples.certified("a", rate: rate)).openProblems.map(\.rule) == ["rate-fell"]
    }
    #expect(!fell(0.25) && !fell(0.3) && !fell(0.25 * (1 - 1e-10)))
    #expect(fell(0.25 * (1 - 1e-8)) && fell(0.1) && fell(.nan))
  }

  @Test(arguments: [
    ("{", "line 1"), ("[]", "line 1: expected a verdict"), (#"{"schema":"x"}"#, "line 1"),
    (#"{"schema":"certify.verdict/v1","model":"a","verdict":"fine"}"#, "line 1: expected"),
  ])
  func whatIsNoBaseline(text: String, names: String) {
    #expect { try Baseline(text) } throws: { "\($0)".contains(names) }
  }

  @Test func aModelThatIsThereTwice() {
    #expect { try Baseline(line("a", "refuted") + "\n" + line("a", "refuted")) } throws: {
      "\($0)".contains("line 2") && "\($0)".contains("twice")
    }
  }
}
