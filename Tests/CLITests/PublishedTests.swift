import Checkpoints
import Foundation
import TestSupport
import Testing

/// A sample of the published networks, both verdicts and both sizes; `make published` checks all of them.
@Suite("CLI: published networks", .enabled(if: SharedFolder.isPresent, "needs the shared folder"))
struct PublishedTests {
  struct Row: Sendable {
    let path: String
    let verdicts: [String]
  }

  /// Every eighth row of expected.csv.
  static let sample: [Row] = {
    let table = SharedFolder.file("checkpoints/expected.csv")
    guard let text = try? String(contentsOf: table, encoding: .utf8) else { return [] }
    let lines = text.split(whereSeparator: \.isNewline).map(fields)
    guard let head = lines.first, let path = head.firstIndex(of: "path"),
      let flow = head.firstIndex(of: "CT_verdict"), let map = head.firstIndex(of: "DT_verdict")
    else { return [] }
    return stride(from: 1, to: lines.count, by: 8).map { k in
      Row(path: lines[k][path], verdicts: [lines[k][flow], lines[k][map]])
    }
  }()

  /// The fields of a line of comma-separated values, quotation marks removed.
  private static func fields(_ line: Substring) -> [String] {
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

  @Test("a sample agrees with expected.csv, and its certificates are verified") func sample() throws
  {
    let folder = TemporaryFolder()
    #expect(Self.sample.count >= 11)
    #expect(Set(Self.sample.map(\.verdicts)).count >= 2)
    let root = SharedFolder.file("checkpoints").path
    let run = try Certify.run(
      ["check"] + Self.sample.map(\.path)
        + ["--step", "0.3", "--format", "json", "--certificates", folder.file("certs")], in: root)
    #expect(run.status == 1)
    let objects = try run.objects()
    #expect(objects.count == Self.sample.count)
    for (object, row) in zip(objects, Self.sample) {
      #expect(object["model"]?.string == row.path)
      #expect(
        [object["continuous"]?["verdict"]?.string, object["asRun"]?["verdict"]?.string]
          == row.verdicts, "\(row.path)")
      let certificate = try #require(object["certificate"]?.string)
      #expect(certificate == folder.file("certs/\(row.path).cert.json"))
      let verified = try Certify.run("verify", certificate, row.path, in: root)
      #expect(verified.status == 0, "\(verified.testDescription)")
    }
  }
}
