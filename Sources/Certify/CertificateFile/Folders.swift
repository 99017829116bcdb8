internal import Glibc

/// Folders on the way to a file.
enum Folders {
  /// Makes those that are missing, as `mkdir -p` does.
  static func make(above path: String) throws(CertificateFileError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/").dropLast() {
      made += part + "/"
      guard mkdir(made, 0o777) == 0 || errno == EEXIST else {
        throw .unwritable(path: made, reason: TextFile.Fault.system(errno).reason)
      }
    }
  }
}
