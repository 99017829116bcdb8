internal import Foundation
internal import CertifyKernel

/// A network and a scope, with the floating-point views that proposers share. Nothing here is believed.
///
/// One search owns it; it is not shared between threads.
final class Problem {
  let network: Specification
  let scope: Scope

  init(_ network: Specification, _ scope: Scope) {
    self.network = network
    self.scope = scope
  }

  /// A metric that came with the file, to be tried like any other.
  var shippedMetric: ProposedMetric?
  /// The index of the hub among the modules, where the description names one.
  var workspace: Int?
  /// What was accepted for another scope of the same network, if anything: its metric may serve again.
  var hint: Certified<Specification>?
  /// A diagonal metric that some proposer has found to make the network small.
  var balanced: [Double]?

  var units: Int { network.units }
  /// l and g.
  var slopes: (lower: Double, upper: Double) {
    (network.slopes.lower.approximation, network.slopes.upper.approximation)
  }

  /// Whether dense n × n work is affordable.
  var isSmall: Bool { units <= 4096 }

  /// W written out; only for networks that are small.
  lazy var dense: Matrix = network.recurrent.dense()
  lazy var denseCoupling: Matrix? = network.coupling?.dense()

  /// step/τ_i (as run) or 1/τ_i (flow) of each unit.
  lazy var paces: [Double] = {
    let size: Double =
      switch scope {
      case .continuous: 1
      case .asRun: network.form == .map ? 1 : (network.step?.size.approximation ?? .nan)
      }
    return network.timeConstants.map { τ in
      let h = size / τ.approximation
      guard scope == .asRun else { return h }
      switch network.step?.scheme {
      // Without a linear coupling these are Euler steps of another size.
      case .semiImplicit: return h / (1 + h)
      case .exponential: return -expm1(-h)
      default: return h
      }
    }
  }()

  func pace(_ i: Int) -> Double { paces.count == 1 ? paces[0] : paces[i] }

  /// The pace all units share, if they do.
  var uniformPace: Double? { paces.count == 1 ? paces[0] : nil }

  /// gW for form-independent tests on networks without couplings.
  lazy var scaled: Matrix = {
    let g = slopes.upper
    return g == 1
      ? dense
      : Matrix(rows: units, columns: units, values: dense.values.map { $0 * g })
  }()

  /// The strongly connected components, in an order along which connections run forward.
  lazy var components = StronglyConnectedComponents(pattern)

  /// Every entry that can be nonzero: W, L and K together.
  lazy var pattern: SparseMatrix = {
    var parts = [network.recurrent.sparse()]
    if let coupling = network.coupling { parts.append(coupling.sparse()) }
    if let coupling = network.nonlinearCoupling { parts.append(coupling.weights.sparse()) }
    return parts.count == 1 ? parts[0] : unionOfPatterns(parts)
  }()

  /// The linear system with slopes in feedback that the scope runs; couplings K are left out.
  ///
  /// With one time constant, time is measured in it: rates of the flow then count per τ.
  lazy var lureSystem: LureSystem = {
    let times = network.timeConstants
    return LureSystem(
      form: network.form == .outside ? .outside : .inside, weights: dense, coupling: denseCoupling,
      timeConstants: times.count == 1 ? nil : times.map(\.approximation), lower: slopes.lower,
      upper: slopes.upper, step: lureStep)
  }()

  /// The step that goes with `lureSystem`; nil for the flow.
  var lureStep: Double? {
    switch scope {
    case .continuous: nil
    case .asRun: uniformPace ?? network.step?.size.approximation ?? 1
    }
  }

  /// Whether the network has parts that couplings join, which are better looked at one by one.
  lazy var isAssembly: Bool =
    switch scope {
    case .continuous: AssemblyProposer.modules(of: self) != nil
    case .asRun: network.coupling != nil || network.modules.count > 1
    }

  var isPlain: Bool { network.coupling == nil && network.nonlinearCoupling == nil }
}

/// A matrix with an entry 1 wherever any of the matrices has one.
private func unionOfPatterns(_ parts: [SparseMatrix]) -> SparseMatrix {
  let n = parts[0].rows
  var pointers = [0]
  var indices: [Int32] = []
  indices.reserveCapacity(parts.reduce(0) { $0 + $1.entryCount })
  // Marked by the row in which a column was met last.
  var met = [Int](repeating: -1, count: n)
  for i in 0..<n {
    let start = indices.count
    var isSorted = true
    for part in parts {
      for k in part.rowPointers[i]..<part.rowPointers[i + 1] where part.values[k] != 0 {
        let j = part.columnIndices[k]
        if met[Int(j)] == i { continue }
        met[Int(j)] = i
        if indices.count > start, let last = indices.last, last > j { isSorted = false }
        indices.append(j)
      }
    }
    if !isSorted { indices[start...].sort() }
    pointers.append(indices.count)
  }
  let values = [Double](repeating: 1, count: indices.count)
  do {
    return try SparseMatrix(
      rows: n, columns: n, rowPointers: pointers, columnIndices: indices, values: values)
  } catch { preconditionFailure("a union of checked patterns is a pattern: \(error)") }
}
