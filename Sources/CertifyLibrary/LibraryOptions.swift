import Certify
import CertifyKernel
import Checkpoints

/// The options of a request: a JSON object of which every member is known.
struct LibraryOptions {
  private let members: JSONObject

  /// - Throws: status `usage` for what is no JSON object, and for a member that the command does not take.
  init(_ bytes: [UInt8], of command: LibraryCommand) throws(CommandFailure) {
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      throw Self.fault("the options are not JSON: \(error)")
    }
    guard case .object(let object) = value else {
      throw Self.fault("the options are not a JSON object")
    }
    for (name, _) in object.members where !Self.known(command).contains(name) {
      throw Self.fault("unknown option \"\(name)\"")
    }
    members = object
  }

  private static func known(_ command: LibraryCommand) -> Set<String> {
    let description = ["model", "manifest", "manifestName"]
    let names =
      switch command {
      case .check: description + ["step", "scheme", "scope", "rate", "tube", "certificates"]
      case .inspect: description
      case .verify: description + ["step", "scheme", "certificate"]
      }
    return Set(names)
  }

  static func fault(_ message: String) -> CommandFailure {
    CommandFailure(status: .usage, message: message)
  }

  /// A text that a path or a name can be made of.
  func text(_ name: String) throws(CommandFailure) -> String? {
    switch members[name] {
    case nil: return nil
    case .string(let text):
      guard !text.utf8.contains(0) else {
        throw Self.fault("option \"\(name)\": a NUL character")
      }
      return text
    default: throw Self.fault("option \"\(name)\": expected a text")
    }
  }

  /// A number as it is written, or a text.
  private func numeral(_ name: String) throws(CommandFailure) -> String? {
    if case .number(let number) = members[name] { return number.text }
    return try text(name)
  }

  // MARK: What they say

  func source(_ bytes: [UInt8]?) throws(CommandFailure) -> ModelSource {
    let name = try text("model")
    if let bytes { return .memory(bytes, name: name ?? "model") }
    guard let name, !name.isEmpty else {
      throw Self.fault("neither bytes of a model nor the option \"model\", its path")
    }
    return .file(name)
  }

  func modelOptions() throws(CommandFailure) -> ModelOptions {
    let name = try text("manifestName")
    var options = try Certify.modelOptions(
      manifest: name, step: numeral("step"), scheme: text("scheme"))
    options.manifestText = try text("manifest")
    guard name == nil || options.manifestText != nil else {
      throw Self.fault("option \"manifestName\" without \"manifest\"")
    }
    return options
  }

  func scopes() throws(CommandFailure) -> [Scope] {
    guard let name = try text("scope") else { return Scope.allCases }
    guard let scope = Scope(rawValue: name) else {
      let names = Scope.allCases.map(\.rawValue).joined(separator: ", ")
      throw Self.fault("option \"scope\": known scopes are \(names)")
    }
    return [scope]
  }

  func requiredRate() throws(CommandFailure) -> Double? {
    guard let value = members["rate"] else { return nil }
    guard let rate = value.number?.double, rate > 0 else {
      throw Self.fault("option \"rate\": a rate is positive and finite")
    }
    return rate
  }

  func floatFormat(for scopes: [Scope]) throws(CommandFailure) -> FloatTube.Format? {
    guard let name = try text("tube") else { return nil }
    guard scopes.contains(.asRun) else {
      throw Self.fault("option \"tube\" speaks of the map that runs, which the scope leaves out")
    }
    return try Certify.floatFormat(name)
  }
}
