/// Why a training run does not begin, or does not go on.
public enum TrainingError: Error, Sendable, CustomStringConvertible {
  /// The configuration's text.
  case configuration(String)
  /// What the configuration asks for cannot be certified, or is not built.
  case refused(String)
  /// Data that cannot be used.
  case data(String)
  /// A run cannot be continued from what is there.
  case resume(String)
  /// The kernel did not accept the network that was to be saved.
  case uncertified(step: Int, reason: String)
  /// Loss or weights are not finite.
  case notFinite(step: Int, what: String)
  /// A file cannot be written.
  case unwritable(String)

  public var description: String {
    switch self {
    case .configuration(let reason), .refused(let reason), .data(let reason), .resume(let reason),
      .unwritable(let reason):
      reason
    case .uncertified(let step, let reason):
      "step \(step): the network is not certified, training stops: \(reason)"
    case .notFinite(let step, let what):
      "step \(step): \(what) is not finite, training stops"
    }
  }
}
