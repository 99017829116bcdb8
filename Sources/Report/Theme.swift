/// Colours of pictures: those of the page, which follow its light or dark dress, or fixed ones for files.
///
/// Lines and verdicts use the colours of Okabe and Ito, which the colour-blind tell apart too.
struct Theme: Sendable {
  let ink: String
  let faint: String
  let grid: String
  let panel: String
  /// Blue, orange, green, purple.
  let series: [String]

  static let page = Theme(
    ink: "var(--ink)", faint: "var(--faint)", grid: "var(--grid)", panel: "var(--panel)",
    series: (1...4).map { "var(--series-\($0))" })

  static let file = Theme(
    ink: "#1f2933", faint: "#5f6b76", grid: "#d5dae0", panel: "#f4f6f8",
    series: ["#0072b2", "#b34a00", "#007a59", "#8a4f7d"])
}
