internal import Markup

/// Where the parts of drawn trials are, in pixels.
struct TrialLayout {
  static let margin = 24.0
  static let left = 118.0
  static let gap = 34.0
  /// Width of a step, and height of a direction.
  static let step = 15.0
  static let cell = 8.0
  private static let ring = 16 * cell
  private static let space = 16.0

  private let fixation = 112.0
  private let fixationHeight = 30.0
  private var rings: [Double] {
    let first = fixation + fixationHeight + Self.space
    return [first, first + Self.ring + Self.space]
  }
  private var answer: Double { rings[1] + Self.ring + Self.space }
  /// 16 directions, a little space, and "fixate".
  private let answerHeight = ring + 6 + cell
  private var bottom: Double { answer + answerHeight }

  let width: Double
  var height: Double { bottom + 58 }

  init(_ trials: [Trial]) {
    let steps = trials.map(\.steps).reduce(0, +)
    let drawn = Double(steps) * Self.step + Double(trials.count - 1) * Self.gap
    width = max(Self.left + drawn + Self.margin, 620)
  }

  /// The height of a direction's cell, 0 at the bottom.
  private func y(of direction: Int, in top: Double) -> Double {
    top + Double(15 - direction) * Self.cell
  }

  func drawScale(on canvas: inout SVGCanvas) {
    let x = width - Self.margin - 186
    canvas.text("input", x: x - 8, y: 29, anchor: .end, colour: Palette.faint)
    for place in 0..<31 {
      let value = Double(place - 10) / 20
      canvas.rectangle(
        x: x + 6 * Double(place), y: 20, width: 6, height: 11,
        fill: Palette.cell(value) ?? Palette.panel)
    }
    for (value, place) in [("−0.4", 0.0), ("0", 10.5), ("0.4", 20.5), ("0.8", 30.5)] {
      canvas.text(
        value, x: x + 6 * place, y: 44, size: 10, anchor: .middle, colour: Palette.faint)
    }
  }

  func drawRowNames(on canvas: inout SVGCanvas) {
    let right = Self.left - 44
    canvas.text("fixation", x: right, y: fixation + fixationHeight / 2 + 4, anchor: .end)
    for (index, top) in rings.enumerated() {
      canvas.text("ring \(index + 1)", x: right, y: top + Self.ring / 2 + 4, anchor: .end)
    }
    canvas.text(
      "answer", x: right, y: answer + Self.ring / 2 + 4, anchor: .end, colour: Palette.answer,
      isBold: true)
    for value in [0, 1] {
      canvas.text(
        "\(value)", x: Self.left - 8, y: level(Float(value)) + 3.5, size: 10, anchor: .end,
        colour: Palette.faint)
    }
    for top in rings + [answer] {
      for direction in stride(from: 0, to: 16, by: 4) {
        let y = y(of: direction, in: top) + Self.cell / 2
        let degrees = direction * 360 / 16
        canvas.text(
          "\(degrees)°", x: Self.left - 8, y: y + 3.5, size: 10, anchor: .end,
          colour: Palette.faint)
      }
    }
    canvas.text(
      "fixate", x: Self.left - 8, y: answer + answerHeight - 0.5, size: 10, anchor: .end,
      colour: Palette.faint)
  }

  /// Where the fixation channel's line runs; values are cut to what fits the panel.
  private func level(_ value: Float) -> Double {
    let cut = Double(min(max(value, -0.25), 1.25))
    return fixation + fixationHeight - 6 - cut * (fixationHeight - 12)
  }

  func draw(_ trial: Trial, caption: String, at x: Double, on canvas: inout SVGCanvas) {
    let width = Double(trial.steps) * Self.step
    canvas.text(caption, x: x, y: 66, size: 12, isBold: true)
    let panels = [
      (fixation, fixationHeight), (rings[0], Self.ring), (rings[1], Self.ring),
      (answer, Self.ring), (answer + answerHeight - Self.cell, Self.cell),
    ]
    for (top, height) in panels {
      canvas.rectangle(x: x, y: top, width: width, height: height, fill: Palette.panel)
    }
    drawFixation(trial, at: x, on: &canvas)
    for (ring, top) in rings.enumerated() {
      let first = Trial.channels(ofRing: ring).lowerBound
      canvas.cells(
        x: x, y: top, rows: 16, columns: trial.steps, width: Self.step, height: Self.cell
      ) { row, step in
        // 0.8, the height of a bump, in the darkest blue.
        Palette.cell(Double(trial.inputs[step * trial.channels + first + 15 - row]) / 0.8)
      }
    }
    drawAnswer(trial, at: x, on: &canvas)
    for (top, height) in panels {
      canvas.rectangle(
        x: x, y: top, width: width, height: height, fill: "none", stroke: Palette.frame)
    }
    drawPeriods(trial, at: x, on: &canvas)
    drawTime(trial, at: x, on: &canvas)
  }

  private func drawFixation(_ trial: Trial, at x: Double, on canvas: inout SVGCanvas) {
    let points = (0..<trial.steps).flatMap { step in
      let y = level(trial.inputs[step * trial.channels])
      return [0.0, 1.0].map { (x: x + (Double(step) + $0) * Self.step, y: y) }
    }
    canvas.line(points, colour: Palette.line, width: 1.5)
  }

  private func drawAnswer(_ trial: Trial, at x: Double, on canvas: inout SVGCanvas) {
    for (row, top) in (0...16).map({ label in
      (label, label == 0 ? answer + answerHeight - Self.cell : y(of: label - 1, in: answer))
    }) {
      canvas.cells(
        x: x, y: top + 1, rows: 1, columns: trial.steps, width: Self.step, height: Self.cell - 2
      ) { _, step in Int(trial.labels[step]) == row ? Palette.answer : nil }
    }
  }

  private func drawPeriods(_ trial: Trial, at x: Double, on canvas: inout SVGCanvas) {
    let names = trial.periods.map { $0.name.rawValue }
    for (period, name) in zip(trial.periods, names) {
      let start = x + Double(period.steps.lowerBound) * Self.step
      let end = x + Double(period.steps.upperBound) * Self.step
      if period.steps.lowerBound > 0 {
        canvas.line(
          [(start, 90), (start, bottom)], colour: Palette.faint, width: 1, dashes: "3 3")
      }
      // About 5 pixels a letter; the names of short periods stand on a second line, above.
      let fits = Double(name.count) * 5.3 <= end - start
      canvas.text(
        name, x: (start + end) / 2, y: fits ? 98 : 84, size: 10, anchor: .middle,
        colour: Palette.faint)
      canvas.line(
        [(start + 2, 104), (end - 2, 104)], colour: Palette.faint, width: 2)
    }
  }

  private func drawTime(_ trial: Trial, at x: Double, on canvas: inout SVGCanvas) {
    canvas.line(
      [(x, bottom + 6), (x + Double(trial.steps) * Self.step, bottom + 6)], colour: Palette.faint)
    for step in 0...trial.steps {
      let place = x + Double(step) * Self.step
      let isMajor = step % 5 == 0
      canvas.line(
        [(place, bottom + 6), (place, bottom + (isMajor ? 12 : 9))], colour: Palette.faint)
      if isMajor {
        canvas.text(
          "\(step * CognitiveTask.stepMilliseconds)", x: place, y: bottom + 24, size: 10,
          anchor: .middle, colour: Palette.faint)
      }
    }
    canvas.text(
      "time (ms)", x: x + Double(trial.steps) * Self.step / 2, y: bottom + 42, anchor: .middle)
  }
}
