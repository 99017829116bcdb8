import Foundation
import TestSupport
import Testing

/// The completions and manual pages that are checked in are those of the executable.
@Suite("CLI: completions and manual pages") struct CompletionTests {
  @Test(
    "nothing has drifted",
    .enabled(if: DocumentationScript.hasPython, "python3 is not installed"))
  func drift() throws {
    let run = try DocumentationScript.run("generate-manual", "--check")
    #expect(run.status == 0, "\(run.testDescription)")
  }

  @Test("bash offers options, formats and commands") func bash() throws {
    let file = SharedFolder.packageRoot
      .appendingPathComponent("Integrations/completions/certify.bash").path
    for (words, expected) in [
      ("check --form", "--format"), ("check --format sar", "sarif"), ("attes", "attest"),
    ] {
      let last = words.split(separator: " ").last.map(String.init) ?? ""
      let script = """
        . '\(file)'
        COMP_WORDS=(certify \(words)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
        _certify certify '\(last)' "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      let folder = TemporaryFolder()
      try folder.write(script, to: "complete.bash")
      let run = try Certify.shell("exec bash complete.bash", in: folder.path)
      #expect(run.lines == [expected], "\(words)\n\(run.testDescription)")
    }
  }
}
