public import Certify
internal import CertifyKernel
internal import Markup

/// A proof as it is shown: a line for each rule, and a bar for what couplings leave of each part's bound.
struct ProofTree: Sendable {
  let rule: Rule
  let bound: String
  let units: Int
  /// How far a part is from not contracting: its own rate (a map: 1 − factor), and what couplings leave of it.
  let margin: (own: Double, left: Double)?
  let note: String?
  let children: [ProofTree]
  /// Children that are not shown; those that are have the least left.
  let omitted: Int

  private static let mostChildren = 12

  /// A tree that the kernel has checked.
  init(_ node: ProofNode, _ scope: Scope) {
    self.init(node, scope, load: nil)
  }

  private init(_ node: ProofNode, _ scope: Scope, load: Double?) {
    let isFlow = scope == .continuous
    rule = node.rule
    bound = Self.words(node.bound, scope)
    units = node.units
    let own = isFlow ? node.bound : 1 - node.bound
    margin = load.map { (own: own, left: own - $0) }
    note = load.map { "couplings \(isFlow ? "take" : "add") \(roundedUp($0, digits: 3))" }
    let isStep = node.rule == .step
    let parts = node.children.enumerated().map { index, child in
      // A step takes nothing from the flow that it rests on.
      (child, !isStep && index < node.loads.count ? node.loads[index] : nil)
    }
    let shown = Self.worst(parts) { child, load in
      (isFlow ? child.bound : 1 - child.bound) - (load ?? 0)
    }
    // What a step rests on is a flow.
    children = shown.map { ProofTree($0.0, isStep ? .continuous : scope, load: $0.1) }
    omitted = parts.count - shown.count
  }

  /// A tree as a file claims it.
  init(_ proof: Proof, _ scope: Scope, units: Int) {
    self.init(proof, scope, units: units, parent: nil)
  }

  private init(_ proof: Proof, _ scope: Scope, units: Int, parent: Double?) {
    let isFlow = scope == .continuous
    rule = proof.rule
    bound = Self.words(proof.bound, scope)
    self.units = units
    let own = isFlow ? proof.bound : 1 - proof.bound
    margin = parent.map { (own: own, left: isFlow ? $0 : 1 - $0) }
    note = parent.map {
      "budget \(roundedDown(max(0, isFlow ? proof.bound - $0 : $0 - proof.bound), digits: 3))"
    }
    switch proof.argument {
    case .assembly(let assembly):
      let parts = Array(zip(assembly.proofs, assembly.components.map(\.count)))
      let shown = Self.worst(parts) { proof, _ in isFlow ? proof.bound : -proof.bound }
      children = shown.map { ProofTree($0.0, scope, units: $0.1, parent: proof.bound) }
      omitted = parts.count - shown.count
    case .step(let step):
      children = [ProofTree(step.flow, .continuous, units: units, parent: nil)]
      omitted = 0
    default: (children, omitted) = ([], 0)
    }
  }

  /// The first few by what is left, in their order.
  private static func worst<A, B>(_ parts: [(A, B)], _ left: (A, B) -> Double) -> [(A, B)] {
    guard parts.count > mostChildren else { return parts }
    let order = parts.indices.sorted {
      (left(parts[$0].0, parts[$0].1), $0) < (left(parts[$1].0, parts[$1].1), $1)
    }
    return order.prefix(mostChildren).sorted().map { parts[$0] }
  }

  private static func words(_ bound: Double, _ scope: Scope) -> String {
    scope == .continuous ? "rate ≥ \(roundedDown(bound))" : "factor ≤ \(factorText(bound)) a step"
  }

  /// The largest margin in the tree, the length of a whole bar.
  var widest: Double {
    children.map(\.widest).reduce(margin?.own ?? 0) { max($0, $1) }
  }

  // MARK: As a list

  /// Nested lists, for the page.
  var html: String { "<ul class=\"tree\">\(item(widest))</ul>" }

  private func item(_ widest: Double) -> String {
    var text =
      "<li><div class=\"node\"><a class=\"rule\" href=\"#rule-\(rule.rawValue)\">"
      + "\(rule.rawValue)</a> <span>\(xml(bound))</span> "
      + "<span class=\"faint\">\(units) unit\(units == 1 ? "" : "s")</span>"
    if let margin, widest > 0 {
      let (left, taken) = (share(margin.left, widest), share(margin.own - margin.left, widest))
      text +=
        " <span class=\"bar\" role=\"img\" aria-label=\"\(xml(note ?? ""))\">"
        + "<span class=\"left\" style=\"width:\(number(left))%\"></span>"
        + "<span class=\"taken\" style=\"width:\(number(taken))%\"></span></span>"
    }
    if let note { text += " <span class=\"faint\">\(xml(note))</span>" }
    text += "</div>"
    if !children.isEmpty {
      text += "<ul>" + children.map { $0.item(widest) }.joined()
      if omitted > 0 { text += "<li class=\"faint\">and \(omitted) more, with more left</li>" }
      text += "</ul>"
    }
    return text + "</li>"
  }

  private func share(_ part: Double, _ whole: Double) -> Double {
    let share = 100 * part / whole
    return share.isFinite ? min(max(share, 0), 100) : 0
  }

  // MARK: As a drawing

  private var lines: Int { 1 + children.reduce(0) { $0 + $1.lines } + (omitted > 0 ? 1 : 0) }

  /// A tree in a file of its own, with a heading.
  static func canvas(_ trees: [(heading: String, tree: ProofTree)], _ theme: Theme) -> SVGCanvas {
    let rows = trees.reduce(0) { $0 + $1.tree.lines + 2 }
    var canvas = SVGCanvas(width: 760, height: 24 + 22 * Double(rows))
    var y = 32.0
    for (heading, tree) in trees {
      canvas.text(heading, x: 20, y: y, size: 14, colour: theme.ink, isBold: true)
      y += 24
      tree.draw(on: &canvas, theme, depth: 0, widest: tree.widest, y: &y)
      y += 20
    }
    return canvas
  }

  private func draw(
    on canvas: inout SVGCanvas, _ theme: Theme, depth: Int, widest: Double, y: inout Double
  ) {
    let x = 24 + 22 * Double(min(depth, 10))
    if depth > 0 {
      canvas.line([(x - 14, y - 18), (x - 14, y - 4), (x - 4, y - 4)], colour: theme.faint)
    }
    canvas.text(rule.rawValue, x: x, y: y, size: 13, colour: theme.series[0], isBold: true)
    canvas.text(bound, x: x + 130, y: y, size: 12, colour: theme.ink)
    canvas.text(
      "\(units) unit\(units == 1 ? "" : "s")", x: x + 320, y: y, size: 12, colour: theme.faint)
    if let margin, widest > 0 {
      let (bar, whole) = (560.0, 90.0)
      let left = whole * share(margin.left, widest) / 100
      let taken = whole * share(margin.own - margin.left, widest) / 100
      canvas.rectangle(x: bar, y: y - 9, width: left, height: 10, fill: theme.series[2])
      canvas.rectangle(x: bar + left, y: y - 9, width: taken, height: 10, fill: theme.series[1])
      canvas.text(note ?? "", x: bar + whole + 8, y: y, size: 11, colour: theme.faint)
    }
    y += 22
    for child in children {
      child.draw(on: &canvas, theme, depth: depth + 1, widest: widest, y: &y)
    }
    if omitted > 0 {
      canvas.text(
        "and \(omitted) more, with more left", x: x + 22, y: y, size: 12, colour: theme.faint)
      y += 22
    }
  }
}

extension CertificateFile {
  /// The claims as a picture, before anything is checked.
  public var treePicture: String {
    let trees = claims.compactMap { claim -> (heading: String, tree: ProofTree)? in
      guard case .contracts(let proof) = claim.claim else { return nil }
      return (
        "\(claim.scope.words): contracts, as the file claims (certify verify checks it)",
        ProofTree(proof, claim.scope, units: specification.units)
      )
    }
    if trees.isEmpty {
      var canvas = SVGCanvas(width: 760, height: 60)
      canvas.text(
        "the file claims that the network does not contract; there is no proof tree", x: 20, y: 34,
        size: 14, colour: Theme.file.ink)
      return canvas.document(title: "proof tree")
    }
    return ProofTree.canvas(trees, .file).document(title: "proof tree")
  }
}

extension Scope {
  /// In a sentence.
  var words: String { self == .continuous ? "Continuous time" : "As run" }
}
