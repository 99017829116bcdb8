import CertifyKernel

/// Proposes Theorem 2 for an exactly symmetric W: the extreme eigenvalues of gW give the best bound there is.
enum SymmetricProposer {
  static func propose(_ problem: Problem, to acceptance: inout Acceptance) {
    guard problem.isSmall, problem.isPlain, let pace = problem.uniformPace else { return }
    guard isExactlySymmetric(problem.dense) else { return }
    guard let values = LAPACKBackend.symmetricEigenvalues(problem.scaled), let least = values.first,
      let greatest = values.last
    else { return }
    // A rate of exactly 1/τ (a factor of exactly |1 − h|) would need an infinitely elongated metric; an
    // overshoot of about a thousand buys a millionth of it.
    let reserve = 0x1p-20
    let scale = max(1, -least, greatest)
    switch problem.scope {
    case .continuous:
      let a = max(greatest, reserve)
      acceptance.offer(.symmetric, estimate: (1 - a) * pace, scale: scale * pace)
    case .asRun:
      let rest = 1 - pace
      let extremes = max(abs(rest + pace * greatest), abs(rest + pace * least))
      let ρ = max(extremes, abs(rest) + reserve * (1 - abs(rest)))
      acceptance.offer(.symmetric, estimate: ρ, scale: max(1, scale * pace))
    }
  }

  static func isExactlySymmetric(_ w: Matrix) -> Bool {
    for i in 0..<w.rows {
      for j in 0..<i where !(w[i, j] == w[j, i]) { return false }
    }
    return true
  }
}
