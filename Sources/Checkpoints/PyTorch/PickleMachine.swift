/// A pickle machine that builds plain data and tensor descriptions, and can do nothing else.
///
/// It knows the opcodes of ``PickleOpcode`` and the names of ``AllowedGlobal``. Objects are not
/// made, names not imported, functions not called: REDUCE recognises five shapes and BUILD one.
/// Source: Python `pickletools`; PyTorch `torch/serialization.py`, `torch/_utils.py`.
struct PickleMachine {
  /// How persistent ids look: 5 items in a zip archive, 6 in the legacy format.
  enum Persistence { case none, zip, legacy }

  var heap = PickleHeap()
  let limits: Limits
  private let persistence: Persistence
  private let bytes: [UInt8]
  private(set) var position: Int
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  /// A machine that reads one pickle starting at `position` of `bytes`.
  init(_ bytes: [UInt8], at position: Int = 0, persistence: Persistence, limits: Limits) {
    self.bytes = bytes
    self.position = position
    self.persistence = persistence
    self.limits = limits
  }

  /// Executes up to STOP; `position` is then behind it.
  ///
  /// - Throws: `.pickleTruncated`, `.pickleMalformed`, `.unsafeOpcode`, `.unsafeGlobal`,
  ///   `.unsafeReduce`, `.unsafeBuild`, `.badTensor`, `.badStorage`, `.tensorOutOfBounds`,
  ///   `.dtypeUnsupported`, `.duplicateKey`, `.limit`.
  mutating func run() throws(CheckpointError) -> PickleValue {
    guard try byte() == PickleOpcode.proto.rawValue else {
      throw malformed("does not start with PROTO")
    }
    let version = try byte()
    guard (2...5).contains(version) else {
      throw CheckpointError(
        .pickleMalformed, nil, "the pickle protocol is not 2, 3, 4 or 5", found: Int(version))
    }
    var executed = 0
    while true {
      executed += 1
      guard executed <= limits.opcodes else { throw limit("opcodes", limits.opcodes) }
      let code = try byte()
      guard let opcode = PickleOpcode(rawValue: code) else {
        throw CheckpointError(
          .unsafeOpcode, nil,
          "the pickle uses \(PickleOpcode.refusedName(code)), which torch.save does not write",
          found: Int(code))
      }
      if opcode == .stop { break }
      try execute(opcode)
    }
    guard stack.count == 1, marks.isEmpty else {
      throw malformed("does not leave exactly one value")
    }
    return stack[0]
  }

  private mutating func execute(_ opcode: PickleOpcode) throws(CheckpointError) {
    switch opcode {
    case .proto, .stop: throw malformed("has PROTO in the middle")
    case .frame:
      let length = try littleEndian(8)
      guard length <= UInt64(bytes.count - position) else { throw truncated() }
    case .mark:
      guard marks.count < limits.marks else { throw limit("open marks", limits.marks) }
      marks.append(stack.count)
    case .none: try push(.null)
    case .newTrue: try push(.bool(true))
    case .newFalse: try push(.bool(false))
    case .binInt: try push(.int(Int(Int32(truncatingIfNeeded: littleEndian(4)))))
    case .binInt1: try push(.int(Int(littleEndian(1))))
    case .binInt2: try push(.int(Int(littleEndian(2))))
    case .long1: try push(long())
    case .binFloat: try push(.float(Double(bitPattern: littleEndian(8).byteSwapped)))
    case .binUnicode: try pushString(length: littleEndian(4))
    case .shortBinUnicode: try pushString(length: littleEndian(1))
    case .emptyTuple: try push(.tuple(heap.addTuple([])))
    case .tuple1: try makeTuple(from: stack.count - 1)
    case .tuple2: try makeTuple(from: stack.count - 2)
    case .tuple3: try makeTuple(from: stack.count - 3)
    case .tuple: try makeTuple(from: popMark())
    case .emptyList:
      try countContainer()
      heap.lists.append([])
      try push(.list(heap.lists.count - 1))
    case .emptyDictionary: try pushDictionary(ordered: false)
    case .append: try append(from: stack.count - 1)
    case .appends: try append(from: popMark())
    case .setItem: try setItems(from: stack.count - 2)
    case .setItems: try setItems(from: popMark())
    case .binPut: try put(littleEndian(1))
    case .longBinPut: try put(littleEndian(4))
    case .memoize: try put(UInt64(memo.count))
    case .binGet: try get(littleEndian(1))
    case .longBinGet: try get(littleEndian(4))
    case .global: try pushGlobal(module: line(), name: line())
    case .stackGlobal:
      let name = try heap.string(pop())
      let module = try heap.string(pop())
      guard let name, let module else { throw malformed("has STACK_GLOBAL without two strings") }
      try pushGlobal(module: module, name: name)
    case .binPersistentID: try push(.storage(storage(pop())))
    case .reduce: try reduce()
    case .build: try build()
    }
  }

  // MARK: Reading

  private mutating func byte() throws(CheckpointError) -> UInt8 {
    guard position < bytes.count else { throw truncated() }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func littleEndian(_ count: Int) throws(CheckpointError) -> UInt64 {
    guard bytes.count - position >= count else { throw truncated() }
    var value: UInt64 = 0
    for number in 0..<count { value |= UInt64(bytes[position + number]) << UInt64(8 * number) }
    position += count
    return value
  }

  /// LONG1: a two's complement integer of up to 255 bytes.
  private mutating func long() throws(CheckpointError) -> PickleValue {
    let count = Int(try byte())
    guard count <= 8 else {
      guard bytes.count - position >= count else { throw truncated() }
      position += count
      return .longInt
    }
    guard count > 0 else { return .int(0) }
    let value = try littleEndian(count)
    let shift = UInt64(64 - 8 * count)
    return .int(Int(Int64(bitPattern: value << shift) >> Int64(shift)))
  }

  private mutating func pushString(length: UInt64) throws(CheckpointError) {
    guard length <= UInt64(bytes.count - position) else { throw truncated() }
    let end = position + Int(length)
    guard let string = String(validating: bytes[position..<end], as: UTF8.self) else {
      throw malformed("holds text that is not UTF-8")
    }
    position = end
    guard heap.strings.count < limits.strings else { throw limit("texts", limits.strings) }
    heap.strings.append(string)
    try push(.string(heap.strings.count - 1))
  }

  /// A line of GLOBAL: text up to a newline, at most 256 bytes.
  private mutating func line() throws(CheckpointError) -> String {
    let start = position
    while try byte() != UInt8(ascii: "\n") {
      guard position - start <= 256 else { throw malformed("names an object of over 256 bytes") }
    }
    guard let text = String(validating: bytes[start..<position - 1], as: UTF8.self) else {
      throw malformed("names an object that is not UTF-8")
    }
    return text
  }

  // MARK: Stack and memo

  private mutating func push(_ value: PickleValue) throws(CheckpointError) {
    guard stack.count < limits.stackDepth else {
      throw limit("values on the stack", limits.stackDepth)
    }
    stack.append(value)
  }

  /// The lowest stack position that the current mark leaves free.
  private var floor: Int { marks.last ?? 0 }

  private mutating func pop() throws(CheckpointError) -> PickleValue {
    guard stack.count > floor else { throw underflow() }
    return stack.removeLast()
  }

  private mutating func popMark() throws(CheckpointError) -> Int {
    guard let mark = marks.popLast() else { throw malformed("closes a mark that is not open") }
    return mark
  }

  private mutating func makeTuple(from start: Int) throws(CheckpointError) {
    guard start >= floor else { throw underflow() }
    let tuple = heap.addTuple(stack[start...])
    stack.removeSubrange(start...)
    try push(.tuple(tuple))
  }

  private mutating func put(_ key: UInt64) throws(CheckpointError) {
    guard let value = stack.last, stack.count > floor else { throw underflow() }
    guard memo.count < limits.memoEntries else { throw limit("memo entries", limits.memoEntries) }
    memo[Int(truncatingIfNeeded: key)] = value
  }

  private mutating func get(_ key: UInt64) throws(CheckpointError) {
    guard let value = memo[Int(truncatingIfNeeded: key)] else {
      throw malformed("reads a memo entry that was never set")
    }
    try push(value)
  }

  // MARK: Containers

  private func countContainer() throws(CheckpointError) {
    guard heap.lists.count + heap.dictionaries.count < limits.containers else {
      throw limit("lists and dictionaries", limits.containers)
    }
  }

  private mutating func pushDictionary(ordered: Bool) throws(CheckpointError) {
    try countContainer()
    heap.dictionaries.append(PickleHeap.Dictionary(ordered: ordered))
    try push(.dictionary(heap.dictionaries.count - 1))
  }

  private mutating func append(from start: Int) throws(CheckpointError) {
    guard start > floor else { throw underflow() }
    guard case .list(let list) = stack[start - 1] else {
      throw malformed("appends to something that is not a list")
    }
    heap.lists[list].append(contentsOf: stack[start...])
    stack.removeSubrange(start...)
  }

  private mutating func setItems(from start: Int) throws(CheckpointError) {
    guard start > floor else { throw underflow() }
    guard case .dictionary(let dictionary) = stack[start - 1] else {
      throw malformed("sets an item of something that is not a dictionary")
    }
    guard (stack.count - start).isMultiple(of: 2) else {
      throw malformed("sets a dictionary item without a value")
    }
    for at in stride(from: start, to: stack.count, by: 2) {
      guard let key = heap.key(stack[at]) else {
        throw malformed("has a dictionary key that cannot be hashed")
      }
      if case .opaque = key {
        heap.dictionaries[dictionary].keys.append(.opaque(at))
        heap.dictionaries[dictionary].values.append(stack[at + 1])
      } else if !heap.dictionaries[dictionary].insert(key, stack[at + 1]) {
        let name = heap.string(stack[at])
        throw CheckpointError(
          .duplicateKey, name, "a dictionary has this key twice; PyTorch would take the last one")
      }
    }
    stack.removeSubrange(start...)
  }

  private mutating func pushGlobal(module: String, name: String) throws(CheckpointError) {
    heap.globals.append(try AllowedGlobal(module: module, name: name))
    try push(.global(heap.globals.count - 1))
  }

  // MARK: Persistent ids, REDUCE and BUILD

  /// The storage that `('storage', type, key, location, count)` declares.
  private mutating func storage(_ id: PickleValue) throws(CheckpointError) -> Int {
    guard persistence != .none else {
      throw malformed("refers to a storage where none can be")
    }
    guard case .tuple(let tuple) = id else {
      throw CheckpointError(.badStorage, nil, "a storage reference is not a tuple")
    }
    let items = Array(heap.items(tuple))
    return try heap.declareStorage(items, legacy: persistence == .legacy, limits: limits)
  }

  /// The text just below what is being built: the dictionary key of a tensor, as its name in
  /// messages. A parameter's function stands between the two.
  private var nearbyName: String? {
    for value in stack.suffix(2).reversed() {
      if let name = heap.string(value) { return name }
    }
    return nil
  }

  private mutating func reduce() throws(CheckpointError) {
    let arguments = try pop()
    let function = try pop()
    guard case .global(let global) = function, case .tuple(let tuple) = arguments else {
      throw CheckpointError(
        .unsafeReduce, nil, "the pickle calls something that is no known function on a tuple")
    }
    let items = Array(heap.items(tuple))
    let name = nearbyName
    switch heap.globals[global] {
    case .orderedDictionary:
      guard items.isEmpty else {
        throw CheckpointError(.unsafeReduce, "OrderedDict", "called with arguments")
      }
      try pushDictionary(ordered: true)
    case .size:
      guard items.count == 1, case .tuple(let sizes) = items[0],
        heap.integers(heap.items(sizes)) != nil
      else {
        throw CheckpointError(
          .badTensor, "torch.Size", "called with something else than a tuple of integers")
      }
      try push(.size(sizes))
    case .rebuildTensorV2:
      try push(.tensor(heap.rebuildTensor(items, typed: false, name: name, limits: limits)))
    case .rebuildTensorV3:
      try push(.tensor(heap.rebuildTensor(items, typed: true, name: name, limits: limits)))
    case .rebuildParameter:
      guard items.count == 3, case .tensor(let tensor) = items[0], case .bool = items[1],
        heap.isEmptyOrderedDictionary(items[2])
      else {
        throw CheckpointError(
          .badTensor, name, "a parameter is not a tensor, a bool and an empty OrderedDict")
      }
      try push(.tensor(tensor))
    case .storage, .untypedStorage, .elementType:
      throw CheckpointError(.unsafeReduce, nil, "the pickle calls a storage or element type")
    }
  }

  /// BUILD gives a state dictionary its `_metadata`: ignored, and allowed nowhere else.
  private mutating func build() throws(CheckpointError) {
    let state = try pop()
    guard stack.count > floor, case .dictionary(let target)? = stack.last,
      heap.dictionaries[target].ordered, !heap.dictionaries[target].built,
      case .dictionary = state
    else {
      throw CheckpointError(
        .unsafeBuild, nil, "the pickle sets the state of something that is no OrderedDict")
    }
    heap.dictionaries[target].built = true
  }

  // MARK: Errors

  private func truncated() -> CheckpointError {
    CheckpointError(
      .pickleTruncated, nil, "the pickle ends in the middle", found: position, bound: bytes.count)
  }

  private func malformed(_ reason: String) -> CheckpointError {
    CheckpointError(.pickleMalformed, nil, "the pickle \(reason)", found: position)
  }

  private func underflow() -> CheckpointError { malformed("takes a value from an empty stack") }

  private func limit(_ what: String, _ bound: Int) -> CheckpointError {
    CheckpointError(.limit, nil, "the pickle has too many \(what)", bound: bound)
  }
}
