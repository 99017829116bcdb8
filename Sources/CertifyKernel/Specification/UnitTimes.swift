extension Specification {
  /// What turns −I + … into the matrix of a scope: 1/τ_i for the flow, step/τ_i for the map that runs.
  ///
  /// A map h⁺ = φ(Wh + u) is the Euler step of form inside with step 1 and τ = 1.
  func pace(_ scope: Scope, unit i: Int) -> Interval {
    let τ = timeConstant(i).enclosure
    switch scope {
    case .continuous: return Interval(1) / τ
    case .asRun:
      let size = form == .map ? Interval(1) : (step?.size.enclosure ?? Interval(.nan))
      return size / τ
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
    case .continuous: form != .map
    case .asRun: form == .map || step != nil
    }
  }

  /// Whether slopes multiply columns of W (form outside) or its rows.
  var slopesScaleColumns: Bool { form == .outside }
}
