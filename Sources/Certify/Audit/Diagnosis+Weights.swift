import CertifyKernel

extension AuditSubject {
  /// How near to 1 a norm must be to have been meant to be 1.
  private static let spectralWindow = 1 + 0x1p-12

  /// `spectral-norm-not-below-one`: σ(W) ≥ 1 by Rayleigh's quotient, and an upper bound by a factorisation.
  ///
  /// Only for weights rebuilt from a spectral norm, or with a norm so near to 1 that one was meant.
  func spectralNorm() -> [Diagnosis] {
    guard isSmall else { return [] }
    let w = network.recurrent.dense()
    guard let top = LAPACKBackend.topSingular(w), top.norm >= 1 - 0x1p-40,
      parametrisations.contains(.spectral) || top.norm <= Self.spectralWindow
    else { return [] }
    let square = MatrixFacts.squaredNormLowerBound(w, direction: top.right)
    guard square >= 1 else { return [] }
    // An exactly orthogonal network, or the identity, is no failed spectral norm.
    guard parametrisations.contains(.spectral) || square > 1 else { return [] }
    let lower = MatrixFacts.squareRootDown(square)
    let upper = [1e-14, 1e-12, 1e-9].lazy.map { top.norm * (1 + $0) }
      .first { MatrixFacts.isNorm(of: w, below: $0) }
    let above = upper.map { ", <= 1 + \(shortUp($0 - 1))" } ?? ""
    return [
      Diagnosis(
        .spectralNorm,
        "the spectral norm of W is >= 1 + \(shortDown(max(0, lower - 1)))\(above); Theorem 5 in the "
          + "identity needs a norm below 1, and power iteration only approaches it from above",
        advice: "store W * 0.999 / sigma; here the other rules were tried and "
          + finding(mainScope).verdictInWords)
    ]
  }

  /// `not-exactly-symmetric`: W differs from its transpose by rounding and no more.
  func asymmetry() -> [Diagnosis] {
    guard isSmall, network.units > 1 else { return [] }
    let w = network.recurrent.dense()
    let largest = w.values.reduce(0) { max($0, abs($1)) }
    let found = MatrixFacts.asymmetry(w)
    guard found.pairs > 0, found.largest <= 0x1p-16 * largest else { return [] }
    let (i, j) = (found.row, found.column)
    let place = max(abs(w[i, j]), abs(w[j, i]))
    let ulps = found.largest / Double(Float(place).ulp)
    return [
      Diagnosis(
        .notExactlySymmetric,
        "\(found.pairs) of \(network.units * (network.units - 1) / 2) pairs of entries differ; the "
          + "largest difference is \(shortUp(found.largest)) at [\(i), \(j)], "
          + "\(short(ulps)) unit\(ulps == 1 ? "" : "s") in the last place of float32 there; Theorem 2 needs W = W^T exactly",
        advice: "store (W + W^T)/2; here the other rules were tried and "
          + finding(mainScope).verdictInWords)
    ]
  }

  /// `slope-hypothesis`: Theorem 2 as printed asks φ′ > 0, and slope 0 occurs.
  func slopeHypothesis() -> [Diagnosis] {
    guard isSmall, network.units > 1, network.slopes.startsAtZero else { return [] }
    let reason: String
    switch activation {
    case .relu: reason = "ReLU has slope 0 on a half-line"
    case .hardTanh: reason = "hard tanh has slope 0 beyond 1"
    case .leakyReLU: reason = "leaky ReLU with negative-slope 0 is ReLU"
    case .tanh, .sigmoid, .softplus, .identity: return []
    case nil:
      guard network.form != .map else { return [] }
      reason = "the slopes are given as [0, \(network.slopes.upper)]"
    }
    let w = network.recurrent.dense()
    let largest = w.values.reduce(0) { max($0, abs($1)) }
    let found = MatrixFacts.asymmetry(w)
    let offDiagonal = (0..<w.rows).contains { i in (0..<i).contains { w[i, $0] != 0 } }
    guard offDiagonal, found.largest <= 0x1p-16 * largest else { return [] }
    return [
      Diagnosis(
        .slopeHypothesis,
        "W is symmetric\(found.pairs == 0 ? "" : " up to rounding"), but \(reason), so Theorem 2 as "
          + "printed (slopes above 0) and Theorem 6 (slopes above d_min > 0) say nothing; "
          + "the network is \(finding(mainScope).verdictInWords)",
        advice: "nothing is lost: the rules here are proved for slopes in [0, g], ends included")
    ]
  }

  /// `euler-unstable`: the kernel certified the flow and refuted the Euler map.
  func eulerUnstable() -> [Diagnosis] {
    guard case .certified(let flow)? = finding(.continuous)?.result,
      case .refuted(let witness, _)? = finding(.asRun)?.result, let step = network.step
    else { return [] }
    let largest =
      finding(.continuous)?.maximumStep
      ?? Checker(findsLargestScale: false).check(network, [.continuous]).first?.maximumStep
    let active = unitsInWords(witness.instability.active, of: network.units)
    return [
      Diagnosis(
        .eulerUnstable,
        "the flow contracts with rate >= \(shortDown(flow.guarantee.rate)) "
          + "(\(flow.guarantee.rule.rawValue)), but \(step.scheme.rawValue) steps of \(step.size) are "
          + "refuted (\(witness.refutation.rawValue)) with the upper slope at \(active)",
        advice: largest.map { "run it with a step of at most \(shortDown($0)), which is certified" }
          ?? "run it with a smaller step, or with implicit steps")
    ]
  }
}

extension Finding? {
  /// "certified by disk, rate >= 0.1", "refuted", "undecided".
  var verdictInWords: String {
    switch self?.result {
    case .certified(let certified)?:
      "certified by \(certified.guarantee.rule.rawValue), rate >= \(shortDown(certified.guarantee.rate))"
    case .refuted(let witness, _)?: "refuted by \(witness.refutation.rawValue)"
    case .undecided?, nil: "undecided"
    }
  }
}
