/// A drawing that grows element by element: plain SVG 1.1, the same bytes for the same content.
package struct SVGCanvas {
  private var body = ""
  package let width: Double
  package let height: Double

  package init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  package enum Anchor: String { case start, middle, end }

  package mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: String, stroke: String? = nil
  ) {
    body += "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\""
    body += " height=\"\(number(height))\" fill=\"\(fill)\""
    if let stroke { body += " stroke=\"\(stroke)\" stroke-width=\"1\"" }
    body += "/>\n"
  }

  package mutating func line(
    _ points: [(x: Double, y: Double)], colour: String, width: Double = 1, dashes: String? = nil
  ) {
    let list = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    body += "<polyline points=\"\(list)\" fill=\"none\" stroke=\"\(colour)\""
    body += " stroke-width=\"\(number(width))\" stroke-linejoin=\"round\""
    if let dashes { body += " stroke-dasharray=\"\(dashes)\"" }
    body += "/>\n"
  }

  package mutating func text(
    _ text: String, x: Double, y: Double, size: Double = 11, anchor: Anchor = .start,
    colour: String = "#1f2933", isBold: Bool = false
  ) {
    body += "<text x=\"\(number(x))\" y=\"\(number(y))\" font-size=\"\(number(size))\""
    body += " text-anchor=\"\(anchor.rawValue)\" fill=\"\(colour)\""
    if isBold { body += " font-weight=\"600\"" }
    body += ">\(xml(text))</text>\n"
  }

  /// Cells of one size, row by row from the top; equal neighbours become one rectangle.
  ///
  /// - Parameter colour: of the cell in a row and a column; nil leaves it as it is.
  package mutating func cells(
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

  /// Anything else, as an element already written.
  package mutating func add(_ element: String) { body += element + "\n" }

  /// A document of its own.
  ///
  /// - Parameter title: what is read out, and shown where the pointer rests.
  package func document(title: String, paper: String = "#ffffff") -> String {
    let size = "width=\"\(number(width))\" height=\"\(number(height))\""
    return """
      <svg xmlns="http://www.w3.org/2000/svg" \(size) \
      viewBox="0 0 \(number(width)) \(number(height))" role="img" \
      font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif">
      <title>\(xml(title))</title>
      <rect width="\(number(width))" height="\(number(height))" fill="\(paper)"/>
      \(body)</svg>

      """
  }

  /// A picture within a page, as wide as there is room, up to its own width.
  ///
  /// - Parameter title: what is read out.
  package func inline(title: String) -> String {
    """
    <svg viewBox="0 0 \(number(width)) \(number(height))" style="max-width:\(number(width))px" \
    role="img" aria-label="\(xml(title))">
    \(body)</svg>
    """
  }
}

/// With at most two decimals, without exponent; what is not finite becomes 0.
package func number(_ value: Double) -> String {
  guard abs(value) < 1e12 else { return "0" }
  let hundredths = Int((abs(value) * 100).rounded())
  let sign = value < 0 && hundredths > 0 ? "-" : ""
  let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
  guard rest > 0 else { return "\(sign)\(whole)" }
  let digits = rest < 10 ? "0\(rest)" : rest % 10 == 0 ? "\(rest / 10)" : "\(rest)"
  return "\(sign)\(whole).\(digits)"
}
