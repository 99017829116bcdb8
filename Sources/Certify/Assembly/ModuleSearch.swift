import CertifyKernel
import Dispatch
import Synchronization

/// Finds a proof for each module of a network alone, in a metric of a given kind.
struct ModuleSearch {
  /// Where the modules' metrics come from.
  enum Basis {
    /// Given, one a module, by the file or by the couplings; a module that does not contract in it has none.
    case given([FloatMetric])
    /// The identity where the module contracts in it, otherwise its own.
    case identity
    /// Whatever gives each module the best rate.
    case own
  }

  let network: Specification
  let modules: [[Int32]]

  /// Why a module has no proof: which one, and how near it came.
  struct Failure: Error {
    let module: Int
    let nearest: (obstruction: Obstruction, missedBy: Double)?
  }

  /// A proof for every module, worked out in parallel.
  func candidates(_ basis: Basis) -> Result<[ModuleCandidate], Failure> {
    let found = Mutex([Result<ModuleCandidate, Failure>?](repeating: nil, count: modules.count))
    DispatchQueue.concurrentPerform(iterations: modules.count) { index in
      // Once one has failed, the others need not be looked at.
      let hasFailed = found.withLock { results in
        results.contains { if case .failure? = $0 { true } else { false } }
      }
      if hasFailed { return }
      let result = candidate(index, basis)
      found.withLock { $0[index] = result }
    }
    var candidates: [ModuleCandidate] = []
    for result in found.withLock({ $0 }) {
      switch result {
      case .success(let candidate)?: candidates.append(candidate)
      case .failure(let failure)?: return .failure(failure)
      case nil: continue
      }
    }
    return .success(candidates)
  }

  private func candidate(_ index: Int, _ basis: Basis) -> Result<ModuleCandidate, Failure> {
    let units = modules[index]
    guard let alone = try? network.restricted(to: units.map(Int.init)) else {
      return .failure(Failure(module: index, nearest: nil))
    }
    let problem = Problem(alone, .continuous)
    var acceptance = Acceptance(alone, .continuous)
    switch basis {
    case .given(let metrics): propose(problem, in: metrics[index], to: &acceptance)
    case .identity:
      let identity = FloatMetric.diagonal([Double](repeating: 1, count: units.count))
      propose(problem, in: identity, to: &acceptance)
      if acceptance.best == nil { proposeOwn(problem, to: &acceptance) }
    case .own: proposeOwn(problem, to: &acceptance)
    }
    guard let best = acceptance.best, case .contracts(let proof) = best.certificate.claim,
      let metric = FloatMetric(of: best)
    else { return .failure(Failure(module: index, nearest: acceptance.nearest)) }
    return .success(ModuleCandidate(units: units, proof: proof, metric: metric))
  }

  private func proposeOwn(_ problem: Problem, to acceptance: inout Acceptance) {
    proposeCheaply(problem, to: &acceptance)
    if acceptance.best == nil { proposeDearly(problem, to: &acceptance) }
  }

  /// The rules that take a metric, in this one.
  private func propose(
    _ problem: Problem, in metric: FloatMetric, to acceptance: inout Acceptance
  ) {
    switch metric {
    case .full(let m): SlopeLMIProposer.propose(problem, in: m, to: &acceptance)
    case .diagonal(let p):
      if let z = collatzVector(problem, p) {
        AbsoluteValueProposer.offer(problem, z, zip(p, z).map { $0 * $1 }, to: &acceptance)
      }
      DiskProposer.propose(problem, in: [p], to: &acceptance)
      SingularValueProposer.propose(problem, in: [p], to: &acceptance)
      if acceptance.best == nil, problem.units <= 256 {
        SlopeLMIProposer.propose(problem, in: Matrix(diagonal: p), to: &acceptance)
      }
    }
  }

  /// The Perron vector of P⁻¹½(PN + NᵀP), for which Theorem 1 does best in a given P (theory §1).
  private func collatzVector(_ problem: Problem, _ p: [Double]) -> [Double]? {
    guard problem.isPlain, problem.units <= 512, problem.network.timeConstants.count == 1 else {
      return nil
    }
    let n = problem.units
    let g = problem.slopes.upper
    let w = problem.dense
    var s = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<n {
        let entry = i == j ? g * max(w[i, j], 0) : g * abs(w[i, j])
        // Symmetric in the coordinates √p e.
        let scaled = 0.5 * entry * (p[i] / p[j]).squareRoot()
        s[i, j] += scaled
        s[j, i] += scaled
      }
    }
    guard let vector = LAPACKBackend.extremeEigen(s, largest: true)?.vector else { return nil }
    let size = vector.reduce(0) { max($0, abs($1)) }
    return zip(vector, p).map { max(abs($0), 1e-9 * size) / $1.squareRoot() }
  }
}
