internal import Certify
internal import CertifyKernel
package import Checkpoints
package import Dynamics
internal import Foundation

/// What training has made, as it is saved and run: float32 tensors, the specification that they are, and the layers
/// around it.
package struct TrainedModel: Sendable {
  package let tensors: [Tensor]
  /// The manifest that goes into the file's metadata.
  package let manifest: String
  package let network: RateNetwork
  /// The metric in which the parameterisation bounds its norms, where it is not the identity.
  package let metric: [Double]?
  let workspace: Int?

  /// Searches and checks: the kernel decides.
  package func certify() throws(NetworkError) -> AnyIntegrator {
    try AnyIntegrator(
      certifying: network,
      with: Checker(
        findsMaximumStep: false, findsLargestScale: false, findsImpossibilities: false,
        shippedMetric: metric.map { .diagonal($0) }, workspace: workspace))
  }
}

extension BuiltNetwork {
  /// The readout layer at θ, in float32.
  private func readout(_ θ: [Double]) -> ReadoutLayer {
    ReadoutLayer(
      classes: readoutBias.count, features: .init(rawValue: plan.features.rawValue)!,
      weights: θ[readoutWeights].map { Float($0) }, bias: θ[readoutBias].map { Float($0) })
  }

  /// The network at θ.
  ///
  /// - Throws: `.notFinite` where a tensor is not.
  package func model(_ θ: [Double], step number: Int) throws(TrainingError) -> TrainedModel {
    var writer = ModelTensors(units: network.units)
    let made = network.tensors(θ)
    let plan = plan
    let activations = activationLines(plan.activation)
    var lines = ["[network]", "form = \"\(plan.form.rawValue)\""]
    do {
      let W = try writer.add("W", network.modules.pattern, made.recurrent.map { Float($0) })
      lines.append("recurrent = \(W.source)")
      var L: Weights?
      if let coupling = network.coupling {
        let added = try writer.add("L", coupling.pattern, made.coupling.map { Float($0) })
        lines.append("coupling = \(added.source)")
        L = added.weights
      }
      var K: Specification.NonlinearCoupling?
      if let nonlinear = network.nonlinear {
        let added = try writer.add("K", nonlinear.pattern, made.nonlinear.map { Float($0) })
        lines.append("nonlinear-coupling = \(added.source)")
        let slopes = try plan.activation.slopes()
        lines.append("coupling-slopes = [\(quoted(slopes.lower)), \(quoted(slopes.upper))]")
        K = .init(weights: added.weights, slopes: slopes)
      }
      lines += activations
      let sizes =
        plan.weights == .masked
        ? [network.units] : [Int](repeating: plan.units, count: plan.modules)
      if sizes.count > 1 { lines.append("modules = \(sizes)") }
      let isWorkspace = plan.adjacency == .workspace && sizes.count > 1
      if isWorkspace { lines.append("workspace = 0") }
      var metric: [Double]?
      if !made.scaling.isEmpty {
        // P = diag(e^{−2s}), as far as float32 tells it.
        let p = made.scaling.map { Float(exp(-2 * $0)) }
        try writer.add("metric", [network.units], p)
        lines += ["[metric]", "diagonal = \"metric\""]
        metric = p.map(Double.init)
      }
      lines += ["[step]", "scheme = \"\(plan.scheme.rawValue)\"", "size = \(quoted(plan.step))"]
      var leak: [Double] = []
      if !made.leaks.isEmpty {
        let a = made.leaks.map { Float($0) }
        try writer.add("leak", [network.units], a)
        lines.append("leak = \"leak\"")
        leak = a.map(Double.init)
      }
      let readout = readout(θ)
      let input = InputLayer(
        units: network.units, inputs: network.inputs,
        weights: θ[network.input].map { Float($0) }, bias: θ[network.bias].map { Float($0) })
      try writer.add("input.weight", [network.units, network.inputs], input.weights)
      try writer.add("input.bias", [network.units], input.bias)
      try writer.add("readout.weight", [readout.classes, readout.width], readout.weights)
      try writer.add("readout.bias", [readout.classes], readout.bias)
      lines += [
        "[input]", "weight = \"input.weight\"", "bias = \"input.bias\"", "[readout]",
        "weight = \"readout.weight\"", "bias = \"readout.bias\"",
        "features = \"\(readout.features.rawValue)\"",
      ]
      let specification = try Specification(
        form: plan.form, recurrent: W.weights, coupling: L, nonlinearCoupling: K,
        slopes: try plan.activation.slopes(), modules: sizes,
        step: .init(scheme: plan.scheme, size: plan.step, leak: leak))
      return TrainedModel(
        tensors: writer.tensors, manifest: lines.joined(separator: "\n") + "\n",
        network: try RateNetwork(
          specification, activation: plan.activation,
          couplingActivation: K == nil ? nil : plan.activation, input: input, readout: readout),
        metric: metric, workspace: isWorkspace ? 0 : nil)
    } catch let error as InputError {
      throw .notFinite(step: number, what: "a weight (\(error))")
    } catch {
      throw .refused("\(error)")
    }
  }
}

private func quoted(_ value: ExactRatio) -> String { "\"\(value)\"" }

/// The lines of a manifest that name an activation.
private func activationLines(_ activation: Activation) -> [String] {
  switch activation {
  case .relu: ["activation = \"relu\""]
  case .tanh: ["activation = \"tanh\""]
  case .sigmoid: ["activation = \"sigmoid\""]
  case .softplus: ["activation = \"softplus\""]
  case .hardTanh: ["activation = \"hard-tanh\""]
  case .identity: ["activation = \"identity\""]
  case .leakyReLU(let slope):
    ["activation = \"leaky-relu\"", "negative-slope = \(quoted(slope))"]
  }
}

/// Collects the tensors of a file. Matrices with few entries become three tensors of compressed rows.
private struct ModelTensors {
  let units: Int
  private(set) var tensors: [Tensor] = []

  init(units: Int) { self.units = units }

  mutating func add(_ name: String, _ shape: [Int], _ values: [Float]) throws {
    tensors.append(try Tensor(name: name, shape: shape, floats: values))
  }

  mutating func add(
    _ name: String, _ pattern: Pattern, _ values: [Float]
  ) throws -> (weights: Weights, source: String) {
    if 3 * pattern.entries > units * units {
      let dense = pattern.dense(values)
      try add(name, [units, units], dense)
      let matrix = Matrix(rows: units, columns: units, values: dense.map(Double.init))
      return (.dense(matrix), "\"\(name)\"")
    }
    var rows = [[(column: Int32, value: Float)]](repeating: [], count: units)
    pattern.places { rows[$1].append((Int32($2), values[$0])) }
    for i in rows.indices { rows[i].sort { $0.column < $1.column } }
    var pointers = [0]
    for row in rows { pointers.append(pointers[pointers.count - 1] + row.count) }
    let columns = rows.flatMap { $0.map(\.column) }
    let entries = rows.flatMap { $0.map(\.value) }
    tensors.append(
      try Tensor(name: "\(name).indptr", shape: [units + 1], int32s: pointers.map { Int32($0) }))
    tensors.append(try Tensor(name: "\(name).indices", shape: [columns.count], int32s: columns))
    try add("\(name).values", [entries.count], entries)
    let sparse = try SparseMatrix(
      rows: units, columns: units, rowPointers: pointers, columnIndices: columns,
      values: entries.map(Double.init))
    return (
      .sparse(sparse),
      "{ indptr = \"\(name).indptr\", indices = \"\(name).indices\", values = \"\(name).values\" }"
    )
  }
}
