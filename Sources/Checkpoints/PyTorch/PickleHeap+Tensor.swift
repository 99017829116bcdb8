extension PickleHeap {
  /// The integers of a tuple: `int` exactly, a `bool` is none.
  func integers(_ items: ArraySlice<PickleValue>) -> [Int]? {
    var result: [Int] = []
    result.reserveCapacity(items.count)
    for item in items {
      guard case .int(let number) = item else { return nil }
      result.append(number)
    }
    return result
  }

  func isEmptyOrderedDictionary(_ value: PickleValue) -> Bool {
    guard case .dictionary(let index) = value else { return false }
    return dictionaries[index].ordered && dictionaries[index].keys.isEmpty
  }

  /// `('storage', type, key, location, count)`, and a sixth item `None` in the legacy format.
  ///
  /// The location ("cpu", "cuda:0") is where the tensor was: read and ignored.
  ///
  /// - Throws: `.badStorage` for another form, a key that is not `[0-9]{1,20}`, or a key that was
  ///   declared before with another type or count; `.limit`.
  mutating func declareStorage(
    _ items: [PickleValue], legacy: Bool, limits: Limits
  ) throws(CheckpointError) -> Int {
    guard items.count == (legacy ? 6 : 5), string(items[0]) == "storage",
      case .global(let global) = items[1], let key = string(items[2]),
      string(items[3]) != nil, case .int(let count) = items[4]
    else {
      throw CheckpointError(
        .badStorage, nil, "a storage reference is not (\"storage\", type, key, location, count)")
    }
    if legacy {
      guard case .null = items[5] else {
        throw CheckpointError(
          .badStorage, key, "views of storages are not read; save the file again with torch >= 1.6")
      }
    }
    let dtype: DType?
    switch globals[global] {
    case .storage(let type): dtype = type
    case .untypedStorage where !legacy: dtype = nil
    default: throw CheckpointError(.badStorage, key, "the storage's type is not a storage class")
    }
    guard (1...20).contains(key.utf8.count), key.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { throw CheckpointError(.badStorage, key, "a storage key is not 1 to 20 digits") }
    let storage = PickleStorage(key: key, dtype: dtype, count: count)
    guard count >= 0, storage.byteCount != nil else {
      throw CheckpointError(.badStorage, key, "impossible number of elements", found: count)
    }
    if let known = storageOfKey[key] {
      guard storages[known] == storage else {
        throw CheckpointError(
          .badStorage, key, "one storage is declared with two types or sizes", found: count,
          bound: storages[known].count)
      }
      return known
    }
    guard storages.count < limits.tensors else {
      throw CheckpointError(.limit, key, "too many storages", bound: limits.tensors)
    }
    storages.append(storage)
    storageOfKey[key] = storages.count - 1
    return storages.count - 1
  }

  /// `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks[, metadata])`;
  /// `typed` is `_rebuild_tensor_v3`, with the element type between `hooks` and `metadata`. `name`
  /// is for messages.
  ///
  /// - Throws: `.badTensor` for arguments of other types or values, `.tensorOutOfBounds` for a view
  ///   that leaves its storage, `.limit` for rank and expansion, `.dtypeUnsupported`.
  mutating func rebuildTensor(
    _ items: [PickleValue], typed: Bool, name: String?, limits: Limits
  ) throws(CheckpointError) -> Int {
    let required = typed ? 7 : 6
    guard items.count == required || items.count == required + 1,
      case .storage(let storage) = items[0], case .int(let offset) = items[1],
      case .bool = items[4], isEmptyOrderedDictionary(items[5])
    else {
      throw CheckpointError(
        .badTensor, name, "a tensor is not built from storage, offset, size, stride, bool and hooks"
      )
    }
    let name = name ?? "storage " + storages[storage].key
    guard let shape = dimensions(items[2]), let strides = dimensions(items[3]),
      shape.count == strides.count
    else {
      throw CheckpointError(
        .badTensor, name, "size and stride of a tensor are not tuples of integers, equally long")
    }
    if items.count > required {
      switch items[required] {
      case .null: break
      case .dictionary(let index) where dictionaries[index].keys.isEmpty: break
      default:
        throw CheckpointError(
          .badTensor, name, "conjugate or negative views are not read; save tensor.resolve_neg()")
      }
    }
    let dtype = try elementType(storages[storage], typed ? items[6] : nil, name)
    // An untyped storage counts bytes; the elements that fit are what a view may reach.
    let available = typed ? storages[storage].count / dtype.size : storages[storage].count
    let view = try ViewGeometry(
      name: name, offset: offset, shape: shape, strides: strides, available: available,
      limits: limits)
    guard tensors.count < limits.tensors else {
      throw CheckpointError(.limit, name, "too many tensors", bound: limits.tensors)
    }
    tensors.append(
      PickleTensor(
        storage: storage, dtype: dtype, offset: offset, shape: shape, strides: strides,
        elementCount: view.elementCount))
    return tensors.count - 1
  }

  private func dimensions(_ value: PickleValue) -> [Int]? {
    switch value {
    case .tuple(let tuple), .size(let tuple): integers(items(tuple))
    default: nil
    }
  }

  private func elementType(
    _ storage: PickleStorage, _ argument: PickleValue?, _ name: String
  ) throws(CheckpointError) -> DType {
    switch (storage.dtype, argument) {
    case (let dtype?, nil): return dtype
    case (nil, .global(let global)?):
      guard case .elementType(let dtype) = globals[global] else { break }
      return dtype
    default: break
    }
    throw CheckpointError(
      .badTensor, name, "the tensor's storage and element type do not go together")
  }
}

/// The checks on a strided view, in elements.
struct ViewGeometry {
  let elementCount: Int

  /// - Throws: `.badTensor` for a negative number, `.limit` for rank and expanded size,
  ///   `.tensorOutOfBounds` when the last index is not in the storage.
  init(
    name: String, offset: Int, shape: [Int], strides: [Int], available: Int, limits: Limits
  ) throws(CheckpointError) {
    guard shape.count <= limits.rank else {
      throw CheckpointError(
        .limit, name, "the tensor has too many dimensions", found: shape.count, bound: limits.rank)
    }
    guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
      throw CheckpointError(.badTensor, name, "negative offset, size or stride")
    }
    guard let count = Checked.product(shape) else {
      throw CheckpointError(.limit, name, "the tensor's number of elements overflows")
    }
    // offset + sum (size_i - 1) * stride_i is the last element that the view reaches.
    var last: Int? = offset
    if count > 0 {
      for (size, stride) in zip(shape, strides) {
        guard let step = Checked.multiply(size - 1, stride) else {
          last = nil
          break
        }
        last = last.flatMap { Checked.add($0, step) }
      }
    }
    guard let last, count > 0 ? last < available : last <= available else {
      throw CheckpointError(
        .tensorOutOfBounds, name, "the tensor reaches past the end of its storage", found: last,
        bound: available)
    }
    guard count <= max(available, limits.expandedElements) else {
      throw CheckpointError(
        .limit, name, "the tensor repeats its storage too often (stride 0)", found: count,
        bound: max(available, limits.expandedElements))
    }
    elementCount = count
  }
}
