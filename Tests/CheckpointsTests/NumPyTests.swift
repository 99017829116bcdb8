import Checkpoints
import Testing

@Suite struct NumPyTests {
  private let four = bytes(of: [1, 2, 3, 4])

  private func header(_ text: String) -> CheckpointError.Code? { refusal(npy(text, data: four)) }

  private func read(_ text: String, _ data: [UInt8]) throws -> [Double] {
    try Checkpoint(bytes: npy(text, data: data)).doubles(named: "array")
  }

  @Test func readsOrdersAndTypes() throws {
    let c = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }"
    #expect(try read(c, four) == [1, 2, 3, 4])
    let checkpoint = try Checkpoint(bytes: npy(c, data: four))
    #expect(checkpoint.entries.map(\.name) == [""])
    #expect(try checkpoint.floats(named: "") == [1, 2, 3, 4])
    let f = "{'shape':(2,2),'fortran_order':True,'descr':\"<f4\"}"
    #expect(try read(f, four) == [1, 3, 2, 4])
    let big = "{'descr': '>f4', 'fortran_order': False, 'shape': (4,), }"
    #expect(try read(big, four.reversed()) == [4, 3, 2, 1])
    let both = "{'descr': '>f4', 'fortran_order': True, 'shape': (2, 2), }"
    #expect(try read(both, four.reversed()) == [4, 2, 3, 1])
    #expect(
      try read(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (), }", littleEndian((-2.5).bitPattern))
        == [-2.5])
    #expect(
      try read("{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }", [0xff, 0xff, 1, 0]) == [
        -1, 1,
      ])
    #expect(
      try read("{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", [1, 0]) == [1, 0])
    #expect(try read("{'descr': '<f8', 'fortran_order': True, 'shape': (0, 3), }", []) == [])
    #expect(
      try read("{'descr': '<f2', 'fortran_order': False, 'shape': (2L,), }", [0, 0x3c, 1, 0]) == [
        1, 0x1p-24,
      ])
  }

  @Test(arguments: [
    ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", CheckpointError.Code.npyObject),
    ("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }", .dtypeUnsupported),
    ("{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }", .dtypeUnsupported),
    ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (4,), }", .dtypeUnsupported),
    ("{'descr': '=f4', 'fortran_order': False, 'shape': (4,), }", .dtypeUnsupported),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", .npyTrailing),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }", .npyTruncated),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (4), }", .npyHeader),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (4.0,), }", .npyHeader),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-4,), }", .npyHeader),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (04,), }", .npyHeader),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': (4,), }", .npyHeader),
    ("{'descr': '<f4', 'shape': (4,), }", .npyHeader),
    ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (4,)}", .npyHeader),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), 'x': 1}", .npyHeader),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), } + x", .npyHeader),
    ("{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (4,), }", .npyHeader),
    ("__import__('os').system('id')", .npyHeader),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,), }", .badTensor),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", .limit),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,4), }", .limit),
    ("{'descr': '<f4', 'fortran_order': Fals", .npyHeader), ("", .npyHeader),
  ])
  func refusesHeaders(_ text: String, _ code: CheckpointError.Code) {
    #expect(header(text) == code)
  }

  @Test func refusesPrefixes() {
    let good = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", data: four)
    #expect(refusal(good) == nil)
    for length in 6..<good.count { #expect(refusal(Array(good.prefix(length))) == .npyTruncated) }
    var version = good
    version[6] = 9
    #expect(refusal(version) == .npyVersion)
    let long: [UInt8] = Array(good.prefix(6)) + [2, 0, 0xff, 0xff, 0xff, 0xff]
    #expect(refusal(long) == .limit)
  }

  @Test func readsArchives() throws {
    let array = npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", data: four)
    var zip = ZipBuilder()
    zip.entries = [
      .init("w.npy", array),
      .init(
        "deep/v.npy", deflated: ZipBuilder.storedBlock(array), size: array.count,
        crc: ZipBuilder.crc32(array)),
    ]
    let checkpoint = try Checkpoint(bytes: zip.build())
    #expect(checkpoint.format == .npz)
    #expect(checkpoint.entries.map(\.name) == ["w", "deep/v"])
    for name in ["w", "deep/v"] {
      #expect(try checkpoint.floats(named: name) == [1, 3, 2, 4])
      var hashed: [UInt8] = []
      try checkpoint.withCanonicalBytes(of: name) { hashed += $0 }
      #expect(hashed == bytes(of: [1, 3, 2, 4]))
    }
    zip.entries[1].crc ^= 1
    #expect(refusal(zip.build()) == .zipCRC)
    zip.entries[1].crc ^= 1
    zip.entries[0].crc ^= 1
    #expect(refusal(zip.build()) == .zipCRC)
    zip.entries[0] = .init("w.npy", Array(array.dropLast()))
    #expect(refusal(zip.build()) == .npyTruncated)
    zip.entries[0] = .init("w.txt", array)
    #expect(refusal(zip.build()) == .notTorch)
  }

  @Test func messagesAreOneBoundedLine() {
    let name = String(repeating: "\u{1b}[31m\u{202e}", count: 100)
    let text =
      #"{"w\u001b\u202e\#(String(repeating: "x", count: 500))":{"dtype":"\u0007","shape":[],"data_offsets":[0,0]}}"#
    for bytes in [safetensors(text), npy("{'\(name)': 1}"), npy("{'descr': '\(name)'}")] {
      do {
        _ = try Checkpoint(bytes: bytes)
        Issue.record("accepted")
      } catch {
        #expect(
          error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202e })
        #expect(error.description.count < 500)
      }
    }
  }
}
