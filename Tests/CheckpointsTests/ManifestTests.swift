import Checkpoints
import Foundation
import Testing

@Suite(
  .enabled(
    if: SharedFiles.exists(SharedFiles.fixtures),
    "the folder \(SharedFiles.fixtures) is missing; set CERTIFY_SHARED"))
struct ManifestTests {
  @Test func manifestIsComplete() {
    #expect(ManifestFixture.all.count == 86)
  }

  @Test(arguments: ManifestFixture.all.filter { $0.expect != "refuse" })
  func readsExactly(_ fixture: ManifestFixture) throws {
    let checkpoint = try Checkpoint(contentsOf: fixture.path)
    #expect(checkpoint.format.rawValue == fixture.format)
    #expect(Set(checkpoint.entries.map(\.name)) == Set(fixture.tensors.keys))
    for (name, expected) in fixture.tensors {
      let entry = try #require(checkpoint.entry(named: name))
      #expect(entry.dtype.rawValue == expected.dtype)
      #expect(entry.shape == expected.shape)
      let values = try #require(expected.values).map { Double($0) }
      let streamed = try checkpoint.doubles(named: name)
      let held = try checkpoint.tensor(named: name).doubles()
      #expect(streamed.map(\.bitPattern) == held.map(\.bitPattern))
      #expect(streamed.count == values.count)
      for (value, expected) in zip(streamed, values) {
        let expected = try #require(expected)
        #expect(value == expected || value.isNaN && expected.isNaN)
      }
    }
  }

  @Test(arguments: ManifestFixture.all.filter { $0.expect == "refuse" })
  func refuses(_ fixture: ManifestFixture) throws {
    let start = ContinuousClock.now
    let error = #expect(throws: CheckpointError.self) {
      let checkpoint = try Checkpoint(contentsOf: fixture.path)
      for entry in checkpoint.entries { _ = try checkpoint.doubles(named: entry.name) }
    }
    let refused = try #require(error)
    #expect(fixture.codes.contains(refused.code.rawValue), "\(refused)")
    #expect(refused.description.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    #expect(refused.description.utf8.count < 1000)
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  @Test func nothingWasExecuted() {
    for fixture in ManifestFixture.all {
      _ = try? Checkpoint(contentsOf: fixture.path)
    }
    for folder in [".", SharedFiles.fixtures, NSTemporaryDirectory(), NSHomeDirectory()] {
      #expect(!SharedFiles.exists(folder + "/PWNED_BY_FIXTURE"))
    }
  }
}

@Suite(
  .enabled(
    if: SharedFiles.exists(SharedFiles.checkpoints),
    "the folder \(SharedFiles.checkpoints) is missing; set CERTIFY_SHARED"))
struct PublishedCheckpointTests {
  static let files: [String] = {
    let all = FileManager.default.enumerator(atPath: SharedFiles.checkpoints)
    return (all?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".pickle") }.sorted()
  }()

  @Test func thereAre95() { #expect(Self.files.count == 95) }

  @Test(arguments: files)
  func opens(_ file: String) throws {
    let checkpoint = try Checkpoint(contentsOf: SharedFiles.checkpoints + "/" + file)
    #expect(checkpoint.format == .torchZip)
    let names = checkpoint.entries.map(\.name)
    #expect(names.contains { $0.hasPrefix("rnn.") && $0.contains("h2h") })
    for name in names {
      #expect(try checkpoint.doubles(named: name).allSatisfy(\.isFinite))
    }
  }
}
