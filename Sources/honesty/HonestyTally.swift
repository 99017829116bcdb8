/// What was accepted, what of it was false, and what stayed undecided; by rule and number of units.
package struct HonestyTally: Tally {
  package struct Key: Sendable, Hashable {
    let label: String
    let units: Int
  }

  struct Count {
    var accepted = 0
    var contradicted = 0
  }

  private var found: [Key: Count] = [:]
  private var attacks: [Key: Count] = [:]
  private var undecided: [Key: Int] = [:]
  private var examined: [Int: Int] = [:]
  package private(set) var attempts = 0
  /// Each false acceptance, with what replays it.
  package private(set) var contradictions: [String] = []

  package init() {}

  /// Claims accepted in a search.
  package var accepted: Int { found.values.reduce(0) { $0 + $1.accepted } }
  /// Claims accepted though somebody had tampered with them; confirmed like all others.
  package var acceptedAttacks: Int { attacks.values.reduce(0) { $0 + $1.accepted } }
  var progress: (accepted: Int, contradicted: Int) {
    (accepted + acceptedAttacks, contradictions.count)
  }
  package var undecidedCount: Int { undecided.values.reduce(0, +) }
  package var labels: Set<String> { Set(found.keys.map(\.label)) }

  mutating func examine(units: Int) { examined[units, default: 0] += 1 }
  mutating func attempt() { attempts += 1 }

  mutating func undecided(_ rule: String, units: Int) {
    undecided[Key(label: rule, units: units), default: 0] += 1
  }

  mutating func accept(_ label: String, units: Int, isAttack: Bool, contradiction: String?) {
    let key = Key(label: label, units: units)
    func add(_ count: inout Count) {
      count.accepted += 1
      if contradiction != nil { count.contradicted += 1 }
    }
    if isAttack { add(&attacks[key, default: Count()]) } else { add(&found[key, default: Count()]) }
    if let contradiction { contradictions.append(contradiction) }
  }

  package mutating func merge(_ other: HonestyTally) {
    func add(_ a: Count, _ b: Count) -> Count {
      Count(accepted: a.accepted + b.accepted, contradicted: a.contradicted + b.contradicted)
    }
    found.merge(other.found, uniquingKeysWith: add)
    attacks.merge(other.attacks, uniquingKeysWith: add)
    undecided.merge(other.undecided, uniquingKeysWith: +)
    examined.merge(other.examined, uniquingKeysWith: +)
    attempts += other.attempts
    contradictions += other.contradictions
  }

  /// One line a rule and n, then the undecided share, then what was false.
  package var table: String {
    var lines = ["claim                 n   accepted   false"]
    func rows(_ counts: [Key: Count], _ prefix: String) {
      let sorted = counts.sorted { ($0.key.label, $0.key.units) < ($1.key.label, $1.key.units) }
      for (key, count) in sorted {
        lines.append(
          pad(prefix + key.label, 20) + pad(key.units, 4) + pad(count.accepted, 11)
            + pad(count.contradicted, 8))
      }
    }
    rows(found, "")
    lines.append("")
    lines.append("accepted under attack (\(attempts) attempts)")
    rows(attacks, "")
    lines.append("")
    lines.append("undecided             n       runs  undecided   share")
    for (units, runs) in examined.sorted(by: { $0.key < $1.key }) {
      let open = undecided.filter { $0.key.units == units }
      let total = open.values.reduce(0, +)
      lines.append(
        pad("all", 20) + pad(units, 4) + pad(runs, 11) + pad(total, 11) + share(total, runs))
      for (key, count) in open.sorted(by: { $0.key.label < $1.key.label }) {
        lines.append(
          pad("  nearest: " + key.label, 20) + pad(units, 4) + pad("", 11) + pad(count, 11)
            + share(count, runs))
      }
    }
    lines.append("")
    lines.append(
      "\(examined.values.reduce(0, +)) searches, \(accepted) claims accepted, \(acceptedAttacks) more under "
        + "attack, \(contradictions.count) false")
    lines += contradictions.prefix(20).map { "FALSE: " + $0 }
    return lines.joined(separator: "\n")
  }

  private func share(_ part: Int, _ whole: Int) -> String {
    let tenths = whole == 0 ? 0 : (1000 * part + whole / 2) / whole
    return pad("\(tenths / 10).\(tenths % 10) %", 8)
  }

  private func pad(_ value: Int, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func pad(_ text: String, _ width: Int) -> String {
    width < 12 && text.last == "%"
      ? String(repeating: " ", count: max(0, width - text.count)) + text
      : text + String(repeating: " ", count: max(0, width - text.count))
  }
}
