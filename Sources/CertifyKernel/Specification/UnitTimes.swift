extension Specification {
  /// What turns −I + … into the matrix of a scope: 1/τ_i for the flow, h_i for the map x ↦ x + h_i(−x + …).
  ///
  /// For Euler steps h_i = step/τ_i. Without a linear coupling the two schemes that treat the leak −x
  /// implicitly are Euler steps too, with h_i = step/(τ_i + step) (semi-implicit) and 1 − e^{−step/τ_i}
  /// (exponential). A map h⁺ = φ(Wh + u) is the Euler step of form inside with h = 1.
  func pace(_ scope: Scope, unit i: Int) -> Interval {
    let τ = timeConstant(i).enclosure
    switch scope {
    case .continuous: return Interval(1) / τ
    case .asRun:
      if form == .map { return Interval(1) }
      guard let step else { return Interval(.nan) }
      let size = step.size.enclosure
      switch step.scheme {
      case .euler: return size / τ
      case .semiImplicit where coupling == nil: return Interval(1) / (Interval(1) + τ / size)
      case .exponential where coupling == nil:
        return Interval(1) - Interval.exponentialOfNegative(size / τ)
      default: return Interval(.nan)
      }
    }
  }

  /// step/τ_i, whatever the scheme.
  func stepInTimeConstants(unit i: Int) -> Interval {
    (step?.size.enclosure ?? Interval(.nan)) / timeConstant(i).enclosure
  }

  /// Whether the map that runs is an Euler step: of the step's own size, or of another one where the leak is
  /// treated implicitly and nothing else is linear.
  public var runsAsEuler: Bool {
    switch step?.scheme {
    case nil: form == .map
    case .euler: true
    case .semiImplicit, .exponential: coupling == nil
    case .implicit, .split: false
    }
  }

  /// The pace when it is the same for all units.
  func uniformPace(_ scope: Scope) -> Interval? {
    timeConstants.count == 1 ? pace(scope, unit: 0) : nil
  }

  /// The pace of every unit.
  func paces(_ scope: Scope) -> [Interval] {
    if let pace = uniformPace(scope) { return [Interval](repeating: pace, count: units) }
    return (0..<units).map { pace(scope, unit: $0) }
  }

  /// Whether a scope exists for this network: a map has no flow, and without a step nothing runs.
  func has(_ scope: Scope) -> Bool {
    switch scope {
    // The flow behind a split step has its leaks for time constants; nothing here says which one it is.
    case .continuous: form != .map && step?.leak.isEmpty != false
    case .asRun: form == .map || step != nil
    }
  }

  /// Whether slopes multiply columns of W (form outside) or its rows.
  var slopesScaleColumns: Bool { form == .outside }
}
