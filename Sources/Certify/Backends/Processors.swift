package import CertifyKernel
internal import Dispatch
internal import Foundation

extension Workers {
  /// One piece a processor on the threads of the system; for small networks, where waking a thread takes longer
  /// than the work, the caller's own thread.
  package static func suited(to network: Specification) -> Workers {
    network.units >= 256 ? processors : .one
  }

  private static let processors = Workers(
    count: ProcessInfo.processInfo.activeProcessorCount
  ) { pieces, piece in
    // The threads of the system keep the modes of whoever started them; a piece left undone declines the check.
    DispatchQueue.concurrentPerform(iterations: pieces) { index in
      if DefaultArithmetic.isInForce { piece(index) }
    }
  }
}
