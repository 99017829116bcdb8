internal import Markup

extension Drawing {
  /// Images, each beside the sequence that it becomes: a row for each image.
  ///
  /// Steps of several values are drawn as cells, a column for each step; steps of a value for each channel
  /// as a line for each channel. Grey runs from 0, light, to 255, dark.
  ///
  /// - Parameters:
  ///   - places: which images of the set, at least one.
  ///   - title: by default what the sequence is.
  /// - Throws: `ImageSequenceError`, if the sequence does not fit the images.
  public static func svg(
    of images: ImageSet, places: [Int], as sequence: ImageSequence, title: String? = nil
  ) throws(ImageSequenceError) -> String {
    precondition(!places.isEmpty, "no image to draw")
    let plan = try ImageSequencePlan(
      sequence, rows: images.rows, columns: images.columns, channels: images.channels)
    let title = title ?? name(of: sequence, plan: plan)
    let layout = ImageLayout(images: images, plan: plan, isCells: sequence.scan == .rows)
    var canvas = SVGCanvas(width: ImageLayout.width, height: layout.height(of: places.count))
    canvas.text(title, x: ImageLayout.margin, y: 32, size: 18, isBold: true)
    for (row, place) in places.enumerated() {
      precondition((0..<images.count).contains(place), "image \(place) of \(images.count)")
      layout.draw(place, row: row, on: &canvas)
    }
    layout.drawSteps(below: places.count, on: &canvas)
    return canvas.document(title: title)
  }

  private static func name(of sequence: ImageSequence, plan: ImageSequencePlan) -> String {
    let pooled =
      sequence.pooling == 1 ? "" : ", means of \(sequence.pooling) × \(sequence.pooling) pixels"
    let permuted = sequence.order == .natural ? "" : ", permuted"
    return "\(plan.steps) steps of \(plan.features)\(pooled)\(permuted)"
  }
}

/// Where the parts of drawn images are, in pixels.
private struct ImageLayout {
  let images: ImageSet
  let plan: ImageSequencePlan
  let isCells: Bool

  static let width = 900.0
  static let margin = 24.0
  private static let picture = 112.0
  private static let left = margin + picture + 64
  private static let span = width - left - margin
  private static let top = 58.0
  private static let pitch = picture + 26

  func height(of rows: Int) -> Double { Self.top + Double(rows) * Self.pitch + 40 }

  func draw(_ place: Int, row: Int, on canvas: inout SVGCanvas) {
    let y = Self.top + Double(row) * Self.pitch
    canvas.text(
      "image \(place), class \(images.labels[place])", x: Self.margin, y: y + Self.picture + 14,
      size: 10.5, colour: Palette.faint)
    let size = Self.picture / Double(max(images.rows, images.columns))
    let (width, height) = (size * Double(images.columns), size * Double(images.rows))
    canvas.rectangle(x: Self.margin, y: y, width: width, height: height, fill: Palette.panel)
    let pixels = Array(images.image(place))
    canvas.cells(
      x: Self.margin, y: y, rows: images.rows, columns: images.columns, width: size, height: size
    ) { row, column in
      let first = row * images.columns + column
      let area = images.rows * images.columns
      guard images.channels == 3 else { return Palette.cell(Double(pixels[first]) / 255) }
      return Palette.colour(
        Int(pixels[first]), Int(pixels[first + area]), Int(pixels[first + 2 * area]))
    }
    canvas.rectangle(
      x: Self.margin, y: y, width: width, height: height, fill: "none", stroke: Palette.frame)
    canvas.text(
      "→", x: Self.margin + Self.picture + 12, y: y + Self.picture / 2 + 5, size: 16,
      colour: Palette.faint)
    canvas.rectangle(
      x: Self.left, y: y, width: Self.span, height: Self.picture, fill: Palette.panel)
    let values = pixels.withUnsafeBufferPointer { buffer in
      (0..<plan.steps * plan.features).map {
        Double(plan.sum(buffer, offset: 0, value: $0)) / Double(255 * plan.pooling * plan.pooling)
      }
    }
    if isCells {
      drawCells(values, y: y, on: &canvas)
    } else {
      drawLines(values, y: y, on: &canvas)
    }
    canvas.rectangle(
      x: Self.left, y: y, width: Self.span, height: Self.picture, fill: "none",
      stroke: Palette.frame)
  }

  private func drawCells(_ values: [Double], y: Double, on canvas: inout SVGCanvas) {
    canvas.cells(
      x: Self.left, y: y, rows: plan.features, columns: plan.steps,
      width: Self.span / Double(plan.steps), height: Self.picture / Double(plan.features)
    ) { feature, step in Palette.cell(values[step * plan.features + feature]) }
    axis("value 0", "value \(plan.features - 1)", y: y, on: &canvas)
  }

  private func drawLines(_ values: [Double], y: Double, on canvas: inout SVGCanvas) {
    let step = Self.span / Double(plan.steps)
    for feature in 0..<plan.features {
      let points = (0..<plan.steps).flatMap { time in
        let value = values[time * plan.features + feature]
        return [0.0, 1.0].map { edge in
          (
            x: Self.left + (Double(time) + edge) * step,
            y: y + Self.picture - 5 - value * (Self.picture - 10)
          )
        }
      }
      let colour =
        plan.features == 1 ? Palette.channels[2] : Palette.channels[feature % 3]
      canvas.line(points, colour: colour, width: plan.steps > 400 ? 0.8 : 1.1)
    }
    axis("1", "0", y: y, on: &canvas)
  }

  private func axis(_ upper: String, _ lower: String, y: Double, on canvas: inout SVGCanvas) {
    canvas.text(
      upper, x: Self.left - 6, y: y + 9, size: 10, anchor: .end, colour: Palette.faint)
    canvas.text(
      lower, x: Self.left - 6, y: y + Self.picture - 2, size: 10, anchor: .end,
      colour: Palette.faint)
  }

  func drawSteps(below rows: Int, on canvas: inout SVGCanvas) {
    let y = Self.top + Double(rows) * Self.pitch - 26
    let spacings = [1, 2, 4, 5, 7, 14, 28, 56, 112, 128, 256, 512]
    let wide = spacings.filter { plan.steps / $0 <= 14 }
    let spacing = wide.first { plan.steps % $0 == 0 } ?? wide.first ?? plan.steps
    for step in stride(from: 0, to: plan.steps, by: spacing) {
      let x = Self.left + (Double(step) + (isCells ? 0.5 : 0)) * Self.span / Double(plan.steps)
      canvas.line([(x, y + 2), (x, y + 6)], colour: Palette.faint)
      canvas.text(
        "\(step)", x: x, y: y + 18, size: 10, anchor: .middle, colour: Palette.faint)
    }
    canvas.text("step", x: Self.left + Self.span / 2, y: y + 36, anchor: .middle)
    guard plan.features == 3 && !isCells else { return }
    for (index, name) in ["red", "green", "blue"].enumerated() {
      canvas.text(
        name, x: Self.left + Self.span - 112 + 42 * Double(index), y: y + 36,
        colour: Palette.channels[index], isBold: true)
    }
  }
}
