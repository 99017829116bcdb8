import Checkpoints
import Foundation
import Testing

@Suite struct SafetensorsTests {
  private func header(_ text: String, _ size: Int = 16) -> CheckpointError.Code? {
    refusal(safetensors(text, data: [UInt8](repeating: 0, count: size)))
  }

  private func entry(_ text: String, _ size: Int = 16) -> CheckpointError.Code? {
    header("{\"w\":\(text)}", size)
  }

  @Test func acceptsWhatIsValid() {
    #expect(entry(#"{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}"#) == nil)
    #expect(header(#"{"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}   "#) == nil)
    #expect(header("{}", 0) == nil)
    #expect(
      entry(#"{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,0]}"#, 0) == nil)
  }

  @Test(arguments: [
    (#"{"dtype":"F32","shape":[2.0,2],"data_offsets":[0,16]}"#, CheckpointError.Code.badTensor),
    (#"{"dtype":"F32","shape":[-2,-2],"data_offsets":[0,16]}"#, .badTensor),
    (#"{"dtype":"F32","shape":[4e0],"data_offsets":[0,16]}"#, .badTensor),
    (#"{"dtype":"F32","shape":["4"],"data_offsets":[0,16]}"#, .badTensor),
    (#"{"dtype":"F32","shape":[4],"data_offsets":[16,0]}"#, .badTensor),
    (#"{"dtype":"F32","shape":[4],"data_offsets":[-16,0]}"#, .badTensor),
    (#"{"dtype":"F32","shape":[5],"data_offsets":[0,16]}"#, .storageSize),
    (#"{"dtype":"F64","shape":[4],"data_offsets":[0,16]}"#, .storageSize),
    (#"{"dtype":"F32","shape":[8],"data_offsets":[0,32]}"#, .tensorOutOfBounds),
    (#"{"dtype":"F32","shape":[2],"data_offsets":[8,16]}"#, .safetensorsLayout),
    (#"{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#, .safetensorsLayout),
    (#"{"dtype":"F8_E4M3","shape":[16],"data_offsets":[0,16]}"#, .dtypeUnsupported),
    (#"{"dtype":"F32","shape":[4],"data_offsets":[0,16],"x":0}"#, .safetensorsHeader),
    (#"{"dtype":"F32","shape":[4]}"#, .safetensorsHeader),
    (#"{"dtype":"F32","shape":[4],"data_offsets":[0,16,16]}"#, .safetensorsHeader),
    (#"{"dtype":"F32","dtype":"F32","shape":[4],"data_offsets":[0,16]}"#, .duplicateKey),
    (#"{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,16]}"#, .limit),
    (#"{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,4],"data_offsets":[0,16]}"#, .limit),
    ("3", .safetensorsHeader),
  ])
  func refusesEntries(_ text: String, _ code: CheckpointError.Code) {
    #expect(entry(text) == code)
  }

  @Test func refusesHeaders() {
    let w = #""w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#
    let v = #""v":{"dtype":"F32","shape":[3],"data_offsets":[4,16]}"#
    #expect(header("{\(w),\(w)}", 8) == .duplicateKey)
    #expect(header("{\(w),\(v)}") == .safetensorsLayout)
    #expect(header(#"{"__metadata__":{"a":1}}"#, 0) == .safetensorsHeader)
    #expect(header(#"{"__metadata__":{"a":"b","a":"c"}}"#, 0) == .duplicateKey)
    #expect(header("{" + String(repeating: #""a":{"#, count: 99), 0) == .limit)
    #expect(header(#"{"w":NaN}"#, 0) == .safetensorsHeader)
    #expect(header(" {}", 0) == .unknownFormat)
    #expect(refusal(littleEndian(UInt64.max) + [0x7b, 0x7d]) == .safetensorsTruncated)
    #expect(refusal(littleEndian(UInt64(3)) + [0x7b, 0x7d]) == .safetensorsTruncated)
    var limits = Limits.standard
    limits.safetensorsHeaderBytes = 10
    let bytes = safetensors("{\(w)}", data: [UInt8](repeating: 0, count: 8))
    #expect(refusal(bytes, limits: limits) == .limit)
    #expect(refusal(bytes) == nil)
  }

  @Test func writesAndReads() throws {
    let path = NSTemporaryDirectory() + "certify-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let tensors = [
      try Tensor(name: "b\"é\n", shape: [2, 3], floats: [1, -0.0, .nan, .infinity, 0x1p-149, 3]),
      try Tensor(name: "a", shape: [], doubles: [0x1.fffffffffffffp1023]),
      try Tensor(name: "i", shape: [3], int32s: [.min, 0, .max]),
      try Tensor(name: "l", shape: [2], integers: [.min, .max]),
      try Tensor(name: "empty", shape: [0, 4], doubles: []),
      try Tensor(name: "flag", dtype: .bool, shape: [3], bytes: [1, 0, 1]),
    ]
    try writeSafetensors(tensors, metadata: ["z": "1", "certify.network": "[x]\n"], to: path)
    let first = try #require(FileManager.default.contents(atPath: path))
    let checkpoint = try Checkpoint(contentsOf: path)
    #expect(checkpoint.metadata == ["z": "1", "certify.network": "[x]\n"])
    #expect(checkpoint.entries.map(\.name) == ["a", "empty", "l", "b\"é\n", "i", "flag"])
    for tensor in tensors { #expect(try checkpoint.tensor(named: tensor.name) == tensor) }
    #expect(try checkpoint.int32s(named: "i") == [.min, 0, .max])
    #expect(try checkpoint.integers(named: "l") == [.min, .max])
    #expect(try checkpoint.doubles(named: "flag") == [1, 0, 1])
    #expect(throws: CheckpointError.self) { try checkpoint.int32s(named: "l") }
    #expect(throws: CheckpointError.self) { try checkpoint.doubles(named: "l") }
    #expect(throws: CheckpointError.self) { try checkpoint.floats(named: "a") }
    #expect(throws: CheckpointError.self) { try checkpoint.tensor(named: "none") }
    let headerLength = Array(first.prefix(8)).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect((8 + headerLength).isMultiple(of: 8))

    try writeSafetensors(tensors.reversed(), metadata: checkpoint.metadata, to: path)
    #expect(FileManager.default.contents(atPath: path) == first)
    #expect(throws: CheckpointError.self) { try writeSafetensors(tensors + [tensors[0]], to: path) }
    #expect(FileManager.default.contents(atPath: path) == first)
  }

  @Test func tensorsCheckTheirShape() {
    #expect(throws: CheckpointError.self) { try Tensor(name: "w", shape: [2], doubles: [1]) }
    #expect(throws: CheckpointError.self) { try Tensor(name: "w", shape: [-1], doubles: []) }
    #expect(throws: CheckpointError.self) {
      try Tensor(name: "w", shape: [.max, .max], doubles: [])
    }
  }

  @Test func atomicFilesAppearCompleteOrNotAtAll() throws {
    let folder = NSTemporaryDirectory() + "certify-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/model"
    try AtomicFile.write([1, 2, 3], to: path)
    func contents() throws -> [UInt8] {
      Array(try #require(FileManager.default.contents(atPath: path)))
    }
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder) }
    // Dropped without commit: the old file stays, the temporary one is gone.
    do {
      var file = try AtomicFile(path: path)
      try file.write([9, 9])
      #expect(try names().count == 2)
    }
    #expect(try contents() == [1, 2, 3])
    #expect(try names() == ["model"])
    // Removing the folder's entry under the writer makes the rename fail.
    var file = try AtomicFile(path: path)
    try file.write([9])
    for name in try names() where name != "model" {
      try FileManager.default.removeItem(atPath: folder + "/" + name)
    }
    var failed = false
    do { try file.commit() } catch { failed = error.code == .io }
    #expect(failed)
    #expect(try contents() == [1, 2, 3])
    try AtomicFile.write([4], to: path)
    #expect(try contents() == [4])
    #expect(try names() == ["model"])
    #expect(throws: CheckpointError.self) { try AtomicFile.write([1], to: folder + "/none/model") }
    #expect(throws: CheckpointError.self) { try AtomicFile.write([1], to: folder) }
    #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: folder) }
    #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: folder + "/none") }
  }
}
