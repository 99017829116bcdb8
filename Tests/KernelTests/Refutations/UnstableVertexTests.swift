import CertifyKernel
import TestSupport
import Testing

@Suite struct UnstableVertexTests {
  static func claim(
    _ active: [Int32], _ reason: Instability.Reason, _ scope: Scope = .continuous
  ) -> Certificate {
    Certificate(scope: scope, claim: .unstable(Instability(active: active, reason: reason)))
  }

  /// Every pattern, every exact way: accepted exactly where the sign says so, and then the oracle agrees.
  @Test(arguments: UInt64(0)..<24)
  func acceptedClaimsAreTrue(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for ensemble in Ensemble.allCases {
      let n = generator.integer(in: 1...3)
      let network = try ensemble.network(units: n, &generator)
      let exact = ExactNetwork(network)
      for scope in network.scopes {
        for mask in 0..<(1 << n) {
          let active = (0..<n).filter { mask >> $0 & 1 == 1 }.map { Int32($0) }
          for reason in [Instability.Reason.determinant, .flip] {
            let claim = Self.claim(active, reason, scope)
            guard try network.answer(claim) == .refuted else { continue }
            #expect(exact.judge(claim) == .confirmed, "\(network) \(claim)")
          }
        }
      }
    }
  }

  /// `determinant`: p(0) = det(−J) ≤ 0. At zero exactly, the boundary is refuted; a hair below it is not.
  @Test func determinantOnTheBoundary() throws {
    let hadamard = [[1.0, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]].map {
      $0.map { $0 / 2 }
    }
    let cases: [([[Double]], [Int32])] = [
      ([[1]], [0]), (hadamard, [0, 1, 2, 3]), ([[0, 1, 0], [0, 0, 1], [1, 0, 0]], [0, 1, 2]),
      ([[0.5, 0.5], [0.5, 0.5]], [0, 1]),
    ]
    for (W, active) in cases {
      for form in Specification.Form.allCases {
        let network = try Specification.of(
          W, form, step: form == .map ? nil : ExactRatio(3, over: 10))
        for scope in network.scopes {
          let claim = Self.claim(active, .determinant, scope)
          #expect(try network.answer(claim) == .refuted)
          #expect(ExactNetwork(network).judge(claim) == .confirmed)
          var smaller = Matrix(W)
          smaller[0, 0] = smaller[0, 0] == 0 ? -0x1p-60 : smaller[0, 0].nextDown
          // A hair less: refuted still where the eigenvalue was double, and there rightly so.
          let near = try network.with(recurrent: smaller)
          let isRefuted = try near.answer(claim) == .refuted
          #expect(isRefuted == (W.count == 4), "\(W)")
          #expect(!isRefuted || ExactNetwork(near).judge(claim).isConfirmed)
        }
      }
    }
    // gW = 1 through the slope, with a slope that is no double: 3/10 · 10/3 is not reachable, 1/3 · 3 is.
    let third = try Specification.of([[3]], slopes: .init(.zero, ExactRatio(1, over: 3)))
    #expect(try third.answer(Self.claim([0], .determinant)) == .refuted)
    let below = try Specification.of(
      [[(3.0).nextDown]], slopes: .init(.zero, ExactRatio(1, over: 3)))
    #expect(try below.answer(Self.claim([0], .determinant)) != .refuted)
  }

  /// `flip`: det(I + A) ≤ 0, at W = −(2 − α)/α exactly.
  @Test func flipOnTheBoundary() throws {
    for (α, w) in [
      (ExactRatio(0.5), -3.0), (.one, -1), (ExactRatio(0.25), -7), (ExactRatio(2, over: 3), -2),
    ] {
      let network = try Specification.of([[w]], step: α)
      #expect(try network.answer(Self.claim([0], .flip, .asRun)) == .refuted)
      #expect(ExactNetwork(network).judge(Self.claim([0], .flip, .asRun)) == .confirmed)
      let inside = try network.with(recurrent: Matrix([[w.nextUp]]))
      #expect(try inside.answer(Self.claim([0], .flip, .asRun)) != .refuted)
      #expect(try network.answer(Self.claim([], .flip, .asRun)) != .refuted)
      #expect(
        try network.answer(Self.claim([0], .flip)) == .undecided(.noSuchScope(.continuous)))
    }
    // α = 3/10: −17/3 is no double; the nearest two lie on either side.
    let w = -17.0 / 3
    let sides = try [w, w.nextDown, w.nextUp].map { x in
      try Specification.of([[x]], step: ExactRatio(3, over: 10)).answer(
        Self.claim([0], .flip, .asRun))
    }
    for (x, side) in zip([w, w.nextDown, w.nextUp], sides) {
      #expect((side == .refuted) == (Rational(x) <= Rational(-17, over: 3)))
    }
    // Time constants of their own: h_i = ½/τ_i.
    let times = try Specification.of(
      [[0, 0], [0, -7]], tau: [1, 2].map { ExactRatio($0) }, step: ExactRatio(0.5))
    #expect(try times.answer(Self.claim([1], .flip, .asRun)) == .refuted)
    #expect(
      try times.with(recurrent: Matrix([[0, 0], [0, (-7.0).nextUp]])).answer(
        Self.claim([1], .flip, .asRun)) != .refuted)
  }

  /// `inertia`: J has an eigenvalue with real part ≥ c (a map: modulus ≥ c).
  @Test func inertiaAndItsMargin() throws {
    // J = [[1, 2], [−2, 1]] at all slopes 1: M = −I, sym(M(J − c)) = −(1 − c)I.
    let network = try Specification.of([[2, 2], [-2, 2]], step: ExactRatio(0.5))
    let minus = Matrix([[-1, 0], [0, -1]])
    func inertia(_ c: Double, m: Matrix = minus, x: [Double] = [1, 0]) -> Instability.Reason {
      .inertia(metric: m, direction: x, margin: c)
    }
    for c in [0, 0.5, 1 - 0x1p-40] {
      let claim = Self.claim([0, 1], inertia(c))
      #expect(try network.answer(claim) == .refuted)
      #expect(ExactNetwork(network).judge(claim) == .confirmed)
    }
    for c in [1, 1.5, -0x1p-1074, -1, .nan, .infinity] {
      #expect(try network.answer(Self.claim([0, 1], inertia(c))) != .refuted, "\(c)")
    }
    // As run: A = [[3/2, 1], [−1, 3/2]], modulus √(13)/2.
    for c in [1, 1.5, 1.8] {
      let claim = Self.claim([0, 1], inertia(c), .asRun)
      #expect(try network.answer(claim) == .refuted)
      #expect(ExactNetwork(network).judge(claim) == .confirmed)
    }
    for c in [(1.0).nextDown, 0, 1.81, 2] {
      #expect(try network.answer(Self.claim([0, 1], inertia(c), .asRun)) != .refuted, "\(c)")
    }
    // Wrong vertex, a definite metric, a zero direction, a direction in which M is positive.
    #expect(try network.answer(Self.claim([], inertia(0))) != .refuted)
    #expect(try network.answer(Self.claim([0, 1], inertia(0, m: .identity(2)))) != .refuted)
    #expect(try network.answer(Self.claim([0, 1], inertia(0, x: [0, 0]))) != .refuted)
    let mixed = Matrix([[1, 0], [0, -1]])
    #expect(try network.answer(Self.claim([0, 1], inertia(0, m: mixed))) != .refuted)
  }

  /// M indefinite shows that some eigenvalue is on the wrong side, at a saddle.
  @Test func inertiaAtASaddle() throws {
    let network = try Specification.of([[1.5, 0], [0, -1]], .inside)
    let m = Matrix([[-1, 0], [0, 1]])
    let claim = Self.claim([0, 1], .inertia(metric: m, direction: [1, 0.5], margin: 0.25))
    #expect(try network.answer(claim) == .refuted)
    #expect(ExactNetwork(network).judge(claim) == .confirmed)
    let beyond = Self.claim([0, 1], .inertia(metric: m, direction: [1, 0.5], margin: 0.5))
    #expect(try network.answer(beyond) != .refuted)
    let positive = Self.claim([0, 1], .inertia(metric: m, direction: [0.5, 1], margin: 0.25))
    #expect(try network.answer(positive) != .refuted)
  }

  @Test func malformedWitnesses() throws {
    let network = try Specification.of([[2, 0], [0, 2]], step: ExactRatio(0.5))
    let m = Matrix([[-1, 0], [0, -1]])
    #expect(throws: InputError.length(.witness, found: 1, expected: 2)) {
      try network.answer(Self.claim([0], .inertia(metric: m, direction: [1], margin: 0)))
    }
    #expect(throws: InputError.shape(.metric, rows: 1, columns: 1, expected: 2)) {
      try network.answer(
        Self.claim([0], .inertia(metric: .identity(1), direction: [1, 1], margin: 0)))
    }
    for x in [Double.nan, .infinity] {
      #expect(throws: InputError.nonFinite(.witness, row: 1, column: 0)) {
        try network.answer(Self.claim([0], .inertia(metric: m, direction: [1, x], margin: 0)))
      }
      #expect(throws: InputError.nonFinite(.metric, row: 1, column: 0)) {
        try network.answer(
          Self.claim(
            [0], .inertia(metric: Matrix([[1, 0], [x, 1]]), direction: [1, 1], margin: 0)))
      }
    }
    let bent = Matrix([[-1, 0x1p-1074], [0, -1]])
    #expect(
      try network.answer(Self.claim([0, 1], .inertia(metric: bent, direction: [1, 1], margin: 0)))
        == .undecided(.notSymmetric(matrix: "M", row: 1, column: 0, entry: 0, mirror: 0x1p-1074)))
    for (active, index) in [([2], 0), ([-1], 0), ([0, 0], 1), ([1, 0], 1), ([0, 1, 2], 2)]
      as [([Int32], Int)]
    {
      #expect(
        try network.answer(Self.claim(active, .determinant))
          == .undecided(.notAPattern(index: index)))
    }
  }

  /// l > 0: units are never off; vertices are {l, g}ⁿ and principal minors do not count.
  @Test func slopesAboveZero() throws {
    // At d = (1, 0) unit 0 alone would be unstable; with d₁ ≥ ½ its partner holds it.
    let W = [[1.25, -4], [4, -1]]
    let free = try Specification.of(W)
    let firm = try Specification.of(W, slopes: .init(ExactRatio(0.5), .one))
    let claim = Self.claim([0], .determinant)
    #expect(try free.answer(claim) == .refuted)
    #expect(try firm.answer(claim) != .refuted)
    #expect(ExactNetwork(free).judge(claim) == .confirmed)
    #expect(ExactNetwork(firm).judge(claim) != .confirmed)
    let always = try Specification.of([[3]], slopes: .init(ExactRatio(1, over: 3), .one))
    #expect(try always.answer(Self.claim([], .determinant)) == .refuted)
  }

  /// K is taken at slope 0, which must be allowed.
  @Test func nonlinearCouplings() throws {
    for (lower, refuted) in [(ExactRatio.zero, true), (ExactRatio(0.5), false)] {
      let network = try Specification(
        form: .outside, recurrent: .dense(Matrix([[2]])),
        nonlinearCoupling: .init(
          weights: .dense(Matrix([[-8]])), slopes: SlopeInterval(lower, .one)))
      #expect((try network.answer(Self.claim([0], .determinant)) == .refuted) == refuted)
    }
  }

  /// E4: h|Lx|² ≥ (2 − h)|x|² at slopes 0, the `euler` vectors.
  @Test(
    .enabled(if: SharedFolder.isPresent, "needs the shared folder"),
    arguments: Vectors.group("euler"))
  func eulerVectors(vector: VectorCase) throws {
    let L = try #require(vector["L"]?.array).map { row in
      try #require(row.array).map { try #require($0.double) }
    }
    let h = try #require(vector["h"]?.rational)
    let step = ExactRatio(h.numerator == 1 ? 1 : 3, over: h.numerator == 1 ? 32 : 100)
    #expect(Rational(step) == h)
    let network = try Specification.of(L.map { $0.map { _ in 0 } }, L: L, step: step)
    let x = [1.0] + [Double](repeating: 0, count: L.count - 1)
    let claim = Self.claim([], .skew(direction: x), .asRun)
    #expect((try network.answer(claim) == .refuted) == (vector["D0_verdict"]?.text == "expanding"))
  }

  @Test func eulerSkewOnTheBoundary() throws {
    // ℓ² = 2/h − 1: h = 1/32, ℓ² = 63 = 49 + 9 + 4 + 1.
    func network(
      _ last: Double, mirror: Double? = nil, slopes: SlopeInterval = .unit
    ) throws -> Specification {
      let row = [7, 3, 2, last]
      var L = [[Double]](repeating: [Double](repeating: 0, count: 5), count: 5)
      for (k, x) in row.enumerated() { (L[0][k + 1], L[k + 1][0]) = (x, -x) }
      if let mirror { L[4][0] = mirror }
      return try Specification.of(
        L.map { $0.map { _ in 0 } }, L: L, slopes: slopes, step: ExactRatio(1, over: 32))
    }
    let claim = Self.claim([], .skew(direction: [1, 0, 0, 0, 0]), .asRun)
    #expect(try network(1).answer(claim) == .refuted)
    #expect(ExactNetwork(try network(1)).judge(claim) == .confirmed)
    #expect(try network(1.0.nextDown).answer(claim) != .refuted)
    let steep = try SlopeInterval(ExactRatio(0.5), .one)
    #expect(
      try network(1, slopes: steep).answer(claim) == .undecided(.notCovered(.slopesAboveZero)))
    #expect(
      try network(1, mirror: (-1.0).nextDown).answer(claim)
        == .undecided(.notCovered(.couplingNotSkew)))
    #expect(
      try network(1).answer(Self.claim([0], .skew(direction: [1, 0, 0, 0, 0]), .asRun)) != .refuted)
    #expect(
      try network(1).answer(Self.claim([], .skew(direction: [0, 0, 0, 0, 0]), .asRun)) != .refuted)
    #expect(try network(1).answer(Self.claim([], .skew(direction: [1, 0, 0, 0, 0]))) != .refuted)
    #expect(throws: InputError.length(.witness, found: 1, expected: 5)) {
      try network(1).answer(Self.claim([], .skew(direction: [1]), .asRun))
    }
  }

  /// A large L is read in tiles; an entry that its mirror does not cancel is noticed in any of them and at their
  /// edges, above the diagonal or below it, on the diagonal too, however L is stored.
  @Test(arguments: [
    (0, 0), (31, 31), (32, 31), (31, 32), (69, 0), (0, 69), (64, 63), (69, 69), (33, 65), (40, 3),
  ])
  func eulerSkewInTiles(_ i: Int, _ j: Int) throws {
    let n = 70
    var exact = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<i { (exact[i, j], exact[j, i]) = (Double(i - 2 * j), Double(2 * j - i)) }
    }
    var other = exact
    other[i, j] = i == j ? 0x1p-60 : exact[i, j].nextUp
    // |L e₀|² = Σ i² is far above 2/h − 1.
    let direction = (0..<n).map { $0 == 0 ? 1.0 : 0 }
    let claim = Self.claim([], .skew(direction: direction), .asRun)
    for store in [Weights.dense, { .sparse(SparseMatrix($0)) }] {
      func answer(_ L: Matrix) throws -> Answer {
        try Specification(
          form: .outside, recurrent: .dense(Matrix(rows: n, columns: n)), coupling: store(L),
          slopes: SlopeInterval(.zero, .one), step: .init(size: ExactRatio(1, over: 32))
        ).answer(claim)
      }
      #expect(try answer(exact) == .refuted)
      #expect(try answer(other) == .undecided(.notCovered(.couplingNotSkew)))
    }
  }

  /// Steps that treat the leak implicitly are Euler steps of another pace where there is no linear coupling: an
  /// eigenvalue ≥ 1 of one is an eigenvalue ≥ 1 of all. Others are not refuted by Euler's map.
  @Test func schemesThatAreNotEuler() throws {
    let inertia = Instability.Reason.inertia(
      metric: Matrix([[-1, 0], [0, -1]]), direction: [1, 0], margin: 1)
    for scheme in Specification.Step.Scheme.allCases where scheme != .euler {
      let isOther = scheme == .implicit || scheme == .split
      let W = [[2.0, 2], [-2, 2]]
      let network = try Specification.of(W).with(step: .init(scheme: scheme, size: .one))
      let real = try network.with(recurrent: Matrix([[2, 0], [0, 0]]))
      for (run, claim) in [
        (real, Self.claim([0], .determinant, .asRun)),
        (network, Self.claim([0, 1], inertia, .asRun)),
      ] {
        #expect(
          try run.answer(claim) == (isOther ? .undecided(.notCovered(.scheme)) : .refuted))
        #expect(isOther || ExactNetwork(run).judge(claim) == .confirmed)
      }
      #expect(try real.answer(Self.claim([0], .determinant)) == .refuted)
      let coupled = try Specification.of(W, L: [[0, 0], [1, 0]])
        .with(step: .init(scheme: scheme, size: .one))
      for reason in [Instability.Reason.determinant, .flip, inertia, .skew(direction: [1, 1])] {
        #expect(
          try coupled.answer(Self.claim([0, 1], reason, .asRun))
            == .undecided(.notCovered(.scheme)))
      }
      // Nothing but Euler is too long for a skew coupling; without one there is none.
      let skew = try Specification.of([[0, 0], [0, 0]], L: [[0, 9], [-9, 0]])
        .with(step: .init(scheme: scheme, size: .one))
      let claim = Self.claim([], .skew(direction: [1, 0]), .asRun)
      #expect(try skew.answer(claim) == .undecided(.notCovered(.scheme)))
      #expect(
        try network.answer(claim)
          == .undecided(.notCovered(isOther ? .scheme : .notEuler)))
    }
  }

  /// A semi-implicit step has the pace h/(1 + h): w flips at −(2 + h)/h, where Euler's would at −(2 − h)/h.
  @Test func flipsOfOtherSchemes() throws {
    for (h, w, euler) in [
      (ExactRatio(1), -3.0, -1.0), (ExactRatio(0.5), -5, -3), (ExactRatio(2, over: 3), -4, -2),
    ] {
      func run(_ w: Double, _ scheme: Specification.Step.Scheme) throws -> Specification {
        try Specification.of([[w]]).with(step: .init(scheme: scheme, size: h))
      }
      let claim = Self.claim([0], .flip, .asRun)
      #expect(try run(euler, .euler).answer(claim) == .refuted)
      for between in [euler, w.nextUp] {
        let network = try run(between, .semiImplicit)
        #expect(try network.answer(claim) != .refuted)
        #expect(ExactNetwork(network).judge(claim) != .confirmed)
      }
      #expect(try run(w, .semiImplicit).answer(claim) == .refuted)
      #expect(ExactNetwork(try run(w, .semiImplicit)).judge(claim) == .confirmed)
      // 1 − e^{−h} is no rational number, and nothing is claimed of it.
      for x in [euler, w, -100] {
        #expect(
          try run(x, .exponential).answer(claim) == .undecided(.notCovered(.notEuler)))
      }
    }
  }
}
