/// Everything that runs between two modules a < b, split into a linear part and a part with slopes.
///
/// The block of J (divided by the time constants) from module b to module a is
///
///     T⁻¹(L + cW + c′K) + T⁻¹(W(D − c) + K(D′ − c′)),   c, c′ the middles of the slopes
///
/// so the first term is one fixed matrix, and what is left moves by at most half the width of the slopes.
struct CouplingPair {
  /// The indices of the modules, first < second; first = second for what runs inside one.
  let first: Int
  let second: Int
  /// Sorted by row and column, none twice.
  var entries: [Entry] = []

  /// What runs between unit `row` of the first module and unit `column` of the second.
  struct Entry {
    let row: Int32
    let column: Int32
    /// The linear part from `column` to `row`, and from `row` to `column`.
    var toFirst = Interval(0)
    var toSecond = Interval(0)
    /// What the slopes add, both ways, at their upper ends; only the magnitude counts where W and K meet.
    var slopesToFirst = Interval(0)
    var slopesToSecond = Interval(0)

    fileprivate mutating func add(_ other: Entry) {
      toFirst = toFirst + other.toFirst
      toSecond = toSecond + other.toSecond
      slopesToFirst = Entry.merged(slopesToFirst, other.slopesToFirst)
      slopesToSecond = Entry.merged(slopesToSecond, other.slopesToSecond)
    }

    private static func merged(_ a: Interval, _ b: Interval) -> Interval {
      if a == Interval(0) { return b }
      if b == Interval(0) { return a }
      let size = a.magnitude.addingUp(b.magnitude)
      return Interval(-size, size)
    }
  }

  /// Whether slopes of W, of K, or of both act between the modules.
  var slopesOfW = false
  var slopesOfK = false

  /// Whether anything with slopes runs between the modules.
  var hasSlopes: Bool { slopesOfW || slopesOfK }
  /// Whether anything runs from the second module to the first.
  var runsToFirst: Bool {
    entries.contains { $0.toFirst != Interval(0) || $0.slopesToFirst != Interval(0) }
  }

  /// What the entries of the pairs are to hold.
  enum Content {
    /// Between modules only, the middle of the slopes counted as linear.
    case splitBetweenModules
    /// Inside modules as well, L as linear and all of the slopes as slopes.
    case wholeEverywhere
  }

  /// The pairs of coupled modules, by first and second.
  ///
  /// - Parameters:
  ///   - paces: what each row is multiplied by.
  ///   - home: the module of each unit.
  /// - Complexity: O(entries), and sorting those that are kept.
  static func all(
    of network: Specification, paces: [Interval], home: [Int], _ content: Content
  ) -> [CouplingPair] {
    let half = Interval(0.5)
    func split(_ slopes: SlopeInterval) -> (middle: Interval, spread: Double) {
      let (l, g) = (slopes.lower.enclosure, slopes.upper.enclosure)
      if content == .wholeEverywhere { return (Interval(0), g.upper) }
      return ((l + g) * half, ((g - l) * half).upper)
    }
    enum Source { case W, L, K }
    var parts: [(source: Source, weights: SparseMatrix, middle: Interval, spread: Double)] = []
    let own = split(network.slopes)
    parts.append((.W, network.recurrent.sparse(), own.middle, own.spread))
    if let coupling = network.coupling { parts.append((.L, coupling.sparse(), Interval(1), 0)) }
    if let coupling = network.nonlinearCoupling {
      let (middle, spread) = split(coupling.slopes)
      parts.append((.K, coupling.weights.sparse(), middle, spread))
    }
    var place: [Key: Int] = [:]
    var pairs: [CouplingPair] = []
    for (source, weights, middle, spread) in parts {
      for i in 0..<weights.rows {
        var previous: (key: Key, index: Int)?
        for k in weights.rowPointers[i]..<weights.rowPointers[i + 1] {
          let j = Int(weights.columnIndices[k])
          let value = weights.values[k]
          let (to, from) = (home[i], home[j])
          if value == 0 || (to == from && content == .splitBetweenModules) { continue }
          let key = Key(first: Swift.min(to, from), second: Swift.max(to, from))
          let index: Int
          if let previous, previous.key == key {
            index = previous.index
          } else if let known = place[key] {
            index = known
          } else {
            index = pairs.count
            place[key] = index
            pairs.append(CouplingPair(first: key.first, second: key.second))
          }
          previous = (key, index)
          let linear = paces[i] * (Interval(value) * middle)
          let slopes = paces[i] * (Interval(value) * Interval(spread))
          if source == .W { pairs[index].slopesOfW = true }
          if source == .K { pairs[index].slopesOfK = true }
          if to <= from {
            pairs[index].entries.append(
              Entry(row: Int32(i), column: Int32(j), toFirst: linear, slopesToFirst: slopes))
          }
          if to >= from {
            pairs[index].entries.append(
              Entry(row: Int32(j), column: Int32(i), toSecond: linear, slopesToSecond: slopes))
          }
        }
      }
    }
    let places = Places(home)
    for index in pairs.indices { pairs[index].merge(places) }
    return pairs.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  private struct Key: Hashable {
    let first: Int
    let second: Int
  }

  /// Where each unit stands among those of its module, in ascending order, and the sizes of the modules.
  private struct Places {
    let home: [Int]
    var place: [Int]
    var units: [[Int32]]

    init(_ home: [Int]) {
      self.home = home
      place = [Int](repeating: 0, count: home.count)
      units = [[Int32]](repeating: [], count: (home.max() ?? -1) + 1)
      for (unit, module) in home.enumerated() {
        place[unit] = units[module].count
        units[module].append(Int32(unit))
      }
    }
  }

  /// Orders the entries by row and column and adds up those of the same place.
  private mutating func merge(_ places: Places) {
    let (rows, columns) = (places.units[first], places.units[second])
    guard rows.count * columns.count <= 4 * entries.count else { return mergeBySorting() }
    // Blocks that are nearly full: one slot for each place.
    var slots = [Int32](repeating: -1, count: rows.count * columns.count)
    var merged: [Entry] = []
    merged.reserveCapacity(entries.count)
    for entry in entries {
      let slot = places.place[Int(entry.row)] * columns.count + places.place[Int(entry.column)]
      if slots[slot] < 0 {
        slots[slot] = Int32(merged.count)
        merged.append(entry)
      } else {
        merged[Int(slots[slot])].add(entry)
      }
    }
    entries = slots.compactMap { $0 < 0 ? nil : merged[Int($0)] }
  }

  private mutating func mergeBySorting() {
    entries.sort { ($0.row, $0.column) < ($1.row, $1.column) }
    var kept = 0
    for k in entries.indices.dropFirst() {
      if entries[k].row == entries[kept].row, entries[k].column == entries[kept].column {
        entries[kept].add(entries[k])
      } else {
        kept += 1
        entries[kept] = entries[k]
      }
    }
    if !entries.isEmpty { entries.removeSubrange((kept + 1)...) }
  }
}
