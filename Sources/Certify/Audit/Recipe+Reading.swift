internal import CertifyKernel
internal import Markup

extension Recipe {
  /// Reads a recipe file.
  ///
  /// - Throws: `.argument` with the key and both numbers: an unknown key, p < 1, a density outside (0, 1], a
  ///   coupling of a module with itself or with one that does not exist, more than `largest` units.
  public init(path: String) throws(AuditError) {
    let text: String
    do {
      text = try TextFile.read(path)
    } catch {
      throw .argument("\(printable(path)): \(error.reason)")
    }
    do {
      try self.init(text: text, name: Self.stem(path))
    } catch {
      throw .argument("\(printable(path)): \(error)")
    }
  }

  private static func stem(_ path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file.hasSuffix(".toml") ? String(file.dropLast(5)) : file
  }

  /// The text of a recipe; `name` is used if it gives none.
  public init(text: String, name fallback: String) throws(ManifestError) {
    let root = ManifestTable(
      name: "", known: ["recipe", "modules", "coupling", "step"], try ManifestNode.parse(text))
    try root.checkKeys()
    let recipe = try root.table("recipe", known: ["name", "seed", "networks"])
    name = try recipe.text("name") ?? fallback
    seed = UInt64(try recipe.index("seed") ?? 1)
    networks = try recipe.count("networks", "a network to draw") ?? 5
    let drawn = try root.table(
      "modules",
      known: [
        "count", "units", "density", "range", "deviation", "acceptance", "form", "activation",
        "negative-slope", "slopes",
      ])
    let p = try drawn.count("count", "a module") ?? 1
    guard let n = try drawn.count("units", "a unit") else {
      throw .missing("modules.units", hint: "the number of units of each module")
    }
    let (total, overflow) = p.multipliedReportingOverflow(by: n)
    guard !overflow, total <= Self.largest else {
      throw .outOfRange(
        "modules.count", found: "\(p) modules of \(n) units",
        reason: "at most \(Self.largest) units are drawn")
    }
    (modules, units) = (p, n)
    guard let density = try drawn.number("density")?.approximation else {
      throw .missing("modules.density", hint: "the share of weights that are not 0, in (0, 1]")
    }
    guard density > 0, density <= 1 else {
      throw .outOfRange("modules.density", found: "\(density)", reason: "it lies in (0, 1]")
    }
    self.density = density
    weights = try drawn.weights()
    acceptance = try drawn.word("acceptance") ?? .none
    form = try drawn.word("form") ?? .outside
    slopes = try drawn.activationSlopes() ?? .unit
    if acceptance == .theorem1 || form == .map, !slopes.startsAtZero {
      throw .conflict(
        "modules.slopes", "acceptance", reason: "slopes must start at 0, these at \(slopes.lower)")
    }
    let coupling = try root.table(
      "coupling", known: ["adjacency", "fraction", "edges", "hub", "deviation", "metric"])
    adjacency = try coupling.adjacency(modules: p)
    let size = try coupling.number("deviation")?.approximation ?? 1 / Double(n).squareRoot()
    guard size > 0 else {
      throw .outOfRange("coupling.deviation", found: "\(size)", reason: "it must be above 0")
    }
    deviation = size
    metric = try coupling.word("metric") ?? .identity
    if metric == .certified, acceptance != .theorem1 {
      throw .conflict(
        "coupling.metric = \"certified\"", "modules.acceptance = \"\(acceptance.rawValue)\"",
        reason: "only acceptance = \"theorem-1\" gives every module a metric")
    }
    if form == .map, adjacency != .none {
      throw .conflict("modules.form = \"map\"", "coupling", reason: "a map has no linear coupling")
    }
    step = try root.step().0
    if form == .map, step != nil {
      throw .conflict("modules.form = \"map\"", "step", reason: "a map is a step itself")
    }
  }
}

extension ManifestTable {
  /// A whole number of at least 1.
  fileprivate func count(_ key: String, _ unit: String) throws(ManifestError) -> Int? {
    guard let count = try whole(key) else { return nil }
    guard count >= 1 else {
      throw .outOfRange("\(name).\(key)", found: "\(count)", reason: "there is at least 1, \(unit)")
    }
    return count
  }

  private func whole(_ key: String) throws(ManifestError) -> Int? {
    guard has(key) else { return nil }
    guard let value = try number(key), value.denominator == 1,
      let count = Int(exactly: value.numerator)
    else { throw wrong(key, "a whole number") }
    return count
  }

  fileprivate func weights() throws(ManifestError) -> Recipe.Weights {
    let range = try number("range")?.approximation
    let deviation = try number("deviation")?.approximation
    switch (range, deviation) {
    case (.some, .some):
      throw .conflict("\(name).range", "\(name).deviation", reason: "uniform or normal, not both")
    case (nil, nil):
      throw .missing("\(name).range", hint: "or \(name).deviation, of normal weights")
    case (let range?, nil):
      guard range > 0 else {
        throw .outOfRange("\(name).range", found: "\(range)", reason: "it must be above 0")
      }
      return .uniform(range: range)
    case (nil, let deviation?):
      guard deviation > 0 else {
        throw .outOfRange("\(name).deviation", found: "\(deviation)", reason: "it must be above 0")
      }
      return .normal(deviation: deviation)
    }
  }

  fileprivate func adjacency(modules p: Int) throws(ManifestError) -> Recipe.Adjacency {
    let words = ["none", "all", "workspace", "fraction", "edges"]
    let word =
      try text("adjacency") ?? (has("edges") ? "edges" : has("fraction") ? "fraction" : "none")
    for (key, owner) in [("fraction", "fraction"), ("edges", "edges"), ("hub", "workspace")]
    where has(key) && word != owner {
      throw .conflict(
        "\(name).\(key)", "\(name).adjacency = \"\(word)\"",
        reason: "it belongs to adjacency = \"\(owner)\"")
    }
    switch word {
    case "none": return .none
    case "all": return .all
    case "workspace":
      let hub = try index("hub") ?? 0
      guard hub < p else { throw noModule("\(name).hub", hub, p) }
      return .workspace(hub: hub)
    case "fraction":
      guard let share = try number("fraction")?.approximation else {
        throw .missing("\(name).fraction", hint: "the share of pairs that are coupled, 0 to 1")
      }
      guard share >= 0, share <= 1 else {
        throw .outOfRange("\(name).fraction", found: "\(share)", reason: "it lies in 0 to 1")
      }
      return .fraction(share)
    case "edges": return .edges(try edges(modules: p))
    default: throw .unknownValue("\(name).adjacency", found: word, known: words)
    }
  }

  private func noModule(_ path: String, _ index: Int, _ p: Int) -> ManifestError {
    .outOfRange(path, found: "\(index)", reason: "the \(p) modules are numbered 0 to \(p - 1)")
  }

  private func edges(modules p: Int) throws(ManifestError) -> [[Int]] {
    guard let items = array("edges") else { throw wrong("edges", "an array of pairs of modules") }
    var edges: [[Int]] = []
    for (position, item) in items.enumerated() {
      let path = "\(name).edges[\(position)]"
      guard case .array(let ends) = item, ends.count == 2, case .integer(let i) = ends[0],
        case .integer(let j) = ends[1]
      else {
        throw .wrongType(path, found: item.kind, expected: "a pair of modules such as [0, 1]")
      }
      for k in [i, j] where k < 0 || k >= p { throw noModule(path, k, p) }
      guard i != j else {
        throw .outOfRange(
          path, found: "[\(i), \(j)]", reason: "a module is not coupled with itself")
      }
      let edge = [max(i, j), min(i, j)]
      guard !edges.contains(edge) else {
        throw .outOfRange(path, found: "[\(i), \(j)]", reason: "this pair is there already")
      }
      edges.append(edge)
    }
    return edges
  }
}
