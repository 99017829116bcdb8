import Certify
import Glibc

/// The stack of a thread that answers: twice what the executable has, whatever the caller's own is.
private let stackSize = 16 << 20

/// Runs `body` on a thread of its own and waits for it; nil if none can be started.
///
/// Its stack is large enough whatever the caller's is, and a signal that the process gets is not handled on it.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value? {
  let work = WorkWithResult(body)
  return withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { attributes in
    guard let attributes = attributes.baseAddress, pthread_attr_init(attributes) == 0 else {
      return nil
    }
    defer { pthread_attr_destroy(attributes) }
    guard pthread_attr_setstacksize(attributes, stackSize) == 0,
      let thread = withSignalsBlocked({ start(work, attributes) })
    else { return nil }
    pthread_join(thread, nil)
    return work.value
  }
}

private func start(_ work: Work, _ attributes: UnsafePointer<pthread_attr_t>) -> pthread_t? {
  var thread = pthread_t()
  let passed = Unmanaged.passRetained(work)
  let failure = pthread_create(
    &thread, attributes,
    { passed in
      if let passed { Unmanaged<Work>.fromOpaque(passed).takeRetainedValue().run() }
      return nil
    }, passed.toOpaque())
  guard failure == 0 else {
    passed.release()
    return nil
  }
  return thread
}

/// A thread inherits the mask of the one that starts it.
private func withSignalsBlocked<Value>(_ body: () -> Value?) -> Value? {
  withUnsafeTemporaryAllocation(of: sigset_t.self, capacity: 2) { masks in
    guard let all = masks.baseAddress else { return nil }
    let before = all + 1
    sigfillset(all)
    guard pthread_sigmask(SIG_SETMASK, all, before) == 0 else { return nil }
    defer { pthread_sigmask(SIG_SETMASK, before, nil) }
    return body()
  }
}

/// What a thread is given, without its type.
private class Work {
  func run() {}
}

/// Work with a result, which is read only after the thread has ended.
private final class WorkWithResult<Value>: Work {
  private let body: @Sendable () -> Value
  private(set) var value: Value?

  init(_ body: @escaping @Sendable () -> Value) { self.body = body }

  override func run() {
    value = body()
  }
}
