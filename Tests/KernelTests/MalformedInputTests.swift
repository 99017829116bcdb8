import CertifyKernel
import TestSupport
import Testing

/// What is malformed is refused where it enters, one fault at a time, next to what is well formed.
@Suite struct MalformedInputTests {
  static let two = Weights.dense(Matrix([[0, 1], [1, 0]]))

  @Test func weightsAreSquareAndAlike() throws {
    _ = try Specification(form: .outside, recurrent: Self.two, coupling: Self.two)
    for (rows, columns) in [(2, 3), (3, 2), (1, 2), (2, 1), (0, 1), (1, 0)] {
      let other = Weights.dense(Matrix(rows: rows, columns: columns))
      #expect(throws: InputError.shape(.recurrent, rows: rows, columns: columns, expected: rows)) {
        try Specification(form: .outside, recurrent: other)
      }
      #expect(throws: InputError.shape(.coupling, rows: rows, columns: columns, expected: 2)) {
        try Specification(form: .outside, recurrent: Self.two, coupling: other)
      }
    }
    #expect(throws: InputError.empty) {
      try Specification(form: .outside, recurrent: .dense(Matrix(rows: 0, columns: 0)))
    }
  }

  @Test func timeConstantsAndStepsArePositive() throws {
    for bad in [0, -1, .infinity, -.infinity, .nan] as [Double] {
      #expect(throws: InputError.self) {
        try Specification(
          form: .outside, recurrent: Self.two, timeConstants: [.one, ExactRatio(bad)])
      }
      #expect(throws: InputError.self) {
        try Specification(
          form: .outside, recurrent: Self.two, step: .init(size: ExactRatio(bad)))
      }
    }
    let least = ExactRatio(Double.leastNonzeroMagnitude)
    _ = try Specification(
      form: .outside, recurrent: Self.two, timeConstants: [least, .one], step: .init(size: least))
    #expect(throws: InputError.length(.timeConstant, found: 3, expected: 2)) {
      try Specification(
        form: .outside, recurrent: Self.two, timeConstants: [.one, .one, .one])
    }
  }

  @Test func leaksBelongToSplitSteps() throws {
    func network(
      _ leak: [Double], _ scheme: Specification.Step.Scheme = .split,
      form: Specification.Form = .outside, tau: [ExactRatio] = [.one]
    ) throws -> Specification {
      try Specification(
        form: form, recurrent: Self.two, timeConstants: tau,
        step: .init(scheme: scheme, size: .one, leak: leak))
    }
    _ = try network([1, .leastNonzeroMagnitude])
    #expect(throws: InputError.splitForm) { try network([1, 1], .euler) }
    #expect(throws: InputError.splitForm) { try network([1, 1], form: .inside) }
    #expect(throws: InputError.splitForm) { try network([1, 1], tau: [ExactRatio(2)]) }
    #expect(throws: InputError.length(.leak, found: 1, expected: 2)) { try network([1]) }
    for bad in [0, -1, (1.0).nextUp, .infinity] as [Double] {
      #expect(throws: InputError.leak(index: 1, value: bad)) { try network([1, bad]) }
    }
    #expect(throws: InputError.self) { try network([1, .nan]) }
  }

  @Test func modulesAddUp() throws {
    func modules(_ sizes: [Int]) throws {
      _ = try Specification(form: .outside, recurrent: Self.two, modules: sizes)
    }
    try modules([1, 1])
    for sizes in [[], [1], [1, 2], [0, 2], [2, 0], [3, -1], [1, .max], [-1, 3]] {
      #expect(throws: InputError.self) { try modules(sizes) }
    }
  }

  @Test func slopesAreOrdered() throws {
    _ = try SlopeInterval(.zero, .zero)
    _ = try SlopeInterval(ExactRatio(1, over: 3), ExactRatio(1, over: 3))
    let bad: [(Double, Double)] = [
      (-.leastNonzeroMagnitude, 1), (-1, 1), (1, (1.0).nextDown), (.nan, 1), (0, .nan),
      (0, .infinity), (-2, -1),
    ]
    for (lower, upper) in bad {
      #expect(throws: InputError.self) {
        try SlopeInterval(ExactRatio(lower), ExactRatio(upper))
      }
    }
  }

  @Test func sparseRowsAreInOrder() throws {
    func sparse(
      _ pointers: [Int], _ columns: [Int32], _ values: [Double], rows: Int = 2
    ) throws -> SparseMatrix {
      try SparseMatrix(
        rows: rows, columns: 2, rowPointers: pointers, columnIndices: columns, values: values)
    }
    _ = try sparse([0, 2, 3], [0, 1, 1], [1, 2, 3])
    let bad: [([Int], [Int32], [Double])] = [
      ([0, 3], [0, 1, 1], [1, 2, 3]), ([0, 2, 3, 3], [0, 1, 1], [1, 2, 3]),
      ([1, 2, 3], [0, 1, 1], [1, 2, 3]), ([0, 2, 3], [0, 1], [1, 2, 3]),
      ([0, 2, 3], [0, 1, 1, 0], [1, 2, 3]),
      ([0, 2, 3], [0, 1, 1, 1], [1, 2, 3, 4]), ([0, 2, 2], [0, 1, 1], [1, 2, 3]),
      ([0, 4, 3], [0, 1, 1], [1, 2, 3]), ([0, 2, 3], [1, 0, 1], [1, 2, 3]),
      ([0, 2, 3], [1, 1, 1], [1, 2, 3]), ([0, 2, 3], [0, 2, 1], [1, 2, 3]),
      ([0, 2, 3], [-1, 1, 1], [1, 2, 3]),
    ]
    for (pointers, columns, values) in bad {
      #expect(throws: InputError.self, "\(pointers) \(columns)") {
        try sparse(pointers, columns, values)
      }
    }
  }

  @Test func blocksFitTheirPlaces() throws {
    func blocks(_ sizes: [Int], _ places: [(Int, Int, Int, Int)]) throws -> BlockMatrix {
      try BlockMatrix(
        sizes: sizes,
        blocks: places.map {
          .init(row: $0.0, column: $0.1, values: Matrix(rows: $0.2, columns: $0.3))
        })
    }
    let right = try blocks([1, 2], [(0, 1, 1, 2), (1, 1, 2, 2)])
    #expect(right.dimension == 3 && right[0, 0] == 0 && right[2, 0] == 0)
    let bad = [
      (-1, 0, 1, 1), (2, 0, 1, 1), (0, -1, 1, 1), (0, 2, 1, 1), (0, 1, 2, 2), (0, 1, 1, 1),
      (1, 0, 1, 1), (1, 0, 2, 2),
    ]
    for place in bad {
      #expect(throws: InputError.self, "\(place)") { try blocks([1, 2], [place]) }
    }
    #expect(throws: InputError.self) { try blocks([1, 2], [(0, 1, 1, 2), (0, 1, 1, 2)]) }
    for sizes in [[0, 1], [1, -1], [.max, 1]] {
      #expect(throws: InputError.self) { try blocks(sizes, []) }
    }
  }

  /// Metrics that are right in one direction only.
  @Test(arguments: [(1, 2), (2, 1), (2, 3), (3, 2), (3, 3)])
  func metricsAreSquare(rows: Int, columns: Int) throws {
    let network = try Specification.of([[-1, 0], [0, -1]])
    let metric = Matrix(rows: rows, columns: columns)
    let wrong = InputError.shape(.metric, rows: rows, columns: columns, expected: 2)
    #expect(throws: wrong) {
      try network.answer(.vertexLMI(metric: metric, floor: 0.5), bound: 0.5)
    }
    #expect(throws: wrong) {
      try network.answer(
        .slopeLMI(metric: metric, multiplier: [1, 1], floor: 0.5), bound: 0.5)
    }
  }
}
