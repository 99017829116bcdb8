internal import CertifyKernel
internal import Checkpoints

extension Certificate {
  /// The claim as it stands in a document under `field`.
  func json(_ field: String, _ arrays: ArrayWriter) throws(CertificateFileError) -> JSONValue {
    switch claim {
    case .contracts(let proof):
      var object = try proof.object(field, arrays)
      object.append("scope", .string(scope.rawValue))
      object.append("verdict", .string("certified"))
      return .object(object)
    case .unstable(let instability):
      return .object([
        "scope": .string(scope.rawValue), "verdict": .string("refuted"),
        "rule": .string(instability.refutation.rawValue),
        "arguments": try instability.arguments("\(field).arguments", arrays),
      ])
    }
  }

  /// Reads a claim; form only, the kernel judges it.
  init(
    _ value: JSONValue, _ field: String, _ arrays: ArrayReader
  ) throws(CertificateFileError) {
    switch value["verdict"]?.string {
    case "certified":
      let fields = try Fields(value, field, known: Proof.fields + ["scope", "verdict"])
      self.init(scope: try fields.word("scope"), claim: .contracts(try Proof(fields, arrays)))
    case "refuted":
      let fields = try Fields(value, field, known: ["scope", "verdict", "rule", "arguments"])
      let instability = try Instability(fields, arrays)
      self.init(scope: try fields.word("scope"), claim: .unstable(instability))
    default:
      throw .malformed(field: "\(field).verdict", reason: "expected certified or refuted")
    }
  }
}

extension Proof {
  static let fields = ["rule", "arguments", "bound", "children"]

  fileprivate func object(
    _ field: String, _ arrays: ArrayWriter
  ) throws(CertificateFileError) -> JSONObject {
    guard bound.isFinite else {
      throw .malformed(field: "\(field).bound", reason: "\(bound) cannot be written")
    }
    var children: [JSONValue] = []
    for (index, proof) in argument.children.enumerated() {
      children.append(.object(try proof.object("\(field).children[\(index)]", arrays)))
    }
    return [
      "rule": .string(rule.rawValue), "bound": .exact(bound),
      "arguments": .object(try argument.object("\(field).arguments", arrays)),
      "children": .array(children),
    ]
  }

  fileprivate init(_ fields: Fields, _ arrays: ArrayReader) throws(CertificateFileError) {
    let rule: Rule = try fields.word("rule")
    var proofs: [Proof] = []
    for child in try fields.objects("children", known: Proof.fields) {
      proofs.append(try Proof(child, arrays))
    }
    guard rule.hasChildren || proofs.isEmpty else {
      throw fields.wrong("children", "none for the rule \(rule.rawValue)")
    }
    guard rule != .step || proofs.count == 1 else {
      throw fields.wrong("children", "the proof for the flow, and no other")
    }
    let bound = try fields.double("bound")
    let arguments = try Fields(
      fields.value("arguments"), fields.name("arguments"), known: rule.argumentNames)
    self.init(try Argument(rule, arguments, proofs, arrays), bound: bound)
  }
}

extension Rule {
  /// The fields of `arguments`.
  fileprivate var argumentNames: [String] {
    switch self {
    case .absoluteValue: ["column-scaling", "row-scaling"]
    case .symmetric: []
    case .productForm: ["row-scaling", "floor"]
    case .triangular: ["order"]
    case .singularValue: ["metric", "norm", "drops-inhibitory-diagonal"]
    case .disk: ["metric"]
    case .slopeLMI: ["metric", "multiplier", "floor"]
    case .vertexLMI: ["metric", "floor"]
    case .feedback, .hierarchy, .interconnection: Rule.assemblyFields
    case .globalWorkspace: Rule.assemblyFields + ["hub"]
    case .step: Rule.assemblyFields + ["coupling-norm"]
    case .splitStep: ["metric", "components", "norms"]
    }
  }

  private static let assemblyFields = ["components", "column-scaling", "row-scaling", "norms"]

  /// Whether proofs for other networks belong to a proof by this rule.
  fileprivate var hasChildren: Bool {
    switch self {
    case .feedback, .hierarchy, .globalWorkspace, .interconnection, .step: true
    default: false
    }
  }
}

extension Argument {
  fileprivate func object(
    _ field: String, _ arrays: ArrayWriter
  ) throws(CertificateFileError) -> JSONObject {
    func vector(_ values: [Double], _ name: String) throws(CertificateFileError) -> JSONValue {
      try arrays.doubles(values, "\(field).\(name)")
    }
    func number(_ value: Double, _ name: String) throws(CertificateFileError) -> JSONValue {
      guard value.isFinite else {
        throw .malformed(field: "\(field).\(name)", reason: "\(value) cannot be written")
      }
      return .exact(value)
    }
    switch self {
    case .absoluteValue(let v, let w):
      return [
        "column-scaling": try vector(v, "column-scaling"),
        "row-scaling": try vector(w, "row-scaling"),
      ]
    case .symmetric: return [:]
    case .productForm(let s, let floor):
      return ["row-scaling": try vector(s, "row-scaling"), "floor": try number(floor, "floor")]
    case .triangular(let order):
      return ["order": try arrays.integers(order, "\(field).order")]
    case .singularValue(let p, let norm, let drops):
      return [
        "metric": try vector(p, "metric"), "norm": try number(norm, "norm"),
        "drops-inhibitory-diagonal": .bool(drops),
      ]
    case .disk(let p): return ["metric": try vector(p, "metric")]
    case .slopeLMI(let m, let multiplier, let floor):
      return [
        "metric": try arrays.matrix(m, "\(field).metric"),
        "multiplier": try vector(multiplier, "multiplier"), "floor": try number(floor, "floor"),
      ]
    case .vertexLMI(let m, let floor):
      return [
        "metric": try arrays.matrix(m, "\(field).metric"), "floor": try number(floor, "floor"),
      ]
    case .assembly(let assembly): return try assembly.object(field, arrays)
    case .step(let step): return try step.object(field, arrays)
    case .splitStep(let split):
      return [
        "metric": try vector(split.metric, "metric"),
        "components": try arrays.partition(split.components, "\(field).components"),
        "norms": try vector(split.norms, "norms"),
      ]
    }
  }

  fileprivate init(
    _ rule: Rule, _ fields: Fields, _ proofs: [Proof], _ arrays: ArrayReader
  ) throws(CertificateFileError) {
    func vector(_ name: String) throws(CertificateFileError) -> [Double] {
      try arrays.doubles(fields.value(name), fields.name(name))
    }
    switch rule {
    case .absoluteValue:
      self = .absoluteValue(
        columnScaling: try vector("column-scaling"), rowScaling: try vector("row-scaling"))
    case .symmetric: self = .symmetric
    case .productForm:
      self = .productForm(
        rowScaling: try vector("row-scaling"), floor: try fields.double("floor"))
    case .triangular:
      self = .triangular(order: try arrays.integers(fields.value("order"), fields.name("order")))
    case .singularValue:
      self = .singularValue(
        metric: try vector("metric"), norm: try fields.double("norm"),
        dropsInhibitoryDiagonal: try fields.bool("drops-inhibitory-diagonal"))
    case .disk: self = .disk(metric: try vector("metric"))
    case .slopeLMI:
      self = .slopeLMI(
        metric: try arrays.matrix(fields.value("metric"), fields.name("metric")),
        multiplier: try vector("multiplier"), floor: try fields.double("floor"))
    case .vertexLMI:
      self = .vertexLMI(
        metric: try arrays.matrix(fields.value("metric"), fields.name("metric")),
        floor: try fields.double("floor"))
    case .feedback: self = .assembly(try Assembly(.feedback, fields, proofs, arrays))
    case .hierarchy: self = .assembly(try Assembly(.hierarchy, fields, proofs, arrays))
    case .globalWorkspace:
      let hub = try fields.index("hub")
      self = .assembly(try Assembly(.globalWorkspace(hub: hub), fields, proofs, arrays))
    case .interconnection:
      self = .assembly(try Assembly(.interconnection, fields, proofs, arrays))
    case .step: self = .step(try Step(fields, proofs, arrays))
    case .splitStep:
      self = .splitStep(
        SplitStep(
          metric: try vector("metric"), components: try arrays.partition(fields, "components"),
          norms: try vector("norms")))
    }
  }
}

extension Instability {
  fileprivate func arguments(
    _ field: String, _ arrays: ArrayWriter
  ) throws(CertificateFileError) -> JSONValue {
    var object: JSONObject = ["active": try arrays.integers(active, "\(field).active")]
    switch reason {
    case .determinant: object.append("reason", .string("determinant"))
    case .flip: object.append("reason", .string("flip"))
    case .inertia(let m, let x, let c):
      guard c.isFinite else {
        throw .malformed(field: "\(field).margin", reason: "\(c) cannot be written")
      }
      object.append("reason", .string("inertia"))
      object.append("metric", try arrays.matrix(m, "\(field).metric"))
      object.append("direction", try arrays.doubles(x, "\(field).direction"))
      object.append("margin", .exact(c))
    case .skew(let x):
      object.append("reason", .string("skew"))
      object.append("direction", try arrays.doubles(x, "\(field).direction"))
    }
    return .object(object)
  }

  fileprivate init(_ claim: Fields, _ arrays: ArrayReader) throws(CertificateFileError) {
    let rule: Refutation = try claim.word("rule")
    let (value, field) = (claim.value("arguments"), claim.name("arguments"))
    let more: [String]
    switch value["reason"]?.string {
    case "determinant", "flip": more = []
    case "inertia": more = ["metric", "direction", "margin"]
    case "skew": more = ["direction"]
    default:
      throw .malformed(
        field: "\(field).reason", reason: "expected determinant, flip, inertia or skew")
    }
    let fields = try Fields(value, field, known: ["active", "reason"] + more)
    let reason: Reason
    switch try fields.text("reason") {
    case "determinant": reason = .determinant
    case "flip": reason = .flip
    case "inertia":
      reason = .inertia(
        metric: try arrays.matrix(fields.value("metric"), fields.name("metric")),
        direction: try arrays.doubles(fields.value("direction"), fields.name("direction")),
        margin: try fields.double("margin"))
    default:
      reason = .skew(
        direction: try arrays.doubles(fields.value("direction"), fields.name("direction")))
    }
    self.init(
      active: try arrays.integers(fields.value("active"), fields.name("active")), reason: reason)
    guard refutation == rule else {
      throw claim.wrong("rule", "\(refutation.rawValue) for the reason given")
    }
  }
}
