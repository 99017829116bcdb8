import Checkpoints
import Foundation

/// Small networks with known verdicts, written where a test wants them.
enum Sample {
  static let outside = "[network]\nform = \"outside\"\nrecurrent = \"W\"\nactivation = \"relu\"\n"
  static let euler = "[step]\nscheme = \"euler\"\nsize = 0.03\n"

  /// The weights: certified with rate 1/2, W = (0 1/2; -1/2 0).
  static let certified: [Double] = [0, 0.5, -0.5, 0]
  /// W_11 = 2: at slope 1 the flow grows, and so does every Euler map.
  static let refuted: [Double] = [2, 0, 0, 0]
  /// W = (0 5/2; -5/2 0): contracts, but in no constant metric (theory, Theorem 7).
  static let undecided: [Double] = [0, 2.5, -2.5, 0]
  /// Certified as a flow; the Euler map of step 0.3 has slope -1.7.
  static let stiff: [Double] = [-8, 0, 0, -8]
}

extension TemporaryFolder {
  /// A safetensors file with one n × n tensor `W` and a description in its metadata.
  @discardableResult
  func model(
    _ name: String, _ weights: [Double], description: String? = Sample.outside + Sample.euler
  ) throws -> String {
    let n = Int(Double(weights.count).squareRoot())
    return try safetensors(
      name, [Tensor(name: "W", shape: [n, n], doubles: weights)], description: description)
  }

  @discardableResult
  func safetensors(
    _ name: String, _ tensors: [Tensor], description: String? = nil
  ) throws -> String {
    try writeSafetensors(
      tensors, metadata: description.map { ["certify.network": $0] } ?? [:], to: file(name))
    return file(name)
  }

  /// One model of each verdict and one that cannot be read.
  func oneOfEach() throws {
    try model("certified.safetensors", Sample.certified)
    try model("refuted.safetensors", Sample.refuted)
    try model("undecided.safetensors", Sample.undecided)
    try write("not a model", to: "rejected.safetensors")
  }
}
