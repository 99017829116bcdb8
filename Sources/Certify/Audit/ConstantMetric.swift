public import CertifyKernel
internal import Checkpoints

/// Whether a constant quadratic metric exists for a network, asked to the end for few units.
public struct ConstantMetricAudit: Sendable {
  public enum Answer: Sendable {
    /// The kernel certified a rate in one.
    case exists(Certified<Specification>)
    /// Two units: the exact criterion holds, though no rate was certified.
    case existsWithoutRate
    /// The kernel checked that there is none.
    case none(ProvedImpossibility)
    /// No metric at all gives a rate: the network is refuted.
    case refuted(Witness)
    /// Neither was found.
    case unknown
    /// More units than the question is asked for.
    case tooLarge(units: Int)
  }

  public let scope: Scope
  public let answer: Answer
  /// The multiplier inequality has no solution, or Theorem 1 fails: rules that cannot certify.
  public let otherImpossibilities: [ProvedImpossibility]

  /// - Parameter finding: what `Checker` found for the scope.
  /// - Complexity: for n = 12 units some minutes at worst.
  public init(_ network: Specification, _ finding: Finding) {
    scope = finding.scope
    let problem = Problem(network, finding.scope)
    var others: [ProvedImpossibility] = []
    switch finding.result {
    case .certified(let certified):
      answer = .exists(certified)
      if certified.guarantee.rule == .vertexLMI, let dual = ImpossibilitySearch.multiplier(problem)
      {
        others.append(dual)
      }
      if certified.guarantee.rule != .absoluteValue, certified.guarantee.rule != .triangular,
        let perron = ImpossibilitySearch.perron(problem)
      {
        others.append(perron)
      }
    case .refuted(let witness, _): answer = .refuted(witness)
    case .undecided(let shortfall):
      others = shortfall.impossibilities.filter { $0.kind != .noConstantMetric }
      if let none = shortfall.impossibilities.first(where: { $0.kind == .noConstantMetric }) {
        answer = .none(none)
      } else if network.units > ImpossibilitySearch.limit {
        answer = .tooLarge(units: network.units)
      } else {
        answer = Self.ask(problem)
      }
      if problem.units <= ImpossibilitySearch.limit,
        let dual = ImpossibilitySearch.multiplier(problem)
      {
        others.append(dual)
      }
    }
    otherImpossibilities = others
  }

  /// The exact criterion of two units, where no rate was certified.
  private static func ask(_ problem: Problem) -> Answer {
    guard problem.scope == .continuous, problem.units == 2 else { return .unknown }
    if TwoUnits.hasConstantMetric(problem.network) == true { return .existsWithoutRate }
    if let search = VertexMetric(problem.outsideSystem, start: nil),
      case .metric(let M) = search.decide(bound: 0), M[0, 0] > 0,
      TwoUnits.hasConstantMetric(
        problem.network, m: M[0, 1] / M[0, 0], k: M[1, 1] / M[0, 0]) == true
    {
      return .existsWithoutRate
    }
    return .unknown
  }

  /// What an audit reports as found.
  public var diagnoses: [Diagnosis] {
    switch answer {
    case .none(let proved):
      [Diagnosis(id: proved.kind.rawValue, sentence: proved.sentence)]
    case .refuted(let witness):
      [
        Diagnosis(
          id: witness.refutation.rawValue, sentence: "no metric gives a positive rate (checked)")
      ]
    default: []
    }
  }

  /// The answer in one sentence.
  public var sentence: String {
    switch answer {
    case .exists(let certified):
      "a constant metric exists (checked: rule \(certified.guarantee.rule.rawValue))"
    case .existsWithoutRate:
      "a constant metric exists (checked: exact criterion of two units), with a rate too small to certify"
    case .none(let proved): proved.sentence
    case .refuted: "no metric gives a positive rate (checked), constant or not"
    case .unknown: "unknown whether a constant metric exists: neither a metric nor a dual was found"
    case .tooLarge(let units):
      "unknown whether a constant metric exists: asked up to \(ImpossibilitySearch.limit) units, "
        + "this has \(units)"
    }
  }
}

extension Problem {
  /// The system of form outside with the same weights, without couplings.
  fileprivate var outsideSystem: LureSystem {
    LureSystem(form: .outside, weights: dense, lower: slopes.lower, upper: slopes.upper)
  }
}
