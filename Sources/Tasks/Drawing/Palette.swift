/// Colours that differ for the colour-blind too: Okabe & Ito's for lines, blue against orange for cells.
enum Palette {
  static let paper = "#ffffff"
  static let panel = "#f4f6f8"
  static let frame = "#c3cad1"
  static let text = "#1f2933"
  static let faint = "#5f6b76"
  static let line = "#1f2933"
  static let answer = "#d55e00"
  /// Red, green and blue channels of images.
  static let channels = ["#d55e00", "#009e73", "#0072b2"]

  /// Blue for 0 to 1, orange for 0 to −1, in 24 steps each; nil at 0.
  static func cell(_ value: Double) -> String? {
    let steps = 24.0
    let level = (min(abs(value), 1) * steps).rounded() / steps
    guard level > 0 else { return nil }
    let light = (244.0, 246.0, 248.0)
    let middle = value > 0 ? (107.0, 164.0, 209.0) : (240.0, 178.0, 110.0)
    let dark = value > 0 ? (8.0, 48.0, 107.0) : (140.0, 62.0, 0.0)
    let (from, to, share) =
      level < 0.5 ? (light, middle, 2 * level) : (middle, dark, 2 * level - 1)
    let mixed = { (a: Double, b: Double) in Int((a + (b - a) * share).rounded()) }
    return colour(mixed(from.0, to.0), mixed(from.1, to.1), mixed(from.2, to.2))
  }

  /// "#rrggbb" of bytes.
  static func colour(_ red: Int, _ green: Int, _ blue: Int) -> String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
