internal import Markup

/// Drawings of what networks are trained on, as SVG documents.
///
/// The same content gives the same bytes. Text is escaped.
public enum Drawing {}

extension Drawing {
  /// Trials side by side: fixation, the two rings, the label of each step, the periods and the time in ms.
  ///
  /// - Parameters:
  ///   - trials: at least one, of one task or of several.
  ///   - title: by default the names of the tasks.
  public static func svg(of trials: [Trial], title: String? = nil) -> String {
    precondition(!trials.isEmpty, "no trial to draw")
    var names: [String] = []
    for trial in trials where !names.contains(trial.task.name) { names.append(trial.task.name) }
    let title = title ?? names.joined(separator: ", ")
    let layout = TrialLayout(trials)
    var canvas = SVGCanvas(width: layout.width, height: layout.height)
    canvas.text(title, x: TrialLayout.margin, y: 30, size: 18, isBold: true)
    layout.drawScale(on: &canvas)
    layout.drawRowNames(on: &canvas)
    var x = TrialLayout.left
    for (number, trial) in trials.enumerated() {
      let caption = names.count > 1 ? trial.task.name : "trial \(number + 1)"
      layout.draw(trial, caption: caption, at: x, on: &canvas)
      x += Double(trial.steps) * TrialLayout.step + TrialLayout.gap
    }
    return canvas.document(title: title)
  }
}
