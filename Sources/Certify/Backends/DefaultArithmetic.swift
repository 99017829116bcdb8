internal import Glibc

/// The floating-point environment that the kernel's bounds are proved for: rounding to nearest, gradual underflow.
package enum DefaultArithmetic {
  /// Runs `body` in the default environment of C, and then restores the thread's own: a program around us may flush
  /// subnormal numbers to zero, or round otherwise, and threads inherit that.
  package static func during<Value>(_ body: () -> Value) -> Value {
    var before = fenv_t()
    fegetenv(&before)
    // FE_DFL_ENV, <fenv.h>: a pointer of all ones, which Swift cannot import.
    fesetenv(UnsafePointer(bitPattern: -1))
    defer { fesetenv(&before) }
    return body()
  }
}
