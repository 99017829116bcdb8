import Foundation
import TestSupport

/// The scripts of Scripts/ that look at what is checked in; they need nothing but Python 3.
enum DocumentationScript {
  static let hasPython = (try? Certify.shell("command -v python3 > /dev/null"))?.status == 0

  /// Runs a script with the executable that is tested.
  ///
  /// - Parameter arguments: as a shell reads them.
  static func run(_ name: String, _ arguments: String) throws -> Run {
    let path = SharedFolder.packageRoot.appendingPathComponent("Scripts/\(name)").path
    return try Certify.shell("export CERTIFY; exec python3 '\(path)' \(arguments)")
  }
}
