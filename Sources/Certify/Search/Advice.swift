import CertifyKernel

/// What a user may try when nothing was decided. Sentences for people, not claims.
enum Advice {
  static func sentences(_ problem: Problem, scale: Double?) -> [String] {
    var sentences: [String] = []
    if let scale {
      sentences.append(
        "\(short(scale)) W in place of W is certified; train with a constraint that keeps it there")
    }
    if problem.scope == .asRun, problem.network.form != .map {
      sentences.append(
        "try a smaller step, or `--continuous` to learn whether the flow itself contracts")
    }
    if problem.isSmall, problem.isPlain, let asymmetry = relativeAsymmetry(problem.dense),
      asymmetry > 0, asymmetry < 1e-5
    {
      sentences.append(
        "W is symmetric but for \(short(asymmetry)) of its size; store the symmetric matrix exactly"
      )
    }
    return sentences
  }

  private static func relativeAsymmetry(_ w: Matrix) -> Double? {
    var largest = 0.0
    var difference = 0.0
    for i in 0..<w.rows {
      for j in 0..<i {
        largest = max(largest, abs(w[i, j]))
        difference = max(difference, abs(w[i, j] - w[j, i]))
      }
    }
    return largest > 0 ? difference / largest : nil
  }
}
