internal import Certify
internal import Checkpoints
internal import Markup

// SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format).

/// One run with a result for each problem; models that are certified have none.
func sarifLog(_ entries: [GateEntry], version: String) -> String {
  let used = Set(entries.flatMap { $0.problems.map(\.rule) })
  let rules = RuleCatalogue.entries.filter { used.contains($0.id) }
  let places = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.id, $0) })
  let results = entries.flatMap { entry in
    entry.problems.map { result($0, entry, places[$0.rule]) }
  }
  let driver: JSONObject = [
    "name": .string("certify"), "version": .string(version),
    "semanticVersion": .string(version), "rules": .array(rules.map(descriptor)),
  ]
  let internalErrors = entries.contains { entry in
    entry.problems.contains { $0.kind == .internalError }
  }
  var counts = JSONObject()
  for verdict in GateEntry.Verdict.allCases {
    let count = entries.count { $0.verdict == verdict }
    counts.append(verdict.rawValue, .number(JSONNumber(count)))
  }
  let run: JSONObject = [
    "tool": .object(["driver": .object(driver)]),
    "columnKind": .string("unicodeCodePoints"),
    "invocations": .array([.object(["executionSuccessful": .bool(!internalErrors)])]),
    "results": .array(results),
    "properties": .object(["models": .object(counts)]),
  ]
  let document: JSONObject = [
    "$schema": .string(
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"),
    "version": .string("2.1.0"), "runs": .array([.object(run)]),
  ]
  return String(decoding: JSONValue.object(document).orderedBytes, as: UTF8.self) + "\n"
}

private func descriptor(_ entry: RuleCatalogue.Entry) -> JSONValue {
  var object: JSONObject = [
    "id": .string(entry.id), "name": .string(entry.name),
    "shortDescription": text(entry.title), "fullDescription": text(entry.help),
  ]
  var help = JSONObject()
  let pointer = entry.page.map { " See \($0)." } ?? ""
  help.append("text", .string(entry.help + pointer))
  help.append(
    "markdown", .string(entry.help + (entry.page.map { "\n\nSee `\($0)`." } ?? "")))
  object.append("help", .object(help))
  object.append("defaultConfiguration", .object(["level": .string(entry.level.rawValue)]))
  object.append(
    "properties", .object(["tags": .array([.string("stability"), .string("contraction")])]))
  return .object(object)
}

private func result(_ problem: GateProblem, _ entry: GateEntry, _ index: Int?) -> JSONValue {
  var object: JSONObject = ["ruleId": .string(problem.rule)]
  if let index { object.append("ruleIndex", .number(JSONNumber(index))) }
  object.append("kind", .string("fail"))
  object.append("level", .string(problem.level.rawValue))
  let sentences =
    [escapedControls(problem.message)] + problem.advice.map { "Try: \(escapedControls($0))" }
  object.append("message", text(sentences.joined(separator: "\n")))
  let place: JSONObject = [
    "physicalLocation": .object([
      "artifactLocation": .object(["uri": .string(uriReference(entry.path))])
    ])
  ]
  object.append("locations", .array([.object(place)]))
  // The same tensors and the same rule give the same alert, wherever the file lies; without tensors the path must do.
  let scope = problem.scope ?? "-"
  let mark = "\(entry.tensors ?? "path:" + entry.path)/\(problem.rule)/\(scope)"
  object.append(
    "partialFingerprints", .object(["tensorsAndRule/v1": .string(escapedControls(mark))]))
  switch problem.acceptance {
  case .known: object.append("baselineState", .string("unchanged"))
  case .waived(let reason, let until, _):
    let suppression: JSONObject = [
      "kind": .string("external"), "status": .string("accepted"),
      "justification": .string("until \(escapedControls(until)): \(escapedControls(reason))"),
    ]
    object.append("suppressions", .array([.object(suppression)]))
  case .allowed:
    let suppression: JSONObject = [
      "kind": .string("external"), "status": .string("accepted"),
      "justification": .string("the policy does not ask for more"),
    ]
    object.append("suppressions", .array([.object(suppression)]))
  case nil: break
  }
  object.append(
    "properties",
    .object([
      "scope": problem.scope.map(JSONValue.string) ?? .null,
      "verdict": .string(entry.verdict.rawValue),
    ]))
  return .object(object)
}

private func text(_ text: String) -> JSONValue { .object(["text": .string(text)]) }

/// A path as an RFC 3986 URI reference: absolute ones with the scheme `file`, others relative to the working folder.
func uriReference(_ path: String) -> String {
  let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
  var encoded = ""
  for byte in path.utf8 {
    if allowed.contains(byte) {
      encoded.unicodeScalars.append(Unicode.Scalar(byte))
    } else {
      let digits = String(byte, radix: 16, uppercase: true)
      encoded += "%" + (digits.count == 1 ? "0" : "") + digits
    }
  }
  // "//x" would name a host.
  if path.hasPrefix("/") { return "file://" + (path.hasPrefix("//") ? "/." : "") + encoded }
  return encoded.isEmpty ? "." : encoded
}
