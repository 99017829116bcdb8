import Certify
import Checkpoints
import Synchronization

/// Texts in the order of the arguments, whoever finishes first: each is printed as soon as all earlier ones
/// are there, or all are kept for a file.
final class OrderedOutput: Sendable {
  private struct State {
    var waiting: [Int: (text: String, fault: String?)] = [:]
    var next = 0
    var kept = ""
  }
  private let state = Mutex(State())
  private let keepsText: Bool

  init(keepsText: Bool) { self.keepsText = keepsText }

  /// A fault goes to standard error, after its text.
  func add(_ text: String, at index: Int, fault: String? = nil) {
    state.withLock { state in
      state.waiting[index] = (text, fault)
      while let ready = state.waiting.removeValue(forKey: state.next) {
        if keepsText {
          state.kept += ready.text.isEmpty ? "" : ready.text + "\n"
        } else {
          standardOutput(ready.text)
        }
        if let fault = ready.fault { standardError(fault) }
        state.next += 1
      }
    }
  }

  /// Writes the file whole. If that fails the texts go to standard output, so that no work is lost.
  func write(to path: String, option: String = "--out") throws {
    let text = state.withLock { $0.kept }
    do {
      try AtomicFile.write(Array(text.utf8), to: path)
    } catch {
      standardOutput(String(text.dropLast()))
      throw CommandFailure(status: .usage, message: "\(option) \(path): \(error)")
    }
  }
}
