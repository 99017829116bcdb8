public import CertifyKernel

extension AuditSubject {
  /// `metric-not-valid`, and where it applies `elementwise-metric-check` or `lyapunov-metric`.
  func shippedMetricDiagnoses() -> [Diagnosis] {
    guard let shipped = shippedMetric, isSmall else { return [] }
    let m = shipped.matrix
    let problem = Problem(network, mainScope)
    guard let fault = MetricFaultSearch(problem, m).fault() else { return [] }
    var found = [
      Diagnosis(
        .metricNotValid, fault.explanation(units: network.units),
        advice: "leave the metric out and let the search find one, or work it out again for this "
          + "form (form \(network.form.rawValue) here)")
    ]
    if let elementwise = elementwiseCheck(m) { found.append(elementwise) }
    if let lyapunov = lyapunovMetric(m) { found.append(lyapunov) }
    return found
  }

  /// M = cI: what is left of M * A + Aᵀ * M when * works element by element is its diagonal.
  private func elementwiseCheck(_ m: Matrix) -> Diagnosis? {
    let n = network.units
    let c = m[0, 0]
    for i in 0..<n {
      for j in 0..<n where m[i, j] != (i == j ? c : 0) { return nil }
    }
    let g = network.slopes.upper
    var largest = 0.0
    for i in 0..<n {
      // The check passes only if |gW_ii| < 1; with a power of two for g the product is exact.
      let own = g.approximation * abs(network.recurrent[i, i])
      guard own < 1 else { return nil }
      largest = max(largest, own)
    }
    var truth = "its real largest eigenvalue was not bounded"
    if let bound = comparisonGrowth(m) {
      truth = "the matrix product has an eigenvalue >= \(shortDown(2 * c * bound))"
    }
    return Diagnosis(
      .elementwiseMetricCheck,
      "the metric is \(short(c)) I; taken element by element, M * (|W| - I) + (|W| - I)' * M is "
        + "diagonal with entries <= \(shortUp(2 * c * (largest - 1))), so that check accepts any "
        + "multiple of the identity; \(truth)",
      advice: "multiply matrices with @ (numpy) and solve for diag(w/v), Theorem 1's metric")
  }

  /// A lower bound on the largest eigenvalue of sym(|W|) − 1, relative to the metric cI; nil if none is found.
  private func comparisonGrowth(_ m: Matrix) -> Double? {
    let n = network.units
    let w = network.recurrent.dense()
    let magnitudes = Matrix(rows: n, columns: n, values: w.values.map(abs))
    guard
      let comparison = try? Specification(
        form: .outside, recurrent: .dense(magnitudes), slopes: network.slopes)
    else { return nil }
    let problem = Problem(comparison, .continuous)
    guard let worst = MetricFaultSearch(problem, m).worst(),
      let fault = try? comparison.fault(
        ofMetric: m, .continuous, active: worst.active, direction: worst.direction)
    else { return nil }
    return fault.relativeGrowth
  }

  /// M that solves AᵀM + MA = −cI for A = g|W| − I or gW − I, up to rounding.
  private func lyapunovMetric(_ m: Matrix) -> Diagnosis? {
    let n = network.units
    let g = network.slopes.upper.approximation
    let w = network.recurrent.dense()
    let options: [(String, (Double) -> Double)] = [
      ("|W| - I", { abs($0) }), ("W - I", { $0 }),
    ]
    for (name, part) in options {
      var a = Matrix(rows: n, columns: n, values: w.values.map { g * part($0) })
      for i in 0..<n { a[i, i] -= 1 }
      // The scale of the right-hand side is free: take it from the first diagonal entry.
      let ma = LAPACKBackend.multiply(m, a)
      let c = -2 * ma[0, 0]
      guard c > 0 else { continue }
      let right = Matrix(diagonal: [Double](repeating: c, count: n))
      let (residual, scale) = MatrixFacts.residual(m, a, plus: right)
      guard residual.upper <= 0x1p-20 * (scale + c) else { continue }
      return Diagnosis(
        .lyapunovMetric,
        "the metric solves -\(c == 1 ? "" : "\(short(c)) ")I = MA + A'M for A = \(name) (residual <= "
          + "\(shortUp(residual.upper))); that makes the linear system e' = Ae shrink, not the network "
          + "at all its slopes",
        advice: "use diag(w/v) from v = (I - |W|)^-1 1 and w = (I - |W|')^-1 1 (Theorem 1)")
    }
    return nil
  }
}

extension MetricFault {
  /// Where and by how much, for people.
  public func explanation(units n: Int) -> String {
    let largest = direction.indices.max { abs(direction[$0]) < abs(direction[$1]) } ?? 0
    let vector =
      n <= 6
      ? "x = (" + direction.map(short).joined(separator: ", ") + ")"
      : "a vector x of \(n) entries, largest at unit \(largest)"
    switch kind {
    case .notPositive:
      return "the metric is not positive definite: x'Mx <= \(shortUp(size.upper)) for \(vector)"
    case .notShrinking where scope == .continuous:
      return "with the upper slope at \(unitsInWords(active, of: n)), x'MJx >= "
        + "\(shortDown(relativeGrowth)) x'Mx for \(vector): the distance grows there, not shrinks"
    case .notShrinking:
      return "with the upper slope at \(unitsInWords(active, of: n)), |Ax|^2 >= "
        + "\(shortDown(1 + relativeGrowth)) |x|^2 in the metric for \(vector): a step does not shrink it"
    }
  }
}
