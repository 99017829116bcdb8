import CertifyKernel

extension AuditSubject {
  /// `feedback-wrong-orientation`: L is skew in M⁻¹, not in M, both checked by products with error bounds.
  func orientation() -> [Diagnosis] {
    guard isSmall, let coupling = network.coupling?.dense() else { return [] }
    for (name, m) in orientationMetrics() {
      guard let m = inUnitsOfTime(m), let residuals = Orientation(metric: m, coupling: coupling),
        residuals.isInverse
      else { continue }
      return [
        Diagnosis(
          .feedbackWrongOrientation,
          "with M \(name): |ML + L'M| reaches \(shortDown(residuals.inMetric.residual.lower)) (out of "
            + "\(short(residuals.inMetric.scale))), but |LM + ML'| stays below "
            + "\(shortUp(residuals.inInverse.residual.upper)) (out of "
            + "\(short(residuals.inInverse.scale))): L is skew in the inverse of the metric",
          advice: "use L = B - M^-1 B' M; with L = B - M B' M^-1 the metric would have to be M^-1")
      ]
    }
    return []
  }

  /// The metrics in which feedback may have been meant to be skew.
  private func orientationMetrics() -> [(String, Matrix)] {
    var metrics: [(String, Matrix)] = []
    if let shipped = shippedMetric { metrics.append(("as it comes with the file", shipped.matrix)) }
    guard network.modules.count > 1, network.slopes.startsAtZero, network.form != .map else {
      return metrics
    }
    var theorem2 = Matrix(rows: network.units, columns: network.units)
    for units in modules {
      let w = network.recurrent.submatrix(units, units)
      guard let m = symmetricModuleMetric(w, gain: network.slopes.upper.approximation) else {
        return metrics
      }
      let block = network.form == .inside ? m.metric : m.inverse
      for (a, i) in units.enumerated() {
        for (b, j) in units.enumerated() { theorem2[i, j] = block[a, b] }
      }
    }
    metrics.append(("of Theorem 2 for each module", theorem2))
    return metrics
  }

  /// M T⁻¹, in which L must be skew; nil if a block of M spans units of different time constants.
  private func inUnitsOfTime(_ m: Matrix) -> Matrix? {
    guard network.timeConstants.count > 1 else { return m }
    var result = m
    for i in 0..<network.units {
      for j in 0..<network.units where m[i, j] != 0 {
        guard network.timeConstants[i] == network.timeConstants[j] else { return nil }
        result[i, j] = m[i, j] / network.timeConstants[i].approximation
      }
    }
    return result
  }

  /// `identity-coupling`: L = −Lᵀ exactly, while the identity is no metric of some module that has another.
  func identityCoupling() -> [Diagnosis] {
    guard isSmall, network.modules.count > 1, network.form != .map,
      let coupling = network.coupling?.sparse(), isExactlySkewBetweenModules(coupling)
    else { return [] }
    var checker = Checker()
    checker.findsMaximumStep = false
    checker.findsLargestScale = false
    for (index, units) in modules.enumerated() {
      guard let module = try? network.restricted(to: units).with(step: nil),
        let fault = MetricFaultSearch(
          Problem(module, .continuous), Matrix.identity(units.count)
        ).fault(), fault.kind == .notShrinking,
        case .certified(let proof) = checker.check(module, .continuous).result
      else { continue }
      let whole =
        finding(.continuous)?.isCertified == true
        ? "the network is certified all the same, in another metric"
        : "nothing follows for the whole from its modules"
      return [
        Diagnosis(
          .identityCoupling,
          "module \(index) contracts (rule \(proof.guarantee.rule.rawValue), rate >= "
            + "\(shortDown(proof.guarantee.rate))), but not in the identity: "
            + "\(fault.explanation(units: units.count)); L = -L^T is free only in the identity; \(whole)",
          advice: "use L = B - M^-1 B' M with the metric M that each module is certified in, or "
            + "modules that contract in the identity (symmetric, or spectral norm below 1)")
      ]
    }
    return []
  }

  /// Whether every entry between modules is minus its mirror image, and some are not 0.
  private func isExactlySkewBetweenModules(_ l: SparseMatrix) -> Bool {
    var home = [Int](repeating: 0, count: network.units)
    for (index, units) in modules.enumerated() { for i in units { home[i] = index } }
    var coupled = false
    for i in 0..<l.rows {
      for k in l.rowPointers[i]..<l.rowPointers[i + 1] where l.values[k] != 0 {
        let j = Int(l.columnIndices[k])
        guard home[i] != home[j] else { continue }
        guard l.values[k] == -l[j, i] else { return false }
        coupled = true
      }
    }
    return coupled
  }
}

/// How far a coupling is from skew in a metric and in its inverse.
struct Orientation {
  typealias Residual = (residual: Interval, scale: Double)
  let inMetric: Residual
  let inInverse: Residual

  /// Nil for a coupling that is 0.
  init?(metric m: Matrix, coupling l: Matrix) {
    guard l.values.contains(where: { $0 != 0 }) else { return nil }
    inMetric = MatrixFacts.residual(m, l)
    inInverse = MatrixFacts.residual(l, m)
  }

  /// Up to what share of the products a residual counts as rounding: L in binary32, M² in 2 × 10⁻⁵ of its size.
  static let rounding = 0x1p-14

  /// Skew in M⁻¹ up to rounding, and by eight times more not in M.
  var isInverse: Bool {
    inInverse.residual.upper <= Self.rounding * inInverse.scale
      && inMetric.residual.lower >= 8 * Self.rounding * inMetric.scale
  }

  /// The other way round, as it should be.
  var isRight: Bool {
    inMetric.residual.upper <= Self.rounding * inMetric.scale
  }
}

/// θ(W)² for a symmetric module of form inside, and its inverse: θ(z) = 2b(1 + √(1 − z/b)), b = gλmax(W).
///
/// Source: Centorrino et al. 2023, as kozleo/rnns-of-rnns normalises it; theory Theorem 2 with a = b. Nil if W is
/// far from symmetric, or 0 ≥ b or b ≥ 1.
func symmetricModuleMetric(_ w: Matrix, gain g: Double) -> (metric: Matrix, inverse: Matrix)? {
  let n = w.rows
  let largest = w.values.reduce(0) { max($0, abs($1)) }
  for i in 0..<n {
    for j in 0..<i where abs(w[i, j] - w[j, i]) > 0x1p-16 * largest { return nil }
  }
  guard let eigen = LAPACKBackend.symmetricEigen(symmetricPart(w)), let top = eigen.values.last,
    g * top > 0, g * top < 1
  else { return nil }
  let b = g * top
  func function(_ f: (Double) -> Double) -> Matrix {
    var scaled = eigen.vectors
    for k in 0..<n {
      let weight = f(eigen.values[k])
      for i in 0..<n { scaled[i, k] *= weight }
    }
    return symmetricPart(LAPACKBackend.multiply(scaled, eigen.vectors, transposeB: true))
  }
  func θ(_ z: Double) -> Double { 2 * b * (1 + max(0, 1 - g * z / b).squareRoot()) }
  return (function { θ($0) * θ($0) }, function { 1 / (θ($0) * θ($0)) })
}
