internal import CertifyKernel
internal import Checkpoints

/// The longest array that stands in the document itself; longer ones stand in the tensor file beside it.
let longestInlineArray = 4096

/// Takes the arrays of a certificate that is being written: short ones become JSON, long ones tensors.
///
/// A tensor has the name of its field and is bound by dtype, shape and SHA-256 of its bytes.
final class ArrayWriter {
  private(set) var tensors: [Tensor] = []

  func doubles(
    _ values: [Double], _ field: String
  ) throws(CertificateFileError) -> JSONValue {
    try checkFinite(values, field)
    guard values.count > longestInlineArray else { return .array(values.map { .exact($0) }) }
    return try reference(field) { () throws(CheckpointError) in
      try Tensor(name: field, shape: [values.count], doubles: values)
    }
  }

  func matrix(_ matrix: Matrix, _ field: String) throws(CertificateFileError) -> JSONValue {
    try checkFinite(matrix.values, field)
    guard matrix.values.count > longestInlineArray else {
      return .object([
        "rows": .count(matrix.rows), "columns": .count(matrix.columns),
        "values": .array(matrix.values.map { .exact($0) }),
      ])
    }
    return try reference(field) { () throws(CheckpointError) in
      try Tensor(name: field, shape: [matrix.rows, matrix.columns], doubles: matrix.values)
    }
  }

  func integers(_ values: [Int32], _ field: String) throws(CertificateFileError) -> JSONValue {
    guard values.count > longestInlineArray else { return .array(values.map { .count(Int($0)) }) }
    return try reference(field) { () throws(CheckpointError) in
      try Tensor(name: field, shape: [values.count], int32s: values)
    }
  }

  private func checkFinite(_ values: [Double], _ field: String) throws(CertificateFileError) {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw .malformed(field: "\(field)[\(index)]", reason: "\(values[index]) cannot be written")
  }

  private func reference(
    _ field: String, _ make: () throws(CheckpointError) -> Tensor
  ) throws(CertificateFileError) -> JSONValue {
    let tensor: Tensor
    do {
      tensor = try make()
    } catch {
      throw .malformed(field: field, reason: error.description)
    }
    tensors.append(tensor)
    return .object([
      "tensor": .string(field), "dtype": .string(tensor.dtype.rawValue),
      "shape": .array(tensor.shape.map { .count($0) }),
      "sha256": .string(Digest(of: tensor.bytes).hex),
    ])
  }
}

/// Gives the arrays of a certificate that is being read. The tensor file is opened when the first one asks.
final class ArrayReader {
  private let path: String
  private var file: Checkpoint?
  private var used: Set<String> = []

  init(sidecar path: String) { self.path = path }

  func doubles(_ value: JSONValue, _ field: String) throws(CertificateFileError) -> [Double] {
    if let tensor = try tensor(value, field, .f64, dimensions: 1) { return try read(tensor, field) }
    var numbers: [Double] = []
    for (index, item) in try inline(value, field).enumerated() {
      numbers.append(try Fields.double(item, "\(field)[\(index)]"))
    }
    return numbers
  }

  func matrix(_ value: JSONValue, _ field: String) throws(CertificateFileError) -> Matrix {
    if let tensor = try tensor(value, field, .f64, dimensions: 2) {
      return Matrix(
        rows: tensor.shape[0], columns: tensor.shape[1], values: try read(tensor, field))
    }
    let fields = try Fields(value, field, known: ["rows", "columns", "values"])
    let (rows, columns) = (try fields.count("rows"), try fields.count("columns"))
    let values = try doubles(fields.value("values"), "\(field).values")
    guard rows <= longestInlineArray, columns <= longestInlineArray, values.count == rows * columns
    else {
      throw .malformed(
        field: "\(field).values",
        reason: "\(values.count) numbers for a \(rows) x \(columns) matrix")
    }
    return Matrix(rows: rows, columns: columns, values: values)
  }

  func integers(_ value: JSONValue, _ field: String) throws(CertificateFileError) -> [Int32] {
    if let tensor = try tensor(value, field, .i32, dimensions: 1) {
      do {
        return try tensor.int32s()
      } catch {
        throw .malformed(field: field, reason: error.description)
      }
    }
    var numbers: [Int32] = []
    for (index, item) in try inline(value, field).enumerated() {
      guard let number = item.integer.flatMap(Int32.init(exactly:)) else {
        throw .malformed(field: "\(field)[\(index)]", reason: "expected a whole number of 32 bits")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// After the document: the tensor file holds nothing that was not asked for.
  func finish() throws(CertificateFileError) {
    guard let extra = file?.entries.first(where: { !used.contains($0.name) }) else { return }
    throw .malformed(field: extra.name, reason: "a tensor that the document does not mention")
  }

  private func inline(
    _ value: JSONValue, _ field: String
  ) throws(CertificateFileError) -> [JSONValue] {
    guard let items = value.array else {
      throw .malformed(field: field, reason: "expected an array")
    }
    guard items.count <= longestInlineArray else {
      throw .malformed(
        field: field,
        reason: "\(items.count) numbers; more than \(longestInlineArray) stand in the tensor file")
    }
    return items
  }

  private func opened() throws(CheckpointError) -> Checkpoint {
    if let file { return file }
    let opened = try Checkpoint(contentsOf: path)
    file = opened
    return opened
  }

  private func read(_ tensor: Tensor, _ field: String) throws(CertificateFileError) -> [Double] {
    do {
      return try tensor.doubles()
    } catch {
      throw .malformed(field: field, reason: error.description)
    }
  }

  /// The tensor of a reference, its digest checked on the very bytes that are used; nil if not a reference.
  private func tensor(
    _ value: JSONValue, _ field: String, _ dtype: DType, dimensions: Int
  ) throws(CertificateFileError) -> Tensor? {
    guard value["tensor"] != nil else { return nil }
    let fields = try Fields(value, field, known: ["tensor", "dtype", "shape", "sha256"])
    guard try fields.text("tensor") == field else {
      throw fields.wrong("tensor", "\"\(field)\", the name of the field")
    }
    guard try fields.text("dtype") == dtype.rawValue else {
      throw fields.wrong("dtype", "\"\(dtype.rawValue)\"")
    }
    let shape = try fields.items("shape").map(\.integer)
    let digest = try fields.digest("sha256")
    let tensor: Tensor
    do {
      tensor = try opened().tensor(named: field)
    } catch {
      throw .unreadable(path: path, reason: error.description)
    }
    guard tensor.dtype == dtype else {
      throw .malformed(field: field, reason: "the tensor is \(tensor.dtype.rawValue)")
    }
    guard tensor.shape == shape, tensor.shape.count == dimensions else {
      throw .malformed(
        field: "\(field).shape",
        reason: "claimed \(fields.value("shape").shortText), the tensor has \(tensor.shape)")
    }
    guard tensor.elementCount > longestInlineArray else {
      throw .malformed(
        field: field,
        reason: "\(tensor.elementCount) numbers; up to \(longestInlineArray) stand in the document")
    }
    let found = Digest(of: tensor.bytes)
    guard found == digest else {
      throw .digest(field: "\(field).sha256", claimed: digest.hex, found: found.hex)
    }
    used.insert(field)
    return tensor
  }
}
