package import CertifyKernel
internal import Dispatch
internal import Foundation

extension Workers {
  /// One piece a processor, on the threads of the system.
  package static let processors = Workers(
    count: ProcessInfo.processInfo.activeProcessorCount
  ) { pieces, piece in
    DispatchQueue.concurrentPerform(iterations: pieces, execute: piece)
  }
}
