extension Contents {
  /// A safetensors file: header length (uint64), JSON header, data.
  ///
  /// Source: the safetensors README, "Format", with its rules: no duplicate names, data that
  /// cover the rest of the file without holes and overlaps. The header is limited to 16 MiB here.
  ///
  /// - Throws: `.safetensorsTruncated`, `.safetensorsHeader`, `.safetensorsLayout`,
  ///   `.duplicateKey`, `.dtypeUnsupported`, `.badTensor`, `.storageSize`, `.tensorOutOfBounds`,
  ///   `.limit`.
  init(safetensors source: ByteSource, limits: Limits) throws(CheckpointError) {
    guard source.size >= 8 else {
      throw CheckpointError(
        .safetensorsTruncated, nil, "too short for a safetensors file", found: source.size, bound: 8
      )
    }
    let stated = try source.bytes(at: 0, count: 8).littleEndian64(0)
    guard let length = Int(exactly: stated), length <= source.size - 8 else {
      throw CheckpointError(
        .safetensorsTruncated, nil, "the header is longer than the file",
        found: Int(exactly: stated), bound: source.size - 8)
    }
    guard length <= limits.safetensorsHeaderBytes else {
      throw CheckpointError(
        .limit, nil, "the header is too long", found: length, bound: limits.safetensorsHeaderBytes)
    }
    let bytes = try source.bytes(at: 8, count: length)
    guard bytes.first == UInt8(ascii: "{") else {
      throw CheckpointError(.safetensorsHeader, nil, "the header does not start with {")
    }
    let header = try Self.object(bytes, limits: limits)
    var metadata: [String: String] = [:]
    var tensors: [SafetensorsEntry] = []
    tensors.reserveCapacity(header.count)
    for (name, value) in header.members {
      if name == "__metadata__" {
        metadata = try Self.metadata(value)
      } else {
        guard tensors.count < limits.tensors else {
          throw CheckpointError(.limit, nil, "too many tensors", bound: limits.tensors)
        }
        tensors.append(try SafetensorsEntry(name, value, limits: limits))
      }
    }
    let start = 8 + length
    try Self.checkLayout(tensors, dataSize: source.size - start)
    let records = tensors.map { tensor in
      TensorRecord(
        name: tensor.name,
        layout: TensorLayout(
          dtype: tensor.dtype, shape: tensor.shape, elementCount: tensor.elementCount,
          region: .plain(start), byteOffset: tensor.begin, strides: []))
    }
    self.init(format: .safetensors, metadata: metadata, records: records)
  }

  private static func object(
    _ bytes: [UInt8], limits: Limits
  ) throws(CheckpointError) -> JSONObject {
    do throws(JSONError) {
      let value = try JSONValue(
        parsing: bytes, maximumDepth: limits.jsonDepth, maximumValues: limits.jsonValues)
      return value.object ?? JSONObject()
    } catch {
      switch error.cause {
      case .duplicateName(let name):
        throw CheckpointError(.duplicateKey, name, "the header has this name twice")
      case .depth(let limit), .values(let limit):
        throw CheckpointError(.limit, nil, "the header: \(error)", bound: limit)
      default:
        throw CheckpointError(
          .safetensorsHeader, nil, "the header is not valid: \(error)", found: error.offset)
      }
    }
  }

  private static func metadata(_ value: JSONValue) throws(CheckpointError) -> [String: String] {
    guard let object = value.object else {
      throw CheckpointError(.safetensorsHeader, "__metadata__", "not an object")
    }
    var metadata: [String: String] = [:]
    for (name, value) in object.members {
      guard let text = value.string else {
        throw CheckpointError(.safetensorsHeader, name, "a metadata value is not text")
      }
      metadata[name] = text
    }
    return metadata
  }

  /// "The byte buffer needs to be entirely indexed, and cannot contain holes."
  private static func checkLayout(
    _ tensors: [SafetensorsEntry], dataSize: Int
  ) throws(CheckpointError) {
    var end = 0
    for tensor in tensors.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard tensor.begin == end else {
        throw CheckpointError(
          .safetensorsLayout, tensor.name,
          tensor.begin < end ? "overlaps the tensor before it" : "a hole stands before the tensor",
          found: tensor.begin, bound: end)
      }
      guard tensor.end <= dataSize else {
        throw CheckpointError(
          .tensorOutOfBounds, tensor.name, "the tensor reaches past the end of the file",
          found: tensor.end, bound: dataSize)
      }
      end = tensor.end
    }
    guard end == dataSize else {
      throw CheckpointError(
        .safetensorsLayout, nil, "bytes at the end of the file belong to no tensor",
        found: dataSize, bound: end)
    }
  }
}

/// One tensor of a safetensors header: `{"dtype": …, "shape": […], "data_offsets": [begin, end]}`.
struct SafetensorsEntry {
  let name: String
  let dtype: DType
  let shape: [Int]
  let elementCount: Int
  let begin: Int
  let end: Int

  init(_ name: String, _ value: JSONValue, limits: Limits) throws(CheckpointError) {
    guard let object = value.object, object.count == 3, let type = object["dtype"]?.string,
      let sizes = object["shape"]?.array, let offsets = object["data_offsets"]?.array,
      offsets.count == 2
    else {
      throw CheckpointError(
        .safetensorsHeader, name, "not an object of dtype, shape and two data_offsets")
    }
    guard let dtype = DType(safetensorsName: type) else {
      throw CheckpointError(
        .dtypeUnsupported, name,
        "element type \(CheckpointError.quoted(type)) is not read; save float32 or float64")
    }
    guard sizes.count <= limits.rank else {
      throw CheckpointError(
        .limit, name, "the tensor has too many dimensions", found: sizes.count, bound: limits.rank)
    }
    var shape: [Int] = []
    for size in sizes {
      guard let number = size.integer, number >= 0 else {
        throw CheckpointError(.badTensor, name, "a size is not a whole number of at most 63 bits")
      }
      shape.append(number)
    }
    guard let begin = offsets[0].integer, let end = offsets[1].integer, begin >= 0, begin <= end
    else {
      throw CheckpointError(.badTensor, name, "data_offsets are not two whole numbers in order")
    }
    guard let count = Checked.product(shape), let size = Checked.multiply(count, dtype.size) else {
      throw CheckpointError(.limit, name, "the tensor's number of elements overflows")
    }
    guard end - begin == size else {
      throw CheckpointError(
        .storageSize, name, "data_offsets and shape disagree", found: end - begin, bound: size)
    }
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.elementCount = count
    self.begin = begin
    self.end = end
  }
}
