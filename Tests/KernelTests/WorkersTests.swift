import CertifyKernel
import Dispatch
import TestSupport
import Testing

/// Two pieces at a time on the system's threads.
let twoThreads = Workers(count: 2) { pieces, piece in
  DispatchQueue.concurrentPerform(iterations: pieces, execute: piece)
}

/// Never runs the last piece.
private let lazyWorkers = Workers(count: 3) { pieces, piece in
  for index in 0..<(pieces - 1) { piece(index) }
}

/// What the kernel says does not depend on how its pieces are run, and a piece that is left out is noticed.
@Suite struct WorkersTests {
  /// A ring of 160,000 units, each driven by four others with weights ±1/8: the rate is ½ for v = w = 1.
  private static func ring() throws -> Specification {
    let n = 160_000
    var indices: [Int32] = []
    for i in 0..<n { indices += [1, 7, 501, 40_000].map { Int32((i + $0) % n) }.sorted() }
    let values = indices.indices.map { $0 % 3 == 0 ? -0.125 : 0.125 }
    return try Specification(
      form: .outside,
      recurrent: .sparse(
        SparseMatrix(
          rows: n, columns: n, rowPointers: (0...n).map { 4 * $0 }, columnIndices: indices,
          values: values)),
      step: Specification.Step(size: ExactRatio(0.5)))
  }

  @Test(arguments: [Workers.one, twoThreads])
  func boundOfALargeSparseNetwork(workers: Workers) throws {
    let network = try Self.ring()
    let ones = [Double](repeating: 1, count: network.units)
    let argument = Argument.absoluteValue(columnScaling: ones, rowScaling: ones)
    for (bound, scope, isTrue) in [
      (0.5 - 0x1p-44, Scope.continuous, true), (0.5.nextUp, .continuous, false),
      (0.75 + 0x1p-44, .asRun, true), (0.75.nextDown, .asRun, false),
    ] {
      let certificate = Certificate(
        scope: scope, claim: .contracts(Proof(argument, bound: bound)))
      let verdict = try network.certify(using: certificate, on: workers)
      #expect(verdict.isCertified == isTrue, "\(workers.count) workers, bound \(bound)")
    }
  }

  /// A certificate that was found on one machine holds on another: the bound is the same to the last bit.
  @Test func boundDoesNotDependOnTheNumberOfWorkers() throws {
    let network = try Self.ring()
    var generator = SplitMix64(seed: 1)
    let v = (0..<network.units).map { _ in 1 + 0x1p-10 * generator.unit() }
    let w = (0..<network.units).map { _ in 1 + 0x1p-10 * generator.unit() }
    for scope in Scope.allCases {
      guard
        case .accepted(let bound) = try AbsoluteValue.bound(
          of: network, scope: scope, columnScaling: v, rowScaling: w)
      else {
        Issue.record("no bound")
        return
      }
      let argument = Argument.absoluteValue(columnScaling: v, rowScaling: w)
      let certificate = Certificate(
        scope: scope, claim: .contracts(Proof(argument, bound: bound)))
      for count in [1, 2, 3, 7] {
        let workers = Workers(count: count) { pieces, piece in
          DispatchQueue.concurrentPerform(iterations: pieces, execute: piece)
        }
        #expect(
          try network.certify(using: certificate, on: workers).isCertified, "\(count) workers")
      }
    }
  }

  /// One entry more in one column: pieces that lose what another piece has summed would miss it.
  @Test func columnsAreSummedOverAllPieces() throws {
    let n = 160_000
    // Column 3 holds 1/n in every row but its own.
    let rows = (0..<n).map { $0 == 3 ? 0 : 1 }
    let pointers = rows.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let network = try Specification(
      form: .outside,
      recurrent: .sparse(
        SparseMatrix(
          rows: n, columns: n, rowPointers: pointers,
          columnIndices: [Int32](repeating: 3, count: n - 1),
          values: [Double](repeating: 0x1p-17, count: n - 1))))
    let ones = [Double](repeating: 1, count: n)
    // ½(0 + (n − 1)/2¹⁷) at unit 3; every partial sum is raised by 4u, some 10⁻¹⁰ in all.
    let rate = 1 - 0.5 * Double(n - 1) * 0x1p-17
    for (bound, isTrue) in [(rate - 1e-9, true), (rate + 1e-12, false)] {
      let argument = Argument.absoluteValue(columnScaling: ones, rowScaling: ones)
      let verdict = try network.certify(
        using: Certificate(
          scope: .continuous, claim: .contracts(Proof(argument, bound: bound))),
        on: Workers(
          count: 4,
          perform: { pieces, piece in
            DispatchQueue.concurrentPerform(iterations: pieces, execute: piece)
          }))
      #expect(verdict.isCertified == isTrue)
    }
  }

  @Test func aModuleThatWasNotCheckedIsDeclined() throws {
    let network = try Specification.of([[0, 0], [0, 0]], L: [[0, 1], [-1, 0]])
    let proof = Proof(.symmetric, bound: 1 - 0x1p-40)
    let assembly = Argument.Assembly(
      .feedback, components: [[0], [1]], proofs: [proof, proof], columnScaling: [1, 1],
      rowScaling: [1, 1])
    let certificate = Certificate(
      scope: .continuous, claim: .contracts(Proof(.assembly(assembly), bound: 0.5)))
    #expect(try network.certify(using: certificate, on: twoThreads).isCertified)
    guard case .undecided(let why) = try network.certify(using: certificate, on: lazyWorkers) else {
      Issue.record("certified with a module left out")
      return
    }
    #expect(why.reason == .notCovered(.unfinished))
  }
}

extension Verdict {
  fileprivate var isCertified: Bool { if case .certified = self { true } else { false } }
}
