internal import CertifyKernel

/// Why a file is not a network that can be judged.
public enum ModelError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file is unsafe, malformed, not finite or not understood (exit status 3).
  ///
  /// `code` is stable: one of `CheckpointError.Code`, or one of ours in `RejectionCode`.
  case rejected(code: String, reason: String)
  /// What was asked for does not fit together: options or the manifest of `--manifest` (exit status 4).
  case configuration(reason: String)

  public var description: String {
    switch self {
    case .rejected(let code, let reason): "\(code): \(reason)"
    case .configuration(let reason): reason
    }
  }

  static func rejected(_ code: RejectionCode, _ reason: String) -> ModelError {
    .rejected(code: code.rawValue, reason: reason)
  }
}

/// The reasons for rejection that are found above the tensor readers; spellings never change.
public enum RejectionCode: String, Sendable, Hashable, CaseIterable {
  /// An entry that is NaN or infinite.
  case nonFinite = "nonfinite"
  /// A tensor of another shape than its part in the network needs.
  case shape
  /// A tensor that the description names is not in the file.
  case noSuchTensor = "no_such_tensor"
  /// Numbers of a type that cannot play the part, such as integers as weights.
  case wrongDType = "wrong_dtype"
  /// Compressed sparse rows whose pointers or indices are not in order.
  case sparse = "sparse_structure"
  /// The description that comes with the file is malformed or contradicts itself.
  case manifest
  /// No description, and no known layout.
  case unrecognised = "unrecognised_layout"
  /// More than one layout fits.
  case ambiguous = "ambiguous_layout"
  /// Couplings between modules where the description says there are none.
  case structure = "module_structure"
  /// A layout that is known but that no theorem here speaks of.
  case unsupported = "unsupported_layout"
  /// A proposed metric that is not positive definite.
  case metric
  /// Numbers that the kernel refuses.
  case malformed
}

extension InputError {
  /// One line that says what is malformed, with both numbers where there are two.
  var reason: String {
    switch self {
    case .empty: "a network needs at least one unit"
    case .shape(let part, let rows, let columns, let expected):
      "\(part.rawValue) is \(rows) x \(columns), expected \(expected) x \(expected)"
    case .nonFinite(let part, let row, let column):
      "\(part.rawValue)[\(row), \(column)] is not finite"
    case .length(let part, let found, let expected):
      "\(part.rawValue) has \(found) entries, expected \(expected)"
    case .slopes(let lower, let upper):
      "slopes [\(lower), \(upper)] do not satisfy 0 <= l <= g"
    case .notPositive(let part, let index, let value):
      "\(part.rawValue)[\(index)] = \(value) is not above 0"
    case .nonlinearCouplingForm: "a nonlinear coupling needs form outside"
    case .leak(let index, let value):
      "the leak of unit \(index) is \(value); a leak lies above 0 and is at most 1"
    case .splitForm:
      "a split step is one of form outside with time constants of 1: its leaks are its time constants"
    case .mapWith(let part): "a map has no \(part.rawValue) of its own; it is a step itself"
    case .modules(let sum, let units):
      "module sizes add up to \(sum), the network has \(units) units"
    case .sparse(let fault): fault.reason
    case .block(let fault): "blocks: \(fault)"
    }
  }
}

extension InputError.Sparse {
  var reason: String {
    switch self {
    case .pointerCount(let expected, let found): "\(found) row pointers, expected \(expected)"
    case .entryCount(let pointers, let indices, let values):
      "the last row pointer is \(pointers), with \(indices) indices and \(values) values"
    case .pointersDecrease(let row): "the row pointers decrease at row \(row), or do not start at 0"
    case .columnOutOfRange(let row, let column, let columns):
      "row \(row) has column \(column), outside 0..<\(columns)"
    case .columnsNotIncreasing(let row, let position):
      "the columns of row \(row) do not increase strictly at position \(position)"
    }
  }
}
