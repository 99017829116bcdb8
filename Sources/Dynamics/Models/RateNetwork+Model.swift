public import Certify
internal import CertifyKernel

extension RateNetwork {
  /// The network of a model file, with the layers that its description or layout names.
  ///
  /// - Throws: `.input` where only slopes are known, so that nothing can run; `.layer`; `ModelError` as text.
  public init(_ model: Model) throws(NetworkError) {
    guard let activation = model.activation else {
      throw .input(
        "the model's description gives slopes but no activation, so there is nothing to run: name the activation"
      )
    }
    let layers: ModelLayers?
    do {
      layers = try model.layers()
    } catch {
      throw .input("\(error)")
    }
    let n = model.specification.units
    try self.init(
      model.specification, activation: activation,
      couplingActivation: model.specification.nonlinearCoupling == nil ? nil : activation,
      input: layers.map {
        InputLayer(units: n, inputs: $0.inputs, weights: $0.inputWeights, bias: $0.inputBias)
      },
      readout: layers?.readout.map {
        ReadoutLayer(
          classes: $0.classes, features: .init(rawValue: $0.features.rawValue)!,
          weights: $0.weights, bias: $0.bias)
      })
  }
}
