import CertifyKernel
internal import Dispatch
internal import Synchronization

/// Runs a certified network on a batch of inputs.
///
/// Nothing else runs a network: the only initialiser takes a `CertifiedStep` of the same scheme, and only the
/// kernel's verdict makes one of those. Arithmetic is that of the precision chosen, each operation rounded; how far
/// such a run may be from the exact one is what `certify check --tube` bounds.
public struct Integrator<Scheme: StepScheme>: Sendable {
  public enum Precision: String, Sendable, Hashable, CaseIterable { case float32, float64 }

  public let certified: CertifiedStep<Scheme>
  public let precision: Precision
  private let core: Core

  private enum Core: Sendable {
    case single(Recurrence<Float>)
    case double(Recurrence<Double>)
    case implicit(ImplicitSolver)
  }

  /// - Throws: `.input` where the tensors of the step cannot be computed, which no certified network should meet.
  public init(
    _ certified: CertifiedStep<Scheme>, precision: Precision = .float32
  ) throws(NetworkError) {
    self.certified = certified
    self.precision = precision
    if Scheme.scheme == .implicit {
      core = .implicit(ImplicitSolver(certified.network))
      return
    }
    switch precision {
    case .float32:
      guard let step = Recurrence<Float>(certified.network) else { throw Self.fault }
      core = .single(step)
    case .float64:
      guard let step = Recurrence<Double>(certified.network) else { throw Self.fault }
      core = .double(step)
    }
  }

  private static var fault: NetworkError {
    .input("the tensors of the step cannot be computed: a factor is singular")
  }

  /// The states after each step.
  ///
  /// - Parameters:
  ///   - input: steps × inputs × batch, the batch fastest.
  ///   - start: units × batch; nil for 0.
  ///   - threads: columns are dealt out; results do not depend on their number.
  /// - Returns: steps × units × batch.
  /// - Throws: `.input` for counts that do not fit; `.noSolution` for implicit steps.
  public func trajectory(
    input: [Double], steps: Int, batch: Int, from start: [Double]? = nil, threads: Int = 1
  ) throws(NetworkError) -> [Double] {
    let n = certified.network.units
    var all = [Double](repeating: 0, count: steps * n * batch)
    try walk(input: input, steps: steps, batch: batch, from: start, threads: threads) {
      t, first, share, states in
      for i in 0..<n {
        for b in 0..<share { all[(t * n + i) * batch + first + b] = states[i * share + b] }
      }
    }
    return all
  }

  /// Calls `visit(t, first, share, states)` with the states after step t (units × share) of the columns
  /// first ..< first + share, for steps from `firstVisited` on; one call at a time.
  public func walk(
    input: [Double], steps: Int, batch: Int, from start: [Double]? = nil, firstVisited: Int = 0,
    threads: Int = 1, visit: (_ step: Int, _ first: Int, _ share: Int, _ states: [Double]) -> Void
  ) throws(NetworkError) {
    let (n, k) = (certified.network.units, certified.network.input.inputs)
    guard steps >= 0, batch > 0, input.count == steps * k * batch else {
      throw .input(
        "\(input.count) inputs; \(steps) steps of \(k) inputs for \(batch) sequences need \(steps * k * batch)"
      )
    }
    if let start, start.count != n * batch {
      throw .input(
        "a start of \(start.count) values; \(n) units of \(batch) sequences need \(n * batch)")
    }
    switch core {
    case .single(let step):
      run(step, input, steps, batch, start, firstVisited, threads, visit)
    case .double(let step):
      run(step, input, steps, batch, start, firstVisited, threads, visit)
    case .implicit(let solver):
      try solver.run(input: input, steps: steps, batch: batch, from: start) {
        if $0 >= firstVisited { visit($0, $1, $2, $3) }
      }
    }
  }

  private func run<S: Real>(
    _ step: Recurrence<S>, _ input: [Double], _ steps: Int, _ batch: Int, _ start: [Double]?,
    _ firstVisited: Int, _ threads: Int, _ visit: (Int, Int, Int, [Double]) -> Void
  ) {
    let count = max(1, min(threads, batch))
    let lock = Mutex(())
    withoutActuallyEscaping(visit) { visit in
      nonisolated(unsafe) let visit = visit
      DispatchQueue.concurrentPerform(iterations: count) { worker in
        let first = worker * batch / count
        let share = (worker + 1) * batch / count - first
        let (n, k) = (step.units, step.inputs)
        let scratch = StepScratch<S>(units: n, batch: share)
        var x = [S](repeating: 0, count: n * share)
        if let start {
          for i in 0..<n {
            for b in 0..<share { x[i * share + b] = S(start[i * batch + first + b]) }
          }
        }
        var y = x
        var u = [S](repeating: 0, count: k * share)
        for t in 0..<steps {
          for j in 0..<k {
            for b in 0..<share { u[j * share + b] = S(input[(t * k + j) * batch + first + b]) }
          }
          step.step(x, input: u, into: &y, scratch)
          swap(&x, &y)
          guard t >= firstVisited else { continue }
          let states = x.map(Double.init)
          lock.withLock { _ in visit(t, first, share, states) }
        }
      }
    }
  }
}

extension Integrator {
  /// Logits of states (units × batch) by the network's readout; nil where it has none.
  public func logits(_ states: [Double], batch: Int) -> [Double]? {
    guard let readout = certified.network.readout else { return nil }
    let n = certified.network.units
    let activation = ElementWise(certified.network.activation)
    var rates = states
    activation.apply(states, &rates, count: states.count)
    let features: [[Double]] =
      switch readout.features {
      case .state: [states]
      case .rates: [rates]
      case .both: [states, rates]
      }
    var logits = [Double](repeating: 0, count: readout.classes * batch)
    let weights = readout.weights.map(Double.init)
    for c in 0..<readout.classes {
      for b in 0..<batch { logits[c * batch + b] = Double(readout.bias[c]) }
    }
    for (part, values) in features.enumerated() {
      for c in 0..<readout.classes {
        for i in 0..<n {
          let w = weights[c * readout.width + part * n + i]
          for b in 0..<batch { logits[c * batch + b] += w * values[i * batch + b] }
        }
      }
    }
    return logits
  }
}
