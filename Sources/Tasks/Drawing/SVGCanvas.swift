/// A drawing that grows element by element: plain SVG 1.1, the same bytes for the same content.
struct SVGCanvas {
  private var body = ""
  let width: Double
  let height: Double

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  enum Anchor: String { case start, middle, end }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: String, stroke: String? = nil
  ) {
    body += "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\""
    body += " height=\"\(number(height))\" fill=\"\(fill)\""
    if let stroke { body += " stroke=\"\(stroke)\" stroke-width=\"1\"" }
    body += "/>\n"
  }

  mutating func line(
    _ points: [(x: Double, y: Double)], colour: String, width: Double = 1, dashes: String? = nil
  ) {
    let list = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    body += "<polyline points=\"\(list)\" fill=\"none\" stroke=\"\(colour)\""
    body += " stroke-width=\"\(number(width))\" stroke-linejoin=\"round\""
    if let dashes { body += " stroke-dasharray=\"\(dashes)\"" }
    body += "/>\n"
  }

  mutating func text(
    _ text: String, x: Double, y: Double, size: Double = 11, anchor: Anchor = .start,
    colour: String = Palette.text, isBold: Bool = false
  ) {
    body += "<text x=\"\(number(x))\" y=\"\(number(y))\" font-size=\"\(number(size))\""
    body += " text-anchor=\"\(anchor.rawValue)\" fill=\"\(colour)\""
    if isBold { body += " font-weight=\"600\"" }
    body += ">\(escaped(printable(text)))</text>\n"
  }

  /// Cells of one size, row by row from the top; equal neighbours become one rectangle.
  ///
  /// - Parameter colour: of the cell in a row and a column; nil leaves it as it is.
  mutating func cells(
    x: Double, y: Double, rows: Int, columns: Int, width: Double, height: Double,
    colour: (_ row: Int, _ column: Int) -> String?
  ) {
    // Without smoothing no seams show between neighbours.
    body += "<g shape-rendering=\"crispEdges\">\n"
    defer { body += "</g>\n" }
    for row in 0..<rows {
      var start = 0
      while start < columns {
        let fill = colour(row, start)
        var end = start + 1
        while end < columns, colour(row, end) == fill { end += 1 }
        if let fill {
          rectangle(
            x: x + Double(start) * width, y: y + Double(row) * height,
            width: Double(end - start) * width, height: height, fill: fill)
        }
        start = end
      }
    }
  }

  /// The whole document.
  ///
  /// - Parameter title: what is read out, and shown where the pointer rests.
  func document(title: String) -> String {
    let size = "width=\"\(number(width))\" height=\"\(number(height))\""
    return """
      <svg xmlns="http://www.w3.org/2000/svg" \(size) \
      viewBox="0 0 \(number(width)) \(number(height))" role="img" \
      font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif">
      <title>\(escaped(printable(title)))</title>
      <rect width="\(number(width))" height="\(number(height))" fill="\(Palette.paper)"/>
      \(body)</svg>

      """
  }
}

/// With at most two decimals, without exponent; what is not finite becomes 0.
func number(_ value: Double) -> String {
  guard abs(value) < 1e12 else { return "0" }
  let hundredths = Int((abs(value) * 100).rounded())
  let sign = value < 0 && hundredths > 0 ? "-" : ""
  let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
  guard rest > 0 else { return "\(sign)\(whole)" }
  let digits = rest < 10 ? "0\(rest)" : rest % 10 == 0 ? "\(rest / 10)" : "\(rest)"
  return "\(sign)\(whole).\(digits)"
}

/// Text as XML, in elements and in attributes.
func escaped(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.append(character)
    }
  }
  return result
}
