internal import Checkpoints
internal import Glibc

/// Puts a model and its certificate in place, both or neither, and the certificate first.
///
/// Both are written to a new folder beside their place, read back, and the certificate verified against the
/// model there; only then are they moved, the certificate before the model. Whatever is interrupted, a new
/// model has its certificate beside it. Between the two moves an old model may lie beside the new certificate:
/// `certify verify` then says that they do not belong together, by digest.
struct PairWriter {
  let path: String
  let certificatePath: String
  private let folder: String
  private let name: String

  enum Fault: Error {
    /// The place cannot be written to; nobody's network is at fault.
    case unwritable(reason: String)
    /// What was written is not what was certified.
    case unverified(reason: String)

    var reason: String {
      switch self {
      case .unwritable(let reason), .unverified(let reason): reason
      }
    }
  }

  /// - Throws: `.unwritable` if a file of this name cannot be made there; nothing is left behind.
  init(path: String) throws(Fault) {
    do {
      // A probe: the temporary file goes when it is dropped.
      for target in [path, path + ".cert.json"] { _ = try AtomicFile(path: target) }
    } catch {
      throw .unwritable(reason: error.description)
    }
    let cut = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) }
    folder = cut.map { String(path[..<$0]) } ?? ""
    name = cut.map { String(path[$0...]) } ?? path
    self.path = path
    certificatePath = path + ".cert.json"
  }

  /// - Parameter certificate: the certificate file for the model as it was read back.
  func write(
    _ tensors: [Tensor], metadata: [String: String],
    certificate: (Model) throws(ModelError) -> CertificateFile
  ) throws(Fault) {
    var template = Array("\(folder).certify-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .unwritable(reason: "\(folder): no folder can be made")
    }
    let stage =
      String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self) + "/"
    let suffixes = [".cert.safetensors", ".cert.json", ""]
    defer {
      for suffix in suffixes { unlink(stage + name + suffix) }
      rmdir(stage)
    }
    do {
      try writeSafetensors(tensors, metadata: metadata, to: stage + name)
    } catch {
      throw .unwritable(reason: error.description)
    }
    do {
      let model = try Model.load(path: stage + name)
      try certificate(model).write(to: stage + name + ".cert.json")
      _ = try CertificateFile.verify(certificatePath: stage + name + ".cert.json", model: model)
    } catch {
      throw .unverified(reason: "the model read back: \(error)")
    }
    for suffix in suffixes where access(stage + name + suffix, F_OK) == 0 {
      var status = stat()
      // A file that is replaced keeps its permissions.
      if stat(path + suffix, &status) == 0 { chmod(stage + name + suffix, status.st_mode & 0o777) }
      guard rename(stage + name + suffix, path + suffix) == 0 else {
        throw .unwritable(reason: "\(path + suffix): \(TextFile.Fault.system(errno).reason)")
      }
    }
    let place = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if place >= 0 {
      fsync(place)
      close(place)
    }
  }
}
