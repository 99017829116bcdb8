internal import Foundation
internal import Markup

/// An axis: from where to where, in which scale, with marks.
struct Axis {
  let lower: Double
  let upper: Double
  let isLogarithmic: Bool
  let title: String

  /// At least a little long; what is not finite is left out.
  init(_ values: some Sequence<Double>, _ title: String, isLogarithmic: Bool = false) {
    let usable = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    var (low, high) = (usable.min() ?? 0, usable.max() ?? 1)
    if isLogarithmic {
      if usable.isEmpty { (low, high) = (1, 10) }
      if high < low * 2 { (low, high) = (low / 2, high * 2) }
    } else if !(high - low > 1e-9 * max(abs(low), abs(high))) {
      let room = max(abs(low) * 0.1, 0.5)
      (low, high) = (low - room, high + room)
    }
    (lower, upper) = (low, high)
    self.isLogarithmic = isLogarithmic
    self.title = title
  }

  private init(lower: Double, upper: Double, title: String) {
    (self.lower, self.upper, self.title, isLogarithmic) = (lower, upper, title, false)
  }

  /// Two axes of one scale with room at the ends, for a frame of the given proportions.
  static func square(
    _ x: some Sequence<Double>, _ y: some Sequence<Double>, proportion: Double,
    titles: (x: String, y: String)
  ) -> (x: Axis, y: Axis) {
    let (a, b) = (Axis(x, titles.x), Axis(y, titles.y))
    let half = 0.55 * max((a.upper - a.lower) / proportion, b.upper - b.lower)
    func centred(_ axis: Axis, _ half: Double) -> Axis {
      let middle = axis.lower + (axis.upper - axis.lower) / 2
      return Axis(lower: middle - half, upper: middle + half, title: axis.title)
    }
    return (centred(a, half * proportion), centred(b, half))
  }

  /// The place of a value, 0 at the lower end and 1 at the upper.
  func share(_ value: Double) -> Double {
    isLogarithmic
      ? log(value / lower) / log(upper / lower) : (value - lower) / (upper - lower)
  }

  /// At most about six values that are short to write.
  var ticks: [Double] {
    if isLogarithmic {
      let decades =
        Int(
          log10(lower).rounded(.up))...max(
          Int(log10(lower).rounded(.up)), Int(log10(upper).rounded(.down)))
      let every = max(1, decades.count / 5)
      let marks = stride(from: decades.lowerBound, through: decades.upperBound, by: every)
        .map { pow(10, Double($0)) }.filter { $0 >= lower * 0.999 && $0 <= upper * 1.001 }
      return marks.count > 1 ? marks : [lower, upper]
    }
    let rough = (upper - lower) / 5
    let power = pow(10, log10(rough).rounded(.down))
    let step = ([1, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10) * power
    var mark = (lower / step).rounded(.up) * step
    var marks: [Double] = []
    while mark <= upper + 1e-9 * step, marks.count < 12 {
      marks.append(abs(mark) < 1e-9 * step ? 0 : mark)
      mark += step
    }
    return marks
  }
}

/// A number on an axis or in a caption: four digits at most, and no claim of rounding.
func tickText(_ value: Double) -> String {
  guard value.isFinite else { return value.isNaN ? "?" : value > 0 ? "∞" : "−∞" }
  let size = abs(value)
  let text =
    size == 0 || (size >= 1e-3 && size < 1e5)
    ? String(format: "%.4g", size) : String(format: "%.3g", size)
  let short = text.replacing(#/e([+-])0*([0-9]+)/#) { "e\($0.1 == "-" ? "−" : "")\($0.2)" }
  return (value < 0 ? "−" : "") + short
}

/// Two axes with lines and points between them.
struct Plot {
  private var canvas: SVGCanvas
  private let theme: Theme
  private let x: Axis
  private let y: Axis
  private let left = 62.0
  private let top = 28.0
  private let plotWidth: Double
  private let plotHeight: Double

  init(_ theme: Theme, x: Axis, y: Axis, width: Double = 380, height: Double = 266) {
    self.theme = theme
    self.x = x
    self.y = y
    plotWidth = width - left - 16
    plotHeight = height - top - 44
    canvas = SVGCanvas(width: width, height: height)
    canvas.rectangle(x: left, y: top, width: plotWidth, height: plotHeight, fill: theme.panel)
    for mark in x.ticks {
      let place = horizontal(mark)
      canvas.line([(place, top), (place, top + plotHeight)], colour: theme.grid, width: 0.7)
      canvas.text(
        tickText(mark), x: place, y: top + plotHeight + 16, size: 11, anchor: .middle,
        colour: theme.faint)
    }
    for mark in y.ticks {
      let place = vertical(mark)
      canvas.line([(left, place), (left + plotWidth, place)], colour: theme.grid, width: 0.7)
      canvas.text(
        tickText(mark), x: left - 6, y: place + 4, size: 11, anchor: .end, colour: theme.faint)
    }
    canvas.text(
      x.title, x: left + plotWidth / 2, y: top + plotHeight + 34, size: 12, anchor: .middle,
      colour: theme.ink)
    canvas.add(
      "<text transform=\"translate(13 \(number(top + plotHeight / 2))) rotate(-90)\" "
        + "font-size=\"12\" text-anchor=\"middle\" fill=\"\(theme.ink)\">\(xml(y.title))</text>")
  }

  private func horizontal(_ value: Double) -> Double {
    left + min(max(x.share(value), -0.02), 1.02) * plotWidth
  }
  private func vertical(_ value: Double) -> Double {
    top + (1 - min(max(y.share(value), -0.02), 1.02)) * plotHeight
  }

  mutating func line(
    _ points: [(x: Double, y: Double)], series: Int, dashes: String? = nil
  ) {
    let usable = points.filter { $0.x.isFinite && $0.y.isFinite }
    guard usable.count > 1 else { return }
    canvas.line(
      usable.map { (horizontal($0.x), vertical($0.y)) }, colour: theme.series[series], width: 2,
      dashes: dashes)
  }

  /// A line across, with a word on it.
  mutating func mark(y value: Double, _ words: String) {
    guard value.isFinite else { return }
    let place = vertical(value)
    canvas.line(
      [(left, place), (left + plotWidth, place)], colour: theme.ink, width: 1.2, dashes: "5 4")
    canvas.text(
      words, x: left + plotWidth - 6, y: place + (place > top + 24 ? -6 : 16), size: 11,
      anchor: .end, colour: theme.ink)
  }

  /// A line from top to bottom, with a word beside it.
  mutating func mark(x value: Double, _ words: String) {
    guard value.isFinite else { return }
    let place = horizontal(value)
    canvas.line(
      [(place, top), (place, top + plotHeight)], colour: theme.ink, width: 1.2, dashes: "5 4")
    let isLeft = place < left + plotWidth / 2
    canvas.text(
      words, x: place + (isLeft ? 6 : -6), y: top + plotHeight - 8, size: 11,
      anchor: isLeft ? .start : .end, colour: theme.ink)
  }

  /// Discs, or squares for every other series.
  mutating func points(_ points: [(x: Double, y: Double)], series: Int) {
    // Lines of no length with broad ends; a tenth of a pixel is enough.
    func short(_ value: Double) -> String { number((value * 10).rounded() / 10) }
    let path = points.filter { $0.x.isFinite && $0.y.isFinite }
      .map { "M\(short(horizontal($0.x))) \(short(vertical($0.y)))h0" }.joined()
    guard !path.isEmpty else { return }
    let isDisc = series % 2 == 0
    canvas.add(
      "<path d=\"\(path)\" stroke=\"\(theme.series[series])\" stroke-width=\"\(isDisc ? 5 : 4)\" "
        + "stroke-linecap=\"\(isDisc ? "round" : "square")\" fill=\"none\"/>")
  }

  /// The part of a circle round 0, in the units of the axes, that is in the frame.
  mutating func circle(radius: Double) {
    // Close enough for a straight line between two points to look round where little of it is seen.
    let count = 2880
    var arc: [(x: Double, y: Double)] = []
    for k in 0...count {
      let angle = Double(k) * 2 * Double.pi / Double(count)
      let (a, b) = (x.share(radius * cos(angle)), y.share(radius * sin(angle)))
      if (0...1).contains(a), (0...1).contains(b) {
        arc.append((left + a * plotWidth, top + (1 - b) * plotHeight))
      } else if !arc.isEmpty {
        canvas.line(arc, colour: theme.ink, width: 1.2, dashes: "5 4")
        arc = []
      }
    }
    if arc.count > 1 { canvas.line(arc, colour: theme.ink, width: 1.2, dashes: "5 4") }
  }

  /// Names of the series, above the frame.
  mutating func legend(_ names: [(series: Int, name: String)]) {
    var place = left
    for entry in names {
      let text = (entry.series % 2 == 0 ? "● " : "■ ") + entry.name
      canvas.text(
        text, x: place, y: top - 10, size: 11, colour: theme.series[entry.series], isBold: true)
      // About 6.4 pixels a letter.
      place += 6.4 * Double(text.count) + 10
    }
  }

  /// Width over height of the frame.
  static func proportion(width: Double, height: Double) -> Double {
    (width - 62 - 16) / (height - 28 - 44)
  }

  var finished: SVGCanvas { canvas }
}
