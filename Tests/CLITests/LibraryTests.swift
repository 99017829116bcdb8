import Foundation
import TestSupport
import Testing

/// The C library, from a program in C that reads `certify.h`; what it answers is tested from Python.
@Suite("C library") struct LibraryTests {
  /// Judges the bytes of its first argument with the options in its second; prints the reply and the status.
  static let program = #"""
    #include <stdio.h>
    #include <stdlib.h>
    #include "certify.h"

    int main(int count, char **arguments) {
      FILE *file = count == 3 ? fopen(arguments[1], "rb") : NULL;
      if (!file) return 100;
      static uint8_t bytes[1 << 20];
      size_t size = fread(bytes, 1, sizeof bytes, file);
      int32_t status = -1;
      char *reply = certify_check(bytes, size, arguments[2], &status);
      if (!reply) return 101;
      printf("%s %s\n", certify_version(), reply);
      certify_free(reply);
      certify_free(NULL);
      return status;
    }
    """#

  private static let root = SharedFolder.packageRoot

  /// The line without the time.
  private static func timeless(_ line: String) -> String {
    line.replacing(/"seconds":[0-9.e-]+/, with: "\"seconds\":0")
  }

  /// Where the build puts the library; another executable comes without one.
  private static let libraries = URL(fileURLWithPath: Certify.executable)
    .deletingLastPathComponent().path

  private static let canRun =
    FileManager.default.isExecutableFile(atPath: "/usr/bin/cc")
    && (ProcessInfo.processInfo.environment["CERTIFY_EXECUTABLE"] == nil
      || FileManager.default.fileExists(atPath: libraries + "/libcertify-c.so"))

  @Test(.enabled(if: canRun, "needs a C compiler, and the library beside the executable"))
  func programInCGivesTheLineOfTheExecutable() throws {
    let folder = TemporaryFolder()
    try folder.write(Self.program, to: "program.c")
    let network = Self.root.appendingPathComponent("Fixtures/networks/ring.safetensors").path
    try FileManager.default.copyItem(atPath: network, toPath: folder.file("ring"))
    let header = Self.root.appendingPathComponent("Sources/CertifyLibrary").path
    let built = try Certify.shell(
      "cc -std=c99 -Wall -Wextra -Werror -pedantic -I '\(header)' program.c -o program "
        + "'\(Self.libraries)/libcertify-c.so' '-Wl,-rpath,\(Self.libraries)'", in: folder.path)
    #expect(built.status == 0, "\(built.testDescription)")
    for (step, status) in [("0.03", Int32(0)), ("3", 1), ("-1", 4)] {
      let options = #"{"model": "ring", "step": \#(step)}"#
      let ours = try Certify.shell("./program ring '\(options)'", in: folder.path)
      let theirs = try Certify.run(
        "check", "--format", "json", "--step=\(step)", "ring", in: folder.path)
      #expect(ours.status == status && theirs.status == status, "\(ours.testDescription)")
      if status == 4 {
        let message = theirs.errors.dropFirst("certify: ".count).dropLast()
        #expect(
          ours.output
            == #"0.1.0 {"schema":"certify.error/v1","kind":"usage","status":4,"message":"\#(message)"}"#
            + "\n")
      } else {
        #expect(Self.timeless(ours.output) == "0.1.0 " + Self.timeless(theirs.output))
      }
    }
  }
}
