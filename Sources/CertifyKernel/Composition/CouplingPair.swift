/// Everything that runs between two modules a < b, split into a linear part and a part with slopes.
///
/// The block of J (divided by the time constants) from module b to module a is
///
///     T⁻¹(L + cW + c′K) + T⁻¹(W(D − c) + K(D′ − c′)),   c, c′ the middles of the slopes
///
/// so the first term is one fixed matrix, and what is left moves by at most half the width of the slopes.
struct CouplingPair: Sendable {
  /// The indices of the modules, first < second; first = second for what runs inside one.
  let first: Int
  let second: Int
  /// Sorted by row and column, none twice.
  var entries: [Entry] = []

  /// What runs between unit `row` of the first module and unit `column` of the second.
  struct Entry: Sendable {
    let row: Int32
    let column: Int32
    /// The linear part from `column` to `row`, and from `row` to `column`.
    var toFirst = Interval(0)
    var toSecond = Interval(0)
    /// What the slopes add, both ways, at their upper ends; only the magnitude counts where W and K meet.
    var slopesToFirst = Interval(0)
    var slopesToSecond = Interval(0)

    fileprivate mutating func add(_ other: Entry) {
      toFirst = Entry.sum(toFirst, other.toFirst)
      toSecond = Entry.sum(toSecond, other.toSecond)
      slopesToFirst = Entry.merged(slopesToFirst, other.slopesToFirst)
      slopesToSecond = Entry.merged(slopesToSecond, other.slopesToSecond)
    }

    private static func sum(_ a: Interval, _ b: Interval) -> Interval {
      if a == Interval(0) { return b }
      return b == Interval(0) ? a : a + b
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

  /// The pairs of coupled modules, by first and second; nil if a worker left its piece undone.
  ///
  /// - Parameters:
  ///   - paces: what each row is multiplied by.
  ///   - home: the module of each unit.
  /// - Complexity: O(entries), and sorting those of blocks that are mostly empty.
  static func all(
    of network: Specification, paces: [Interval], home: [Int], _ content: Content,
    on workers: Workers
  ) -> [CouplingPair]? {
    let parts = CouplingPart.all(of: network, content)
    let places = Places(home)
    let incoming = workers.map(places.units.count) { module in
      runs(into: module, parts, places, content)
    }
    guard let incoming else { return nil }
    var index: [Key: Int] = [:]
    var bundles: [(key: Key, toFirst: (Int, Int)?, toSecond: (Int, Int)?)] = []
    for (to, lists) in incoming.enumerated() {
      for (k, list) in lists.enumerated() {
        let key = Key(first: Swift.min(to, list.from), second: Swift.max(to, list.from))
        let at = index[key] ?? bundles.count
        if at == bundles.count {
          index[key] = at
          bundles.append((key, nil, nil))
        }
        if to <= list.from { bundles[at].toFirst = (to, k) }
        if to >= list.from { bundles[at].toSecond = (to, k) }
      }
    }
    bundles.sort { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }
    let sorted = bundles
    return workers.map(sorted.count) { k in
      let (key, toFirst, toSecond) = sorted[k]
      return CouplingPair(
        key, toFirst: toFirst.map { incoming[$0.0][$0.1] },
        toSecond: toSecond.map { incoming[$0.0][$0.1] }, parts, paces, places)
    }
  }

  private struct Key: Hashable, Sendable {
    let first: Int
    let second: Int
  }
}

/// One matrix of the right-hand side, with the linear part of its slopes and what is left of them.
private struct CouplingPart: Sendable {
  enum Source { case recurrent, linear, nonlinear }

  let source: Source
  let weights: SparseMatrix
  let middle: Interval
  let spread: Double

  static func all(of network: Specification, _ content: CouplingPair.Content) -> [CouplingPart] {
    func split(_ slopes: SlopeInterval) -> (middle: Interval, spread: Double) {
      let (l, g) = (slopes.lower.enclosure, slopes.upper.enclosure)
      if content == .wholeEverywhere { return (Interval(0), g.upper) }
      let half = Interval(0.5)
      return ((l + g) * half, ((g - l) * half).upper)
    }
    let own = split(network.slopes)
    var parts = [
      CouplingPart(
        source: .recurrent, weights: network.recurrent.sparse(), middle: own.middle,
        spread: own.spread)
    ]
    if let coupling = network.coupling {
      parts.append(
        CouplingPart(source: .linear, weights: coupling.sparse(), middle: Interval(1), spread: 0))
    }
    if let coupling = network.nonlinearCoupling {
      let (middle, spread) = split(coupling.slopes)
      parts.append(
        CouplingPart(
          source: .nonlinear, weights: coupling.weights.sparse(), middle: middle, spread: spread))
    }
    return parts
  }
}

/// Entries of one row of one matrix that lie side by side and come from one module.
private struct Run: Sendable {
  let part: Int32
  let to: Int32
  let start: Int
  var end: Int
}

/// Everything that runs from one module into another.
private struct RunList: Sendable {
  let from: Int
  var runs: [Run] = []
  var entryCount = 0
  var slopesOfW = false
  var slopesOfK = false
}

/// The units of each module in ascending order, and where each unit stands among them.
private struct Places: Sendable {
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

/// What runs into one module, by the module it comes from.
private func runs(
  into module: Int, _ parts: [CouplingPart], _ places: Places, _ content: CouplingPair.Content
) -> [RunList] {
  var index: [Int: Int] = [:]
  var lists: [RunList] = []
  for (number, part) in parts.enumerated() {
    let weights = part.weights
    for unit in places.units[module] {
      let row = weights.rowPointers[Int(unit)]..<weights.rowPointers[Int(unit) + 1]
      var current = -1
      for k in row where weights.values[k] != 0 {
        let from = places.home[Int(weights.columnIndices[k])]
        if from == module && content == .splitBetweenModules {
          current = -1
          continue
        }
        if current >= 0, lists[current].from == from {
          // Stored zeros in between are left out again where the run is read.
          lists[current].runs[lists[current].runs.count - 1].end = k + 1
          continue
        }
        current = index[from] ?? lists.count
        if current == lists.count {
          index[from] = current
          lists.append(RunList(from: from))
          lists[current].runs.reserveCapacity(places.units[module].count)
        }
        if part.source == .recurrent { lists[current].slopesOfW = true }
        if part.source == .nonlinear { lists[current].slopesOfK = true }
        lists[current].runs.append(Run(part: Int32(number), to: unit, start: k, end: k + 1))
      }
    }
  }
  for k in lists.indices {
    lists[k].entryCount = lists[k].runs.reduce(0) { $0 + $1.end - $1.start }
  }
  return lists
}

extension CouplingPair {
  /// Puts what runs both ways together, by row and column.
  private init(
    _ key: Key, toFirst: RunList?, toSecond: RunList?, _ parts: [CouplingPart],
    _ paces: [Interval], _ places: Places
  ) {
    first = key.first
    second = key.second
    slopesOfW = toFirst?.slopesOfW == true || toSecond?.slopesOfW == true
    slopesOfK = toFirst?.slopesOfK == true || toSecond?.slopesOfK == true
    let (rows, columns) = (places.units[first].count, places.units[second].count)
    let count = (toFirst?.entryCount ?? 0) + (toSecond?.entryCount ?? 0)
    func each(_ body: (Entry) -> Void) {
      for (list, isToFirst) in [(toFirst, true), (toSecond, false)] {
        for run in list?.runs ?? [] {
          CouplingPair.each(
            run, parts[Int(run.part)], paces[Int(run.to)], toFirst: isToFirst, body)
        }
      }
    }
    guard rows * columns <= 4 * count else {
      entries.reserveCapacity(count)
      each { entries.append($0) }
      mergeBySorting()
      return
    }
    // Blocks that are nearly full: one slot for each place.
    var slots = [Entry](repeating: Entry(row: -1, column: -1), count: rows * columns)
    each { entry in
      let slot = places.place[Int(entry.row)] * columns + places.place[Int(entry.column)]
      if slots[slot].row < 0 { slots[slot] = entry } else { slots[slot].add(entry) }
    }
    if slots.contains(where: { $0.row < 0 }) { slots.removeAll { $0.row < 0 } }
    entries = slots
  }

  /// The entries of one run, each as one direction of an entry of the pair.
  @inline(__always)
  private static func each(
    _ run: Run, _ part: CouplingPart, _ pace: Interval, toFirst isToFirst: Bool,
    _ body: (Entry) -> Void
  ) {
    // Times 1 is what most networks have.
    let isPlain = pace == Interval(1) && part.middle == Interval(1)
    for k in run.start..<run.end {
      let value = part.weights.values[k]
      if value == 0 { continue }
      let from = part.weights.columnIndices[k]
      let linear = isPlain ? Interval(value) : pace * (Interval(value) * part.middle)
      let slopes =
        part.spread == 0 ? Interval(0) : pace * (Interval(value) * Interval(part.spread))
      body(
        isToFirst
          ? Entry(row: run.to, column: from, toFirst: linear, slopesToFirst: slopes)
          : Entry(row: from, column: run.to, toSecond: linear, slopesToSecond: slopes))
    }
  }

  /// Orders the entries by row and column and adds up those of the same place.
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
