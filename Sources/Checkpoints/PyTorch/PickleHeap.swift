/// A value on the pickle stack. Compound values are indices into a ``PickleHeap``: the values are
/// trivial to copy, and releasing a deep structure needs no recursion.
enum PickleValue: BitwiseCopyable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  /// An integer of more than 64 bits; its value is not kept.
  case longInt
  case float(Double)
  case string(Int)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  /// `torch.Size`, a tuple of integers.
  case size(Int)
  case global(Int)
  case storage(Int)
  case tensor(Int)
}

/// A storage that a persistent id declares: element type, key and number of elements.
struct PickleStorage: Sendable, Hashable {
  let key: String
  /// `nil` for `UntypedStorage`.
  let dtype: DType?
  /// Elements, or bytes when `dtype` is `nil`.
  let count: Int

  /// Declared size in bytes, `nil` when it overflows.
  var byteCount: Int? { Checked.multiply(count, dtype?.size ?? 1) }
}

/// A tensor as `_rebuild_tensor_v2` is given it: a view of a storage, checked against it.
struct PickleTensor: Sendable {
  let storage: Int
  let dtype: DType
  /// In elements.
  let offset: Int
  let shape: [Int]
  /// In elements.
  let strides: [Int]
  let elementCount: Int
}

/// A key of a dictionary, equal where Python's keys are.
enum PickleKey: Hashable, Sendable {
  case null
  case int(Int)
  case float(UInt64)
  case string(String)
  /// Tuples and the like: kept apart, never equal, never a tensor's name.
  case opaque(Int)
}

/// Everything a pickle builds.
struct PickleHeap {
  struct Tuple {
    let start: Int
    let count: Int
    let hashable: Bool
  }

  struct Dictionary {
    var keys: [PickleKey] = []
    var values: [PickleValue] = []
    /// Filled from the ninth key on; until then a linear search is cheaper.
    var seen: Set<PickleKey> = []
    let ordered: Bool
    var built = false

    /// Adds an item; `false` when the key is there already.
    mutating func insert(_ key: PickleKey, _ value: PickleValue) -> Bool {
      if keys.count < 8 {
        guard !keys.contains(key) else { return false }
      } else {
        if seen.isEmpty { seen = Set(keys) }
        guard seen.insert(key).inserted else { return false }
      }
      keys.append(key)
      values.append(value)
      return true
    }
  }

  var strings: [String] = []
  var globals: [AllowedGlobal] = []
  var tupleItems: [PickleValue] = []
  var tuples: [Tuple] = []
  var lists: [[PickleValue]] = []
  var dictionaries: [Dictionary] = []
  var storages: [PickleStorage] = []
  var storageOfKey: [String: Int] = [:]
  var tensors: [PickleTensor] = []

  /// The items of a tuple or `torch.Size`.
  func items(_ tuple: Int) -> ArraySlice<PickleValue> {
    let node = tuples[tuple]
    return tupleItems[node.start..<node.start + node.count]
  }

  mutating func addTuple(_ items: ArraySlice<PickleValue>) -> Int {
    tuples.append(
      Tuple(start: tupleItems.count, count: items.count, hashable: items.allSatisfy(isHashable)))
    tupleItems.append(contentsOf: items)
    return tuples.count - 1
  }

  private func isHashable(_ value: PickleValue) -> Bool {
    switch value {
    case .list, .dictionary: false
    case .tuple(let tuple), .size(let tuple): tuples[tuple].hashable
    default: true
    }
  }

  /// The dictionary key for a value; `nil` for what Python cannot hash.
  func key(_ value: PickleValue) -> PickleKey? {
    switch value {
    case .null: .null
    case .bool(let flag): .int(flag ? 1 : 0)
    case .int(let number): .int(number)
    case .float(let number): Int(exactly: number).map { .int($0) } ?? .float(number.bitPattern)
    case .string(let string): .string(strings[string])
    case .tuple(let tuple), .size(let tuple): tuples[tuple].hashable ? .opaque(tuple) : nil
    case .longInt, .global, .storage, .tensor: .opaque(-1)
    case .list, .dictionary: nil
    }
  }

  /// The string of a value, if it is one.
  func string(_ value: PickleValue?) -> String? {
    guard case .string(let string)? = value else { return nil }
    return strings[string]
  }

  /// The value under a text key of a dictionary.
  func value(in dictionary: Int, _ name: String) -> PickleValue? {
    let node = dictionaries[dictionary]
    return node.keys.firstIndex(of: .string(name)).map { node.values[$0] }
  }
}
