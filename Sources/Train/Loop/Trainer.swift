internal import Dispatch
package import Dynamics
internal import Synchronization

/// A network with a readout, its parameters, and the machinery of one gradient step on a batch of a fixed shape.
package final class Trainer<S: Real> {
  package let network: TrainableNetwork
  package var θ: [Double]
  private let readoutWeights: Range<Int>
  private let readoutBias: Range<Int>
  private let features: Readout<S>.Features
  private let classes: Int
  private let steps: Int
  private let question: Question
  /// First columns and numbers of columns of the threads.
  private let shares: [(first: Int, count: Int)]
  private let batch: Int
  private let processes: Processes
  private var workers: [Worker]

  private final class Worker: @unchecked Sendable {
    let unroll: Unroll<S>
    var gradient: RecurrenceGradient<S>
    var readout: ReadoutGradient<S>
    var result = PassResult()
    var input: [S]
    var labels: [Int32]

    init(
      unroll: Unroll<S>, gradient: RecurrenceGradient<S>, readout: ReadoutGradient<S>, input: [S],
      labels: [Int32]
    ) {
      self.unroll = unroll
      self.gradient = gradient
      self.readout = readout
      self.input = input
      self.labels = labels
    }

    /// Takes columns first ..< first + share of a batch of rows.
    func take(
      input: [Float], labels: [Int32], batch: Int, first: Int, share: Int
    ) {
      for row in 0..<(self.input.count / share) {
        for b in 0..<share { self.input[row * share + b] = S(input[row * batch + first + b]) }
      }
      for row in 0..<(self.labels.count / share) {
        for b in 0..<share { self.labels[row * share + b] = labels[row * batch + first + b] }
      }
    }

    func run(_ step: Recurrence<S>, _ readout: Readout<S>, weight: S) {
      gradient.clear()
      self.readout.clear()
      result = unroll.run(
        step, readout, input: input, labels: labels, weight: weight, into: &gradient,
        &self.readout)
    }
  }

  /// - Parameters:
  ///   - batch: columns, dealt out to the threads in equal shares.
  ///   - memory: bytes for states of all threads together.
  package init(
    _ network: TrainableNetwork, θ: [Double], readoutWeights: Range<Int>, readoutBias: Range<Int>,
    features: Readout<S>.Features, classes: Int, steps: Int, batch: Int, question: Question,
    threads: Int, memory: Int
  ) {
    self.network = network
    self.θ = θ
    self.readoutWeights = readoutWeights
    self.readoutBias = readoutBias
    self.features = features
    self.classes = classes
    self.steps = steps
    self.question = question
    self.batch = batch
    processes = .all
    let own = processes.share(of: batch)
    let count = max(1, min(threads, own.count))
    shares = (0..<count).map { k in
      let first = own.lowerBound + k * own.count / count
      return (first, own.lowerBound + (k + 1) * own.count / count - first)
    }
    let step = network.step(θ).converted(to: S.self)
    workers = []
    let readout = readout
    for (_, share) in shares {
      workers.append(
        Worker(
          unroll: Unroll(
            units: network.units, inputs: network.inputs, steps: steps, batch: share,
            question: question, keepsSums: network.isInside || !step.turn.isEmpty,
            classes: classes, features: readout.featureCount(network.units),
            memory: memory / count,
            strips: network.learnsRecurrent ? step.recurrent.pattern.strips : nil),
          gradient: RecurrenceGradient(
            like: step, learnsDecay: network.learnsDecay,
            learnsRecurrent: network.learnsRecurrent),
          readout: ReadoutGradient(like: readout),
          input: [S](repeating: 0, count: steps * network.inputs * share),
          labels: [Int32](repeating: 0, count: (question == .everyStep ? steps : 1) * share)))
    }
  }

  package var readout: Readout<S> {
    Readout(
      classes: classes, features: features, activation: network.activation,
      weights: S.rounded(Array(θ[readoutWeights])), bias: S.rounded(Array(θ[readoutBias])))
  }

  /// Bytes of the states kept by all threads.
  package var stateBytes: Int { workers.reduce(0) { $0 + $1.unroll.stateBytes } }

  /// Loss and derivative of a batch at θ.
  ///
  /// - Parameters:
  ///   - input: steps × inputs × batch.
  ///   - labels: batch, or steps × batch.
  package func gradient(input: [Float], labels: [Int32]) -> (PassResult, [Double]) {
    let step = network.step(θ).converted(to: S.self)
    var prepared = readout
    // Products as small as those of a readout cost a library more in copies than in arithmetic.
    if question == .everyStep, classes <= 40 { prepared.prepare() }
    let readout = prepared
    let judged = labels.reduce(0) { $0 + ($1 >= 0 ? 1 : 0) }
    let weight = S(1) / S(max(1, judged))
    let (shares, workers, batch) = (shares, workers, batch)
    DispatchQueue.concurrentPerform(iterations: workers.count) { k in
      workers[k].take(
        input: input, labels: labels, batch: batch, first: shares[k].first,
        share: shares[k].count)
      workers[k].run(step, readout, weight: weight)
    }
    var total = workers[0].gradient
    var readoutTotal = workers[0].readout
    var result = workers[0].result
    for worker in workers.dropFirst() {
      total.add(worker.gradient)
      readoutTotal.add(worker.readout)
      result.add(worker.result)
    }
    var gradient = [Double](repeating: 0, count: θ.count)
    network.back(total.widened, θ, into: &gradient)
    for (k, p) in readoutWeights.enumerated() { gradient[p] += Double(readoutTotal.weights[k]) }
    for (k, p) in readoutBias.enumerated() { gradient[p] += Double(readoutTotal.bias[k]) }
    if processes.count > 1 { share(&gradient, &result) }
    return (result, gradient)
  }

  /// Sums derivative and counts over all processes.
  private func share(_ gradient: inout [Double], _ result: inout PassResult) {
    gradient += [
      result.loss, Double(result.rightAtLast), Double(result.right), Double(result.judged),
    ]
    processes.sum(&gradient)
    let counts = gradient.suffix(4).map { $0 }
    gradient.removeLast(4)
    result.loss = counts[0]
    (result.rightAtLast, result.right, result.judged) = (
      Int(counts[1]), Int(counts[2]), Int(counts[3])
    )
  }
}
