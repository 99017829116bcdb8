package import Dynamics

/// What a batch is asked: one label a sequence, judged at the last step, or one a step. Labels below 0 are not judged.
package enum Question: String, Sendable, Hashable {
  case lastStep, everyStep
}

/// What one pass over a batch gave; sums over the columns.
package struct PassResult: Sendable, Hashable {
  package var loss = 0.0
  /// Right answers at the last step, and over all judged steps.
  package var rightAtLast = 0
  package var right = 0
  package var judged = 0

  package mutating func add(_ other: Self) {
    loss += other.loss
    rightAtLast += other.rightAtLast
    right += other.right
    judged += other.judged
  }
}

/// One thread's share of a batch: columns of inputs and labels, and room for the states between them.
///
/// Where all states do not fit in the memory allowed, those at the start of each stretch are kept and the others
/// computed again on the way back, for one more forward pass in all (Chen et al. 2016, arXiv 1604.06174).
package final class Unroll<S: Real> {
  let units: Int
  let inputs: Int
  let steps: Int
  let batch: Int
  let question: Question
  private let keepsSums: Bool
  private let stretch: Int
  private let starts: Storage
  private let states: Storage
  private let sums: Storage
  private let forward: StepScratch<S>
  private let backward: BackScratch<S>
  private let readoutRoom: Storage
  private let derivative: Storage
  /// The derivative by the state; it trades places with an array of `backward` at every step.
  private var δ: UnsafeMutablePointer<S>

  private final class Storage {
    let base: UnsafeMutablePointer<S>
    init(_ count: Int) {
      base = .zeros(count)
    }
    deinit { base.deallocate() }
  }

  /// - Parameters:
  ///   - keepsSums: whether a backward pass needs z: for steps with a turn and of form inside.
  ///   - memory: bytes for states; at least those of about 2√steps of them are taken.
  ///   - strips: of W, where W is learned and in strips.
  package init(
    units: Int, inputs: Int, steps: Int, batch: Int, question: Question, keepsSums: Bool,
    classes: Int, features: Int, memory: Int, strips: Strips? = nil
  ) {
    self.units = units
    self.inputs = inputs
    self.steps = steps
    self.batch = batch
    self.question = question
    self.keepsSums = keepsSums
    let size = units * batch
    let each = keepsSums ? 2 : 1
    let affordable = memory / max(1, size * MemoryLayout<S>.stride)
    var length = steps
    if (steps + 1) * each > affordable {
      // Stretches of K steps keep K · each + steps/K states, least at K = √(steps/each).
      length = Int((Double(steps) / Double(each)).squareRoot().rounded(.up))
      while (length + 1) * each * 2 + steps / (length * 2) <= affordable { length *= 2 }
    }
    stretch = max(1, min(length, steps))
    let count = (steps + stretch - 1) / stretch
    starts = Storage(count > 1 ? count * size : 0)
    states = Storage((stretch + 1) * size)
    sums = Storage(keepsSums ? stretch * size : 0)
    forward = StepScratch(units: units, batch: batch)
    backward = BackScratch(
      units: units, batch: batch,
      strips: strips.map { StripsDerivative($0, units: units, batch: batch) })
    readoutRoom = Storage((2 * features + classes) * batch)
    derivative = Storage(size)
    δ = derivative.base
  }

  /// Bytes of the states that are kept.
  package var stateBytes: Int {
    let count = (steps + stretch - 1) / stretch
    return ((count > 1 ? count : 0) + (stretch + 1) + (keepsSums ? stretch : 0)) * units * batch
      * MemoryLayout<S>.stride
  }

  /// Loss, answers and derivatives of one batch from the state 0.
  ///
  /// - Parameters:
  ///   - input: steps × inputs × batch.
  ///   - labels: batch, or steps × batch where every step is asked.
  ///   - weight: of each judged label in the loss.
  package func run(
    _ step: Recurrence<S>, _ readout: Readout<S>, input: UnsafePointer<S>, labels: [Int32],
    weight: S, into gradient: inout RecurrenceGradient<S>,
    _ readoutGradient: inout ReadoutGradient<S>
  ) -> PassResult {
    precondition(labels.count == (question == .everyStep ? steps : 1) * batch, "labels")
    let size = units * batch
    let count = (steps + stretch - 1) / stretch
    states.base.update(repeating: 0, count: size)
    for k in 0..<count {
      if count > 1 { (starts.base + k * size).update(from: states.base, count: size) }
      advance(step, stretch: k, input)
      // The last state of a stretch starts the next one.
      if k < count - 1 {
        states.base.update(from: states.base + stretch * size, count: size)
      }
    }
    var result = PassResult()
    δ.update(repeating: 0, count: size)
    for k in stride(from: count - 1, through: 0, by: -1) {
      if k < count - 1 {
        states.base.update(from: starts.base + k * size, count: size)
        advance(step, stretch: k, input)
      }
      let first = k * stretch
      for t in stride(from: min(first + stretch, steps) - 1, through: first, by: -1) {
        let x = states.base + (t - first) * size
        if question == .everyStep || t == steps - 1 {
          judge(
            readout, x + size, t, labels, weight, &readoutGradient, &result)
        }
        step.back(
          &δ, x: x, input: input + t * inputs * batch,
          z: keepsSums ? sums.base + (t - first) * size : nil, into: &gradient, backward)
      }
    }
    backward.strips?.finish(into: &gradient.recurrent)
    return result
  }

  /// Fills the states of one stretch from the one at its start.
  private func advance(_ step: Recurrence<S>, stretch k: Int, _ input: UnsafePointer<S>) {
    let size = units * batch
    let first = k * stretch
    for t in first..<min(first + stretch, steps) {
      let x = states.base + (t - first) * size
      step.step(
        x, input: input + t * inputs * batch, into: x + size,
        keeping: keepsSums ? sums.base + (t - first) * size : nil, forward)
    }
  }

  /// Adds loss and answers of the state after step t, and its derivative to δ.
  private func judge(
    _ readout: Readout<S>, _ x: UnsafePointer<S>, _ t: Int, _ labels: [Int32], _ weight: S,
    _ gradient: inout ReadoutGradient<S>, _ result: inout PassResult
  ) {
    let width = readout.featureCount(units)
    let extracted = readoutRoom.base
    let scratch = extracted + width * batch
    let logits = scratch + width * batch
    let features = readout.features == .state ? x : UnsafePointer(extracted)
    if readout.features != .state { readout.extract(x, extracted, count: units * batch) }
    readout.logits(features, units: units, logits, batch: batch)
    let offset = question == .everyStep ? t * batch : 0
    var answers = [Int32](repeating: 0, count: batch)
    labels.withUnsafeBufferPointer { all in
      let own = all.baseAddress! + offset
      S.kernels.softmaxLoss(
        Int64(readout.classes), Int64(batch), logits, own, weight, &result.loss, &answers)
      for b in 0..<batch where own[b] >= 0 {
        result.judged += 1
        let isRight = answers[b] == own[b]
        if isRight { result.right += 1 }
        if isRight, t == steps - 1 { result.rightAtLast += 1 }
      }
    }
    readout.back(
      logits, features: features, x: x, units: units, &gradient, into: δ, scratch,
      batch: batch)
  }
}
