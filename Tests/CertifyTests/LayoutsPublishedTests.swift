import Certify
import CertifyKernel
import Checkpoints
import Glibc
import Testing

/// The 95 published networks that lie beside the repository, where they do.
enum Published {
  /// `CERTIFY_CHECKPOINTS`, or `../shared/checkpoints` from the package's root.
  static let folder: String? = {
    if let given = getenv("CERTIFY_CHECKPOINTS") { return String(cString: given) }
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let path = "/\(root)/../shared/checkpoints"
    return access(path + "/expected.csv", R_OK) == 0 ? path : nil
  }()

  struct Row { let path, constraint, sha256: String; let units: Int }

  static func rows() throws -> [Row] {
    let text = String(decoding: try contents(of: (folder ?? "") + "/expected.csv"), as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      return Row(
        path: String(cells[0]), constraint: String(cells[1]), sha256: String(cells[4]),
        units: Int(cells[3]) ?? 0)
    }
  }
}

@Suite(.enabled(if: Published.folder != nil, "no published checkpoints beside the repository"))
struct LayoutsPublishedTests {
  @Test func everyPublishedNetworkIsRecognised() throws {
    let rows = try Published.rows()
    #expect(rows.count > 90)
    for row in rows {
      let path = (Published.folder ?? "") + "/" + row.path
      let model = try Model.load(path: path, options: ModelOptions(step: ExactRatio(3, over: 10)))
      #expect(model.specification.units == row.units, "\(row.path)")
      #expect(model.form == .inside)
      let kind = model.reconstructions.first?.parametrisation
      #expect(kind == ["spectral": .spectral, "sym": .symmetric][row.constraint], "\(row.path)")
      #expect(try model.fileDigest().hex == row.sha256)
      let w = model.specification.recurrent.dense()
      let isSymmetric = (0..<w.rows).allSatisfy { i in (0..<i).allSatisfy { w[i, $0] == w[$0, i] } }
      #expect(isSymmetric == (row.constraint == "sym"), "\(row.path)")
    }
  }

  /// The weight that is 1 or more on the diagonal of an unconstrained network refutes it.
  @Test func aCertificateOfAPublishedRefutationHolds() throws {
    let folder = TemporaryFolder()
    let row = try #require(try Published.rows().first { $0.constraint == "None" && $0.units == 32 })
    let path = (Published.folder ?? "") + "/" + row.path
    let step = ModelOptions(step: ExactRatio(3, over: 10))
    let model = try Model.load(path: path, options: step)
    let w = model.specification.recurrent.dense()
    let unit = try #require((0..<w.rows).first { w[$0, $0] >= 1 })
    let claims = Scope.allCases.map {
      Certificate(
        scope: $0, claim: .unstable(Instability(active: [Int32(unit)], reason: .determinant)))
    }
    let file = CertificateFile.path(forModel: path, in: folder.path)
    try CertificateFile(claims: claims, binding: try model.binding())
      .write(to: file, makingFolders: true)
    let again = try CertificateFile.verify(certificatePath: file, model: try Model.load(path: path))
    #expect(again.map(\.scope) == [.continuous, .asRun])
  }
}
