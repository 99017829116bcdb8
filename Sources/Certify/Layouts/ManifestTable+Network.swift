package import CertifyKernel

extension ManifestTable {
  /// [l, g] with 0 ≤ l ≤ g.
  func slopeInterval(_ key: String) throws(ManifestError) -> SlopeInterval? {
    guard let ends = try numbers(key, count: 2, "[l, g]") else { return nil }
    do {
      return try SlopeInterval(ends[0], ends[1])
    } catch {
      throw .outOfRange(
        "\(name).\(key)", found: "[\(ends[0]), \(ends[1])]", reason: "slopes need 0 <= l <= g")
    }
  }

  private func numbers(
    _ key: String, count: Int, _ form: String
  ) throws(ManifestError) -> [ExactRatio]? {
    guard has(key) else { return nil }
    guard let items = array(key), items.count == count else { throw wrong(key, form) }
    var numbers: [ExactRatio] = []
    for (position, item) in items.enumerated() {
      numbers.append(try ManifestTable.number(item, "\(name).\(key)[\(position)]"))
    }
    return numbers
  }

  /// The slopes that `activation` names or `slopes` gives; both is an error.
  package func activationSlopes() throws(ManifestError) -> SlopeInterval? {
    let given = try slopeInterval("slopes")
    let negativeSlope = try number("negative-slope")
    guard let word = try text("activation") else {
      if negativeSlope != nil {
        throw .conflict(
          "network.negative-slope", "no activation",
          reason: "it belongs to activation = \"leaky-relu\"")
      }
      return given
    }
    if given != nil {
      throw .conflict(
        "network.activation", "network.slopes", reason: "the activation says the slopes; keep one")
    }
    if word == "leaky-relu" {
      guard let negativeSlope else {
        throw .missing("network.negative-slope", hint: "the slope of leaky-relu below 0, 0 to 1")
      }
      do {
        return try Activation.leakyReLU(negativeSlope: negativeSlope).slopes()
      } catch {
        throw .outOfRange(
          "network.negative-slope", found: "\(negativeSlope)", reason: "it must lie in 0 to 1")
      }
    }
    guard let activation = Activation(name: word), let slopes = try? activation.slopes() else {
      throw .unknownValue("network.activation", found: word, known: Activation.names)
    }
    if negativeSlope != nil {
      throw .conflict(
        "network.negative-slope", "activation = \"\(word)\"", reason: "only leaky-relu has one")
    }
    return slopes
  }

  /// The activation that is named; `activationSlopes` has checked it.
  package func activation() throws(ManifestError) -> Activation? {
    guard let word = try text("activation") else { return nil }
    if let slope = try number("negative-slope") { return .leakyReLU(negativeSlope: slope) }
    return Activation(name: word)
  }

  /// `[metric]`: a diagonal or blocks, not both.
  func metric() throws(ManifestError) -> Manifest.Metric? {
    guard has("metric") else { return nil }
    let table = try table("metric", known: ["diagonal", "blocks"])
    switch (try table.text("diagonal"), try table.texts("blocks")) {
    case (let name?, nil): return .diagonal(name)
    case (nil, let names?): return .blocks(names)
    case (.some, .some):
      throw .conflict("metric.diagonal", "metric.blocks", reason: "give one metric")
    case (nil, nil):
      throw .missing("metric.diagonal", hint: "or metric.blocks, one tensor a module")
    }
  }

  /// `[step]`: scheme and size, with the leak of a split step.
  func step() throws(ManifestError) -> (Specification.Step?, leak: String?) {
    guard has("step") else { return (nil, nil) }
    let table = try table("step", known: ["scheme", "size", "leak"])
    let scheme: Specification.Step.Scheme = try table.word("scheme") ?? .euler
    guard let size = try table.positiveNumber("size") else {
      throw .missing("step.size", hint: "the length of a step in the unit of the time constants")
    }
    let leak = try table.text("leak")
    switch (scheme, leak) {
    case (.split, nil): throw .missing("step.leak", hint: "a split step names its leak tensor")
    case (.split, .some), (_, nil): break
    case (_, .some):
      throw .conflict(
        "step.leak", "step.scheme = \"\(scheme.rawValue)\"", reason: "only split has a leak")
    }
    return (Specification.Step(scheme: scheme, size: size), leak)
  }

  /// `[input]`: the tensors of Uu + b.
  func input() throws(ManifestError) -> Manifest.Input? {
    guard has("input") else { return nil }
    let table = try table("input", known: ["weight", "bias"])
    return Manifest.Input(
      weight: try table.required("weight", "the n × k tensor of input weights"),
      bias: try table.text("bias"))
  }

  /// `[readout]`: the tensors of F f(x) + c.
  func readout() throws(ManifestError) -> Manifest.Readout? {
    guard has("readout") else { return nil }
    let table = try table("readout", known: ["weight", "bias", "features"])
    return Manifest.Readout(
      weight: try table.required("weight", "the classes × width tensor of the readout"),
      bias: try table.text("bias"), features: try table.word("features") ?? .state)
  }

  private func positiveNumber(_ key: String) throws(ManifestError) -> ExactRatio? {
    guard has(key) else { return nil }
    guard array(key) == nil else { throw wrong(key, "one number") }
    return try positiveNumbers(key)?[0]
  }
}
