internal import BigInt

/// Rational numbers below and above e^{−x} for x ≥ 0, about 2⁻²⁰⁰e^{−x} apart, by the alternating series and
/// squarings in whole multiples of 2^−bits.
public func exponentialBounds(_ x: Double) -> (low: Rational, high: Rational) {
  if x < 0x1p-60 {
    let x = Rational(x)
    return (1 - x, 1 - x + x * x * Rational(1, over: 2))
  }
  let bits = 256 + Int(2 * x)
  var halvings = 0
  var half = x
  while half > 0.5 {
    half /= 2
    halvings += 1
  }
  let y = Rational(half)
  let yLow = (y.numerator << bits) / y.denominator
  let yHigh = yLow + 1
  let one = BigInt(1) << bits
  // Odd partial sums lie below, even ones above; each is kept between two whole numbers.
  var (low, high) = (BigInt(0), one)
  var (sum, term) = ((low: one, high: one), (low: one, high: one))
  for k in 1...200 where term.high > 4 {
    term.low = ((term.low * yLow) >> bits) / BigInt(k)
    term.high = ((term.high * yHigh) >> bits) / BigInt(k) + 2
    if k % 2 == 1 {
      sum = (sum.low - term.high, sum.high - term.low)
      low = sum.low
    } else {
      sum = (sum.low + term.low, sum.high + term.high)
      high = sum.high
    }
  }
  for _ in 0..<halvings { (low, high) = ((low * low) >> bits, ((high * high) >> bits) + 1) }
  return (Rational(low, over: one), Rational(high, over: one))
}
