package import CertifyKernel

/// A row scaling that makes W symmetric: s > 0 with s_i W_ij = s_j W_ji, the start of Theorem 3.
///
/// W = −P₁QP₂ with Q ≻ 0 exactly when −diag(s)W is symmetric positive definite for some s.
/// Source: Kozachkov, Ennis & Slotine, arXiv:2106.08928, Theorem 3.
package struct ProductForm: Sendable, Hashable {
  /// n numbers > 0, unique up to one factor for each connected component of the graph of W.
  package let scaling: [Double]
  /// max |s_iW_ij − s_jW_ji| / max(|s_iW_ij|, |s_jW_ji|), 0 only if all products agree exactly.
  package let largestViolation: Double

  /// Whether s_iW_ij = s_jW_ji holds exactly, in products of doubles that are not rounded.
  package var isExact: Bool { largestViolation == 0 }

  /// Finds s along a spanning forest, breadth first. It tries ratios of integers before doubles, so that
  /// the identity can hold exactly: W = [[−6, −½], [−6, −1]] gives (12, 1).
  ///
  /// - Returns: nil when a diagonal entry is not negative, or W_ij and W_ji differ in sign, or one alone
  ///   is zero.
  /// - Complexity: O(n²).
  package init?(_ W: Matrix) {
    let n = W.rows
    guard W.isSquare, n > 0 else { return nil }
    for i in 0..<n {
      guard W[i, i] < 0, W[i, i].isFinite else { return nil }
      for j in 0..<i {
        let bothZero = W[i, j] == 0 && W[j, i] == 0
        let sameSign = W[i, j] > 0 && W[j, i] > 0 || W[i, j] < 0 && W[j, i] < 0
        guard bothZero || sameSign else { return nil }
      }
    }
    var scaling = [Double](repeating: 0, count: n)
    for root in 0..<n where scaling[root] == 0 {
      var queue = [root]
      var parents = [-1]
      var next = 0
      scaling[root] = 1
      while next < queue.count {
        let i = queue[next]
        next += 1
        for j in 0..<n where scaling[j] == 0 && W[i, j] != 0 {
          scaling[j] = scaling[i] * (W[i, j] / W[j, i])
          guard scaling[j] > 0, scaling[j].isFinite else { return nil }
          queue.append(j)
          parents.append(i)
        }
      }
      if let exact = ProductForm.integerScaling(W, queue, parents) {
        for (unit, value) in zip(queue, exact) { scaling[unit] = value }
      }
    }
    var worst = 0.0
    for i in 0..<n {
      for j in 0..<i where W[i, j] != 0 {
        let a = scaling[i] * W[i, j]
        let b = scaling[j] * W[j, i]
        // The rounding errors of the products are themselves doubles.
        let tailA = (-a).addingProduct(scaling[i], W[i, j])
        let tailB = (-b).addingProduct(scaling[j], W[j, i])
        let difference = abs((a - b) + (tailA - tailB))
        let violation = a == b && tailA == tailB ? 0 : difference / max(abs(a), abs(b))
        worst = violation <= worst ? worst : violation
      }
    }
    guard worst.isFinite else { return nil }
    self.scaling = scaling
    self.largestViolation = worst
  }

  /// A positive rational p/q · 2^e with odd p and q below 2⁶³.
  private struct Fraction {
    var numerator: UInt64
    var denominator: UInt64
    var exponent: Int

    /// |a/b|, exactly; nil for subnormal or zero input.
    init?(_ a: Double, over b: Double) {
      guard a.isNormal, b.isNormal else { return nil }
      func odd(_ x: Double) -> (UInt64, Int) {
        let bits = x.significandBitPattern | 1 << 52
        let zeros = bits.trailingZeroBitCount
        return (bits >> UInt64(zeros), Int(x.exponent) - 52 + zeros)
      }
      let (p, e) = odd(a)
      let (q, f) = odd(b)
      let common = ProductForm.greatestCommonDivisor(p, q)
      (numerator, denominator, exponent) = (p / common, q / common, e - f)
    }

    init() { (numerator, denominator, exponent) = (1, 1, 0) }

    func multiplied(by other: Fraction) -> Fraction? {
      let a = ProductForm.greatestCommonDivisor(numerator, other.denominator)
      let b = ProductForm.greatestCommonDivisor(other.numerator, denominator)
      let (p, overP) = (numerator / a).multipliedReportingOverflow(by: other.numerator / b)
      let (q, overQ) = (denominator / b).multipliedReportingOverflow(by: other.denominator / a)
      guard !overP, !overQ, p >> 63 == 0, q >> 63 == 0 else { return nil }
      var result = Fraction()
      (result.numerator, result.denominator, result.exponent) = (p, q, exponent + other.exponent)
      return result
    }
  }

  private static func greatestCommonDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return max(a, 1)
  }

  /// The scaling of one component as doubles without rounding, nil where 53 bits do not suffice.
  private static func integerScaling(_ W: Matrix, _ order: [Int], _ parents: [Int]) -> [Double]? {
    var exact: [Int: Fraction] = [:]
    var common: UInt64 = 1
    for (j, i) in zip(order, parents) {
      guard i >= 0 else {
        exact[j] = Fraction()
        continue
      }
      guard let ratio = Fraction(W[i, j], over: W[j, i]),
        let value = exact[i]?.multiplied(by: ratio)
      else { return nil }
      exact[j] = value
      let (product, overflow) = (common / greatestCommonDivisor(common, value.denominator))
        .multipliedReportingOverflow(by: value.denominator)
      guard !overflow, product >> 53 == 0 else { return nil }
      common = product
    }
    var result: [Double] = []
    // The smallest exponent becomes 0, so that all are integers.
    let lowest = exact.values.reduce(Int.max) { min($0, $1.exponent) }
    for j in order {
      guard var value = exact[j] else { return nil }
      value.exponent -= lowest
      let (integer, overflow) = value.numerator.multipliedReportingOverflow(
        by: common / value.denominator)
      guard !overflow, integer >> 53 == 0, abs(value.exponent) < 900 else { return nil }
      result.append(
        Double(sign: .plus, exponent: value.exponent, significand: Double(integer)))
    }
    return result
  }
}
