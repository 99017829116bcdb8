public import CertifyKernel

/// One thing that might be removed from a network.
public enum SurgerySubject: Sendable, Hashable {
  case unit(Int)
  case module(Int)
  /// L[i, j] and L[j, i].
  case pair(Int, Int)
  /// W[i, j].
  case connection(Int, Int)
  /// All that runs between two modules.
  case block(Int, Int)

  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case unit, module, pair, connection, block
  }

  public var kind: Kind {
    switch self {
    case .unit: .unit
    case .module: .module
    case .pair: .pair
    case .connection: .connection
    case .block: .block
    }
  }

  /// As the command line or an edge file names it.
  public var name: String {
    switch self {
    case .unit(let i), .module(let i): "\(i)"
    case .pair(let i, let j): "L \(i) \(j)"
    case .connection(let i, let j): "W \(i) \(j)"
    case .block(let a, let b): "block \(a) \(b)"
    }
  }

  func surgery(on network: Specification) throws(InputError) -> Surgery {
    func without(_ isGone: (Int) -> Bool) throws(InputError) -> Surgery {
      let kept = (0..<network.units).filter { !isGone($0) }
      return try .ablation(network, UnitMap(keeping: kept, of: network.units), nil)
    }
    func place(_ i: Int, _ j: Int) -> Place { Place(row: i, column: j) }
    switch self {
    case .unit(let i): return try without { $0 == i }
    case .module(let i): return try without(network.moduleRanges[i].contains)
    case .pair(let i, let j):
      return try .pruning(network, [.coupling: [place(i, j), place(j, i)]], nil)
    case .connection(let i, let j): return try .pruning(network, [.recurrent: [place(i, j)]], nil)
    case .block(let a, let b):
      return try .pruning(network, network.places(between: a, b), nil)
    }
  }
}

/// Which single units, modules, pairs, connections or blocks can go from a certified network.
public struct SurvivalReport: Sendable {
  /// What the kernel said of the subjects of one kind in one scope.
  public struct Group: Sendable {
    public let kind: SurgerySubject.Kind
    /// How many there are; those beyond `kept`, `rounded` and `lost` were not looked at.
    public let total: Int
    /// The same metric, the same bound.
    public internal(set) var kept: [SurgerySubject] = []
    /// The same metric, and the bound but for rounding.
    public internal(set) var rounded: [SurgerySubject] = []
    /// The kernel does not accept the old argument; with what a search found, for the first few.
    public internal(set) var lost: [(subject: SurgerySubject, finding: SurgeryFinding?)] = []

    public var examined: Int { kept.count + rounded.count + lost.count }
  }

  public struct Part: Sendable {
    /// The certificate whose metric is carried over.
    public let certified: Certified<Specification>
    public let groups: [Group]
    public var scope: Scope { certified.guarantee.scope }
  }

  public let parts: [Part]
  /// The scopes that are judged and not certified: nothing to carry over.
  public let uncertified: [Scope]
  public let specification: Specification
  public let recognised: String

  /// How many that lost the metric are searched anew, in each group.
  static let searches = 8

  /// - Complexity: one kernel check a subject. Of more subjects than about 2·10¹⁰ operations allow, some are
  ///   looked at, evenly spaced; `total` says how many there are.
  init(
    _ model: Model, _ known: KnownCertificates, _ kinds: [SurgerySubject.Kind], _ checker: Checker
  ) {
    let network = model.specification
    specification = network
    recognised = model.recognised
    uncertified = known.scopes.filter { known.certified[$0] == nil }
    let subjects = kinds.map { ($0, network.subjects(of: $0)) }.filter { !$0.1.isEmpty }
    parts = known.scopes.compactMap { scope in
      guard let certified = known.certified[scope] else { return nil }
      return Part(
        certified: certified,
        groups: subjects.map { Self.group($0, $1, certified, checker, budget: 2e10) })
    }
  }

  /// What can go, given findings; without searches for what loses its metric. Nil where nothing is certified.
  ///
  /// - Parameter budget: operations, as above.
  init?(
    _ judgement: ModelReport.Judgement, _ findings: [Finding], _ kinds: [SurgerySubject.Kind],
    budget: Double
  ) {
    let network = judgement.specification
    let subjects = kinds.map { ($0, network.subjects(of: $0)) }.filter { !$0.1.isEmpty }
    specification = network
    recognised = judgement.recognised
    uncertified = findings.filter { !$0.isCertified }.map(\.scope)
    parts = findings.compactMap { finding in
      guard case .certified(let certified) = finding.result else { return nil }
      return Part(
        certified: certified,
        groups: subjects.map {
          Self.group($0, $1, certified, nil, budget: budget / Double(subjects.count))
        })
    }
    if parts.isEmpty { return nil }
  }

  private static func group(
    _ kind: SurgerySubject.Kind, _ all: [SurgerySubject], _ certified: Certified<Specification>,
    _ checker: Checker?, budget: Double
  ) -> Group {
    var group = Group(kind: kind, total: all.count)
    let network = certified.specification
    guard case .contracts(let proof) = certified.certificate.claim else { return group }
    let scope = certified.guarantee.scope
    for subject in sample(all, affordable(network, proof, budget)) {
      guard let surgery = try? subject.surgery(on: network) else { continue }
      let carrier = Carrier(network: surgery.after, scope: scope)
      let carried = surgery.argument(proof.argument).flatMap {
        carrier.carry($0, bound: proof.bound)
      }
      switch carried?.1 {
      case .kept?: group.kept.append(subject)
      case .some: group.rounded.append(subject)
      case nil:
        let isSearched = group.lost.count < searches && surgery.after.units <= 256
        let found = (isSearched ? checker : nil).map {
          surgery.judge(scope, before: certified, $0)
        }
        group.lost.append((subject, found))
      }
    }
    return group
  }

  /// How many kernel checks are affordable.
  private static func affordable(
    _ network: Specification, _ proof: Proof, _ budget: Double
  ) -> Int {
    let n = Double(network.units)
    let cost: Double
    switch proof.rule {
    case .absoluteValue, .triangular:
      cost = 50 * Double(network.recurrent.sparse().entryCount + network.units)
    default: cost = 20 * n * n * n + 1000
    }
    return max(8, min(4096, Int(budget / cost)))
  }

  private static func sample(_ all: [SurgerySubject], _ count: Int) -> [SurgerySubject] {
    guard all.count > count else { return all }
    return (0..<count).map { all[$0 * all.count / count] }
  }
}

extension SurgeryJob {
  /// What can go from one model. - Throws: as loading, or a certificate that does not hold.
  public func survivals(
    of path: String, _ kinds: [SurgerySubject.Kind]
  ) throws -> SurvivalReport {
    let model = try Model.load(path: path, options: options)
    let known = try KnownCertificates(model, scopes, certificate, checker)
    return SurvivalReport(model, known, kinds, checker)
  }
}

extension Specification {
  /// What there is of one kind. Cost: O(entries).
  func subjects(of kind: SurgerySubject.Kind) -> [SurgerySubject] {
    switch kind {
    case .unit: return units > 1 ? (0..<units).map { .unit($0) } : []
    case .module: return modules.count > 1 ? modules.indices.map { .module($0) } : []
    case .connection: return recurrent.places().map { .connection($0.row, $0.column) }
    case .pair:
      let pairs = (coupling?.places() ?? []).filter { $0.row != $0.column }
        .map { Place(row: min($0.row, $0.column), column: max($0.row, $0.column)) }
      return Set(pairs).sorted { ($0.row, $0.column) < ($1.row, $1.column) }
        .map { .pair($0.row, $0.column) }
    case .block:
      guard modules.count > 1 else { return [] }
      let home = moduleRanges.enumerated().flatMap { index, range in range.map { _ in index } }
      var pairs: Set<Place> = []
      for part in NetworkPart.allCases {
        for place in part.weights(of: self)?.places() ?? [] {
          let (a, b) = (home[place.row], home[place.column])
          if a != b { pairs.insert(Place(row: min(a, b), column: max(a, b))) }
        }
      }
      return pairs.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
        .map { .block($0.row, $0.column) }
    }
  }

  /// The nonzero entries between two modules, both ways.
  func places(between a: Int, _ b: Int) -> [NetworkPart: Set<Place>] {
    let ranges = moduleRanges
    var places: [NetworkPart: Set<Place>] = [:]
    for part in NetworkPart.allCases {
      let own = (part.weights(of: self)?.places() ?? []).filter {
        ranges[a].contains($0.row) && ranges[b].contains($0.column)
          || ranges[b].contains($0.row) && ranges[a].contains($0.column)
      }
      if !own.isEmpty { places[part] = Set(own) }
    }
    return places
  }
}

extension Weights {
  /// The places of the entries that are not 0, row by row.
  fileprivate func places() -> [Place] {
    let sparse = sparse()
    var places: [Place] = []
    for i in 0..<sparse.rows {
      for k in sparse.rowPointers[i]..<sparse.rowPointers[i + 1] where sparse.values[k] != 0 {
        places.append(Place(row: i, column: Int(sparse.columnIndices[k])))
      }
    }
    return places
  }
}
