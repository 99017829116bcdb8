/// How an answer in direction i, drifting by s directions a step, is written as a class at decision step t.
public enum LabelCoding: String, CaseIterable, Sendable, Hashable {
  /// As the authors' code writes it: (i + 1 + s t) mod 16.
  ///
  /// Class 16 does not occur, direction 15 is written like "fixate", and a drifting answer passes
  /// through "fixate". The published networks are trained on it.
  case authors
  /// As it is meant: 1 + (i + s t) mod 16. Ours; figures made with it are not the authors'.
  case clean

  /// The class at decision step `step`.
  ///
  /// - Parameters:
  ///   - direction: i; counted around the ring, so any whole number will do.
  ///   - drift: s, −1, 0 or 1.
  public func label(direction: Int, drift: Int, step: Int) -> UInt8 {
    switch self {
    case .authors: UInt8(Ring.wrapped(direction + 1 + drift * step))
    case .clean: UInt8(1 + Ring.wrapped(direction + drift * step))
    }
  }
}
