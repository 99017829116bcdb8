import Checkpoints
import Foundation
import Testing

/// The folder of fixtures beside the package: `CERTIFY_SHARED`, or `../shared`.
enum SharedFiles {
  static let root: String =
    ProcessInfo.processInfo.environment["CERTIFY_SHARED"]
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared").path

  static let fixtures = root + "/file-fixtures"
  static let checkpoints = root + "/checkpoints"

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}

/// One file of `file-fixtures/manifest.json`.
struct ManifestFixture: Sendable, CustomTestStringConvertible {
  struct Values: Sendable {
    let dtype: String
    let shape: [Int]
    let values: [String]?
  }

  let file: String
  let expect: String
  let codes: [String]
  let format: String?
  let tensors: [String: Values]

  var testDescription: String { file }
  var path: String { SharedFiles.fixtures + "/" + file }

  /// All fixtures; none where the folder is absent.
  static let all: [ManifestFixture] = {
    guard let data = FileManager.default.contents(atPath: SharedFiles.fixtures + "/manifest.json"),
      let manifest = try? JSONValue(parsing: Array(data)),
      let fixtures = manifest["fixtures"]?.array
    else { return [] }
    return fixtures.compactMap(ManifestFixture.init)
  }()

  private init?(_ value: JSONValue) {
    guard let file = value["file"]?.string, let expect = value["expect"]?.string else { return nil }
    self.file = file
    self.expect = expect
    codes = (value["code"]?.string ?? "").split(separator: "|").map(String.init)
    format = value["format"]?.string
    var tensors: [String: Values] = [:]
    for (name, tensor) in value["tensors"]?.object?.members ?? [] {
      guard let dtype = tensor["dtype"]?.string, let shape = tensor["shape"]?.array else {
        return nil
      }
      tensors[name] = Values(
        dtype: dtype, shape: shape.compactMap(\.integer),
        values: tensor["values"]?.array?.compactMap(\.string))
    }
    self.tensors = tensors
  }
}
