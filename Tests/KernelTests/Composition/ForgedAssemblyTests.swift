import CertifyKernel
import TestSupport
import Testing

/// Claims that nobody should believe.
@Suite struct ForgedAssemblyTests {
  /// b₁, b₂ in a pair of a full and a diagonal module; exact norms by hand.
  private static func pair() throws -> ModuleNetwork {
    // From unit 2 to units (0, 1): (3, 4) through ψ; M = I.
    try ModuleNetwork(
      [.diagonal([1, 1]), .diagonal([1])], rates: [4, 4],
      K: Matrix([[0, 0, 3], [0, 0, 4], [0, 0, 0]]))
  }

  /// ‖X‖ = 5/2: claims below are declined, whatever the bound; just above they are used.
  @Test func normsSlightlyTooSmall() throws {
    let network = try Self.pair()
    for kind in [NormClaim.Kind.toFirst, .residual] {
      // Half the width of [0, 1]; the residual is half of the middle.
      let norm = kind == .toFirst ? 2.5 : 1.25
      for share in [0, -1e-15, -1e-12, -0.5, -1, -2] as [Double] {
        let forged = network.argument(
          .interconnection,
          norms: [NormClaim(first: 0, second: 1, kind: kind, bound: norm * (1 + share))])
        let answer = try network.specification.answer(forged, bound: 0x1p-40)
        #expect(
          answer == .undecided(.normNotShown(first: 0, second: 1, bound: norm * (1 + share))),
          "\(kind) \(share)")
      }
      let nothing = network.argument(
        .interconnection, norms: [NormClaim(first: 0, second: 1, kind: kind, bound: .nan)])
      #expect(try !network.specification.answer(nothing, bound: 0x1p-40).isCertified)
      let honest = network.argument(.interconnection, norms: claim(0, 1, kind, above: norm))
      #expect(confirmedRate(network.specification, honest)?.isTrue == true)
    }
    // r + ½k = 5/4 + 5/4.
    let both = network.argument(
      .interconnection,
      norms: claim(0, 1, .toFirst, above: 2.5) + claim(0, 1, .residual, above: 1.25))
    let found = try #require(confirmedRate(network.specification, both))
    #expect(found.isTrue && found.bound <= 1.5 && found.bound > 1.5 - 1e-9)
    // Claims for other places, or above what is known, change nothing.
    let plain = confirmedRate(network.specification, network.argument(.interconnection))
    let idle = network.argument(
      .interconnection,
      norms: [
        NormClaim(first: 1, second: 0, kind: .toFirst, bound: 0),
        NormClaim(first: 0, second: 0, kind: .residual, bound: 0),
        NormClaim(first: 0, second: 7, kind: .residual, bound: 0),
        NormClaim(first: 0, second: 1, kind: .toFirst, bound: 1e9),
      ])
    #expect(confirmedRate(network.specification, idle)?.bound == plain?.bound)
  }

  /// Of two claims for one place the last counts, and it must hold.
  @Test func contradictoryClaims() throws {
    let network = try Self.pair()
    let (good, bad) = (2.5 * (1 + 1e-12), 2.0)
    for bounds in [[good, bad], [bad, good]] {
      let argument = network.argument(
        .interconnection,
        norms: bounds.map { NormClaim(first: 0, second: 1, kind: .toFirst, bound: $0) })
      let found = confirmedRate(network.specification, argument)
      #expect((found != nil) == (bounds[1] == good) && found?.isTrue != false)
    }
  }

  /// In a full metric a norm on one side only; M for M⁻¹ changes it.
  @Test func normsInFullMetrics() throws {
    let M = Matrix([[2, -1], [-1, 1]])
    // X = (3, 4)ᵀ/2 from unit 2: ½√(3² · 2 − 2 · 12 + 16) = ½√10, in M⁻¹ ½√(9 + 24 + 32).
    let network = try ModuleNetwork(
      [.full(M), .diagonal([1])], rates: [4, 4], K: Matrix([[0, 0, 3], [0, 0, 4], [0, 0, 0]]))
    let norm = 10.0.squareRoot() / 2
    for (share, isShown) in [(1e-9, true), (-1e-9, false)] {
      let argument = network.argument(
        .interconnection, norms: claim(0, 1, .toFirst, above: norm, by: share))
      let answer = try network.specification.answer(argument, bound: 0x1p-30)
      let isDeclined =
        answer == .undecided(.normNotShown(first: 0, second: 1, bound: norm * (1 + share)))
      #expect(isDeclined != isShown)
      #expect(confirmedRate(network.specification, argument)?.isTrue != false)
    }
    // The other way the slopes do not commute with M: ‖X‖/√λmin(M), λmin = (3 − √5)/2.
    let back = try ModuleNetwork(
      [.full(M), .diagonal([1])], rates: [16, 16], K: Matrix([[0, 0, 0], [0, 0, 0], [3, 4, 0]]))
    for (share, isShown) in [(1e-9, false), (3.0, true)] {
      // Without the slopes' turning, ½√((3, 4) M⁻¹ (3, 4)ᵀ) = ½√65.
      let naive = 65.0.squareRoot() / 2
      let argument = back.argument(
        .interconnection, norms: claim(0, 1, .toSecond, above: naive, by: share))
      let answer = try back.specification.answer(argument, bound: 0x1p-30)
      let isDeclined =
        answer == .undecided(.normNotShown(first: 0, second: 1, bound: naive * (1 + share)))
      #expect(isDeclined != isShown)
      #expect(confirmedRate(back.specification, argument)?.isTrue != false)
    }
  }

  @Test func againstTheOrder() throws {
    for structure in [Argument.Structure.hierarchy, .interconnection] {
      for back in [0x1p-1074, -0.25, 0] {
        let network = try ModuleNetwork(
          [.diagonal([1]), .diagonal([1])], rates: [1, 1], L: Matrix([[0, back], [0.5, 0]]))
        let answer = try network.specification.answer(network.argument(structure), bound: 0.5)
        if structure == .hierarchy, back != 0 {
          #expect(answer == .undecided(.againstOrder(from: 1, to: 0)))
        } else {
          #expect(answer.isCertified)
        }
      }
    }
  }

  /// Components that are none: overlapping, not covering, out of range, empty; in every structure and scope.
  @Test(arguments: [
    Argument.Structure.feedback, .hierarchy, .globalWorkspace(hub: 0), .interconnection,
  ])
  func setsThatAreNoPartition(structure: Argument.Structure) throws {
    let network = try Specification.of([[0, 0, 0], [0, 0, 0], [0, 0, 0]], step: ExactRatio(0.5))
    for (parts, unit) in [
      ([[0], [1]], 2), ([[0, 1], [1, 2]], 1), ([[0, 0], [1, 2]], 0), ([[0, 3], [1, 2]], 3),
      ([[0, -1], [1, 2]], -1), ([[0, 1, 2], []], -1), ([], 0),
      ([[.min, 0], [1, 2]], Int(Int32.min)), ([[.max, 0], [1, 2]], Int(Int32.max)),
    ] as [([[Int32]], Int)] {
      for scope in [Scope.continuous, .asRun] {
        let argument = Argument.assembly(
          .init(
            structure, components: parts,
            proofs: parts.map {
              Proof(.triangular(order: (0..<Int32($0.count)).map { $0 }), bound: 0.5)
            }, columnScaling: parts.map { _ in 1 }, rowScaling: parts.map { _ in 1 }))
        #expect(
          try network.answer(argument, bound: 0.5, scope)
            == .undecided(.notAPartition(.components, unit: unit)), "\(parts)")
      }
    }
  }

  /// Scales that overflow or vanish make a bound fail, never pass.
  @Test func extremeScales() throws {
    let network = try ModuleNetwork(
      [.diagonal([1]), .diagonal([1])], rates: [1, 1], L: Matrix([[0, 1], [1, 0]]),
      K: Matrix([[0, 1], [1, 0]]), step: .init(size: ExactRatio(0.5)))
    let extremes = [0x1p-1074, 0x1p-1022, 0x1p-500, 1, 0x1p500, Double.greatestFiniteMagnitude]
    for a in extremes {
      for b in extremes {
        for (v, w) in [
          ([a, b], [1, 1]), ([1, 1], [a, b]), ([a, b], [b, a]), ([a, b], [a, b]),
        ] {
          for scope in [Scope.continuous, .asRun] {
            let argument = network.argument(.interconnection, v: v, w: w)
            #expect(network.specification.tightestBound(argument, scope) == nil)
          }
        }
      }
    }
  }
}
