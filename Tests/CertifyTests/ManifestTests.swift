import Certify
import CertifyKernel
import Testing

@Suite struct ManifestTests {
  static let network = """
    [network]
    form = "outside"
    recurrent = "W"
    activation = "tanh"

    """

  @Test func everyKeyOfTheTableIsRead() throws {
    let manifest = try Manifest(
      text: """
        [network]
        form = "outside"
        recurrent = { indptr = "p", indices = "j", values = "w" }
        coupling = "L"
        nonlinear-coupling = "K"
        activation = "leaky-relu"
        negative-slope = "1/10"
        coupling-slopes = [0, 0.5]
        modules = [2, 3]
        workspace = 1
        time-constant = [1, "3/10"]
        [metric]
        blocks = ["M0", "M1"]
        [step]
        scheme = "split"
        size = "0x1.8p-2"
        leak = "a"
        """)
    #expect(manifest.form == .outside)
    #expect(manifest.recurrent == .compressedRows(indptr: "p", indices: "j", values: "w"))
    #expect(manifest.coupling == .dense("L"))
    #expect(manifest.nonlinearCoupling == .dense("K"))
    #expect(manifest.slopes == (try SlopeInterval(ExactRatio(1, over: 10), .one)))
    #expect(manifest.couplingSlopes == (try SlopeInterval(.zero, ExactRatio(0.5))))
    #expect(manifest.modules == [2, 3])
    #expect(manifest.workspace == 1)
    #expect(manifest.timeConstants == [.one, ExactRatio(3, over: 10)])
    #expect(manifest.metric == .blocks(["M0", "M1"]))
    #expect(manifest.step == Specification.Step(scheme: .split, size: ExactRatio(0.375)))
    #expect(manifest.leak == "a")
  }

  @Test(arguments: [
    "0.1", "0.03", "1e-3", "5e-324", "2.2250738585072011e-308", "0.30000000000000004",
  ])
  func aNumberMeansTheDoubleItParsesTo(_ text: String) throws {
    let manifest = try Manifest(text: "[step]\nsize = \(text)")
    #expect(manifest.step?.size == ExactRatio(try #require(Double(text))))
  }

  @Test(
    arguments: [
      ("relu", 0.0, 1.0), ("tanh", 0, 1), ("hard-tanh", 0, 1), ("softplus", 0, 1),
      ("sigmoid", 0, 0.25), ("identity", 1, 1),
    ])
  func anActivationMeansItsSlopes(_ name: String, _ lower: Double, _ upper: Double) throws {
    let text = Self.network.replacing("tanh", with: name)
    let slopes = try SlopeInterval(ExactRatio(lower), ExactRatio(upper))
    #expect(try Manifest(text: text).slopes == slopes)
  }

  /// What is added to a good manifest, and what the refusal must say.
  static let faults: [(String, String)] = [
    ("unknown = 1", "network.unknown"), ("[training]\nrate = 1", "unknown key training"),
    ("[step]\nsize = 1\nsise = 2", "step.sise"), ("[metric]\nfull = \"m\"", "metric.full"),
    ("coupling = 3", "network.coupling must be"), ("modules = 3", "network.modules must be"),
    ("modules = []", "network.modules must be"),
    ("modules = [2.5]", "network.modules[0] must be an integer"),
    ("modules = [0]", "network.modules[0]"),
    ("workspace = 1", "network.workspace = 1"), ("workspace = -1", "network.workspace = -1"),
    ("time-constant = 0", "network.time-constant = 0"),
    ("time-constant = -1.5", "network.time-constant = -1.5"),
    ("time-constant = nan", "finite"), ("time-constant = inf", "finite"),
    ("time-constant = \"1e-3\"", "an exact text"),
    ("time-constant = [1, 2]", "one for each of the 1"),
    ("time-constant = 1979-05-27", "a date"),
    ("slopes = [0.0, 1.0]", "network.activation and network.slopes together"),
    ("negative-slope = 0.1", "only leaky-relu"), ("coupling-slopes = [0, 1]", "nonlinear-coupling"),
    ("nonlinear-coupling = \"K\"", "coupling-slopes is missing"),
    ("nonlinear-coupling = \"K\"\ncoupling-slopes = [1, 0]", "0 <= l <= g"),
    ("nonlinear-coupling = \"K\"\ncoupling-slopes = [-1, 0]", "0 <= l <= g"),
    ("parametrisation = \"skew\"", "known: spectral, symmetric, matsuoka"),
    ("[step]\nscheme = \"rk4\"\nsize = 1", "known: euler"),
    ("[step]\nscheme = \"euler\"", "step.size"),
    ("[step]\nsize = 0.0", "step.size = 0"),
    ("[step]\nsize = [1]", "step.size must be one number"),
    ("[step]\nsize = 1\nleak = \"a\"", "only split has a leak"),
    ("[step]\nsize = 1\nscheme = \"split\"", "step.leak is missing"),
    ("[metric]\n", "metric.diagonal is missing"),
    ("[metric]\ndiagonal = \"m\"\nblocks = [\"M\"]", "give one metric"),
    ("[metric]\nblocks = [\"A\", \"B\"]", "2 tensors"), ("form = \"inside\"", "line 5"),
    ("coupling = { indptr = \"p\", indices = \"j\" }", "network.coupling.values is missing"),
    (
      "coupling = { indptr = \"p\", indices = \"j\", values = \"w\", data = \"d\" }",
      "network.coupling.data"
    ),
    ("coupling = \"L\\u0000x\"", "NUL"), ("= 1", "line 5"),
  ]

  @Test(arguments: faults)
  func aNearMissIsRefusedWithItsPlace(_ addition: String, _ expected: String) throws {
    let text = Self.network + addition
    let error = #expect(throws: ManifestError.self) { try Manifest(text: text) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test(
    arguments: [
      ("[network]\nrecurrent = \"W\"\nactivation = \"tanh\"", "network.form is missing"),
      ("[network]\nform = \"map\"\nactivation = \"tanh\"", "network.recurrent is missing"),
      ("[network]\nform = \"map\"\nrecurrent = \"W\"", "network.activation is missing"),
      ("[network]\nform = \"around\"\nrecurrent = \"W\"", "known: outside, inside, map"),
      ("[network]\nform = \"map\"\nrecurrent = \"W\"\nactivation = \"gelu\"", "known: relu, tanh"),
      (
        "[network]\nform = \"map\"\nrecurrent = \"W\"\nactivation = \"leaky-relu\"",
        "negative-slope"
      ),
      (
        "[network]\nform = \"map\"\nrecurrent = \"W\"\nactivation = \"leaky-relu\"\nnegative-slope = 1.5",
        "0 to 1"
      ),
      ("[network]\nform = \"map\"\nrecurrent = \"W\"\nslopes = [1.0, 0.5]", "0 <= l <= g"),
      ("[network]\nform = \"map\"\nrecurrent = \"W\"\nslopes = [-0.5, 1.0]", "0 <= l <= g"),
      ("[network]\nform = \"map\"\nrecurrent = \"W\"\nslopes = [0.0]", "[l, g]"),
      (
        "[network]\nform = \"map\"\nrecurrent = \"W\"\nactivation = \"tanh\"\n[step]\nsize = 0.1",
        "a step itself"
      ),
    ])
  func anIncompleteNetworkIsRefused(_ text: String, _ expected: String) throws {
    let error = #expect(throws: ManifestError.self) { try Manifest(text: text) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test func aManifestWithoutANetworkAddsToALayout() throws {
    #expect(try Manifest(text: "[step]\nsize = 0.3").addsToLayout)
    #expect(try Manifest(text: Self.network).addsToLayout == false)
  }

  @Test func deepNestingAndLongTextsAreRefused() {
    let deep = "a = " + String(repeating: "[", count: 100_000)
    #expect(throws: ManifestError.self) { try Manifest(text: deep) }
    let long = String(repeating: "#", count: (1 << 20) + 1)
    #expect(throws: ManifestError.self) { try Manifest(text: long) }
  }
}
