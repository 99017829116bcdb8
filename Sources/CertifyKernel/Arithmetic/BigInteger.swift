/// Minimal exact comparison, replaced by the full type in the next commits.
struct BigInteger {
  static func compareProducts(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Int {
    let (p, e) = Double.twoProduct(a, b)
    let (q, f) = Double.twoProduct(c, d)
    if p != q { return p < q ? -1 : 1 }
    return e == f ? 0 : (e < f ? -1 : 1)
  }
}
