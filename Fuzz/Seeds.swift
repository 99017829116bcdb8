// Writes small valid files, made by the builders of the tests, as seeds: one folder per reader.
import Glibc

@main
enum Seeds {
  static func main() {
    guard CommandLine.arguments.count == 2 else { return }
    let root = CommandLine.arguments[1]
    let values = bytes(of: [0.5, 0.1, 0.2, 0.3])
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }"
    let array = npy(header, data: values)
    var deflated = ZipBuilder()
    deflated.entries.append(
      .init(
        "w.npy", deflated: ZipBuilder.storedBlock(array), size: array.count,
        crc: ZipBuilder.crc32(array)))
    var stored = ZipBuilder()
    stored.entries = [.init("w.npy", array), .init("v.npy", array)]
    var zip64 = ZipBuilder.minimal()
    zip64.zip64 = { _ in }
    var packed = ZipBuilder.minimal()
    packed.entries[1] = .init(
      "archive/data/0", deflated: ZipBuilder.storedBlock(values), size: 16,
      crc: ZipBuilder.crc32(values))
    let nested = PickleBuilder.build {
      $0.dictionary([
        ("epoch", { $0.int(70_000) }), ("lr", { $0.raw([0x47, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0]) }),
        ("state_dict", { $0.dictionary([("w", { $0.tensor(stride: [1, 2]) })]) }),
        ("list", { $0.op("](K\u{1}Ne") }),
      ])
    }
    let metadata = PickleBuilder.build {
      $0.orderedDictionary()
      $0.op("(")
      $0.string("w")
      $0.tensor()
      $0.op("u}")
      $0.string("_metadata")
      $0.orderedDictionary()
      $0.op("sb")
    }
    let protocol4: [UInt8] =
      [0x80, 4, 0x95, 12, 0, 0, 0, 0, 0, 0, 0, 0x7d, 0x94, 0x8c, 1, 0x61, 0x94, 0x4b, 1, 0x73]
      + [0x68, 0, 0x30, 0x2e]
    let pickles = [PickleBuilder.minimal(), nested, metadata, protocol4]
    let json = [
      #"{"a": [1, -2.5e3, "x\u00e9\ud83d\ude00", true, false, null], "b": {}}"#, "[[[]]]", "-0",
    ]
    let tensors = [
      safetensors(#"{"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}"#, data: values),
      safetensors(
        #"{"__metadata__":{"a":"b"},"w":{"dtype":"F64","shape":[1],"data_offsets":[8,16]},"#
          + #""v":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}"#, data: values),
    ]
    let arrays = [
      array, npy("{'descr': '>f8', 'fortran_order': True, 'shape': (2,), }", data: values),
    ]
    let seeds: [(String, [[UInt8]])] = [
      (
        "torch-zip",
        [ZipBuilder.minimal().build(), zip64.build(), packed.build()]
          + [nested, metadata].map { ZipBuilder.torch($0, storages: [values]).build() }
      ),
      ("torch-legacy", [legacyTorch()]),
      ("pickle", pickles), ("safetensors", tensors), ("npy", arrays),
      ("npz", [stored.build(), deflated.build()]), ("json", json.map { Array($0.utf8) }),
    ]
    for (reader, files) in seeds {
      mkdir("\(root)/\(reader)", 0o777)
      for (number, file) in files.enumerated() {
        guard let output = fopen("\(root)/\(reader)/seed\(number)", "wb") else { exit(1) }
        fwrite(file, 1, file.count, output)
        fclose(output)
      }
    }
  }
}
