import CertifyKernel
import Foundation
import TestSupport
import Testing

@testable import Certify

@Suite struct RecipeTests {
  static let base = """
    [recipe]
    name = "small"
    seed = 7
    networks = 2
    [modules]
    count = 3
    units = 4
    density = 0.5
    range = 2
    acceptance = "theorem-1"
    [coupling]
    adjacency = "all"
    metric = "certified"
    [step]
    scheme = "euler"
    size = 0.03
    """

  static func recipe(_ changes: [(String, String)] = []) throws -> Recipe {
    var text = base
    for (old, new) in changes {
      #expect(text.contains(old))
      text = text.replacing(old, with: new)
    }
    return try Recipe(text: text, name: "test")
  }

  /// What is wrong is named, with both numbers.
  static let bad: [(String, String, String)] = [
    ("networks = 2", "networks = 0", "recipe.networks = 0"),
    ("networks = 2", "networks = 1.5", "whole number"),
    ("seed = 7", "seeds = 7", "unknown key recipe.seeds"),
    ("count = 3", "count = 0", "modules.count = 0"),
    ("count = 3", "count = 4000", "4000 modules of 4 units"),
    ("units = 4", "units = 0", "modules.units = 0"),
    ("units = 4", "size = 4", "unknown key modules.size"),
    ("density = 0.5", "density = 0", "modules.density = 0"),
    ("density = 0.5", "density = 1.5", "modules.density = 1.5"),
    ("density = 0.5", "density = -0.1", "modules.density = -0.1"),
    ("range = 2", "range = -2", "modules.range = -2"),
    ("range = 2", "range = 2\ndeviation = 1", "uniform or normal"),
    ("range = 2\n", "", "modules.range is missing"),
    ("theorem-1", "theorem-9", "theorem-9"),
    ("acceptance = \"theorem-1\"", "acceptance = \"none\"", "coupling.metric"),
    ("adjacency = \"all\"", "adjacency = \"ring\"", "ring"),
    ("adjacency = \"all\"", "fraction = 1.5", "coupling.fraction = 1.5"),
    ("adjacency = \"all\"", "adjacency = \"all\"\nfraction = 0.5", "belongs to"),
    ("adjacency = \"all\"", "adjacency = \"workspace\"\nhub = 3", "coupling.hub = 3"),
    ("adjacency = \"all\"", "edges = [[0, 1], [1, 1]]", "coupling.edges[1] = [1, 1]"),
    ("adjacency = \"all\"", "edges = [[0, 3]]", "numbered 0 to 2"),
    ("adjacency = \"all\"", "edges = [[0, -1]]", "coupling.edges[0] = -1"),
    ("adjacency = \"all\"", "edges = [[0, 1], [1, 0]]", "there already"),
    ("adjacency = \"all\"", "edges = [[0, 1, 2]]", "a pair of modules"),
    ("size = 0.03", "size = 0", "step.size"),
    ("[step]", "[steps]", "unknown key steps"),
  ]

  @Test(arguments: bad)
  func badRecipes(old: String, new: String, reason: String) throws {
    let text = Self.base.replacing(old, with: new)
    let error = #expect(throws: ManifestError.self) { try Recipe(text: text, name: "test") }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test func theSameSeedDrawsTheSameNetwork() throws {
    let recipe = try Self.recipe()
    let first = try RecipeNetwork(recipe, seed: 3).specification
    #expect(first == (try RecipeNetwork(recipe, seed: 3).specification))
    #expect(first != (try RecipeNetwork(recipe, seed: 4).specification))
  }

  /// Every module is accepted by the kernel, and its weights keep to the recipe.
  @Test(arguments: UInt64(0)..<8)
  func modulesAreDrawnAsDescribed(seed: UInt64) throws {
    let recipe = try Self.recipe()
    let drawn = try RecipeNetwork(recipe, seed: seed)
    #expect(drawn.scalings.count == 3)
    for (module, scaling) in drawn.scalings.enumerated() {
      let part = try drawn.specification.restricted(to: Array((4 * module)..<(4 * module + 4)))
      let entries = part.recurrent.dense().values
      #expect(entries.filter { $0 != 0 }.count == 8)
      #expect(entries.allSatisfy { abs($0) <= 2 })
      let proof = Proof(
        .absoluteValue(columnScaling: scaling.v, rowScaling: scaling.w), bound: 0x1p-40)
      guard
        case .certified = try part.certify(
          using: Certificate(scope: .continuous, claim: .contracts(proof)))
      else {
        Issue.record("module \(module) of seed \(seed)")
        continue
      }
    }
  }

  /// L = B − M⁻¹BᵀM: what the certificate of negative feedback accepts.
  @Test(arguments: UInt64(0)..<4)
  func certifiedMetricsGiveCertifiedNetworks(seed: UInt64) throws {
    var recipe = try Self.recipe()
    recipe.networks = 1
    let outcome = try RecipeAudit.outcome(recipe, network: Int(seed))
    #expect(outcome.continuous == .certified)
    #expect((outcome.rate ?? 0) > 0)
    let largest = try #require(outcome.largestStep)
    #expect(largest > 0 && largest < 2)
    #expect(outcome.atUpper.abscissa < 0 && outcome.atHalf.abscissa < 0)
  }

  @Test func adjacenciesCoupleWhatTheySay() throws {
    func pairs(_ new: String) throws -> [(Int, Int)] {
      let recipe = try Self.recipe([("adjacency = \"all\"", new)])
      var generator = SplitMix(seed: 1)
      return recipe.pairs(&generator)
    }
    #expect(try pairs("adjacency = \"all\"").count == 3)
    #expect(try pairs("adjacency = \"none\"").isEmpty)
    #expect(try pairs("fraction = 0.34").count == 1)
    #expect(try pairs("adjacency = \"workspace\"\nhub = 1").allSatisfy { $0 == 1 || $1 == 1 })
    #expect(try pairs("edges = [[0, 2]]").map { [$0.0, $0.1] } == [[2, 0]])
  }

  /// The public code's ½I: skew couplings, and what is wrong is named.
  @Test func theIdentityIsDiagnosed() throws {
    let recipe = try Self.recipe([
      ("metric = \"certified\"", "metric = \"identity\""), ("range = 2", "range = 6"),
      ("density = 0.5", "density = 0.2"),
    ])
    let ids = try RecipeAudit.diagnoses(recipe).map(\.id)
    #expect(ids == ["metric-not-valid", "elementwise-metric-check", "identity-coupling"])
    let drawn = try RecipeNetwork(recipe, seed: recipe.seed)
    let l = try #require(drawn.specification.coupling?.dense())
    #expect(l.values == l.transposed().values.map { -$0 })
  }

  /// The nine configurations of Table 1 and one with certified metrics.
  @Test func theShippedRecipesAreRead() throws {
    let folder = SharedFolder.packageRoot.appendingPathComponent("Fixtures/recipes")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".toml") }
    #expect(files.count == 10)
    for file in files {
      let recipe = try Recipe(path: folder.appendingPathComponent(file).path)
      #expect(recipe.name + ".toml" == file)
      #expect(recipe.units == 32 && recipe.networks == 5 && recipe.step != nil)
    }
    #expect(throws: AuditError.self) { try Recipe(path: folder.path + "/absent.toml") }
  }

  @Test func noModuleIsAcceptedForever() throws {
    let recipe = try Self.recipe([("density = 0.5", "density = 1"), ("range = 2", "range = 1e6")])
    #expect(throws: AuditError.self) { try RecipeNetwork(recipe, seed: 1, attempts: 50) }
  }
}
