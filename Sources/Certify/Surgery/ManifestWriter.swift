internal import CertifyKernel
internal import Markup

/// The description of a network as a manifest says it, for `certify.network` in the metadata of a file.
struct ManifestWriter {
  let network: Specification
  let sources: ModelBinding.Sources
  let workspace: Int?
  let metric: Manifest.Metric?
  let leak: String?
  /// What the network was made from, for people.
  let origin: String

  /// TOML that `Manifest(text:)` reads back as the same network. Numbers are exact.
  var text: String {
    var lines = ["# \(printable(origin))", "[network]"]
    if let recurrent = source(sources.recurrent) {
      lines.append("form = \"\(network.form.rawValue)\"")
      lines.append("recurrent = \(recurrent)")
    }
    lines += sources.coupling.flatMap(source).map { ["coupling = \($0)"] } ?? []
    lines += sources.nonlinearCoupling.flatMap(source).map { ["nonlinear-coupling = \($0)"] } ?? []
    lines.append("slopes = \(pair(network.slopes))")
    if let slopes = network.nonlinearCoupling?.slopes {
      lines.append("coupling-slopes = \(pair(slopes))")
    }
    if network.modules.count > 1 {
      lines.append("modules = \(list(network.modules.map(String.init)))")
    }
    if let workspace { lines.append("workspace = \(workspace)") }
    if network.form != .map { lines.append("time-constant = \(times)") }
    switch metric {
    case nil: break
    case .diagonal(let name): lines += ["[metric]", "diagonal = \(tomlText(name))"]
    case .blocks(let names): lines += ["[metric]", "blocks = \(list(names.map(tomlText)))"]
    }
    if let step = network.step {
      lines += ["[step]", "scheme = \"\(step.scheme.rawValue)\"", "size = \(number(step.size))"]
      if step.scheme == .split, let leak { lines.append("leak = \(tomlText(leak))") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Nil for the layers of an nn.RNN, which the names of the tensors say.
  private func source(_ source: TensorSource) -> String? {
    switch source {
    case .dense(let name): tomlText(name)
    case .compressedRows(let indptr, let indices, let values):
      "{ indptr = \(tomlText(indptr)), indices = \(tomlText(indices)), values = \(tomlText(values)) }"
    case .layers: nil
    }
  }

  /// One for all, or one a module: units of a module share theirs.
  private var times: String {
    if network.timeConstants.count == 1 { return number(network.timeConstants[0]) }
    return list(network.moduleRanges.map { number(network.timeConstants[$0.lowerBound]) })
  }

  private func pair(_ slopes: SlopeInterval) -> String {
    list([number(slopes.lower), number(slopes.upper)])
  }

  private func list(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }

  private func number(_ ratio: ExactRatio) -> String { "\"\(ratio.exactText)\"" }
}
