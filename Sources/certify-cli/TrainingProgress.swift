import Markup
import Certify
import Foundation
import Train

/// Progress on standard error: one line that is rewritten on a terminal, else one line for each evaluation.
final class TrainingProgress {
  private let isTerminal = isatty(2) == 1
  private var isOpen = false

  func show(_ event: TrainingRun.Event) {
    switch event {
    case .started(let units, let parameters, let steps, let factor, let rule):
      line(
        "\(counted(units, "unit")), \(parameters) parameters, \(steps) steps; certified before training: "
          + "\(rule), factor<=\(roundedUp(factor, digits: 6))")
    case .progress(let step, let total, let loss, let left):
      guard isTerminal else { return }
      isOpen = true
      write("\r\u{1B}[K\(step)/\(total)  loss \(fixed(loss, 4))  \(Self.time(left)) left")
    case .report(let report):
      var text = "step \(report.step)/\(report.total)"
      if let epoch = report.epoch { text += "  epoch \(fixed(epoch, 2))" }
      text += "  loss \(fixed(report.loss, 4))  accuracy \(fixed(100 * report.accuracy, 2)) %"
      if let whole = report.wholeAccuracy { text += " (whole trials \(fixed(100 * whole, 2)) %)" }
      text +=
        "  factor<=\(roundedUp(report.factor, digits: 6)) margin>=\(roundedDown(1 - report.factor, digits: 3))"
      text += "  \(Self.time(report.seconds)), \(Self.time(report.secondsLeft)) left"
      line(text)
    case .saved: break
    }
  }

  func end() {
    if isOpen { write("\n") }
    isOpen = false
  }

  private func line(_ text: String) {
    if isOpen { write("\r\u{1B}[K") }
    isOpen = false
    write(text + "\n")
  }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  private func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "?" }
    let whole = Int(seconds.rounded())
    if whole < 100 { return "\(whole) s" }
    return whole < 6000
      ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
  }
}
