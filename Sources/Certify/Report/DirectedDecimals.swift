import Foundation

/// `digits` significant digits, never above the number: a lower bound stays one.
package func roundedDown(_ x: Double, digits: Int = 4) -> String { decimal(x, digits, up: false) }

/// `digits` significant digits, never below the number: an upper bound stays one.
package func roundedUp(_ x: Double, digits: Int = 4) -> String { decimal(x, digits, up: true) }

/// Cuts the exact decimal expansion and raises the last digit where cutting went the wrong way.
private func decimal(_ x: Double, _ digits: Int, up: Bool) -> String {
  guard x.isFinite else { return x.isNaN ? "nan" : (x > 0 ? "inf" : "-inf") }
  if x == 0 { return "0" }
  // No double has more than 767 significant digits, so this is the number itself.
  let exact = String(format: "%.770e", x.magnitude)
  guard let e = exact.firstIndex(of: "e"), var exponent = Int(exact[exact.index(after: e)...])
  else { return exact }
  let expansion = exact[..<e].filter { $0 != "." }
  guard var units = Int(expansion.prefix(digits)) else { return exact }
  if up == (x > 0), expansion.dropFirst(digits).contains(where: { $0 != "0" }) { units += 1 }
  if String(units).count > digits {
    units /= 10
    exponent += 1
  }
  return (x < 0 ? "-" : "") + positional(String(units), exponent)
}

/// d.ddd · 10^exponent, without an exponent where that is short.
private func positional(_ digits: String, _ exponent: Int) -> String {
  switch exponent {
  case -5..<0: return "0." + String(repeating: "0", count: -exponent - 1) + digits
  case 0..<7 where exponent + 1 >= digits.count:
    return digits + String(repeating: "0", count: exponent + 1 - digits.count)
  case 0..<7: return "\(digits.prefix(exponent + 1)).\(digits.dropFirst(exponent + 1))"
  default:
    let fraction = digits.dropFirst()
    return "\(digits.prefix(1))\(fraction.isEmpty ? "" : "." + fraction)e\(exponent)"
  }
}

/// A step at which a network is certified: as it was given where that is short, rounded down otherwise. A short decimal
/// stands for the number that it parses to, here and on the command line, even where that is a little above it.
package func stepText(_ step: Double) -> String {
  let exact = "\(step)"
  guard exact.count > 5 || exact.contains("e") else {
    return exact.hasSuffix(".0") ? String(exact.dropLast(2)) : exact
  }
  return roundedDown(step, digits: 2)
}

/// A factor a step, rounded up, with as many digits as it takes to stay below 1 if it is.
package func factorText(_ factor: Double) -> String {
  for digits in 4...17 {
    let text = roundedUp(factor, digits: digits)
    if !(factor < 1) || Double(text).map({ $0 < 1 }) == true { return text }
  }
  return "\(factor)"
}
