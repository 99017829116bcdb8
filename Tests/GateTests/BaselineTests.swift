import Testing

@testable import Gate

@Suite struct BaselineTests {
  private func line(_ path: String, _ verdict: String, rate: String? = nil) -> String {
    let scope = rate.map { #"{"verdict":"certified","rate":\#($0)}"# } ?? "null"
    return
      #"{"schema":"certify.verdict/v1","model":"\#(path)","verdict":"\#(verdict)","continuous":\#(scope),"asRun":null}"#
  }

  @Test func whatWasAsBadIsKnown() throws {
    let text =
      ["refuted", "undecided", "rejected", "certified"]
      .map { line($0, $0) }.joined(separator: "\n") + "\n\n"
    let baseline = try Baseline(text)
    func isOpen(_ entry: GateEntry) -> Bool { !baseline.judge(entry).openProblems.isEmpty }
    #expect(!isOpen(Samples.refuted("refuted")))
    #expect(!isOpen(Samples.undecided("refuted")))
    #expect(!isOpen(Samples.undecided("undecided")))
    #expect(!isOpen(Samples.rejected("rejected")))
    // New, or worse than before.
    #expect(isOpen(Samples.refuted("undecided")))
    #expect(isOpen(Samples.refuted("certified")))
    #expect(isOpen(Samples.refuted("rejected")))
    #expect(isOpen(Samples.rejected("refuted")))
    #expect(isOpen(Samples.refuted("new")))
    #expect(isOpen(Samples.undecided("certified")))
  }

  @Test func ratesThatFellFail() throws {
    let baseline = try Baseline(line("a", "certified", rate: "0.25"))
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
