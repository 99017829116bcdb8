/// Why numbers cannot be read as a network or as a certificate of one: malformed input, not mathematics.
public enum InputError: Error, Sendable, Hashable {
  /// A network needs at least one unit.
  case empty
  /// A matrix that must be n × n is not.
  case shape(Part, rows: Int, columns: Int, expected: Int)
  /// An entry is NaN or infinite; the network has no verdict.
  case nonFinite(Part, row: Int, column: Int)
  /// A vector of the wrong length.
  case length(Part, found: Int, expected: Int)
  /// Slopes must satisfy 0 ≤ l ≤ g, both finite.
  case slopes(lower: ExactRatio, upper: ExactRatio)
  /// A time constant or a step that is not positive and finite.
  case notPositive(Part, index: Int, value: ExactRatio)
  /// A leak that is not in (0, 1].
  case leak(index: Int, value: Double)
  /// A split step is one of form outside with time constants of 1: its leaks are its time constants.
  case splitForm
  /// A coupling through a nonlinearity needs form outside.
  case nonlinearCouplingForm
  /// A map h⁺ = φ(Wh + u) has no linear coupling, time constants or step of its own.
  case mapWith(Part)
  /// Module sizes must be positive and add up to the number of units.
  case modules(sum: Int, units: Int)
  case sparse(Sparse)
  case block(Block)

  /// The part of a specification or of a certificate that an error speaks of.
  public enum Part: String, Sendable, Hashable {
    case recurrent, coupling, nonlinearCoupling = "nonlinear-coupling"
    case timeConstant = "time-constant"
    case step, leak, metric, multiplier, scaling, order, components, witness, rate, slopes, dual
  }

  public enum Sparse: Sendable, Hashable {
    case pointerCount(expected: Int, found: Int)
    case entryCount(pointers: Int, indices: Int, values: Int)
    case pointersDecrease(row: Int)
    case columnOutOfRange(row: Int, column: Int, columns: Int)
    case columnsNotIncreasing(row: Int, position: Int)
  }

  public enum Block: Sendable, Hashable {
    case emptyPart(index: Int, size: Int)
    case outside(row: Int, column: Int, parts: Int)
    case shape(row: Int, column: Int, foundRows: Int, foundColumns: Int, rows: Int, columns: Int)
    case duplicate(row: Int, column: Int)
  }
}
