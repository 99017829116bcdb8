/// The module of each unit, if every unit is in exactly one of the sets and none is empty.
func moduleOfEachUnit(_ sets: [[Int32]], units n: Int, _ rule: Rule) -> Outcome<[Int]> {
  func decline(_ unit: Int) -> Outcome<[Int]> {
    .declined(Obstruction(rule, .notAPartition(.components, unit: unit)))
  }
  var home = [Int](repeating: -1, count: n)
  for (part, units) in sets.enumerated() {
    guard !units.isEmpty else { return decline(-1) }
    for unit in units {
      guard unit >= 0, unit < n, home[Int(unit)] < 0 else { return decline(Int(unit)) }
      home[Int(unit)] = part
    }
  }
  if let missing = home.firstIndex(of: -1) { return decline(missing) }
  return .accepted(home)
}

extension MetricBounds {
  /// The metric of each set alone; nil if a full block spans several of them.
  func restricted(to sets: [[Int32]], home: [Int]) -> [MetricBounds]? {
    let n = home.count
    if isDiagonal {
      let entries = diagonalBounds(units: n)
      return sets.map { units in
        .diagonal(
          lower: units.map { entries[Int($0)].lower }, upper: units.map { entries[Int($0)].upper })
      }
    }
    guard case .blocks(let blocks) = self else {
      return sets.count == 1 && sets[0].enumerated().allSatisfy { $0.offset == Int($0.element) }
        ? [self] : nil
    }
    var place = [Int32](repeating: 0, count: n)
    for units in sets { for (k, unit) in units.enumerated() { place[Int(unit)] = Int32(k) } }
    var parts = [[Block]](repeating: [], count: sets.count)
    for block in blocks {
      guard let first = block.units.first else { return nil }
      let part = home[Int(first)]
      guard block.units.allSatisfy({ home[Int($0)] == part }) else { return nil }
      parts[part].append(
        Block(
          units: block.units.map { place[Int($0)] }, scale: block.scale, metric: block.metric))
    }
    return parts.map { .blocks($0) }
  }
}
