import Checkpoints
import Foundation
import Glibc
import TestSupport
import Testing

/// The strict reader of the package, not the one that reads vectors.
typealias JSONValue = Checkpoints.JSONValue

/// What a run of `certify` left behind.
struct Run: CustomTestStringConvertible {
  /// The exit status, or minus the number of the signal that ended it.
  let status: Int32
  let output: String
  let errors: String

  var lines: [String] { output.split(separator: "\n").map(String.init) }

  /// The objects of a JSON-lines output; each line must be one.
  func objects() throws -> [JSONValue] {
    try lines.map { try JSONValue(parsing: Array($0.utf8)) }
  }

  var testDescription: String { "status \(status)\nstdout: \(output)\nstderr: \(errors)" }
}

/// The `certify` executable that was built beside this test bundle.
enum Certify {
  static let executable: String = {
    if let path = ProcessInfo.processInfo.environment["CERTIFY_EXECUTABLE"] { return path }
    let folders =
      [Bundle.main.executablePath, ProcessInfo.processInfo.arguments.first].compactMap { $0 }
      .map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
      + [SharedFolder.packageRoot.appendingPathComponent(".build/debug")]
    let candidates = folders.map { $0.appendingPathComponent("certify").path }
    return candidates.first(where: FileManager.default.isExecutableFile) ?? candidates[0]
  }()

  /// Runs `certify` to its end.
  ///
  /// - Parameters:
  ///   - folder: the working folder.
  ///   - environment: added to a bare one.
  ///   - addressSpace: a limit in MiB, set with `ulimit -v`.
  static func run(
    _ arguments: String..., in folder: String? = nil, environment: [String: String] = [:],
    addressSpace: Int? = nil
  ) throws -> Run {
    try run(arguments, in: folder, environment: environment, addressSpace: addressSpace)
  }

  static func run(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
    addressSpace: Int? = nil
  ) throws -> Run {
    guard let addressSpace else {
      return try start(executable, arguments, folder, environment)
    }
    let script = "ulimit -v \(addressSpace << 10); exec \"$0\" \"$@\""
    return try start("/bin/sh", ["-c", script, executable] + arguments, folder, environment)
  }

  /// Runs a shell script in which `$CERTIFY` is the executable.
  static func shell(_ script: String, in folder: String? = nil) throws -> Run {
    try start("/bin/sh", ["-c", script], folder, ["CERTIFY": executable])
  }

  /// The longest that any run may take; only a program that hangs comes near it.
  private static let patience: Double = 120

  private static func start(
    _ program: String, _ arguments: [String], _ folder: String?, _ added: [String: String]
  ) throws -> Run {
    let capture = TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    var environment = ["PATH": "/usr/bin:/bin", "LANG": "C", "OPENBLAS_NUM_THREADS": "1"]
    environment.merge(added) { $1 }
    process.environment = environment
    // Files, not pipes: nothing can fill up and block.
    let (out, err) = (capture.file("out"), capture.file("err"))
    for path in [out, err] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    let outHandle = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
    let errHandle = try FileHandle(forWritingTo: URL(fileURLWithPath: err))
    process.standardOutput = outHandle
    process.standardError = errHandle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let watch = DispatchSource.makeTimerSource(queue: .global())
    watch.schedule(deadline: .now() + patience)
    let identifier = process.processIdentifier
    watch.setEventHandler { kill(identifier, SIGKILL) }
    watch.activate()
    process.waitUntilExit()
    watch.cancel()
    try outHandle.close()
    try errHandle.close()
    return Run(
      status: process.terminationReason == .exit
        ? process.terminationStatus : -process.terminationStatus,
      output: try capture.text("out"), errors: try capture.text("err"))
  }
}

/// A folder of its own for a test, removed with it.
final class TemporaryFolder: Sendable {
  let path: String

  init() {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("certify-cli-\(UUID().uuidString)").path
    try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  /// The text, where every byte that is not UTF-8 becomes U+FFFD.
  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: file(name), withIntermediateDirectories: true)
  }
}
