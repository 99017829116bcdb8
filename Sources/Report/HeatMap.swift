internal import Checkpoints
internal import CertifyKernel
internal import Foundation
internal import Markup

/// A matrix as a picture: blue above 0, orange below, the stronger the larger; nothing where it is 0.
///
/// More than 96 rows or columns are drawn as square patches, each in the colour of its largest entry.
struct HeatMap {
  /// Cells a side.
  let side: Int
  /// How many rows and columns of the matrix a cell stands for.
  let patch: Int
  /// The magnitude that is drawn at full strength.
  let largest: Double
  /// Entries that are not 0.
  let entries: Int
  private let cells: [Double]
  let units: Int

  private static let mostCells = 96

  init(_ weights: Weights) {
    let n = weights.rows
    let patch = (n + Self.mostCells - 1) / Self.mostCells
    let side = (n + patch - 1) / patch
    var cells = [Double](repeating: 0, count: side * side)
    var (largest, entries) = (0.0, 0)
    let sparse = weights.sparse()
    for i in 0..<n {
      for k in sparse.rowPointers[i]..<sparse.rowPointers[i + 1] {
        let value = sparse.values[k]
        guard value != 0 else { continue }
        entries += 1
        largest = max(largest, abs(value))
        let cell = i / patch * side + Int(sparse.columnIndices[k]) / patch
        if abs(value) > abs(cells[cell]) { cells[cell] = value }
      }
    }
    (self.side, self.patch, self.largest, self.entries) = (side, patch, largest, entries)
    (self.cells, units) = (cells, n)
  }

  /// The picture as a PNG image; 0 is transparent.
  private var image: [UInt8] {
    // 1…15 orange, 16…30 blue, the last of each the strongest; 0 is nothing.
    let levels = 15
    let indices = cells.map { value -> UInt8 in
      guard value != 0, largest > 0 else { return 0 }
      // Square roots: small entries are seen beside large ones.
      let level = max(1, Int(((abs(value) / largest).squareRoot() * Double(levels)).rounded()))
      return UInt8(value < 0 ? level : levels + level)
    }
    var palette: [(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8)] = [(0, 0, 0, 0)]
    for (red, green, blue) in [(UInt8(213), UInt8(94), UInt8(0)), (0, 114, 178)] {
      for level in 1...levels {
        palette.append((red, green, blue, UInt8(level * 255 / levels)))
      }
    }
    return png(width: side, height: side, indices: indices, palette: palette)
  }

  static let width = 300.0

  /// The picture with a frame, the lines between modules and a scale.
  ///
  /// - Parameter modules: their sizes, in order; lines are drawn between as many as can be told apart.
  func canvas(_ theme: Theme, modules: [Int]) -> SVGCanvas {
    let (left, top, size) = (34.0, 8.0, 232.0)
    var canvas = SVGCanvas(width: Self.width, height: top + size + 44)
    canvas.rectangle(x: left, y: top, width: size, height: size, fill: theme.panel)
    let data = Data(image).base64EncodedString()
    canvas.add(
      "<image x=\"\(number(left))\" y=\"\(number(top))\" width=\"\(number(size))\" "
        + "height=\"\(number(size))\" style=\"image-rendering:pixelated\" "
        + "href=\"data:image/png;base64,\(data)\"/>")
    let scale = size / Double(side * patch)
    if modules.count > 1, modules.count <= 32 {
      var edge = 0.0
      for module in modules.dropLast() {
        edge += Double(module) * scale
        canvas.line(
          [(left + edge, top), (left + edge, top + size)], colour: theme.faint, width: 0.6)
        canvas.line(
          [(left, top + edge), (left + size, top + edge)], colour: theme.faint, width: 0.6)
      }
    }
    canvas.rectangle(
      x: left, y: top, width: size, height: size, fill: "none", stroke: theme.faint)
    for (unit, place) in [(0, 0.0), (units - 1, Double(units - 1))] where unit >= 0 {
      canvas.text(
        "\(unit)", x: left - 5, y: top + (place + 0.5) * scale + 4, size: 11, anchor: .end,
        colour: theme.faint)
    }
    drawScale(on: &canvas, theme, x: left, y: top + size + 14)
    return canvas
  }

  private func drawScale(on canvas: inout SVGCanvas, _ theme: Theme, x: Double, y: Double) {
    for (k, colour) in ["#d55e00", "#0072b2"].enumerated() {
      for level in 0..<15 {
        let share = k == 0 ? 15 - level : level + 1
        canvas.add(
          "<rect x=\"\(number(x + Double(k * 15 + level) * 5))\" y=\"\(number(y))\" width=\"5\" "
            + "height=\"10\" fill=\"\(colour)\" fill-opacity=\"\(number(Double(share) / 15))\"/>")
      }
    }
    let bound = tickText(largest)
    canvas.text("−\(bound)", x: x, y: y + 24, size: 11, colour: theme.faint)
    canvas.text("0", x: x + 75, y: y + 24, size: 11, anchor: .middle, colour: theme.faint)
    canvas.text(bound, x: x + 150, y: y + 24, size: 11, anchor: .end, colour: theme.faint)
  }

  /// What the picture shows, in words.
  func caption(_ name: String) -> String {
    let patches = patch > 1 ? "; a cell shows the largest of \(patch) × \(patch) entries" : ""
    return
      "\(name), \(units) × \(units), \(entries) entries other than 0, largest magnitude "
      + "\(tickText(largest))\(patches)"
  }
}
