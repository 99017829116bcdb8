import Checkpoints
import Foundation
import TestSupport
import Testing

/// `certify audit MODEL`, `metric`, `identity-coupling` and `orientation`: outputs and exit statuses.
@Suite struct AuditDiagnosisTests {
  static let relu = "[network]\nform = \"outside\"\nrecurrent = \"W\"\nactivation = \"relu\"\n"
  static let shipped = relu + "[metric]\ndiagonal = \"m\"\n"

  private func tensors(_ w: [Double], metric: [Double]) throws -> [Tensor] {
    let n = metric.count
    return [
      try Tensor(name: "W", shape: [n, n], doubles: w),
      try Tensor(name: "m", shape: [n], doubles: metric),
    ]
  }

  // MARK: Bad input

  static let badInput: [([String], Int32)] = [
    (["audit", "metric", "model.safetensors"], 4),
    (["audit", "metric", "absent.safetensors", "--metric", "m2.npy"], 3),
    (["audit", "metric", "model.safetensors", "--metric", "absent.npy"], 3),
    (["audit", "metric", "model.safetensors", "--metric", "model.safetensors.certify.toml"], 3),
    (["audit", "identity-coupling", "--a", "inf"], 4),
    (["audit", "identity-coupling", "--a", "three"], 4),
    (["audit", "orientation", "model.safetensors"], 4),
    (["audit", "orientation", "model.safetensors", "model.safetensors"], 3),
    (["audit", "orientation", "model.safetensors", "model.safetensors", "--gain", "0"], 4),
  ]

  @Test(arguments: badInput)
  func badInputIsNamed(arguments: [String], status: Int32) throws {
    let folder = TemporaryFolder()
    try folder.model("model.safetensors", Sample.certified)
    let run = try Certify.run(arguments, in: folder.path)
    #expect(run.status == status, "\(run)")
    #expect(!run.errors.isEmpty)
  }

  /// Shapes, signs and symmetry of a metric, each with both numbers.
  @Test func metricsThatAreNone() throws {
    let folder = TemporaryFolder()
    let model = try folder.model("model.safetensors", Sample.certified)
    let cases: [(Tensor, String)] = try [
      (Tensor(name: "M", shape: [3], doubles: [1, 1, 1]), "shape [3], expected [2] or [2, 2]"),
      (Tensor(name: "M", shape: [2], doubles: [1, 0]), "[1] = 0.0"),
      (Tensor(name: "M", shape: [2], doubles: [1, .nan]), "entry 1 is nan"),
      (
        Tensor(name: "M", shape: [2, 2], doubles: [1, 0.5, 0.25, 1]),
        "[1, 0] = 0.25 but [0, 1] = 0.5"
      ),
    ]
    for (tensor, reason) in cases {
      let metric = try folder.safetensors("metric.safetensors", [tensor])
      let run = try Certify.run("audit", "metric", model, "--metric", metric)
      #expect(run.status == 3, "\(run)")
      #expect(run.errors.contains(reason), "\(run)")
    }
  }

  // MARK: Models

  @Test func aDiagnosisIsStatusOneAndNothingFoundIsZero() throws {
    let folder = TemporaryFolder()
    let bad = try folder.safetensors(
      "half.safetensors", try tensors([0, 3, 0, 0], metric: [0.5, 0.5]), description: Self.shipped)
    let good = try folder.safetensors(
      "right.safetensors", try tensors([0, 3, 0, 0], metric: [1, 4]), description: Self.shipped)
    let run = try Certify.run("audit", bad, good)
    #expect(run.status == 1)
    #expect(run.output.contains("error metric-not-valid"))
    #expect(run.output.contains("error elementwise-metric-check"))
    #expect(run.output.contains("Diagnoses/metric-not-valid.md"))
    #expect(run.lines.contains("\(good): nothing found"))
    #expect(try Certify.run("audit", good).status == 0)
  }

  @Test func theLineOfAModelListsItsDiagnoses() throws {
    let folder = TemporaryFolder()
    let stiff = try folder.model(
      "stiff.safetensors", Sample.stiff,
      description: Self.relu + "[step]\nscheme = \"euler\"\nsize = 0.3\n")
    let run = try Certify.run("audit", stiff, "--format", "json")
    #expect(run.status == 1)
    let object = try #require(try run.objects().first)
    #expect(object["schema"]?.string == "certify.audit/v1")
    let ids = object["diagnoses"]?.array?.compactMap { $0["id"]?.string } ?? []
    #expect(ids.contains("euler-unstable"), "\(run)")
    #expect(object["certified"]?.number?.integer == 1)
    #expect(object["refuted"]?.number?.integer == 1)
  }

  @Test func rejectedModelsStayRejected() throws {
    let folder = TemporaryFolder()
    let path = try folder.write("not a model", to: "rejected.safetensors")
    #expect(try Certify.run("audit", path).status == 3)
  }

  // MARK: Metrics

  @Test func aMetricComesWithARateOrWithAVector() throws {
    let folder = TemporaryFolder()
    let model = try folder.model("model.safetensors", [0, 3, 0, 0], description: Self.relu)
    let right = try folder.safetensors(
      "right.safetensors", [Tensor(name: "M", shape: [2], doubles: [1, 4])])
    let wrong = try folder.safetensors(
      "wrong.safetensors", [Tensor(name: "M", shape: [2, 2], doubles: [4, 0, 0, 1])])
    let accepted = try Certify.run("audit", "metric", model, "--metric", right)
    #expect(accepted.status == 0, "\(accepted)")
    #expect(accepted.output.contains("rate>="))
    let refused = try Certify.run("audit", "metric", model, "--metric", wrong, "--format", "json")
    #expect(refused.status == 1, "\(refused)")
    let object = try #require(try refused.objects().first)
    #expect(object["isMetric"]?.bool == false)
    #expect(object["direction"]?.array?.count == 2)
  }

  // MARK: Demonstrations

  @Test func theThreeUnits() throws {
    let table = try Certify.run("audit", "identity-coupling")
    #expect(table.status == 0)
    #expect(table.output.contains("a = 3: s REFUTED"))
    #expect(table.output.contains("a = 4: s REFUTED"))
    #expect(!table.output.contains("a = 2: s REFUTED"))
    #expect(try Certify.run("audit", "identity-coupling", "--a", "4").status == 1)
    #expect(try Certify.run("audit", "identity-coupling", "--a", "1").status == 0)
  }

  /// networks.md: two released modules; gain 3 in the inverse metric is unstable, in the metric it is not.
  @Test(.enabled(if: SharedFolder.isPresent, "needs the shared folder"))
  func releasedModulesInTheInverseMetric() throws {
    let paths = ["multidlydm", "anti"].map {
      SharedFolder.file("checkpoints/sym/\($0)/small_model.pickle").path
    }
    let run = try Certify.run(
      "audit", "orientation", paths[0], paths[1], "--format", "json")
    #expect(run.status == 1, "\(run)")
    let object = try #require(try run.objects().first)
    #expect(object["swapped"]?["verdict"]?.string == "refuted")
    #expect(object["right"]?["verdict"]?.string != "refuted")
    let ids = object["diagnoses"]?.array?.compactMap { $0["id"]?.string } ?? []
    #expect(ids.contains("feedback-wrong-orientation"))
  }
}
