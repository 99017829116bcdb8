import Certify
import CertifyKernel
import Checkpoints
import Testing

/// Every field of a written certificate, changed one at a time.
@Suite struct CertificateFileMutationTests {
  let folder = TemporaryFolder()

  /// A written certificate, taken apart.
  private struct Written {
    let model: Model
    let path: String
    let document: JSONValue
  }

  private func write(_ example: CertificateCase) throws -> Written {
    let model = try Model.load(path: try example.save(in: folder))
    let path = folder.file("c.cert.json")
    try CertificateFile(claims: example.certificates, binding: try model.binding()).write(to: path)
    return Written(model: model, path: path, document: try JSONValue(parsing: contents(of: path)))
  }

  /// Writes a changed document, with its SHA-256 worked out again or left as it was, and verifies it.
  private func verify(
    _ changed: JSONValue, _ written: Written, recomputed: Bool
  ) throws -> VerifyError? {
    var document = changed
    if recomputed, let object = changed.object {
      var content = JSONObject()
      for (name, value) in object.members where name != "sha256" { content.append(name, value) }
      let digest = Digest(of: JSONValue.object(content).canonicalBytes)
      document = changed.replacing(["sha256"], with: .string(digest.hex))
    }
    try writeQuickly(document.canonicalBytes, to: written.path)
    do {
      _ = try CertificateFile.verify(certificatePath: written.path, model: written.model)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: CertificateCase.all)
  func everyChangedLeafIsRefusedWithItsName(_ example: CertificateCase) throws {
    let written = try write(example)
    #expect(try verify(written.document, written, recomputed: true) == nil, "unchanged: accepted")
    let leaves = written.document.leaves()
    #expect(leaves.count > 20)
    for leaf in leaves {
      let name = fieldName(leaf.path)
      for value in leaf.value.mutations {
        let changed = written.document.replacing(leaf.path, with: value)
        let kept = try #require(try verify(changed, written, recomputed: false), "\(name)")
        #expect(kept.field == "sha256" || kept.field == name, "\(name): \(kept)")
        if name == "sha256" { continue }
        guard let error = try verify(changed, written, recomputed: true) else {
          let isArgument = name.hasPrefix("claims[") || name == "tool"
          #expect(isArgument, "\(name) = \(value) was accepted")
          #expect(try isTrue(written), "\(name) = \(value) was accepted")
          continue
        }
        let field = try #require(error.field, "\(name): \(error)")
        if name.hasPrefix("claims[") {
          #expect(field.hasPrefix("claims[\(name.dropFirst(7).prefix(1))]"), "\(name): \(error)")
        } else {
          #expect(
            name == field || name.hasPrefix(field) || field.hasPrefix(name), "\(name): \(error)")
        }
      }
    }
  }

  /// Whether the kernel by itself accepts the claims of the document that was written last.
  private func isTrue(_ written: Written) throws -> Bool {
    let file = try CertificateFile(contentsOf: written.path)
    return try file.claims.allSatisfy { claim in
      if case .undecided = try written.model.specification.certify(using: claim) {
        false
      } else {
        true
      }
    }
  }

  /// What must be refused whatever the mathematics: the deciding numbers of each rule, made false.
  static let falsehoods: [(String, [JSONValue.Step], String)] = [
    ("absolute-value", ["claims", 0, "bound"], "0x1p+3"),
    ("absolute-value", ["claims", 0, "arguments", "column-scaling", 0], "0x1p+10"),
    ("absolute-value", ["claims", 0, "arguments", "row-scaling", 1], "-0x1p+0"),
    ("symmetric", ["claims", 0, "bound"], "0x1.fp-1"),
    ("product-form", ["claims", 0, "bound"], "0x1p+1"),
    ("product-form", ["claims", 0, "arguments", "floor"], "0x1p+2"),
    ("product-form", ["claims", 0, "arguments", "row-scaling", 0], "-0x1p+0"),
    ("triangular", ["claims", 0, "bound"], "0x1p+0"),
    ("singular-value", ["claims", 0, "bound"], "0x1.fp-1"),
    ("singular-value", ["claims", 0, "arguments", "norm"], "0x1p-3"),
    ("singular-value", ["claims", 0, "arguments", "metric", 0], "0x1p+10"),
    ("disk", ["claims", 0, "bound"], "0x1.fp-1"),
    ("disk", ["claims", 0, "arguments", "metric", 1], "0x1p+10"),
    ("slope-lmi", ["claims", 0, "bound"], "0x1.fp-1"),
    ("slope-lmi", ["claims", 0, "arguments", "floor"], "0x1p+0"),
    ("slope-lmi", ["claims", 0, "arguments", "multiplier", 0], "0x1p+10"),
    ("slope-lmi", ["claims", 0, "arguments", "metric", "values", 0], "-0x1p+0"),
    ("slope-lmi", ["claims", 0, "arguments", "metric", "values", 1], "0x1p-1"),
    ("hierarchy", ["claims", 0, "bound"], "0x1.8p-1"),
    ("hierarchy", ["claims", 0, "children", 1, "bound"], "0x1.8p+0"),
    ("hierarchy", ["claims", 0, "arguments", "column-scaling", 0], "0x1p+10"),
    ("feedback", ["claims", 0, "bound"], "0x1.cp-1"),
    ("feedback", ["claims", 0, "arguments", "row-scaling", 0], "0x1p+2"),
    ("global-workspace", ["claims", 0, "bound"], "0x1.cp-1"),
    ("interconnection", ["claims", 0, "arguments", "column-scaling", 1], "0x1p+4"),
    ("step", ["claims", 0, "bound"], "0x1.ep-1"),
    ("step", ["claims", 0, "arguments", "coupling-norm"], "0x1p+0"),
    ("step", ["claims", 0, "children", 0, "bound"], "0x1.cp-1"),
    ("as-run", ["claims", 0, "bound"], "0x1p-1"), ("as-run", ["claims", 0, "bound"], "0x1p+0"),
    ("inertia", ["claims", 0, "arguments", "margin"], "-0x1p-1"),
    ("inertia", ["claims", 0, "arguments", "margin"], "0x1p+1"),
    ("inertia", ["claims", 0, "arguments", "direction", 0], "0x0p+0"),
    ("inertia", ["claims", 0, "arguments", "metric", "values", 0], "0x1p+0"),
    ("skew", ["claims", 0, "arguments", "direction", 0], "0x0p+0"),
    ("both-scopes", ["claims", 1, "bound"], "0x1p-1"),
  ]

  /// Entries that have to be positive are named one by one.
  static let negatives: [(String, [JSONValue.Step])] = [
    ("absolute-value", ["claims", 0, "arguments", "column-scaling", 1]),
    ("absolute-value", ["claims", 0, "arguments", "row-scaling", 0]),
    ("product-form", ["claims", 0, "arguments", "row-scaling", 1]),
    ("product-form", ["claims", 0, "arguments", "floor"]),
    ("singular-value", ["claims", 0, "arguments", "metric", 1]),
    ("singular-value", ["claims", 0, "arguments", "norm"]),
    ("disk", ["claims", 0, "arguments", "metric", 0]),
    ("slope-lmi", ["claims", 0, "arguments", "multiplier", 1]),
    ("slope-lmi", ["claims", 0, "arguments", "floor"]),
    ("hierarchy", ["claims", 0, "arguments", "row-scaling", 1]),
    ("hierarchy", ["claims", 0, "arguments", "column-scaling", 0]),
    ("hierarchy", ["claims", 0, "children", 1, "arguments", "row-scaling", 0]),
  ]

  @Test(arguments: negatives)
  func anEntryThatIsNotPositiveIsNamed(_ entry: (name: String, path: [JSONValue.Step])) throws {
    let example = try #require(CertificateCase.all.first { $0.name == entry.name })
    let written = try write(example)
    let changed = written.document.replacing(entry.path, with: .string("-0x1p+0"))
    let error = try #require(try verify(changed, written, recomputed: true))
    #expect(error.field == fieldName(entry.path), "\(error)")
  }

  @Test(arguments: falsehoods)
  func aFalseNumberIsRefusedThoughTheDigestsFit(
    _ falsehood: (name: String, path: [JSONValue.Step], text: String)
  ) throws {
    let example = try #require(CertificateCase.all.first { $0.name == falsehood.name })
    let written = try write(example)
    let changed = written.document.replacing(falsehood.path, with: .string(falsehood.text))
    #expect(changed != written.document)
    let error = try #require(try verify(changed, written, recomputed: true))
    let claim = fieldName(Array(falsehood.path.prefix(2)))
    #expect(error.field?.hasPrefix(claim) == true, "\(error)")
    if falsehood.path.last == .name("bound") {
      let isNamed = error.field?.hasSuffix(".bound") == true || falsehood.name == "triangular"
      #expect(isNamed, "\(error)")
    }
  }

  @Test(arguments: CertificateCase.all)
  func everyFieldIsNeededAndNoOtherIsKnown(_ example: CertificateCase) throws {
    let written = try write(example)
    for path in written.document.objects() {
      let names = written.document.at(path)?.object?.members.map(\.name) ?? []
      for name in names {
        let removed = written.document.removing(path, name)
        let error = try #require(
          try verify(removed, written, recomputed: !path.isEmpty || name != "sha256"), "\(name)")
        let field = fieldName(path + [.name(name)])
        #expect(error.field == field, "\(field): \(error)")
      }
      let added = written.document.replacing(path + [.name("unknown")], with: .null)
      let error = try #require(try verify(added, written, recomputed: true), "\(path)")
      #expect(error.field == fieldName(path + [.name("unknown")]), "\(error)")
    }
  }

  @Test func aFieldThatOccursTwiceIsRefused() throws {
    let written = try write(CertificateCase.all[0])
    let text = String(decoding: try contents(of: written.path), as: UTF8.self)
    let twice = text.replacing("\"rule\":", with: "\"rule\":\"disk\",\"rule\":")
    try writeQuickly(Array(twice.utf8), to: written.path)
    let error = #expect(throws: CertificateFileError.self) {
      try CertificateFile(contentsOf: written.path)
    }
    #expect(error?.field == "rule")
  }

  @Test func deepAndHugeDocumentsAreRefused() throws {
    let path = folder.file("deep.cert.json")
    for text in [
      String(repeating: "[", count: 100_000), "", "{}", "[]", "null", "{\"schema\":\"x\"}",
    ] {
      try writeQuickly(Array(text.utf8), to: path)
      #expect(throws: CertificateFileError.self) { try CertificateFile(contentsOf: path) }
    }
    let next = #expect(throws: CertificateFileError.self) { try CertificateFile(contentsOf: path) }
    #expect(next?.field == "schema")
  }
}
