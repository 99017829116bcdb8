import Foundation

/// `benchmark CERTIFY PYTHON [CHECKPOINTS]`: one run, one line a limit, PASS or FAIL with the figures.
///
/// It calls itself to make networks (`generate`) and to time the kernel (`kernel`), so that the process that
/// measures children stays small: Linux counts the parent's peak memory as the child's.
@main
enum Benchmark {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch arguments.first {
    case "generate": try Network.write(arguments[1], to: arguments[2])
    case "kernel": try KernelTiming.print(arguments[1])
    case let certify?:
      let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("certify-benchmark-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      var suite = Suite(
        certify: certify, python: arguments.count > 1 ? arguments[1] : "python3", folder: folder,
        checkpoints: arguments.count > 2 ? arguments[2] : nil)
      do {
        try suite.run()
      } catch {
        show("FAIL  \(error)")
        try? FileManager.default.removeItem(atPath: folder)
        exit(2)
      }
      exit(suite.failures == 0 ? 0 : 1)
    case nil:
      FileHandle.standardError.write(
        Data("usage: benchmark CERTIFY PYTHON [CHECKPOINTS]\n".utf8))
      exit(4)
    }
  }
}

/// What is asked of the program.
enum Limits {
  /// A sparse network of a million units, wall time of `certify check` in seconds.
  static let sparseSeconds = 3.0
  /// The kernel's own check of it.
  static let sparseKernelSeconds = 0.1
  /// Peak resident memory over the size of the file.
  static let sparseMemory = 4.0
  /// Dense n = 2048: numpy's `eigvals(|W|)` over `certify check`, both with the file already written.
  static let denseSpeedup = 20.0
  static let startUpSeconds = 0.050
  /// All published networks in one run.
  static let publishedSeconds = 10.0
  /// A Sparse Combo Net of 1,024 units with all couplings.
  static let comboSeconds = 1.0
  /// 1,000 modules of 32 round a workspace.
  static let workspaceSeconds = 5.0
  /// Cost a module, 1,000 against 125 modules: linear growth, with room for caches.
  static let workspaceGrowth = 1.5
}
