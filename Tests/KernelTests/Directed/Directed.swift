import CertifyKernel
import TestSupport
import Testing

// What the suites of this folder share. Each takes one function of the kernel at a time, works out in rational
// numbers what it bounds, and asks that the bound lie on the wanted side. The numbers are such that most operations
// come out exact: then the one that is rounded the wrong way is not made good by those beside it.

extension SplitMix64 {
  /// A positive number: a power of two, a small whole number, a neighbour of 1, or any of moderate size.
  mutating func awkward() -> Double {
    switch integer(in: 0...7) {
    case 0, 1, 2: power(-2...2)
    case 3: Double(integer(in: 1...9)) * power(-3...1)
    case 4: 1 + Double(integer(in: -3...3)) * 0x1p-52
    case 5: 1 - unit() * power(-30...(-1))
    default: (0.5 + unit()) * power(-1...1)
    }
  }

  /// ± an awkward number times `scale`, or 0.
  mutating func awkwardWeight(_ scale: Double = 1) -> Double {
    switch integer(in: 0...4) {
    case 0: 0
    case 1, 2: -scale * awkward()
    default: scale * awkward()
    }
  }

  mutating func power(_ exponents: ClosedRange<Int>) -> Double {
    Double(sign: .plus, exponent: integer(in: exponents), significand: 1)
  }

  /// A small positive quotient, a double or not.
  mutating func awkwardRatio() -> ExactRatio {
    switch integer(in: 0...3) {
    case 0: .one
    case 1: ExactRatio(power(-2...2))
    case 2: ExactRatio(Double(integer(in: 1...9)), over: Double(integer(in: 1...10)))
    default: ExactRatio(awkward())
    }
  }

  mutating func isTrue() -> Bool { integer(in: 0...1) == 1 }
}

extension Faults {
  /// `bound` must be at least `exact`, and a number; infinity is a bound.
  mutating func expect(_ bound: Double, above exact: Rational, _ what: @autoclosure () -> String) {
    if bound == .infinity || bound.isFinite && Rational(bound) >= exact { return }
    append("\(bound) is not above \(exact.approximation): \(what())")
  }

  /// `bound` must be at most `exact`, and a number.
  mutating func expect(_ bound: Double, below exact: Rational, _ what: @autoclosure () -> String) {
    if bound == -.infinity || bound.isFinite && Rational(bound) <= exact { return }
    append("\(bound) is not below \(exact.approximation): \(what())")
  }
}

extension Specification {
  /// What a rule attains for the argument, from its refusal of a bound that is out of reach; nil if it declines for
  /// another reason.
  func attained(_ argument: Argument, _ scope: Scope) throws -> Double? {
    let unattainable = scope == .continuous ? Double.greatestFiniteMagnitude : 0
    switch try answer(argument, bound: unattainable, scope) {
    case .undecided(.boundNotReached(_, let attained)): return attained
    case .certified(_, let factor): return factor
    default: return nil
    }
  }
}
