internal import Checkpoints
internal import Foundation
public import CertifyKernel

/// Activations whose slope is known, never 0 and not constant: what Theorem 6 can speak of.
public enum SmoothActivation: String, Sendable, Hashable, CaseIterable {
  case tanh, sigmoid, softplus

  /// ln φ′(x), without cancellation: tanh′ = cosh⁻², sigmoid′ = σ(1 − σ), softplus′ = σ.
  func logSlope(_ x: Double) -> Double {
    let a = abs(x)
    switch self {
    case .tanh: return -2 * (a + log1p(exp(-2 * a)) - log(2.0))
    case .sigmoid: return -a - 2 * log1p(exp(-a))
    case .softplus: return x >= 0 ? -log1p(exp(-x)) : x - log1p(exp(x))
    }
  }
}

/// Files that an audit of Theorem 6 reads.
public enum Theorem6Samples {
  /// P from an npy file: n numbers, or n × n of which only the diagonal is not 0.
  ///
  /// D P⁻¹ is a metric for every D only if P is diagonal, so another P is refused.
  public static func metric(path: String, units n: Int) throws(AuditError) -> [Double] {
    let (shape, values) = try array(path)
    if shape == [n] { return values }
    guard shape == [n, n] else {
      throw .rejected("\(path): shape \(shape), expected [\(n)] or [\(n), \(n)]")
    }
    for i in 0..<n {
      for j in 0..<n where i != j && values[i * n + j] != 0 {
        throw .rejected(
          "\(path): [\(i), \(j)] = \(values[i * n + j]); Theorem 6 needs a diagonal P, "
            + "else D P^-1 is not symmetric")
      }
    }
    return (0..<n).map { values[$0 * n + $0] }
  }

  /// ln φ′ from an npy file of samples × units: what φ is applied to, or with no activation the slopes themselves.
  public static func logSlopes(
    path: String, units n: Int, activation: SmoothActivation?
  ) throws(AuditError) -> [Double] {
    let (shape, values) = try array(path)
    guard shape.count == 2, shape[1] == n, shape[0] >= 2 else {
      throw .rejected("\(path): shape \(shape), expected [samples, \(n)] with two samples or more")
    }
    return values.map { activation?.logSlope($0) ?? log($0) }
  }

  private static func array(_ path: String) throws(AuditError) -> ([Int], [Double]) {
    do {
      let file = try Checkpoint(contentsOf: path)
      guard file.format == .npy, let entry = file.entries.first else {
        throw AuditError.rejected("\(path): expected a .npy file")
      }
      let values = try file.doubles(named: entry.name)
      if let k = values.firstIndex(where: { !$0.isFinite }) {
        throw AuditError.rejected("\(path): entry \(k) is \(values[k])")
      }
      return (entry.shape, values)
    } catch let error as AuditError {
      throw error
    } catch {
      throw .rejected("\(path): \(error)")
    }
  }
}

extension SmoothActivation {
  /// Whether all slopes lie in the network's interval.
  public func fits(_ network: Specification) -> Bool {
    let largest = self == .sigmoid ? ExactRatio(0.25) : .one
    return largest.isAtMost(network.slopes.upper)
  }
}
