internal import Markup

/// The state dictionaries of kozleo/rnns-of-rnns: one firing-rate network, form inside, ReLU.
///
///     h⁺ = (1 − α) h + α relu(W_in x + b_in + W h + b_h)
///
/// that is τ h' = −h + φ(W h + u) with τ = 1, advanced by Euler steps of size α. α is not in the file: it comes
/// from a manifest's `[step]` or from `--step`. Tensors, after any prefix P:
///
///     P.h2h.weight, or its pieces (`Pieces`);  P.h2h.bias, P.input2h.weight, P.input2h.bias
///
/// A tensor whose name starts with P.L_hat means the global-workspace network, which has a linear coupling in
/// pieces of its own and is not recognised yet.
enum FiringRateLayout {
  static func matches(_ tensors: StateDictionary, _ wanted: Parametrisation?) -> [LayoutMatch] {
    var prefixes = tensors.prefixes(before: "h2h.weight")
    prefixes += tensors.prefixes(before: "h2h.parametrizations.weight.original")
    prefixes += tensors.prefixes(before: "h2h.weight_orig")
    return Set(prefixes).sorted().compactMap { match(tensors, prefix: $0, wanted) }
  }

  private static func match(
    _ tensors: StateDictionary, prefix: String, _ wanted: Parametrisation?
  ) -> LayoutMatch? {
    let base = prefix + "h2h.weight"
    guard let input = tensors.shape(prefix + "input2h.weight") else { return nil }
    let pieces = Pieces(of: base, has: { tensors.shape($0) != nil })
    guard let shape = tensors.shape(pieces?.original ?? base) else { return nil }
    if tensors.contains(prefix: prefix + "L_hat.") {
      return .unsupported(
        reason:
          "\(prefix)L_hat.*: a global-workspace network, whose coupling is stored in pieces that are not "
          + "rebuilt here; export W and L as plain tensors and describe them in a manifest")
    }
    guard shape.count == 2, shape[0] == shape[1], shape[0] > 0 else {
      return .misshapen(reason: "\(pieces?.original ?? base) has shape \(shape), expected n x n")
    }
    let n = shape[0]
    guard input.count == 2, input[0] == n else {
      return .misshapen(
        reason: "\(prefix)input2h.weight has shape \(input), expected \(n) rows for \(n) units")
    }
    let companions = ["input2h.weight", "input2h.bias", "h2h.bias"].map { prefix + $0 }
      .filter { tensors.shape($0) != nil }
    for name in companions.dropFirst() where tensors.shape(name) != [n] {
      return .misshapen(
        reason: "\(name) has shape \(tensors.shape(name) ?? []), expected [\(n)]")
    }
    let kind = pieces.map { $0.kind(wanted) ?? wanted ?? .symmetric }
    var line =
      "firing-rate state dictionary (rnns-of-rnns) \"\(printable(base))\", "
      + "\(counted(n, "unit")), "
    switch kind {
    case nil: line += "plain weights"
    case .spectral: line += "spectral norm"
    case .symmetric where wanted == nil:
      line += "symmetric constraint (matsuoka stores the same tensors; a manifest can say so)"
    case .symmetric: line += "symmetric constraint, as the manifest says"
    case .matsuoka: line += "matsuoka constraint, as the manifest says"
    }
    line += ", form inside, relu"
    return .recognised(
      RecognisedLayout(
        line: line, form: .inside, recurrent: .dense(tensors.storedName(base, pieces)),
        parametrisation: kind, modules: nil, companions: companions.map(tensors.storedName)))
  }
}

/// The tensors that stand for a parametrised one named `base`.
///
///     spectral (new)          P.parametrizations.W.original, .0._u, .0._v    for base P.W
///     spectral (old)          P.W_orig, P.W_u, P.W_v
///     symmetric or matsuoka   P.parametrizations.W.original, .0.Id
struct Pieces: Sendable, Hashable {
  let original: String
  let others: Others

  enum Others: Sendable, Hashable {
    case vectors(u: String, v: String)
    case identity(String)
  }

  /// Nil if there are none under this name.
  init?(of base: String, has: (String) -> Bool) {
    let cut = base.lastIndex(of: ".").map { base.index(after: $0) } ?? base.startIndex
    let stem = "\(base[..<cut])parametrizations.\(base[cut...])"
    if has("\(stem).original") {
      original = "\(stem).original"
      if has("\(stem).0._u"), has("\(stem).0._v") {
        others = .vectors(u: "\(stem).0._u", v: "\(stem).0._v")
      } else if has("\(stem).0.Id") {
        others = .identity("\(stem).0.Id")
      } else {
        return nil
      }
    } else if has("\(base)_orig"), has("\(base)_u"), has("\(base)_v") {
      original = "\(base)_orig"
      others = .vectors(u: "\(base)_u", v: "\(base)_v")
    } else {
      return nil
    }
  }

  /// The names, in the order that certificates list them.
  var names: [String] {
    switch others {
    case .vectors(let u, let v): [original, u, v]
    case .identity(let name): [original, name]
    }
  }

  /// The parametrisation these pieces are of: nil if only a manifest can tell, or if it says otherwise.
  func kind(_ wanted: Parametrisation?) -> Parametrisation? {
    switch (others, wanted) {
    case (.vectors, nil), (.vectors, .spectral): .spectral
    case (.identity, .symmetric): .symmetric
    case (.identity, .matsuoka): .matsuoka
    default: nil
    }
  }
}

extension StateDictionary {
  /// The name under which the file would hold a parametrised tensor whole: wrappers' prefixes kept.
  fileprivate func storedName(_ base: String, _ pieces: Pieces?) -> String {
    guard let pieces else { return storedName(base) }
    let kept = storedName(pieces.original)
    return String(kept.dropLast(pieces.original.count)) + base
  }
}
