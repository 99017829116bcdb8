public import Foundation

/// The folder of material that tests read and the project does not copy: vectors, networks, files.
///
/// It lies beside the package, unless the environment variable CERTIFY_SHARED names another place.
/// Tests that need it carry `.enabled(if: SharedFolder.isPresent, "needs the shared folder")`.
public enum SharedFolder {
  /// The root of the package, from where this file was compiled.
  public static let packageRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  public static let url: URL =
    if let path = ProcessInfo.processInfo.environment["CERTIFY_SHARED"], !path.isEmpty {
      URL(fileURLWithPath: path, isDirectory: true)
    } else {
      packageRoot.deletingLastPathComponent()
        .appendingPathComponent("shared", isDirectory: true)
    }

  /// Whether the vectors are there; the rest comes with them.
  public static let isPresent = FileManager.default.fileExists(
    atPath: file("vectors/vectors.json").path)

  /// The file or folder at a path relative to the shared folder.
  public static func file(_ relativePath: String) -> URL {
    url.appendingPathComponent(relativePath)
  }
}
