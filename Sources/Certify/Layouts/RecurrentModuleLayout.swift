internal import Markup

/// The state dictionaries of torch.nn.RNN and torch.nn.RNNCell, form map.
///
///     h⁺ = φ(W_ih x + b_ih + W_hh h + b_hh),   φ = tanh or relu
///
/// Which φ is not in the file and does not matter: both have slopes in [0, 1].
///
/// Several layers are one network. Layer k reads h_{k−1} of the same time step, so with the state of layer k
/// taken k steps late, z_k(t) = h_k(t − k),
///
///     z_k(t) = φ(W_hh^k z_k(t − 1) + W_ih^k z_{k−1}(t − 1) + b^k)
///
/// is exactly a map z⁺ = φ(W z + u) with W block lower bidiagonal: W_hh of each layer on the diagonal and W_ih
/// of each but the first below it. A delay by a fixed number of steps changes no rate, so a factor ρ for z is one
/// for the stack (its overshoot speaks of z). The modules are the layers.
///
/// Rejected with the reason: bidirectional networks, LSTM and GRU (4n or 3n rows), projections.
enum RecurrentModuleLayout {
  static func matches(_ tensors: StateDictionary) -> [LayoutMatch] {
    tensors.prefixes(before: "weight_hh_l0").map { stack(tensors, prefix: $0) }
      + tensors.prefixes(before: "weight_hh").map { cell(tensors, prefix: $0) }
  }

  /// Nil if the tensor is n × n; otherwise what its shape means.
  private static func fault(_ name: String, _ shape: [Int]?) -> LayoutMatch? {
    guard let shape, shape.count == 2, shape[1] > 0 else {
      return .misshapen(reason: "\(name) has shape \(shape ?? []), expected n x n")
    }
    let (rows, n) = (shape[0], shape[1])
    if rows == n { return nil }
    if let kind = [4 * n: "LSTM", 3 * n: "GRU"][rows] {
      return .unsupported(
        reason:
          "\(name) has \(rows) rows for \(n) units: \(kind == "LSTM" ? "an" : "a") \(kind), whose "
          + "gates multiply states; the theorems here speak of h⁺ = φ(W h + u)")
    }
    return .misshapen(reason: "\(name) has shape \(shape), expected \(n) x \(n)")
  }

  private static func stack(_ tensors: StateDictionary, prefix: String) -> LayoutMatch {
    let names = tensors.names(prefix: prefix)
    if let reverse = names.first(where: { $0.hasSuffix("_reverse") }) {
      return .unsupported(
        reason:
          "\(reverse): a bidirectional network reads its input backwards as well and is no map "
          + "from one state to the next")
    }
    if let projection = names.first(where: { $0.hasPrefix(prefix + "weight_hr_l") }) {
      return .unsupported(reason: "\(projection): an LSTM with projections")
    }
    if let fault = fault(prefix + "weight_hh_l0", tensors.shape(prefix + "weight_hh_l0")) {
      return fault
    }
    let n = tensors.shape(prefix + "weight_hh_l0")?[0] ?? 0
    var layers = 0
    while tensors.shape("\(prefix)weight_hh_l\(layers)") != nil { layers += 1 }
    var hidden: [String] = []
    var input: [String] = []
    var companions: [String] = []
    for k in 0..<layers {
      let (hh, ih) = ("\(prefix)weight_hh_l\(k)", "\(prefix)weight_ih_l\(k)")
      guard tensors.shape(hh) == [n, n] else {
        return .misshapen(
          reason: "\(hh) has shape \(tensors.shape(hh) ?? []), expected \(n) x \(n)")
      }
      guard let shape = tensors.shape(ih) else {
        return .misshapen(reason: "\(ih) is missing, though \(hh) is there")
      }
      guard shape.count == 2, shape[0] == n, k == 0 || shape[1] == n else {
        let expected = k == 0 ? "\(n) rows" : "\(n) x \(n)"
        return .misshapen(reason: "\(ih) has shape \(shape), expected \(expected)")
      }
      hidden.append(tensors.storedName(hh))
      if k > 0 { input.append(tensors.storedName(ih)) } else { companions.append(ih) }
      for name in ["\(prefix)bias_ih_l\(k)", "\(prefix)bias_hh_l\(k)"] {
        guard let shape = tensors.shape(name) else { continue }
        guard shape == [n] else {
          return .misshapen(reason: "\(name) has shape \(shape), expected [\(n)]")
        }
        companions.append(name)
      }
    }
    let stray = names.first { name in
      guard name.hasPrefix(prefix + "weight_hh_l") else { return false }
      return !(0..<layers).contains { name == "\(prefix)weight_hh_l\($0)" }
    }
    if let stray {
      return .misshapen(reason: "\(stray) is there, though layer \(layers) is missing")
    }
    let size = layers == 1 ? "\(counted(n, "unit"))" : "\(layers) layers of \(n) units as one map"
    return .recognised(
      RecognisedLayout(
        line:
          "nn.RNN state dictionary \"\(printable(prefix))weight_hh_l0\", \(size), form map, tanh or relu",
        form: .map,
        recurrent: layers == 1 ? .dense(hidden[0]) : .layers(hidden: hidden, input: input),
        parametrisation: nil,
        modules: layers == 1 ? nil : [Int](repeating: n, count: layers),
        companions: companions.map(tensors.storedName)))
  }

  private static func cell(_ tensors: StateDictionary, prefix: String) -> LayoutMatch {
    let (hh, ih) = (prefix + "weight_hh", prefix + "weight_ih")
    if let fault = fault(hh, tensors.shape(hh)) { return fault }
    let n = tensors.shape(hh)?[0] ?? 0
    guard let shape = tensors.shape(ih), shape.count == 2, shape[0] == n else {
      return .misshapen(
        reason: "\(ih) has shape \(tensors.shape(ih) ?? []), expected \(n) rows for \(n) units")
    }
    var companions = [ih]
    for name in [prefix + "bias_ih", prefix + "bias_hh"] {
      guard let shape = tensors.shape(name) else { continue }
      guard shape == [n] else {
        return .misshapen(reason: "\(name) has shape \(shape), expected [\(n)]")
      }
      companions.append(name)
    }
    return .recognised(
      RecognisedLayout(
        line:
          "nn.RNNCell state dictionary \"\(printable(hh))\", \(counted(n, "unit")), form map, tanh or relu",
        form: .map, recurrent: .dense(tensors.storedName(hh)), parametrisation: nil, modules: nil,
        companions: companions.map(tensors.storedName)))
  }
}
