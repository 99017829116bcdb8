internal import CertifyKernel
package import Checkpoints

extension SpecificationRecord {
  static let fields = [
    "form", "units", "recurrent", "coupling", "nonlinear-coupling", "slopes", "coupling-slopes",
    "time-constants", "modules", "step",
  ]

  package var json: JSONValue {
    func pair(_ slopes: SlopeInterval) -> JSONValue {
      .array([.exact(slopes.lower), .exact(slopes.upper)])
    }
    return .object([
      "form": .string(form.rawValue), "units": .count(units),
      "recurrent": sources.recurrent.json, "coupling": sources.coupling?.json ?? .null,
      "nonlinear-coupling": sources.nonlinearCoupling?.json ?? .null, "slopes": pair(slopes),
      "coupling-slopes": couplingSlopes.map(pair) ?? .null,
      "time-constants": .array(
        timeConstants.map { ["units": .count($0.count), "value": .exact($0.value)] }
          .map(JSONValue.object)),
      "modules": .array(
        modules.map { ["count": .count($0.count), "size": .count($0.value)] }
          .map(JSONValue.object)),
      "step": step.map {
        .object(["scheme": .string($0.scheme.rawValue), "size": .exact($0.size)])
      } ?? .null,
    ])
  }

  init(_ value: JSONValue) throws(CertificateFileError) {
    let fields = try Fields(value, "specification", known: Self.fields)
    var constants: [Run<ExactRatio>] = []
    for run in try fields.objects("time-constants", known: ["units", "value"]) {
      constants.append(Run(count: try run.count("units"), value: try run.ratio("value")))
    }
    var modules: [Run<Int>] = []
    for run in try fields.objects("modules", known: ["count", "size"]) {
      modules.append(Run(count: try run.count("count"), value: try run.count("size")))
    }
    var step: Specification.Step?
    if !fields.isNull("step") {
      let both = try Fields(
        fields.value("step"), fields.name("step"), known: ["scheme", "size"])
      step = Specification.Step(scheme: try both.word("scheme"), size: try both.ratio("size"))
    }
    self.init(
      form: try fields.word("form"), units: try fields.count("units"),
      sources: ModelBinding.Sources(
        recurrent: try TensorSource(fields.value("recurrent"), fields.name("recurrent")),
        coupling: try TensorSource.optional(fields, "coupling"),
        nonlinearCoupling: try TensorSource.optional(fields, "nonlinear-coupling")),
      slopes: try fields.slopes("slopes"),
      couplingSlopes: fields.isNull("coupling-slopes") ? nil : try fields.slopes("coupling-slopes"),
      timeConstants: constants, modules: modules, step: step)
  }
}

extension TensorSource {
  var json: JSONValue {
    switch self {
    case .dense(let name): .object(["kind": .string("dense"), "tensor": .string(name)])
    case .compressedRows(let indptr, let indices, let values):
      .object([
        "kind": .string("compressed-rows"), "indptr": .string(indptr),
        "indices": .string(indices), "values": .string(values),
      ])
    case .layers(let hidden, let input):
      .object(["kind": .string("layers"), "hidden": .texts(hidden), "input": .texts(input)])
    }
  }

  static func optional(
    _ fields: Fields, _ key: String
  ) throws(CertificateFileError) -> TensorSource? {
    fields.isNull(key) ? nil : try TensorSource(fields.value(key), fields.name(key))
  }

  init(_ value: JSONValue, _ field: String) throws(CertificateFileError) {
    switch value["kind"]?.string {
    case "dense":
      let fields = try Fields(value, field, known: ["kind", "tensor"])
      self = .dense(try fields.text("tensor"))
    case "compressed-rows":
      let fields = try Fields(value, field, known: ["kind", "indptr", "indices", "values"])
      self = .compressedRows(
        indptr: try fields.text("indptr"), indices: try fields.text("indices"),
        values: try fields.text("values"))
    case "layers":
      let fields = try Fields(value, field, known: ["kind", "hidden", "input"])
      self = .layers(hidden: try fields.texts("hidden"), input: try fields.texts("input"))
    default:
      throw .malformed(field: "\(field).kind", reason: "expected dense, compressed-rows or layers")
    }
  }
}

extension TensorBinding {
  package var json: JSONValue {
    .object([
      "name": .string(name), "dtype": .string(dtype), "shape": .array(shape.map { .count($0) }),
      "sha256": .string(sha256.hex),
    ])
  }

  init(_ fields: Fields) throws(CertificateFileError) {
    var shape: [Int] = []
    for (index, item) in try fields.items("shape").enumerated() {
      guard let size = item.integer, size >= 0 else {
        throw fields.wrong("shape[\(index)]", "a whole number")
      }
      shape.append(size)
    }
    self.init(
      name: try fields.text("name"), dtype: try fields.text("dtype"), shape: shape,
      sha256: try fields.digest("sha256"))
  }
}

extension ReconstructionRecord {
  var json: JSONValue {
    .object([
      "tensor": .string(tensor), "definition": .string(definition), "pieces": .texts(pieces),
    ])
  }

  init(_ fields: Fields) throws(CertificateFileError) {
    self.init(
      tensor: try fields.text("tensor"), definition: try fields.text("definition"),
      pieces: try fields.texts("pieces"))
  }
}
