import CertifyKernel

/// How the certified rate depends on the Euler step, each point a claim that the kernel has accepted.
public struct StepCurve: Sendable, Hashable {
  public struct Point: Sendable, Hashable {
    public let step: Double
    /// The factor a step, rounded up.
    public let factor: Double
    /// (1 − factor) / step, rounded down.
    public let rate: Double
  }

  /// In the order of the steps; where the kernel accepted none there is no point.
  public let points: [Point]
  /// The certified rate of the flow, to which the curve tends; nil where the flow is not certified.
  public let flowRate: Double?
  public let largestStep: Double

  /// The most units for which the curve is worked out.
  static let limit = 128

  /// Nil where no step is certified, for schemes other than Euler's, and for large networks.
  ///
  /// The metrics of the findings are tried at each step, with the best bound that each gives there.
  ///
  /// - Complexity: 24 checks by each rule that certified something.
  init?(_ network: Specification, _ findings: [Finding]) {
    guard network.units <= Self.limit, network.form != .map,
      network.step.map({ $0.scheme == .euler }) ?? true,
      let largest = findings.compactMap(\.maximumStep).last, largest.isFinite
    else { return nil }
    let proved = findings.compactMap { finding -> Certified<Specification>? in
      if case .certified(let found) = finding.result { found } else { nil }
    }
    points = (1...24).compactMap { k in
      let h = largest * Double(k) / 24
      guard
        let best = StepBound.certified(network, at: h, like: proved, isTight: true)?.guarantee,
        let factor = best.factor
      else { return nil }
      return Point(step: h, factor: factor, rate: best.rate)
    }
    guard points.count > 1 else { return nil }
    largestStep = largest
    flowRate = proved.first { $0.guarantee.scope == .continuous }?.guarantee.rate
  }
}
