import Certify
import CertifyKernel
import Checkpoints
import Glibc

/// A folder of its own for a test, removed with it.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/certify-tests.XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "no temporary folder")
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { Self.remove(path) }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ text: String, to name: String) throws -> String {
    try AtomicFile.write(Array(text.utf8), to: file(name))
    return file(name)
  }

  private static func remove(_ path: String) {
    if let directory = opendir(path) {
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { remove(path + "/" + name) }
      }
      closedir(directory)
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}

/// The bytes of a small file.
func contents(of path: String) throws -> [UInt8] {
  guard let file = fopen(path, "rb") else { throw TestFault.cannotRead(path) }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { return bytes }
    bytes += buffer[..<count]
  }
}

/// Writes a file without syncing it, for tests that write thousands.
func writeQuickly(_ bytes: [UInt8], to path: String) throws {
  guard let file = fopen(path, "wb") else { throw TestFault.cannotRead(path) }
  defer { fclose(file) }
  guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw TestFault.cannotRead(path) }
}

enum TestFault: Error { case cannotRead(String), noError }

/// A float32 tensor with small values that depend on its name only.
func tensor(_ name: String, _ shape: [Int], _ values: [Float]? = nil) throws -> Tensor {
  var state = name.utf8.reduce(0x9E37_79B9 as UInt64) { $0 &* 31 &+ UInt64($1) }
  let count = shape.reduce(1, *)
  let filled =
    values
    ?? (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int64(bitPattern: state) >> 40) * 0x1p-27
    }
  return try Tensor(name: name, shape: shape, floats: filled)
}

/// What loading throws; a test fault if it does not.
func loadingError(
  _ path: String, _ options: ModelOptions = ModelOptions()
) throws -> ModelError {
  do {
    _ = try Model.load(path: path, options: options)
  } catch {
    return error
  }
  throw TestFault.noError
}

extension ModelError {
  var code: String? { if case .rejected(let code, _) = self { code } else { nil } }
}
