public import Certify
internal import CertifyKernel
public import Gate
internal import Foundation
internal import Markup

/// One model of a report.
public struct ReportSubject: Sendable {
  public let entry: GateEntry
  public let portrait: Portrait
  let training: TrainingCurves?

  /// - Parameters:
  ///   - entry: the verdict in the words that all formats share.
  ///   - training: what was written while the model was trained.
  public init(entry: GateEntry, portrait: Portrait, training: TrainingCurves? = nil) {
    self.entry = entry
    self.portrait = portrait
    self.training = training
  }

  var judgement: ModelReport.Judgement? {
    if case .judged(let judgement) = portrait.report.outcome { judgement } else { nil }
  }

  /// The pictures, each a document of its own.
  public var pictureFiles: [PictureFile] {
    pictures(.file).map {
      PictureFile(
        name: "\($0.name).svg", svg: $0.canvas.document(title: "\($0.heading): \($0.caption)"))
    }
  }

  func pictures(_ theme: Theme) -> [Picture] {
    guard let judgement else { return [] }
    return matrices(judgement, theme) + spectra(judgement, theme) + stepCurve(judgement, theme)
      + trajectories(theme) + trainingPlots(theme)
  }

  // MARK: Matrices

  private func matrices(_ judgement: ModelReport.Judgement, _ theme: Theme) -> [Picture] {
    let network = judgement.specification
    var found: [Picture] = []
    func add(_ name: String, _ heading: String, _ words: String, _ weights: Weights) {
      let map = HeatMap(weights)
      found.append(
        Picture(
          name: name, heading: heading, caption: map.caption(words),
          canvas: map.canvas(theme, modules: network.modules)))
    }
    add("weights", "Weights W", "The recurrent weights", network.recurrent)
    if let coupling = network.coupling {
      add("coupling", "Coupling L", "The linear couplings", coupling)
    }
    if let coupling = network.nonlinearCoupling {
      add("nonlinear-coupling", "Coupling K", "The nonlinear couplings", coupling.weights)
    }
    for finding in judgement.findings.reversed() {
      guard case .certified(let certified) = finding.result,
        let (metric, isInverse) = certified.metricMatrix
      else { continue }
      let words =
        (isInverse ? "The inverse of the metric" : "The metric")
        + " in which the network contracts \(finding.scope == .asRun ? "as run" : "as a flow")"
      add("metric", isInverse ? "Inverse metric M⁻¹" : "Metric M", words, metric)
      break
    }
    return found
  }

  // MARK: Spectra

  private func spectra(_ judgement: ModelReport.Judgement, _ theme: Theme) -> [Picture] {
    judgement.findings.compactMap { finding -> Picture? in
      let own = portrait.spectra.filter { $0.scope == finding.scope }
      guard !own.isEmpty else { return nil }
      let isFlow = finding.scope == .continuous
      let values = own.flatMap(\.values)
      // The boundary is in sight: 0 of the flow, 1 of a step.
      let axes = Axis.square(
        values.map(\.real) + [isFlow ? 0 : 1], values.flatMap { [$0.imaginary, -$0.imaginary] },
        proportion: Plot.proportion(width: 380, height: 330),
        titles: ("real part", "imaginary part"))
      var plot = Plot(theme, x: axes.x, y: axes.y, width: 380, height: 330)
      if isFlow { plot.mark(x: 0, "0") } else { plot.circle(radius: 1) }
      for (series, spectrum) in own.enumerated() {
        plot.points(spectrum.values.map { ($0.real, $0.imaginary) }, series: series)
      }
      let slopes = judgement.specification.slopes
      let ends = (tickText(slopes.lower.approximation), tickText(slopes.upper.approximation))
      plot.legend(
        own.enumerated().map { series, spectrum in
          (series, spectrum.vertex.words(ends.0, ends.1))
        })
      let boundary = isFlow ? "largest real part" : "largest modulus"
      let worst = own.map { spectrum -> String in
        let sizes = spectrum.values.map { isFlow ? $0.real : hypot($0.real, $0.imaginary) }
        let name = spectrum.vertex.words(ends.0, ends.1)
        return "\(name): \(boundary) \(tickText(sizes.max() ?? 0))"
      }
      return Picture(
        name: isFlow ? "spectrum" : "spectrum-as-run",
        heading: isFlow ? "Eigenvalues of the flow" : "Eigenvalues of a step",
        caption: worst.joined(separator: "; ")
          + ". Worked out in floating point, as an illustration. "
          + "Stable eigenvalues at the ends of the slopes prove nothing about those between.",
        canvas: plot.finished)
    }
  }

  // MARK: Steps

  private func stepCurve(_ judgement: ModelReport.Judgement, _ theme: Theme) -> [Picture] {
    guard let curve = portrait.stepCurve else { return [] }
    var rates = curve.points.map(\.rate) + [0]
    if let flow = curve.flowRate { rates.append(flow) }
    var plot = Plot(
      theme, x: Axis(curve.points.map(\.step) + [0], "Euler step"),
      y: Axis(rates, "certified rate"))
    if let flow = curve.flowRate { plot.mark(y: flow, "flow") }
    plot.line(curve.points.map { ($0.step, $0.rate) }, series: 0)
    plot.points(curve.points.map { ($0.step, $0.rate) }, series: 0)
    var caption =
      "Each point is checked by the kernel; the largest certified step is "
      + stepText(curve.largestStep)
    if let step = judgement.specification.step, step.scheme == .euler {
      plot.mark(x: step.size.approximation, "in use")
      caption += ", the step in use \(step.size)"
    }
    return [
      Picture(
        name: "rate-against-step", heading: "Rate against step", caption: caption + ".",
        canvas: plot.finished)
    ]
  }

  // MARK: Trajectories

  private func trajectories(_ theme: Theme) -> [Picture] {
    portrait.replays.map { replay in
      let isFlow = replay.scope == .continuous
      var plot = Plot(
        theme, x: Axis(replay.samples.map(\.time), isFlow ? "time" : "steps"),
        y: Axis(replay.samples.map(\.distance), "distance", isLogarithmic: true))
      plot.line(replay.samples.map { ($0.time, $0.distance) }, series: 1)
      return Picture(
        name: isFlow ? "trajectories" : "trajectories-as-run",
        heading: "Two trajectories, \(isFlow ? "flow" : "as run")",
        caption: "The distance of two solutions with the same constant input, one at rest; it ends "
          + "\(tickText(replay.finalFactor)) times as large as it began. An illustration in "
          + "floating point of what the kernel has proved.",
        canvas: plot.finished)
    }
  }

  // MARK: Training

  private func trainingPlots(_ theme: Theme) -> [Picture] {
    guard let training else { return [] }
    func picture(
      _ name: String, _ heading: String, _ title: String, _ names: [(String, String)],
      isLogarithmic: Bool = false
    ) -> [Picture] {
      let found = names.compactMap { key, words in training.points(key).map { (words, $0) } }
      guard !found.isEmpty else { return [] }
      let all = found.flatMap(\.1)
      var plot = Plot(
        theme, x: Axis(all.map(\.x), "training step"),
        y: Axis(all.map(\.y), title, isLogarithmic: isLogarithmic))
      for (series, curve) in found.enumerated() {
        plot.line(curve.1, series: series)
        plot.points(curve.1, series: series)
      }
      if found.count > 1 { plot.legend(found.enumerated().map { ($0, $1.0) }) }
      let last = found.map { "\($0.0) \(tickText($0.1.last?.y ?? .nan))" }
      return [
        Picture(
          name: name, heading: heading,
          caption:
            "At the last look: \(last.joined(separator: ", ")). As the metrics file says; not checked here.",
          canvas: plot.finished)
      ]
    }
    return picture("loss", "Training loss", "loss", [("loss", "loss")], isLogarithmic: true)
      + picture(
        "accuracy", "Accuracy", "accuracy",
        [
          ("accuracy", "test"), ("trainingAccuracy", "training"),
          ("wholeTrialAccuracy", "whole trials"),
        ])
      + picture(
        "factor", "Factor while training", "factor a step", [("factor", "factor")])
  }
}

extension Spectrum.Vertex {
  fileprivate func words(_ lower: String, _ upper: String) -> String {
    switch self {
    case .lower: "all slopes \(lower)"
    case .upper: "all slopes \(upper)"
    case .witness: "refuting slopes"
    }
  }
}

extension Certified<Specification> {
  /// The metric written out, or its inverse where that is what the rule knows; nil where the rule knows bounds only,
  /// knows both kinds, or where there are too many entries for a picture.
  fileprivate var metricMatrix: (Weights, isInverse: Bool)? {
    let n = specification.units
    guard n <= 2048, let parts = metricParts else { return nil }
    let inverse = parts.map { if case .inverse = $0.body { true } else { false } }
    guard Set(inverse).count == 1 else { return nil }
    var m = Matrix(rows: n, columns: n)
    for part in parts {
      switch part.body {
      case .diagonal(let values):
        for (unit, value) in zip(part.units, values) {
          m[Int(unit), Int(unit)] = part.scale * value
        }
      case .matrix(let body), .inverse(let body):
        let scale = inverse[0] ? 1 / part.scale : part.scale
        for (a, i) in part.units.enumerated() {
          for (b, j) in part.units.enumerated() { m[Int(i), Int(j)] = scale * body[a, b] }
        }
      }
    }
    return (.dense(m), inverse[0])
  }
}
