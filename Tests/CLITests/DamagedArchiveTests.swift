import Checkpoints
import Foundation
import Testing

/// A PyTorch archive with a changed byte is damaged, whatever its tensors are called.
@Suite("CLI: damaged archives") struct DamagedArchiveTests {
  /// `torch.save({"w": tensor([[0, 1/2], [-1/2, 0]])}, …)`, stored: no layout knows it.
  static let archive =
    """
    UEsDBBQAAAAAAAAAIQBtxESAjQAAAI0AAAAKAAAAbS9kYXRhLnBrbIACfShYAQAAAHdjdG9yY2guX3V0aWxzCl9y
    ZWJ1aWxkX3RlbnNvcl92MgooKFgHAAAAc3RvcmFnZWN0b3JjaApGbG9hdFN0b3JhZ2UKWAEAAAAwWAMAAABjcHVL
    BHRRSwAoSwJLAnQoSwJLAXSJY2NvbGxlY3Rpb25zCk9yZGVyZWREaWN0CilSdFJ1LlBLAwQUAAAAAAAAACEAk9uk
    jxAAAAAQAAAACAAAAG0vZGF0YS8wAAAAAAAAAD8AAAC/AAAAAFBLAwQUAAAAAAAAACEA0Z5nVQIAAAACAAAACQAA
    AG0vdmVyc2lvbjMKUEsBAhQDFAAAAAAAAAAhAG3ERICNAAAAjQAAAAoAAAAAAAAAAAAAAIABAAAAAG0vZGF0YS5w
    a2xQSwECFAMUAAAAAAAAACEAk9ukjxAAAAAQAAAACAAAAAAAAAAAAAAAgAG1AAAAbS9kYXRhLzBQSwECFAMUAAAA
    AAAAACEA0Z5nVQIAAAACAAAACQAAAAAAAAAAAAAAgAHrAAAAbS92ZXJzaW9uUEsFBgAAAAADAAMApQAAABQBAAAA
    AA==
    """

  /// The archive, or the archive with one byte of its weights changed.
  private func write(_ name: String, in folder: TemporaryFolder, isDamaged: Bool) throws {
    var bytes = try #require(Data(base64Encoded: Self.archive, options: .ignoreUnknownCharacters))
    let weights = Data([0, 0, 0, 0, 0, 0, 0, 0x3f, 0, 0, 0, 0xbf, 0, 0, 0, 0])
    let place = try #require(bytes.range(of: weights))
    if isDamaged { bytes[place.lowerBound] = 1 }
    try bytes.write(to: URL(fileURLWithPath: folder.file(name)))
  }

  @Test("the CRC is looked at before anything is said of layouts") func damaged() throws {
    let folder = TemporaryFolder()
    for (name, isDamaged, code) in [
      ("whole.pt", false, "unrecognised_layout"), ("damaged.pt", true, "zip_crc"),
    ] {
      try write(name, in: folder, isDamaged: isDamaged)
      for more in [[], ["--step", "0.1"]] {
        let run = try Certify.run(["check", name, "--format", "json"] + more, in: folder.path)
        #expect(run.status == 3, "\(run.testDescription)")
        #expect(try run.objects()[0]["code"] == .string(code), "\(run.testDescription)")
      }
      // The headers are sound, and inspect reads no more of a file than it can say.
      let inspected = try Certify.run("inspect", name, in: folder.path)
      #expect(inspected.status == 0 && inspected.output.contains("w"))
    }
    let run = try Certify.run("check", "damaged.pt", in: folder.path)
    #expect(run.output.contains("data/0"), "\(run.testDescription)")
    // A manifest that names the tensor meets the same byte.
    try folder.write(Sample.outside.replacing("\"W\"", with: "\"w\""), to: "m.toml")
    for (name, status) in [("whole.pt", Int32(0)), ("damaged.pt", 3)] {
      let run = try Certify.run("check", name, "--manifest", "m.toml", in: folder.path)
      #expect(run.status == status, "\(run.testDescription)")
      #expect(run.output.contains("zip_crc") == (status == 3))
    }
  }

  @Test("the hint is a command that works") func hint() throws {
    let folder = TemporaryFolder()
    for (name, word) in [("m.pt", "m.pt"), ("it's $1.pt", #"'it'\''s $1.pt'"#)] {
      try write(name, in: folder, isDamaged: false)
      let run = try Certify.run("check", name, in: folder.path)
      let command = "certify inspect \(word) --manifest-template"
      #expect(run.output.contains("`\(command)`"), "\(run.testDescription)")
      let template = try Certify.shell("\"$CERTIFY\" " + command.dropFirst(8), in: folder.path)
      #expect(template.status == 0 && template.output.contains("[network]"))
    }
  }
}
