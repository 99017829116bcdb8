package import Dynamics

/// Makes the entries of a matrix from parameters, so that a bound holds whatever the parameters are.
///
/// `forward` is called before `backward`, on one thread; what the second needs of the first is kept in between.
package protocol MatrixSource: AnyObject {
  var pattern: Pattern { get }
  /// A number that the spectral norm of each diagonal block stays below, in the metric of the parameterisation.
  var bound: Double { get }
  /// Whether any entry depends on parameters.
  var isLearned: Bool { get }
  /// Forgets what iterations of earlier calls would start from.
  func forget()
  /// The entries, in the order of the pattern.
  func forward(_ θ: [Double]) -> [Double]
  /// Adds to the derivative by θ that by the entries, carried back.
  func backward(_ g: [Double], _ θ: [Double], into gradient: inout [Double])
}

extension MatrixSource {
  package var isLearned: Bool { true }
  package func forget() {}
}

/// Entries that are not learned: sparse modules as drawn, or modules of networks trained before.
package final class FixedMatrix: MatrixSource {
  package let pattern: Pattern
  package let bound: Double
  package var isLearned: Bool { false }
  private let values: [Double]

  package init(_ pattern: Pattern, _ values: [Double], bound: Double) {
    precondition(values.count == pattern.entries)
    self.pattern = pattern
    self.values = values
    self.bound = bound
  }

  package func forward(_ θ: [Double]) -> [Double] { values }
  package func backward(_ g: [Double], _ θ: [Double], into gradient: inout [Double]) {}
}

/// A share of every bound that is left free, so that rounding to float32 does not use it up.
let normMargin = 1e-3
