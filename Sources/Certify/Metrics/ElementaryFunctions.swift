#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The natural logarithm; for proposing only, no accuracy is relied on.
func logarithm(_ x: Double) -> Double { log(x) }

/// eˣ; for proposing only.
func exponential(_ x: Double) -> Double { exp(x) }

/// 2 to the nearest integer of log₂ x, a scale that multiplies without rounding; 1 unless x is positive
/// and finite. The exponent stays within ±300, so that products of two scales are exact as well.
func nearestPowerOfTwo(_ x: Double) -> Double {
  guard x > 0, x.isFinite else { return 1 }
  let exponent = Int(log2(x).rounded())
  return Double(sign: .plus, exponent: max(-300, min(300, exponent)), significand: 1)
}
