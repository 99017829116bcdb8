internal import Checkpoints
internal import Markup

/// The recognised layouts, all tried.
enum Layout {
  /// - Throws: `.unrecognised`, `.ambiguous`, `.unsupported` or `.shape`, with the list of tensors.
  static func recognise(
    _ file: TensorFile, _ parametrisation: Parametrisation?
  ) throws(ModelError) -> RecognisedLayout {
    let hint =
      "run `certify inspect \(printable(shellWord(file.source.name))) --manifest-template` and describe the network in a "
      + "manifest"
    let names = file.checkpoint.entries.map { (name: $0.name, shape: $0.shape) }
    guard let tensors = StateDictionary(names) else {
      throw .rejected(
        .ambiguous,
        "two tensors have one name without _orig_mod. and module.; \(file.listing()); \(hint)")
    }
    let matches =
      FiringRateLayout.matches(tensors, parametrisation) + RecurrentModuleLayout.matches(tensors)
    guard let match = matches.first else {
      try file.requireUndamaged()
      throw .rejected(.unrecognised, "no known layout; \(file.listing()); \(hint)")
    }
    guard matches.count == 1 else {
      let all = matches.map { match in
        switch match {
        case .recognised(let layout): layout.line
        case .unsupported(let reason), .misshapen(let reason): reason
        }
      }
      throw .rejected(
        .ambiguous,
        "\(matches.count) layouts fit: \(all.joined(separator: "; ")); \(file.listing()); \(hint)")
    }
    switch match {
    case .recognised(let layout): return layout
    case .unsupported(let reason): throw .rejected(.unsupported, reason)
    case .misshapen(let reason): throw .rejected(.shape, "\(reason); \(hint)")
    }
  }
}

/// A path as a shell takes it: in single quotes if it holds anything that a shell may read otherwise.
private func shellWord(_ path: String) -> String {
  let plain = path.unicodeScalars.allSatisfy { scalar in
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || "/._-+,:=@%".unicodeScalars.contains(scalar)
  }
  return plain ? path : "'\(path.replacing("'", with: "'\\''"))'"
}
