package import Dynamics

/// Makes the entries of a matrix from parameters, so that a bound holds whatever the parameters are.
///
/// `forward` is called before `backward`, on one thread; what the second needs of the first is kept in between.
package protocol MatrixSource<S>: AnyObject {
  associatedtype S: Real
  var pattern: Pattern { get }
  /// A number that the spectral norm of each diagonal block stays below, in the metric of the parameterisation.
  var bound: Double { get }
  /// Forgets what iterations of earlier calls would start from.
  func forget()
  /// The entries, in the order of the pattern.
  func forward(_ θ: [S]) -> [S]
  /// Adds to the derivative by θ that by the entries, carried back.
  func backward(_ g: [S], _ θ: [S], into gradient: inout [S])
}

extension MatrixSource {
  package func forget() {}
}

/// Entries that are not learned: sparse modules as drawn, or modules of networks trained before.
package final class FixedMatrix<S: Real>: MatrixSource {
  package let pattern: Pattern
  package let bound: Double
  private let values: [S]

  package init(_ pattern: Pattern, _ values: [S], bound: Double) {
    precondition(values.count == pattern.entries)
    self.pattern = pattern
    self.values = values
    self.bound = bound
  }

  package func forward(_ θ: [S]) -> [S] { values }
  package func backward(_ g: [S], _ θ: [S], into gradient: inout [S]) {}
}

/// A share of every bound that is left free, so that rounding to float32 does not use it up.
let normMargin = 1e-3
