import Foundation
import TestSupport
import Testing

/// Tests/MustNotCompile: each file is an attempt to make a `Certified` without the kernel. Its first line is the
/// message that the compiler must give. `Control.swift` is what a user writes, and compiles.
@Suite(.serialized) struct MustNotCompileTests {
  struct Failure: Error, CustomStringConvertible { let description: String }

  static let folder = SharedFolder.packageRoot.appendingPathComponent("Tests/MustNotCompile")

  static let attempts: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".swift") && $0 != "Control.swift" }.sorted()

  static let kernelSources: [String] = {
    let root = SharedFolder.packageRoot.appendingPathComponent("Sources/CertifyKernel")
    let files = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String }
    return (files ?? []).filter { $0.hasSuffix(".swift") }
      .map { root.appendingPathComponent($0).path }.sorted()
  }()

  /// The kernel's module, open to `@testable import`, in a folder of its own.
  static let moduleFolder = Result { () throws -> URL in
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("certify-kernel-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let (status, output) = try compile(
      ["-emit-module", "-module-name", "CertifyKernel", "-parse-as-library", "-enable-testing"]
        + ["-emit-module-path", folder.appendingPathComponent("CertifyKernel.swiftmodule").path]
        + kernelSources)
    guard status == 0 else { throw Failure(description: output) }
    return folder
  }

  static func compile(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["swiftc", "-swift-version", "6", "-package-name", "certify", "-suppress-warnings"]
      + ["-enable-upcoming-feature", "InternalImportsByDefault"]
      + ["-enable-upcoming-feature", "MemberImportVisibility"] + arguments
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  /// Type-checks one file against the kernel's module, or as a part of the kernel if it says so.
  static func check(_ name: String) throws -> (status: Int32, output: String) {
    let file = folder.appendingPathComponent(name)
    let text = try String(contentsOf: file, encoding: .utf8)
    if text.contains("one more file of the kernel itself") {
      return try compile(
        ["-typecheck", "-module-name", "CertifyKernel"] + kernelSources + [file.path])
    }
    return try compile(["-typecheck", "-I", moduleFolder.get().path, file.path])
  }

  @Test func thereAreAtLeastNineAttempts() {
    #expect(Self.attempts.count >= 9 && Self.kernelSources.count > 30)
  }

  @Test func theControlCompiles() throws {
    let (status, output) = try Self.check("Control.swift")
    #expect(status == 0, "\(output)")
  }

  @Test(arguments: attempts)
  func doesNotCompile(name: String) throws {
    let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    let first = try #require(text.split(separator: "\n").first)
    try #require(first.hasPrefix("// error: "))
    let (status, output) = try Self.check(name)
    #expect(status != 0)
    #expect(output.contains(first.dropFirst(3)), "\(output)")
    // No other error than the one that is meant, in no other file.
    let errors = output.split(separator: "\n").filter {
      $0.contains(".swift:") && $0.contains(": error: ")
    }
    #expect(
      !errors.isEmpty && errors.allSatisfy { $0.contains(name) && $0.contains(first.dropFirst(3)) },
      "\(output)")
  }
}
