import TestSupport
import Testing

@testable import CertifyKernel

/// What the verified factorisation takes from the diagonal before it starts, read from the pivot it refuses.
@Suite struct FactorisationDirectionTests {
  /// (n + 1)η + Σ_j (r_ij + η) and the shift of Rump's theorem come off each diagonal entry.
  ///
  /// Off the diagonal the middle is 0, so that the last pivot is what is left of its diagonal entry.
  @Test(arguments: UInt64(0)..<8)
  func theRadiiOfARowAreTakenWhole(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<60 {
      let n = generator.integer(in: 1...10)
      let last = n - 1
      var (middle, radius) = (
        Matrix(diagonal: [Double](repeating: 2, count: n)), Matrix(rows: n, columns: n)
      )
      var sum = Rational.zero
      for i in 0..<n {
        let r = (0.5 + 0.5 * generator.unit()) * 2 / Double(n)
        // Errors of the last row come from the entries above it; those of the first, from its own.
        if generator.isTrue() || i == last { radius[i, last] = r }
        sum += Rational(radius[i, last])
      }
      middle[last, last] = sum.approximation.nextDown.nextDown
      guard middle[last, last] >= 1, middle[last, last] < 4 else { continue }
      // The same along a row, with all rows and columns the other way round.
      let isReversed = generator.isTrue()
      if isReversed {
        var (m, r) = (middle, radius)
        for i in 0..<n {
          for j in 0..<n {
            m[i, j] = middle[last - i, last - j]
            r[i, j] = radius[last - j, last - i]
          }
        }
        (middle, radius) = (m, r)
      }
      let place = isReversed ? 0 : last
      guard
        case .declined(let pivot, let value) = EnclosedMatrix(middle, radius: radius)
          .positiveDefiniteness()
      else {
        faults.append("accepted: \(middle), \(radius)")
        continue
      }
      if pivot != place { continue }
      let u = Rational(0x1p-53)
      let order = Rational(n + 1) * u
      let trace = (0..<n).reduce(Rational.zero) { $0 + Rational(middle[$1, $1]) }
      let left = Rational(middle[place, place]) - sum - order / (1 - order) * trace
      faults.expect(value, below: left, "\(middle), \(radius)")
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// Two units: the second pivot is d less its errors and the shift, less a product that the test repeats.
  @Test(arguments: UInt64(0)..<8)
  func subtractionsFromTheDiagonal(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    var count = 0
    for _ in 0..<200 {
      let η = Double.leastNonzeroMagnitude
      let d = 1 + 2 * generator.unit()
      let r = generator.isTrue() ? 0 : generator.unit() * generator.power(-40...(-2))
      let u = 0x1p-53
      let order = 3 * u
      let trace = (1.0).addingUp(d)
      let shift = order.dividingUp((1 - order).nextDown).multiplyingUp(trace)
        .addingUp((8 * η).multiplyingUp(8))
      let first = (1.0).subtractingDown(3 * η).subtractingDown(shift)
      // b²/first lies just above what is left of d.
      let b = ((d - r) * first).squareRoot().nextUp.nextUp
      let matrix = EnclosedMatrix(
        Matrix([[1, b], [b, d]]), radius: r == 0 ? nil : Matrix([[0, 0], [0, r]]))
      guard case .declined(1, let value) = matrix.positiveDefiniteness() else { continue }
      count += 1
      let x = b / first.squareRoot()
      let taken = x * x
      let exactShift = Rational(order) / (1 - Rational(order)) * (1 + Rational(d))
      let left = Rational(d) - Rational(r) - exactShift
      faults.expect(value, below: left - Rational(taken), "\(d), \(r), \(b)")
    }
    #expect(faults.first == nil, "\(faults.count) faults")
    #expect(count > 100)
  }

  /// Where the errors of a row make up its whole diagonal entry, the pivot is the shift with its sign changed: every
  /// sum on the way to either is the one that rounds up.
  @Test(arguments: UInt64(0)..<8)
  func errorsAndShiftToTheLastBit(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let η = Double.leastNonzeroMagnitude
    for _ in 0..<40 {
      let n = generator.integer(in: 1...6)
      // The row that fails, and the entry of it that is not known: its own, or one above or beside it.
      let place = generator.integer(in: 0...(n - 1))
      let others = (0..<n).filter { $0 != place }
      var radius = Matrix(rows: n, columns: n)
      var error = Double(n + 1) * η
      for k in 0..<n {
        // Rows add to the errors in ascending order.
        let r = k == place ? 0.5 + 0.5 * generator.unit() : 0.25 * generator.unit()
        radius[min(k, place), max(k, place)] = r
        error = error.addingUp(r.addingUp(η))
      }
      guard error >= 1 else { continue }
      var middle = Matrix(rows: n, columns: n)
      for k in others { middle[k, k] = 2 + generator.unit() }
      middle[place, place] = error
      var (trace, largest) = (0.0, 0.0)
      for k in 0..<n {
        trace = trace.addingUp(middle[k, k].addingUp(2 * Double(k + 1) * η))
        largest = max(largest, middle[k, k])
      }
      let order = Double(n + 1) * 0x1p-53
      let shift = order.dividingUp((1 - order).nextDown).multiplyingUp(trace)
        .addingUp((4 * Double(n) * η).multiplyingUp(Double(n + 1).addingUp(largest)))
      #expect(
        EnclosedMatrix(middle, radius: radius).positiveDefiniteness()
          == .declined(pivot: place, value: -shift), "\(middle), \(radius)")
    }
  }

  /// A + E = cI + RᵀR with ‖E‖ < c by row sums: the least c that passes leaves each of them below it.
  @Test(arguments: UInt64(0)..<8)
  func residualsOfRows(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<120 {
      let n = generator.integer(in: 2...4)
      let a = generator.awkward()
      var A = Matrix(diagonal: [Double](repeating: a, count: n))
      for i in 0..<n {
        for j in 0..<i {
          A[i, j] = a * generator.awkward() * generator.power(-6...(-4))
          A[j, i] = A[i, j]
        }
      }
      let R = Matrix(rows: n, columns: n)
      func passes(_ c: Double) -> Bool {
        EnclosedMatrix(A).isPositiveDefinite(withFactor: R, shift: c)
      }
      guard passes(a) else { continue }
      var (good, bad) = (a, a * 0x1p-4)
      while true {
        let middle = good + (bad - good) / 2
        guard middle != good, middle != bad else { break }
        if passes(middle) { good = middle } else { bad = middle }
      }
      let c = Rational(good)
      for i in 0..<n {
        let sum = (0..<n).reduce(Rational.zero) {
          $0 + (Rational(A[i, $1]) - ($1 == i ? c : 0)).magnitude
        }
        if !(sum < c) { faults.append("row \(i) of \(A) at \(good)") }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// A residual of 1 and fourteen of which each adds less than half of its last bit: together more than c.
  @Test(arguments: [false, true])
  func residualsThatAreLostOneByOne(isReversed: Bool) {
    let (n, c) = (16, 1 + 5 * 0x1p-52)
    var A = Matrix(diagonal: [Double](repeating: c, count: n))
    func set(_ j: Int, _ x: Double) {
      let (i, j) = isReversed ? (n - 1, n - 1 - j) : (0, j)
      (A[i, j], A[j, i]) = (x, x)
    }
    // Sums begin with the residual that is first in its row.
    set(isReversed ? n - 1 : 1, 1)
    for j in isReversed ? 1..<(n - 1) : 2..<n { set(j, 0x1p-53 * (1 - 0x1p-40)) }
    let zero = Matrix(rows: n, columns: n)
    #expect(!EnclosedMatrix(A).isPositiveDefinite(withFactor: zero, shift: c))
  }

  /// A diagonal entry that is not positive is named as it is; a pivot of 0 is none.
  @Test func pivotsThatAreRefused() {
    for a in [-8, -0.125, 0] {
      #expect(
        EnclosedMatrix(Matrix([[a]])).positiveDefiniteness() == .declined(pivot: 0, value: a))
    }
    var zeros = 0
    for k in 0..<64 {
      let d = 1 + Double(k) / 64
      var b = (d * (1 - 0x1p-51)).squareRoot()
      for _ in 0..<16 { b = b.nextDown }
      for _ in 0..<32 {
        let found = EnclosedMatrix(Matrix([[1, b], [b, d]])).positiveDefiniteness()
        if found == .declined(pivot: 1, value: 0) { zeros += 1 }
        b = b.nextUp
      }
    }
    #expect(zeros > 0)
  }

  /// A shift must be a positive number, also where there is nothing to shift.
  @Test(arguments: [0, -1, .nan, .infinity] as [Double])
  func shiftsThatAreNone(c: Double) {
    let none = Matrix(rows: 0, columns: 0)
    #expect(!EnclosedMatrix(none).isPositiveDefinite(withFactor: none, shift: c))
    #expect(!EnclosedMatrix(Matrix([[1]])).isPositiveDefinite(withFactor: Matrix([[1]]), shift: c))
    #expect(EnclosedMatrix(none).isPositiveDefinite(withFactor: none, shift: 1))
  }

  /// The norm must lie below every number of the interval, and the interval be positive.
  @Test func normsBelowIntervals() {
    let (zero, one) = (EnclosedMatrix(Matrix([[0]])), EnclosedMatrix(Matrix([[1.5]])))
    #expect(zero.normFault(in: [1], below: Interval(0, 1)) == nil)
    #expect(
      zero.normFault(in: [1], below: Interval(-1, 1))
        == .notPositive(.metric, index: 1, value: -1))
    for k in [Interval(-1, 5), Interval(0, 5), Interval(0), Interval(-2, -1)] {
      #expect(one.normFault(in: [1], below: k) == .notPositive(.metric, index: 1, value: k.lower))
    }
    #expect(one.normFault(in: [1], below: Interval(1, 2)) != nil)
    #expect(one.normFault(in: [1], below: Interval(1.6, 2)) == nil)
  }
}
