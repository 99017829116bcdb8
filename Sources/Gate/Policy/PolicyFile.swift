public import Certify
internal import CertifyKernel
internal import Markup

extension Policy {
  /// Reads a policy. Unknown keys, contradictions and waivers that have run out are errors.
  ///
  /// - Parameters:
  ///   - path: for messages.
  ///   - today: the day, "2026-11-21", in UTC.
  public init(_ text: String, path: String, today: String) throws(ManifestError) {
    let lines = TOMLLines(text)
    let root = ManifestTable(
      name: "", known: ["policy", "override", "waiver"], try ManifestNode.parse(text))
    try root.checkKeys()
    self.path = path
    let table = try root.table("policy", known: Demands.keys)
    demands = try Demands(table, lines, table: "policy", 0)
    overrides = try root.tables("override", known: ["paths"] + Demands.keys)
      .enumerated().map { index, table throws(ManifestError) in
        guard let paths = try table.texts("paths", each: "a pattern"), !paths.isEmpty else {
          throw .missing(
            "\(table.name).paths", hint: "the paths it is for, such as [\"legacy/**\"]")
        }
        return Override(
          paths: paths.map { PathPattern($0) },
          demands: try Demands(table, lines, table: "override", index))
      }
    waivers = try root.tables(
      "waiver", known: ["path", "tensors", "rules", "until", "reason"]
    ).enumerated().map { index, table throws(ManifestError) in
      try Waiver(table, line: lines.line(of: nil, in: "waiver", index), today: today)
    }
  }
}

extension Policy.Demands {
  static let keys = [
    "verdict", "as-run", "required-step", "minimum-rate", "allowed-rules", "forbidden-diagnoses",
  ]

  fileprivate init(
    _ table: ManifestTable, _ lines: TOMLLines, table kind: String, _ index: Int
  ) throws(ManifestError) {
    func clause<Value>(_ key: String, _ value: Value?) -> Policy.Clause<Value>? {
      value.map {
        Policy.Clause(key: key, value: $0, line: lines.line(of: key, in: kind, index))
      }
    }
    verdict = clause("verdict", try table.word("verdict"))
    asRun = clause("as-run", try table.flag("as-run"))
    requiredStep = clause("required-step", try table.number("required-step"))
    if let step = requiredStep?.value, !(step.isFinite && step.numerator > 0) {
      throw .outOfRange(
        "\(table.name).required-step", found: "\(step)", reason: "a step is positive")
    }
    minimumRate = clause("minimum-rate", try table.number("minimum-rate")?.approximation)
    if let rate = minimumRate?.value, !(rate > 0 && rate < .infinity) {
      throw .outOfRange(
        "\(table.name).minimum-rate", found: "\(rate)", reason: "a rate is positive and finite")
    }
    allowedRules = clause(
      "allowed-rules", try table.texts("allowed-rules", each: "a rule").map { Set($0) })
    forbiddenDiagnoses = clause(
      "forbidden-diagnoses",
      try table.texts("forbidden-diagnoses", each: "a diagnosis").map { Set($0) })
    let rules = Rule.allCases.map(\.rawValue)
    if let allowed = allowedRules?.value {
      if allowed.isEmpty {
        throw .outOfRange(
          "\(table.name).allowed-rules", found: "[]", reason: "no network could pass")
      }
      for rule in allowed.sorted() where !rules.contains(rule) {
        throw .unknownValue("\(table.name).allowed-rules", found: rule, known: rules)
      }
    }
    let diagnoses = DiagnosisKind.allCases.map(\.rawValue)
    for id in (forbiddenDiagnoses?.value ?? []).sorted() where !diagnoses.contains(id) {
      throw .unknownValue("\(table.name).forbidden-diagnoses", found: id, known: diagnoses)
    }
    if verdict?.value == .notRefuted {
      for (key, isThere) in [
        ("minimum-rate", minimumRate != nil), ("allowed-rules", allowedRules != nil),
        ("required-step", requiredStep != nil), ("as-run", asRun?.value == true),
      ] where isThere {
        throw .conflict(
          "\(table.name).verdict = \"not-refuted\"", "\(table.name).\(key)",
          reason: "only a certified network has one")
      }
    }
    if asRun?.value == false, requiredStep != nil {
      throw .conflict(
        "\(table.name).as-run = false", "\(table.name).required-step",
        reason: "a step is that of the map that runs")
    }
  }
}

extension Policy.Waiver {
  fileprivate init(
    _ table: ManifestTable, line: Int?, today: String
  ) throws(ManifestError) {
    path = try table.required("path", "the model it is for, as given on the command line")
    tensors = try table.required("tensors", "the digest of its tensors, as the report prints it")
    guard tensors.count == 64, tensors.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else {
      throw .outOfRange(
        "\(table.name).tensors", found: "\"\(printable(tensors))\"",
        reason: "a SHA-256 has 64 lower-case hexadecimal digits")
    }
    guard let rules = try table.texts("rules", each: "the id of a rule"), !rules.isEmpty else {
      throw .missing(
        "\(table.name).rules", hint: "the ids that are accepted, such as [\"undecided\"]")
    }
    for rule in rules where RuleCatalogue.entry(rule) == nil {
      throw .unknownValue(
        "\(table.name).rules", found: rule, known: RuleCatalogue.entries.map(\.id))
    }
    self.rules = Set(rules)
    until = try table.required("until", "the last day, \"2027-03-31\"")
    guard isDay(until) else {
      throw .outOfRange(
        "\(table.name).until", found: "\"\(printable(until))\"",
        reason: "a day is written \"2027-03-31\"")
    }
    reason = try table.required("reason", "why the problem is accepted")
    guard reason.contains(where: { !$0.isWhitespace }) else {
      throw .outOfRange("\(table.name).reason", found: "\"\"", reason: "say why it is accepted")
    }
    // Days of this spelling are ordered as their texts are.
    guard today <= until else {
      throw .outOfRange(
        "\(table.name).until", found: "\"\(until)\"",
        reason: "the waiver for \(printable(path)) ran out; today is \(today)")
    }
    self.line = line
  }
}

/// Whether a text is a day of the Gregorian calendar, "2027-03-31".
func isDay(_ text: String) -> Bool {
  let parts = text.split(separator: "-", omittingEmptySubsequences: false)
  guard parts.count == 3, parts.map(\.count) == [4, 2, 2],
    parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
    let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
    (1...12).contains(month)
  else { return false }
  let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return (1...days[month - 1]).contains(day)
}
