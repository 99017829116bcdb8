import Foundation
import TestSupport
import Testing

/// Tests/MustNotRun: each file is an attempt to run a network that is not certified for the step it takes. Its first
/// line is the message that the compiler must give. `Control.swift` is what a user writes, and compiles.
@Suite(.serialized) struct MustNotRunTests {
  static let folder = SharedFolder.packageRoot.appendingPathComponent("Tests/MustNotRun")
  private static let modules = SharedFolder.packageRoot.appendingPathComponent(
    ".build/debug/Modules")

  static let attempts: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".swift") && $0 != "Control.swift" }.sorted()

  /// Whether the modules of a debug build lie where the package manager puts them.
  static let hasModules = FileManager.default.fileExists(
    atPath: modules.appendingPathComponent("Dynamics.swiftmodule").path)

  /// Type-checks a file against the modules of this build.
  private static func check(_ name: String) throws -> (status: Int32, output: String) {
    let root = SharedFolder.packageRoot
    var maps: [String] = []
    for place in [".build/debug", "Sources"] {
      let base = root.appendingPathComponent(place)
      for entry in (try? FileManager.default.contentsOfDirectory(atPath: base.path)) ?? [] {
        let map = base.appendingPathComponent(entry + "/module.modulemap").path
        if FileManager.default.fileExists(atPath: map) { maps.append(map) }
      }
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["swiftc", "-typecheck", "-swift-version", "6", "-suppress-warnings", "-I", modules.path]
      + maps.sorted().flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
      + ["-Xcc", "-I/usr/include/x86_64-linux-gnu/openblas-pthread"]
      + [folder.appendingPathComponent(name).path]
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  @Test(.enabled(if: hasModules, "needs the modules of a debug build in .build"))
  func theControlCompiles() throws {
    let (status, output) = try Self.check("Control.swift")
    #expect(status == 0, "\(output)")
    #expect(Self.attempts.count >= 5)
  }

  @Test(
    .enabled(if: hasModules, "needs the modules of a debug build in .build"), arguments: attempts)
  func doesNotCompile(name: String) throws {
    let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    let first = try #require(text.split(separator: "\n").first)
    try #require(first.hasPrefix("// error: "))
    let (status, output) = try Self.check(name)
    #expect(status != 0)
    let errors = output.split(separator: "\n").filter {
      $0.contains(".swift:") && $0.contains(": error: ")
    }
    #expect(
      !errors.isEmpty && errors.allSatisfy { $0.contains(name) && $0.contains(first.dropFirst(3)) },
      "\(output)")
  }
}
