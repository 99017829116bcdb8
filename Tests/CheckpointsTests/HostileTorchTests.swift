import Checkpoints
import Testing

/// Opens `bytes` and reads everything; the code of the refusal, or `nil`.
func refusal(_ bytes: [UInt8], limits: Limits = .standard) -> CheckpointError.Code? {
  do throws(CheckpointError) {
    let checkpoint = try Checkpoint(bytes: bytes, limits: limits)
    for entry in checkpoint.entries { _ = try checkpoint.doubles(named: entry.name) }
    return nil
  } catch {
    return error.code
  }
}

private let storage = bytes(of: [0.5, 0.1, 0.2, 0.3])

/// The refusal of an archive that holds this pickle and one storage of four floats.
private func refusal(pickle: [UInt8]) -> CheckpointError.Code? {
  refusal(ZipBuilder.torch(pickle, storages: [storage]).build())
}

private func refusal(tensor: @escaping (inout PickleBuilder) -> Void) -> CheckpointError.Code? {
  refusal(pickle: PickleBuilder.build { $0.dictionary([("w", tensor)]) })
}

@Suite struct HostilePickleTests {
  @Test func theBuilderIsValid() throws {
    let checkpoint = try Checkpoint(bytes: ZipBuilder.minimal().build())
    #expect(checkpoint.format == .torchZip)
    #expect(try checkpoint.floats(named: "w") == [0.5, 0.1, 0.2, 0.3])
    let legacy = try Checkpoint(bytes: legacyTorch())
    #expect(legacy.format == .torchLegacy)
    #expect(try legacy.floats(named: "w") == [0.5, 0.1, 0.2, 0.3])
  }

  @Test func readsViews() throws {
    let pickle = PickleBuilder.build {
      $0.dictionary([
        ("transposed", { $0.tensor(stride: [1, 2]) }),
        ("expanded", { $0.tensor(offset: 3, size: [3], stride: [0]) }),
        ("column", { $0.tensor(offset: 1, size: [2, 1], stride: [2, .max]) }),
        ("scalar", { $0.tensor(offset: 2, size: [], stride: []) }),
        ("empty", { $0.tensor(size: [0, .max, 4], stride: [1, 1, .max]) }),
      ])
    }
    let checkpoint = try Checkpoint(bytes: ZipBuilder.torch(pickle, storages: [storage]).build())
    #expect(try checkpoint.floats(named: "transposed") == [0.5, 0.2, 0.1, 0.3])
    #expect(try checkpoint.floats(named: "expanded") == [0.3, 0.3, 0.3])
    #expect(try checkpoint.floats(named: "column") == [0.1, 0.3])
    #expect(try checkpoint.floats(named: "scalar") == [0.2])
    #expect(try checkpoint.floats(named: "empty") == [])
    #expect(checkpoint.entries.map(\.name).first == "transposed")
  }

  @Test func readsBigEndianAndUnsigned() throws {
    var zip = ZipBuilder.minimal()
    zip.entries[1] = .init("archive/data/0", Array(storage.reversed()))
    zip.entries.append(.init("archive/byteorder", Array("big".utf8)))
    let big = try Checkpoint(bytes: zip.build())
    #expect(try big.floats(named: "w") == [0.3, 0.2, 0.1, 0.5])

    let pickle = PickleBuilder.build {
      $0.dictionary([
        (
          "w",
          { builder in
            builder.global("torch._utils", "_rebuild_tensor_v3")
            builder.op("((")
            builder.string("storage")
            builder.global("torch.storage", "UntypedStorage")
            builder.string("0")
            builder.string("cpu")
            builder.int(16)
            builder.op("tQ")
            builder.int(1)
            builder.tuple([7])
            builder.tuple([1])
            builder.raw([0x89])
            builder.orderedDictionary()
            builder.global("torch", "uint16")
            builder.op("tR")
          }
        )
      ])
    }
    let words: [UInt8] = (0..<8).flatMap { [UInt8($0), 1] }
    let typed = try Checkpoint(bytes: ZipBuilder.torch(pickle, storages: [words]).build())
    #expect(try typed.integers(named: "w") == (1..<8).map { 256 + $0 })
  }

  @Test func refusesViewsOutsideTheStorage() {
    #expect(refusal { $0.tensor() } == nil)
    #expect(refusal { $0.tensor(offset: 1) } == .tensorOutOfBounds)
    #expect(refusal { $0.tensor(size: [2, 3]) } == .tensorOutOfBounds)
    #expect(refusal { $0.tensor(stride: [3, 1]) } == .tensorOutOfBounds)
    #expect(refusal { $0.tensor(stride: [.max, 1]) } == .tensorOutOfBounds)
    #expect(refusal { $0.tensor(offset: .max, size: [0], stride: [1]) } == .tensorOutOfBounds)
    #expect(refusal { $0.tensor(offset: -1) } == .badTensor)
    #expect(refusal { $0.tensor(size: [-2, -2]) } == .badTensor)
    #expect(refusal { $0.tensor(stride: [-2, 1]) } == .badTensor)
    #expect(refusal { $0.tensor(size: [2], stride: [2, 1]) } == .badTensor)
    #expect(refusal { $0.tensor(size: [1 << 40, 1 << 40], stride: [0, 0]) } == .limit)
    let rank9 = [Int](repeating: 1, count: 9)
    #expect(refusal { $0.tensor(size: rank9, stride: rank9) } == .limit)
  }

  @Test func messagesNameTheTensorAndTheNumbers() {
    let pickle = PickleBuilder.build { $0.dictionary([("rnn.w\n", { $0.tensor(offset: 3) })]) }
    let bytes = ZipBuilder.torch(pickle, storages: [storage]).build()
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(bytes: bytes) }
    #expect(error?.subject == "rnn.w\\u{a}")
    #expect(error?.found == 6)
    #expect(error?.bound == 4)
    #expect(error?.description.hasPrefix("tensor_out_of_bounds: \"rnn.w\\u{a}\": ") == true)
  }

  @Test func refusesExpansionBombs() {
    #expect(refusal { $0.tensor(size: [1 << 20], stride: [0]) } == nil)
    #expect(refusal { $0.tensor(size: [1 << 20 + 1], stride: [0]) } == .limit)
    #expect(refusal { $0.tensor(size: [1 << 62], stride: [0]) } == .limit)
    let many = PickleBuilder.build { builder in
      builder.dictionary(
        (0..<5).map { number in ("w\(number)", { $0.tensor(size: [1 << 20], stride: [0]) }) })
    }
    #expect(refusal(pickle: many) == .limit)
  }

  @Test func refusesStorages() {
    #expect(refusal { $0.tensor("../version") } == .badStorage)
    #expect(refusal { $0.tensor("") } == .badStorage)
    #expect(refusal { $0.tensor("٣") } == .badStorage)
    #expect(refusal { $0.tensor("7") } == .missingStorage)
    #expect(refusal { $0.tensor(count: 5) } == .storageSize)
    #expect(refusal { $0.tensor(count: -4) } == .badStorage)
    #expect(refusal { $0.tensor(count: .max) } == .badStorage)
    #expect(refusal { $0.tensor(type: "QInt8Storage") } == .dtypeUnsupported)
    #expect(refusal { $0.tensor(type: "ComplexFloatStorage") } == .dtypeUnsupported)
    let two = PickleBuilder.build {
      $0.dictionary([
        ("a", { $0.tensor() }), ("b", { $0.tensor(type: "IntStorage") }),
      ])
    }
    #expect(refusal(pickle: two) == .badStorage)
  }

  @Test(arguments: [
    ("os", "system"), ("builtins", "eval"), ("torch", "Size\u{7f}"),
    ("torch.storage", "_load_from_bytes"),
    ("torch._utils", "_rebuild_sparse_tensor"), ("numpy", "dtype"), ("collections ", "OrderedDict"),
    ("numpy.core.multiarray", "scalar"), ("torch.nn.modules.rnn", "RNN"), ("torch", "device"),
  ])
  func refusesNamesWhenSeen(_ module: String, _ name: String) {
    // Never called: the dictionary's value is the function itself.
    #expect(refusal { $0.global(module, name) } == .unsafeGlobal)
  }

  @Test(arguments: [
    "i", "o", "\u{50}", "0", "1", "2", "S'a'\n", "U\u{1}a", "I1\n", "L1L\n", "F1\n", "V1\n", "g0\n",
    "p0\n", "d", "l", "B\u{0}\u{0}\u{0}\u{0}", "C\u{0}",
  ])
  func refusesOpcodes(_ code: String) {
    #expect(refusal { $0.op(code) } == .unsafeOpcode)
  }

  @Test func refusesMalformedPickles() {
    #expect(refusal { $0.op("tQ") } != nil)
    #expect(refusal { $0.op("h\u{9}") } == .pickleMalformed)
    #expect(refusal { $0.op("e") } == .pickleMalformed)
    #expect(refusal { $0.op("R") } == .pickleMalformed)
    #expect(refusal { $0.op("]]e") } == .pickleMalformed)
    #expect(refusal { $0.op("}(Ku") } != nil)
    #expect(refusal { $0.op("}]Ns") } == .pickleMalformed)
    #expect(refusal { $0.raw(Array("}]".utf8) + [0x85] + Array("Ns".utf8)) } == .pickleMalformed)
    #expect(refusal { $0.raw([0x58, 2, 0, 0, 0, 0xc3, 0x28]) } == .pickleMalformed)
    #expect(refusal { $0.raw([0x58, 0xff, 0xff, 0xff, 0xff]) } == .pickleTruncated)
    #expect(refusal { $0.raw([0x80, 2]) } == .pickleMalformed)
    #expect(refusal(pickle: PickleBuilder.minimal() + [0x4e]) == .pickleMalformed)
    #expect(refusal(pickle: PickleBuilder.minimal().dropLast()) == .pickleTruncated)
    #expect(refusal(pickle: []) == .pickleTruncated)
    #expect(refusal(pickle: [0x80, 6, 0x4e, 0x2e]) == .pickleMalformed)
  }

  @Test func refusesDuplicateKeys() {
    let names = (0..<20).map { "w\($0)" }
    for name in ["w0", "w19"] {
      let pickle = PickleBuilder.build { builder in
        builder.dictionary((names + [name]).map { ($0, { $0.tensor() }) })
      }
      #expect(refusal(pickle: pickle) == .duplicateKey)
    }
    // 1, 1.0 and True are one key in Python.
    let one: [UInt8] = [0x47, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]
    #expect(refusal { $0.raw(Array("}(K\u{1}N".utf8) + one + Array("Nu".utf8)) } == .duplicateKey)
    #expect(
      refusal { $0.raw(Array("}(K\u{1}N".utf8) + [0x88] + Array("Nu".utf8)) } == .duplicateKey)
  }

  @Test func refusesDepthCyclesAndExplosions() {
    let deep = 100_000
    #expect(
      refusal {
        $0.op(String(repeating: "]", count: deep) + String(repeating: "a", count: deep - 1))
      } == .limit)
    #expect(refusal { $0.op(String(repeating: "(", count: deep)) } == .limit)
    #expect(refusal { $0.op("]q\u{0}h\u{0}a") } == .pickleMalformed)
    let cycle = PickleBuilder.build {
      $0.op("}q\u{0}")
      $0.string("state_dict")
      $0.op("h\u{0}s")
    }
    #expect(refusal(pickle: cycle) == .pickleMalformed)
    // Each tuple holds the one before twice: 2^60 values in 240 bytes.
    #expect(
      refusal {
        $0.op("N")
        for number in 0..<60 { $0.raw([0x71, UInt8(number), 0x68, UInt8(number), 0x86]) }
      } == .limit)
    #expect(refusal { $0.raw([UInt8](repeating: 0x4e, count: 2_000_000)) } == .limit)
  }

  @Test func choosesTheStateDictionary() throws {
    func names(_ items: [(String, (inout PickleBuilder) -> Void)]) throws -> [String] {
      let pickle = PickleBuilder.build { $0.dictionary(items) }
      let bytes = ZipBuilder.torch(pickle, storages: [storage]).build()
      return try Checkpoint(bytes: bytes).entries.map(\.name)
    }
    func dictionary(_ name: String) -> (inout PickleBuilder) -> Void {
      { $0.dictionary([(name, { $0.tensor() }), ("step", { $0.int(3) })]) }
    }
    let loss: (inout PickleBuilder) -> Void = { $0.tensor(size: [], stride: []) }
    #expect(try names([("a", { $0.tensor() }), ("n", { $0.int(1) })]) == ["a"])
    for name in ["state_dict", "model_state_dict", "model"] {
      #expect(try names([(name, dictionary("a")), ("optimizer", dictionary("b"))]) == ["a"])
    }
    #expect(try names([("state_dict", dictionary("a")), ("loss", loss)]) == ["a"])
    #expect(try names([("loss", loss)]) == ["loss"])
    let twice = [("state_dict", dictionary("a")), ("model", dictionary("b"))]
    #expect(throws: CheckpointError.self) { try names(twice) }
    let both = [("w", { (b: inout PickleBuilder) in b.tensor() }), ("state_dict", dictionary("a"))]
    #expect(throws: CheckpointError.self) { try names(both) }
    #expect(throws: CheckpointError.self) { try names([("optimizer", dictionary("a"))]) }
  }

  @Test func buildOnlyForMetadata() {
    func build(_ target: String, _ times: Int) -> CheckpointError.Code? {
      refusal {
        $0.op(target)
        for _ in 0..<times { $0.op("}b") }
      }
    }
    let ordered = "ccollections\nOrderedDict\n)R"
    #expect(build(ordered, 1) == .noStateDictionary)
    #expect(build(ordered, 2) == .unsafeBuild)
    #expect(build("}", 1) == .unsafeBuild)
    #expect(refusal { $0.op(ordered + "Nb") } == .unsafeBuild)
    #expect(
      refusal { $0.raw(Array("ccollections\nOrderedDict\n]".utf8) + [0x85, 0x52]) } == .unsafeReduce
    )
    #expect(refusal { $0.op("ctorch\nFloatStorage\n)R") } == .unsafeReduce)
  }

  @Test func refusesLegacyFiles() {
    let good = legacyTorch()
    #expect(refusal(good) == nil)
    #expect(refusal(good + [0]) == .legacyMalformed)
    for length in [16, 40, 60, good.count - 30] {
      #expect(refusal(Array(good.prefix(length))) == .pickleTruncated)
    }
    #expect(refusal(good.dropLast()) == .legacyTruncated)
    #expect(refusal(legacyTorch(keys: [], storages: [])) == .missingStorage)
    #expect(refusal(legacyTorch(keys: ["1"])) == .legacyMalformed)
    #expect(refusal(legacyTorch(keys: ["0", "0"])) == .duplicateKey)
    #expect(refusal(legacyTorch(storages: [bytes(of: [1, 2, 3])])) == .storageSize)
    #expect(refusal(legacyTorch(pickle: PickleBuilder.minimal())) == .badStorage)
  }
}
