internal import CertifyKernel
internal import Checkpoints
internal import Markup

/// A checkpoint as the layouts read it: parts of a network by name, with shape and finiteness checked.
///
/// `Model` lists the names it used.
struct TensorFile: Sendable {
  let source: ModelSource
  let checkpoint: Checkpoint

  init(_ source: ModelSource) throws(ModelError) {
    self.source = source
    do {
      checkpoint = try source.open()
    } catch {
      throw ModelError(error)
    }
  }

  func has(_ name: String) -> Bool { checkpoint.entry(named: name) != nil }

  /// The entry, or the reason that lists what is there.
  func entry(_ name: String, for part: String) throws(ModelError) -> Checkpoint.Entry {
    guard let entry = checkpoint.entry(named: name) else {
      throw .rejected(
        .noSuchTensor, "\(part): no tensor \"\(printable(name))\" in the file; \(listing())")
    }
    return entry
  }

  /// Refuses a damaged file, of which nothing else should be said. Reads the tensors of an archive.
  func requireUndamaged() throws(ModelError) {
    do {
      try checkpoint.verifyChecksums()
    } catch {
      throw ModelError(error)
    }
  }

  /// "tensors: a [2, 2] float32, …", at most 24 of them.
  func listing() -> String {
    let all = checkpoint.entries
    guard !all.isEmpty else { return "it has no tensors" }
    let shown = all.prefix(24).map { "\(printable($0.name)) \($0.shape) \($0.dtype.rawValue)" }
    let more = all.count > shown.count ? ", and \(all.count - shown.count) more" : ""
    return "tensors: \(shown.joined(separator: ", "))\(more)"
  }

  private func shaped(
    _ name: String, _ part: String, expected: [Int]
  ) throws(ModelError) {
    let shape = try entry(name, for: part).shape
    guard shape == expected else {
      throw .rejected(
        .shape, "\(part): tensor \"\(printable(name))\" has shape \(shape), expected \(expected)")
    }
  }

  /// The values of a floating-point tensor, all finite.
  private func values(_ name: String, _ part: String) throws(ModelError) -> [Double] {
    let entry = try entry(name, for: part)
    guard entry.dtype.isFloatingPoint else { throw wrongType(entry, part, "floating point") }
    let values = try reading(name) { (file: Checkpoint) throws(CheckpointError) in
      try file.doubles(named: name)
    }
    let index = values.withUnsafeBufferPointer { buffer -> Int? in
      var faults: UInt64 = 0
      for x in buffer { faults |= (x - x).bitPattern & 0x7fff_ffff_ffff_ffff }
      return faults == 0 ? nil : buffer.firstIndex { !$0.isFinite }
    }
    if let index { throw nonFinite(entry, index, "\(values[index])", part) }
    return values
  }

  /// Checks that a tensor exists and is finite, whatever its shape.
  func requireFinite(_ name: String, _ part: String) throws(ModelError) {
    _ = try values(name, part)
  }

  func vector(_ name: String, _ part: String, count: Int) throws(ModelError) -> [Double] {
    try shaped(name, part, expected: [count])
    return try values(name, part)
  }

  func matrix(_ name: String, _ part: String, rows: Int, columns: Int) throws(ModelError) -> Matrix
  {
    try shaped(name, part, expected: [rows, columns])
    return Matrix(rows: rows, columns: columns, values: try values(name, part))
  }

  /// The number of rows of a tensor that must be square.
  func order(_ name: String, _ part: String) throws(ModelError) -> Int {
    let shape = try entry(name, for: part).shape
    guard shape.count == 2, shape[0] == shape[1] else {
      let expected = shape.count == 2 ? "\(shape[0]) x \(shape[0])" : "n x n"
      throw .rejected(
        .shape, "\(part): tensor \"\(printable(name))\" has shape \(shape), expected \(expected)")
    }
    guard shape[0] > 0 else {
      throw .rejected(
        .shape, "\(part): tensor \"\(printable(name))\" is 0 x 0; a network has a unit")
    }
    return shape[0]
  }

  /// A piece of a parametrisation, which is defined on binary32 numbers only.
  func floats(_ name: String, _ part: String, expected: [Int]) throws(ModelError) -> [Float] {
    try shaped(name, part, expected: expected)
    let entry = try entry(name, for: part)
    guard entry.dtype == .f32 else {
      throw wrongType(entry, part, "float32, on which its parametrisation is defined")
    }
    let values = try reading(name) { (file: Checkpoint) throws(CheckpointError) in
      try file.floats(named: name)
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw nonFinite(entry, index, "\(values[index])", part)
    }
    return values
  }

  /// Compressed sparse rows straight into the kernel's matrix: 12 bytes an entry and 8 a row.
  func compressedRows(
    indptr: String, indices: String, values: String, _ part: String
  ) throws(ModelError) -> SparseMatrix {
    let pointers = try entry(indptr, for: part)
    guard pointers.shape.count == 1, pointers.shape[0] > 1 else {
      throw .rejected(
        .shape,
        "\(part): row pointers \"\(printable(indptr))\" have shape \(pointers.shape), expected n + 1"
      )
    }
    let count = try entry(values, for: part).shape
    guard count.count == 1 else {
      throw .rejected(
        .shape,
        "\(part): values \"\(printable(values))\" have shape \(count), expected one dimension")
    }
    try shaped(indices, part, expected: count)
    for name in [indptr, indices] {
      let entry = try entry(name, for: part)
      guard entry.dtype == .i32 || entry.dtype == .i64 else {
        throw wrongType(entry, part, "int32 or int64")
      }
    }
    let n = pointers.shape[0] - 1
    let rows = try reading(indptr) { (file: Checkpoint) throws(CheckpointError) in
      try file.integers(named: indptr)
    }
    let columns = try reading(indices) { (file: Checkpoint) throws(CheckpointError) in
      try file.int32s(named: indices)
    }
    let numbers = try self.values(values, part)
    do {
      return try SparseMatrix(
        rows: n, columns: n, rowPointers: rows, columnIndices: columns, values: numbers)
    } catch {
      throw .rejected(.sparse, "\(part): \(error.reason)")
    }
  }

  /// The SHA-256 of a tensor's canonical bytes: C order, little endian, in the stored type.
  func digest(_ name: String) throws(ModelError) -> Digest {
    var digester = Digester()
    do {
      try checkpoint.withCanonicalBytes(of: name) { digester.update($0) }
    } catch {
      throw ModelError(error)
    }
    return digester.finish()
  }

  private func wrongType(
    _ entry: Checkpoint.Entry, _ part: String, _ expected: String
  ) -> ModelError {
    .rejected(
      .wrongDType,
      "\(part): tensor \"\(printable(entry.name))\" is \(entry.dtype.rawValue), expected \(expected)"
    )
  }

  private func nonFinite(
    _ entry: Checkpoint.Entry, _ index: Int, _ value: String, _ part: String
  ) -> ModelError {
    var place: [Int] = []
    var rest = index
    for size in entry.shape.reversed() where size > 0 {
      place.insert(rest % size, at: 0)
      rest /= size
    }
    return .rejected(
      .nonFinite, "\(part): tensor \"\(printable(entry.name))\" has \(value) at \(place)")
  }

  private func reading<Value>(
    _ name: String, _ body: (Checkpoint) throws(CheckpointError) -> Value
  ) throws(ModelError) -> Value {
    do {
      return try body(checkpoint)
    } catch {
      throw ModelError(error)
    }
  }
}

extension ModelError {
  init(_ error: CheckpointError) {
    let subject = error.subject.map { "\"\($0)\": " } ?? ""
    self = .rejected(code: error.code.rawValue, reason: subject + error.reason)
  }
}
