internal import CertifyKernel
internal import Checkpoints

// The arguments of the rules that speak of modules: sets of units, how they are weighed, norms that are claimed.

extension Argument.Assembly {
  func object(
    _ field: String, _ arrays: ArrayWriter
  ) throws(CertificateFileError) -> JSONObject {
    var object = try assemblyObject(
      field, arrays, components, columnScaling, rowScaling, norms)
    if case .globalWorkspace(let hub) = structure {
      object.append("hub", .number(JSONNumber(hub)))
    }
    return object
  }

  init(
    _ structure: Argument.Structure, _ fields: Fields, _ proofs: [Proof], _ arrays: ArrayReader
  ) throws(CertificateFileError) {
    let parts = try AssemblyFields(fields, arrays)
    self.init(
      structure, components: parts.components, proofs: proofs, columnScaling: parts.columnScaling,
      rowScaling: parts.rowScaling, norms: parts.norms)
  }
}

extension Argument.Step {
  func object(
    _ field: String, _ arrays: ArrayWriter
  ) throws(CertificateFileError) -> JSONObject {
    var object = try assemblyObject(
      field, arrays, components, columnScaling, rowScaling, norms)
    if let couplingNorm, !couplingNorm.isFinite {
      throw .malformed(field: "\(field).coupling-norm", reason: "\(couplingNorm) cannot be written")
    }
    object.append("coupling-norm", couplingNorm.map { .exact($0) } ?? .null)
    return object
  }

  /// - Precondition: there is one proof.
  init(
    _ fields: Fields, _ proofs: [Proof], _ arrays: ArrayReader
  ) throws(CertificateFileError) {
    let parts = try AssemblyFields(fields, arrays)
    self.init(
      flow: proofs[0], components: parts.components, columnScaling: parts.columnScaling,
      rowScaling: parts.rowScaling, norms: parts.norms,
      couplingNorm: fields.isNull("coupling-norm") ? nil : try fields.double("coupling-norm"))
  }
}

private func assemblyObject(
  _ field: String, _ arrays: ArrayWriter, _ components: [[Int32]], _ v: [Double], _ w: [Double],
  _ norms: [NormClaim]
) throws(CertificateFileError) -> JSONObject {
  return [
    "components": try arrays.partition(components, "\(field).components"),
    "column-scaling": try arrays.doubles(v, "\(field).column-scaling"),
    "row-scaling": try arrays.doubles(w, "\(field).row-scaling"),
    "norms": .object([
      "first": try arrays.integers(
        norms.map { Int32(clamping: $0.place.first) }, "\(field).norms.first"),
      "second": try arrays.integers(
        norms.map { Int32(clamping: $0.place.second) }, "\(field).norms.second"),
      "kinds": .array(norms.map { .string($0.place.kind.rawValue) }),
      "bounds": try arrays.doubles(norms.map(\.bound), "\(field).norms.bounds"),
    ]),
  ]
}

/// What both rules have in common, read.
private struct AssemblyFields {
  let components: [[Int32]]
  let columnScaling: [Double]
  let rowScaling: [Double]
  let norms: [NormClaim]

  init(_ fields: Fields, _ arrays: ArrayReader) throws(CertificateFileError) {
    components = try arrays.partition(fields, "components")
    columnScaling = try arrays.doubles(
      fields.value("column-scaling"), fields.name("column-scaling"))
    rowScaling = try arrays.doubles(fields.value("row-scaling"), fields.name("row-scaling"))
    norms = try Self.norms(fields, arrays)
  }

  /// Sizes and, one after the other, the units of each component.
  private static func norms(
    _ fields: Fields, _ arrays: ArrayReader
  ) throws(CertificateFileError) -> [NormClaim] {
    let field = fields.name("norms")
    let lists = try Fields(
      fields.value("norms"), field, known: ["first", "second", "kinds", "bounds"])
    let first = try arrays.integers(lists.value("first"), lists.name("first"))
    let second = try arrays.integers(lists.value("second"), lists.name("second"))
    let kinds = try lists.texts("kinds")
    let bounds = try arrays.doubles(lists.value("bounds"), lists.name("bounds"))
    guard first.count == bounds.count, second.count == bounds.count, kinds.count == bounds.count
    else {
      throw .malformed(
        field: field,
        reason:
          "lists of \(first.count), \(second.count), \(kinds.count) and \(bounds.count) entries")
    }
    var norms: [NormClaim] = []
    for k in bounds.indices {
      guard let kind = NormClaim.Kind(rawValue: kinds[k]) else {
        throw lists.wrong(
          "kinds[\(k)]",
          "one of " + NormClaim.Kind.allCases.map(\.rawValue).joined(separator: ", "))
      }
      norms.append(
        NormClaim(first: Int(first[k]), second: Int(second[k]), kind: kind, bound: bounds[k]))
    }
    return norms
  }
}

extension ArrayWriter {
  /// Disjoint sets of units: their sizes, and the units one set after the other.
  func partition(
    _ components: [[Int32]], _ field: String
  ) throws(CertificateFileError) -> JSONValue {
    let sizes = components.map { Int32(clamping: $0.count) }
    return .object([
      "sizes": try integers(sizes, "\(field).sizes"),
      "units": try integers(Array(components.joined()), "\(field).units"),
    ])
  }
}

extension ArrayReader {
  /// What `ArrayWriter.partition` wrote.
  func partition(
    _ fields: Fields, _ name: String
  ) throws(CertificateFileError) -> [[Int32]] {
    let field = fields.name(name)
    let both = try Fields(fields.value(name), field, known: ["sizes", "units"])
    let sizes = try integers(both.value("sizes"), both.name("sizes"))
    let units = try integers(both.value("units"), both.name("units"))
    var components: [[Int32]] = []
    var start = 0
    for (index, size) in sizes.enumerated() {
      guard size > 0, Int(size) <= units.count - start else {
        throw .malformed(
          field: "\(field).sizes[\(index)]",
          reason: "\(size), with \(units.count - start) of \(units.count) units left")
      }
      components.append(Array(units[start..<(start + Int(size))]))
      start += Int(size)
    }
    guard start == units.count else {
      throw .malformed(
        field: "\(field).sizes", reason: "they add up to \(start), there are \(units.count) units")
    }
    return components
  }
}
