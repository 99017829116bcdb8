internal import CertifyKernel
internal import Checkpoints
internal import Markup

extension CertificateFile {
  private static let fields = ["schema", "claims", "model", "specification", "tool", "sha256"]

  /// Budgets for documents, which anybody may have written.
  private enum Budget {
    static let bytes = 64 << 20
    static let values = 1 << 21
    static let depth = 64
    static let tool = 120
  }

  /// The `model` field.
  var modelJSON: JSONValue {
    .object([
      "tensors": .array(tensors.map(\.json)),
      "reconstructions": .array(reconstructions.map(\.json)),
    ])
  }

  /// The document and the tensors that stand beside it.
  func document() throws(CertificateFileError) -> (bytes: [UInt8], tensors: [Tensor]) {
    let arrays = ArrayWriter()
    var claims: [JSONValue] = []
    for (index, certificate) in self.claims.enumerated() {
      claims.append(try certificate.json("claims[\(index)]", arrays))
    }
    var object: JSONObject = [
      "schema": .string(Self.schema), "claims": .array(claims), "model": modelJSON,
      "specification": specification.json, "tool": .string(tool),
    ]
    let digest = Digest(of: JSONValue.object(object).canonicalBytes)
    object.append("sha256", .string(digest.hex))
    return (JSONValue.object(object).canonicalBytes + [UInt8(ascii: "\n")], arrays.tensors)
  }

  /// The value of a text within the budgets.
  private static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    try JSONValue(parsing: bytes, maximumDepth: Budget.depth, maximumValues: Budget.values)
  }

  /// Writes the document, and before it the tensors beside it; each file appears whole or not at all.
  ///
  /// The bytes depend on the claims, the network and the tool's version only.
  ///
  /// - Parameter makingFolders: whether folders on the way to `path` are made where they are missing.
  /// - Throws: `.unwritable`; `.malformed` for claims with numbers that are not finite.
  public func write(
    to path: String, makingFolders: Bool = false
  ) throws(CertificateFileError) {
    let (bytes, tensors) = try document()
    // What is written can be read: nested proofs and many components have their limits here too.
    guard bytes.count <= Budget.bytes else {
      throw .unwritable(
        path: path, reason: "\(bytes.count) bytes; at most \(Budget.bytes) are read")
    }
    do { _ = try Self.parse(bytes) } catch { throw .unwritable(path: path, reason: "\(error)") }
    if makingFolders { try Folders.make(above: path) }
    do {
      if !tensors.isEmpty { try writeSafetensors(tensors, to: Self.sidecarPath(of: path)) }
      try AtomicFile.write(bytes, to: path)
    } catch {
      throw .unwritable(path: path, reason: error.description)
    }
  }

  /// Reads a certificate file, checking its form and its own digests; the claims are not judged.
  ///
  /// - Throws: `.malformed` with the field; `.digest` where content and SHA-256 disagree; `.unreadable`.
  public init(contentsOf path: String) throws(CertificateFileError) {
    let bytes: [UInt8]
    do {
      bytes = try TextFile.bytes(path, limit: Budget.bytes)
    } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
    let value: JSONValue
    do {
      value = try Self.parse(bytes)
    } catch {
      if case .duplicateName(let name) = error.cause {
        throw .malformed(field: name, reason: "the field occurs twice (byte \(error.offset))")
      }
      throw .malformed(field: "document", reason: error.description)
    }
    if let schema = value["schema"]?.string, schema != Self.schema {
      throw .malformed(
        field: "schema", reason: "\(printable(schema)) is not read here; expected \(Self.schema)")
    }
    let fields = try Fields(value, "", known: Self.fields)
    try Self.checkDigest(value, claimed: try fields.digest("sha256"))
    try self.init(fields, ArrayReader(sidecar: Self.sidecarPath(of: path)))
    let again = try Self.value(of: self)
    if let difference = value.firstDifference(from: again, at: "") {
      throw .malformed(
        field: difference.field,
        reason: "not canonical: \(difference.claimed) is written \(difference.found)")
    }
  }

  private init(_ fields: Fields, _ arrays: ArrayReader) throws(CertificateFileError) {
    guard try fields.text("schema") == Self.schema else {
      throw fields.wrong("schema", Self.schema)
    }
    let model = try Fields(
      fields.value("model"), "model", known: ["tensors", "reconstructions"])
    var tensors: [TensorBinding] = []
    for tensor in try model.objects("tensors", known: ["name", "dtype", "shape", "sha256"]) {
      tensors.append(try TensorBinding(tensor))
    }
    var reconstructions: [ReconstructionRecord] = []
    for record in try model.objects(
      "reconstructions", known: ["tensor", "definition", "pieces"])
    {
      reconstructions.append(try ReconstructionRecord(record))
    }
    let specification = try SpecificationRecord(fields.value("specification"))
    let tool = try fields.text("tool")
    guard tool.utf8.count <= Budget.tool else {
      throw fields.wrong("tool", "at most \(Budget.tool) bytes")
    }
    var claims: [Certificate] = []
    for (index, item) in try fields.items("claims").enumerated() {
      let claim = try Certificate(item, "claims[\(index)]", arrays)
      guard !claims.contains(where: { $0.scope == claim.scope }) else {
        throw .malformed(
          field: "claims[\(index)].scope", reason: "a second claim for \(claim.scope.rawValue)")
      }
      claims.append(claim)
    }
    guard !claims.isEmpty else { throw fields.wrong("claims", "at least one claim") }
    try arrays.finish()
    self.init(
      claims: claims, tensors: tensors, reconstructions: reconstructions,
      specification: specification, tool: tool)
  }

  /// The SHA-256 of the canonical text without the field itself.
  private static func checkDigest(
    _ value: JSONValue, claimed: Digest
  ) throws(CertificateFileError) {
    var content = JSONObject()
    for member in value.object?.members ?? [] where member.name != "sha256" {
      content.append(member.name, member.value)
    }
    let found = Digest(of: JSONValue.object(content).canonicalBytes)
    guard found == claimed else {
      throw .digest(field: "sha256", claimed: claimed.hex, found: found.hex)
    }
  }

  private static func value(of file: CertificateFile) throws(CertificateFileError) -> JSONValue {
    let bytes = try file.document().bytes
    do {
      return try parse(bytes)
    } catch {
      throw .malformed(field: "document", reason: "\(error)")
    }
  }
}
