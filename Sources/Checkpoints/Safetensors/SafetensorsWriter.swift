/// Writes a safetensors file atomically (``AtomicFile``): the file is complete or not there.
///
/// The bytes depend on nothing but the arguments: tensors are ordered by element size, largest
/// first, then by the UTF-8 bytes of their names (the order of the reference implementation),
/// metadata by name. The header is padded with spaces, so that the data start at a multiple of 8
/// and each tensor at a multiple of its element size.
///
/// - Parameters:
///   - tensors: any order; names unique, not `__metadata__`, at most 1,024 bytes of UTF-8.
///   - metadata: text to text, the `__metadata__` of the file.
///   - path: replaced when it exists.
/// - Throws: `.duplicateKey`; `.badTensor` for a name that cannot be used; `.limit` when the header
///   is longer than readers accept here; `.io`.
public func writeSafetensors(
  _ tensors: [Tensor], metadata: [String: String] = [:], to path: String
) throws(CheckpointError) {
  let ordered = tensors.sorted {
    $0.dtype.size != $1.dtype.size
      ? $0.dtype.size > $1.dtype.size
      : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
  }
  let header = try safetensorsHeader(ordered, metadata: metadata)
  var file = try AtomicFile(path: path)
  try file.write((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) })
  try file.write(header)
  for tensor in ordered { try file.write(tensor.bytes) }
  try file.commit()
}

/// The padded header of tensors in their final order.
private func safetensorsHeader(
  _ tensors: [Tensor], metadata: [String: String]
) throws(CheckpointError) -> [UInt8] {
  let limits = Limits.standard
  var header = JSONObject()
  if !metadata.isEmpty {
    var object = JSONObject()
    for (name, value) in metadata.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    {
      object.append(name, .string(value))
    }
    header.append("__metadata__", .object(object))
  }
  var offset = 0
  for tensor in tensors {
    guard tensor.name != "__metadata__", tensor.name.utf8.count <= limits.nameBytes,
      tensor.shape.count <= limits.rank
    else {
      throw CheckpointError(.badTensor, tensor.name, "a tensor of this name or rank is not written")
    }
    let end = offset + tensor.bytes.count
    let value: JSONObject = [
      "dtype": .string(tensor.dtype.safetensorsName),
      "shape": .array(tensor.shape.map { .number(JSONNumber($0)) }),
      "data_offsets": .array([.number(JSONNumber(offset)), .number(JSONNumber(end))]),
    ]
    guard header.append(tensor.name, .object(value)) else {
      throw CheckpointError(.duplicateKey, tensor.name, "two tensors have this name")
    }
    offset = end
  }
  var bytes = JSONValue.object(header).orderedBytes
  while bytes.count % 8 != 0 { bytes.append(0x20) }
  guard bytes.count <= limits.safetensorsHeaderBytes else {
    throw CheckpointError(
      .limit, nil, "the header is too long", found: bytes.count,
      bound: limits.safetensorsHeaderBytes)
  }
  return bytes
}
