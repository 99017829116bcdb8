import Foundation
import Glibc

/// What a child process took.
struct Child {
  let status: Int32
  let seconds: Double
  let peakBytes: Double
  let output: String

  /// Runs a program to its end; standard output is kept, errors pass through.
  static func run(_ arguments: [String]) throws -> Child {
    let capture = "/tmp/certify-benchmark-output.\(getpid())"
    defer { unlink(capture) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(
      &actions, STDOUT_FILENO, capture, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var pointers = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var pid: pid_t = 0
    let start = DispatchTime.now().uptimeNanoseconds
    let error = posix_spawnp(&pid, arguments[0], &actions, nil, &pointers, environ)
    guard error == 0 else {
      throw Failure("cannot run \(arguments[0]): \(String(cString: strerror(error)))")
    }
    var status: Int32 = 0
    var usage = rusage()
    while wait4(pid, &status, 0, &usage) < 0, errno == EINTR {}
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    let data = FileManager.default.contents(atPath: capture) ?? Data()
    return Child(
      status: status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F), seconds: seconds,
      peakBytes: Double(usage.ru_maxrss) * 1024, output: String(decoding: data, as: UTF8.self))
  }

  @discardableResult
  static func expect(_ status: Int32, _ arguments: [String]) throws -> Child {
    let child = try run(arguments)
    guard child.status == status else {
      throw Failure(
        "\(arguments.prefix(3).joined(separator: " ")): status \(child.status), expected \(status)\n"
          + child.output.prefix(2000))
    }
    return child
  }
}

/// The name of the kernels that the system's OpenBLAS picked for this processor.
func openBLASKernel() -> String? {
  guard let library = dlopen("libopenblas.so.0", RTLD_NOW),
    let symbol = dlsym(library, "openblas_get_corename")
  else { return nil }
  typealias Name = @convention(c) () -> UnsafePointer<CChar>?
  return unsafeBitCast(symbol, to: Name.self)().map { String(cString: $0) }
}
