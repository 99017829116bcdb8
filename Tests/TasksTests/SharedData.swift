import Foundation

/// The folder of material that tests read and the project does not copy, as `TestSupport.SharedFolder` finds it.
enum SharedData {
  private static let url: URL =
    if let path = ProcessInfo.processInfo.environment["CERTIFY_SHARED"], !path.isEmpty {
      URL(fileURLWithPath: path, isDirectory: true)
    } else {
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared", isDirectory: true)
    }

  /// The path of a file relative to the shared folder.
  static func path(_ relativePath: String) -> String {
    url.appendingPathComponent(relativePath).path
  }

  static let hasTaskNames = FileManager.default.fileExists(atPath: path("data/task_names_82.json"))
  static let hasMNIST = FileManager.default.fileExists(
    atPath: path("data/mnist-t10k/t10k-images-idx3-ubyte.gz"))

  /// Where the Debian package `dataset-fashion-mnist` puts its files.
  static let fashion = "/usr/share/datasets/fashion-mnist"
  static let hasFashion = FileManager.default.fileExists(
    atPath: fashion + "/t10k-images-idx3-ubyte.gz")
}
