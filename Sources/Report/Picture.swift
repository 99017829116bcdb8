internal import Markup

/// A picture of a report, with what it shows in words.
struct Picture {
  /// For file names and anchors.
  let name: String
  let heading: String
  /// What is seen, for those who do not see it.
  let caption: String
  let canvas: SVGCanvas
}

/// Something of one model, in a fixed order; the name is that of a file.
public struct PictureFile: Sendable, Hashable {
  /// Such as "weights.svg".
  public let name: String
  public let svg: String
}
