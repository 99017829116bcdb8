// The entry points of libFuzzer. The reader is the part of the executable's name after "fuzz-".
import Glibc

private enum Reader: String {
  case torchZip = "torch-zip"
  case torchLegacy = "torch-legacy"
  case pickle, safetensors, npy, npz, json
}

nonisolated(unsafe) private var reader = Reader.torchZip

/// Small budgets, so that one input takes well under a millisecond.
private let limits: Limits = {
  var limits = Limits()
  limits.expandedElements = 1 << 10
  limits.expandedTotal = 1 << 12
  limits.inflatedBytes = 1 << 16
  limits.treeValues = 1 << 16
  return limits
}()

@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>
) -> CInt {
  guard let path = arguments.pointee?[0].map({ String(cString: $0) }),
    let name = path.split(separator: "/").last, name.hasPrefix("fuzz-"),
    let chosen = Reader(rawValue: String(name.dropFirst(5)))
  else {
    print("the executable must be called fuzz-READER")
    exit(2)
  }
  reader = chosen
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  switch reader {
  case .json: parse(bytes)
  case .pickle: run(bytes)
  case .torchZip, .torchLegacy, .safetensors, .npy, .npz: open(bytes)
  }
  return 0
}

/// What is accepted must survive being written and read again.
private func parse(_ bytes: [UInt8]) {
  guard let value = try? JSONValue(parsing: bytes) else { return }
  for text in [value.canonicalBytes, value.orderedBytes] {
    guard let again = try? JSONValue(parsing: text) else { fatalError("cannot read what it wrote") }
    guard again.canonicalBytes == value.canonicalBytes else { fatalError("canonical form differs") }
  }
}

private func run(_ bytes: [UInt8]) {
  for persistence in [PickleMachine.Persistence.zip, .legacy] {
    var machine = PickleMachine(bytes, persistence: persistence, limits: limits)
    guard let value = try? machine.run(),
      (try? machine.heap.checkTree(value, limits: limits)) != nil
    else { continue }
    let regions = machine.heap.storages.map { _ in StorageRegion.plain(0) }
    _ = try? machine.heap.records(value, regions: regions, bigEndian: false, limits: limits)
  }
}

private func open(_ bytes: [UInt8]) {
  let checkpoint: Checkpoint
  do {
    checkpoint = try Checkpoint(bytes: bytes, limits: limits)
  } catch {
    guard error.description.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
      fatalError("control character in a message")
    }
    return
  }
  for entry in checkpoint.entries.prefix(32) {
    var length = 0
    guard (try? checkpoint.withCanonicalBytes(of: entry.name, { length += $0.count })) != nil else {
      continue
    }
    guard length == entry.elementCount * entry.dtype.size else { fatalError("wrong length") }
    if let doubles = try? checkpoint.doubles(named: entry.name) {
      guard doubles.count == entry.elementCount else { fatalError("wrong count") }
    }
    _ = try? checkpoint.int32s(named: entry.name)
  }
}
