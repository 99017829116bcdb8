internal import Glibc

/// The arithmetic that the kernel's bounds are proved for: rounding to nearest, gradual underflow.
///
/// A program around us may have set its threads otherwise, and threads inherit that. No mode is changed here: where the
/// arithmetic is another one, nothing is judged.
package enum DefaultArithmetic {
  /// Whether this thread computes so. Cost: a few operations.
  package static var isInForce: Bool {
    // Not a constant, so that the processor is asked and not the compiler.
    let one = Double(min(getpid(), 1))
    let small = one * 0x1p-60
    let subnormal = one * Double.leastNormalMagnitude / 2
    return one + small == one && one - small == one && -one - small == -one && subnormal > 0
  }
}
