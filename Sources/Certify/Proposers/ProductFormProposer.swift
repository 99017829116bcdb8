import CertifyKernel

/// Proposes Theorem 3 where −diag(s) W is symmetric and positive definite for an s that doubles hold exactly.
enum ProductFormProposer {
  static func propose(_ problem: Problem, to acceptance: inout Acceptance) {
    guard problem.scope == .continuous, problem.isSmall, problem.isPlain,
      let pace = problem.uniformPace, acceptance.improves(pace)
    else { return }
    let n = problem.units
    let w = problem.dense
    guard let form = ProductForm(w), form.isExact else { return }
    let s = form.scaling
    var q = Matrix(rows: n, columns: n)
    for i in 0..<n { for j in 0..<n { q[i, j] = -s[i] * w[i, j] } }
    guard let least = LAPACKBackend.symmetricEigenvalues(q)?.first, least > 0 else { return }
    // 1/τ itself when the kernel's interval allows it, else the double below.
    for bound in [pace, pace.nextDown] {
      for share in [1 - 0x1p-10, 0.5] {
        let argument = Argument.productForm(rowScaling: s, floor: least * share)
        if acceptance.offer(Proof(argument, bound: bound)) { return }
      }
    }
  }
}
