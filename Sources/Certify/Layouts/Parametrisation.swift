/// How PyTorch puts a weight together from the pieces it stores, in evaluation mode.
///
/// Each is rebuilt by binary32 operations, every one rounded to nearest, sums from +0 and left to right, no
/// fused multiply-add. That is a definition, made so that anybody can repeat it bit for bit; PyTorch's own last
/// bits depend on its BLAS. A verdict is about the weight so defined.
///
///     spectral     W = A / σ,  σ = Σ_i u_i · (Σ_j A_ij v_j)         torch.nn.utils.parametrizations.spectral_norm
///     symmetric    W = (Id − AᵀA) − ε Id,  ε = 1e-5 as a float      kozleo/rnns-of-rnns, constraint "sym"
///     matsuoka     W = (((Id − AᵀA) − ε Id) + A) − Aᵀ               the same, constraint "matsuoka"
///
/// The last two store the same tensors under the same names, so names alone cannot tell them apart. Every file
/// that was published is symmetric; a network of the other kind needs a manifest that says so.
public enum Parametrisation: String, Sendable, Hashable, CaseIterable {
  case spectral, symmetric, matsuoka

  /// The name that certificates give to this definition.
  public var definition: String {
    switch self {
    case .spectral: "binary32-left-to-right/v1: spectral-norm"
    case .symmetric: "binary32-left-to-right/v1: symmetric"
    case .matsuoka: "binary32-left-to-right/v1: matsuoka"
    }
  }
}

/// The rebuilding itself, on row-major floats; n is the number of rows and of columns.
enum Rebuilt {
  /// A / (uᵀ(A v)). Cost: 2n² multiplications and n² divisions.
  static func spectral(_ a: [Float], u: [Float], v: [Float]) -> [Float] {
    let (rows, columns) = (u.count, v.count)
    var σ: Float = 0
    a.withUnsafeBufferPointer { a in
      for i in 0..<rows {
        var product: Float = 0
        for j in 0..<columns { product += a[i * columns + j] * v[j] }
        σ += u[i] * product
      }
    }
    return a.map { $0 / σ }
  }

  /// (Id − AᵀA) − ε Id. Cost: n³ multiplications; memory is walked along rows.
  static func symmetric(_ a: [Float], identity: [Float], n: Int) -> [Float] {
    var square = [Float](repeating: 0, count: n * n)
    square.withUnsafeMutableBufferPointer { square in
      a.withUnsafeBufferPointer { a in
        // Entry (i, j) receives its terms in the order k = 0, 1, …; the other loops may run in any order.
        for k in 0..<n {
          for i in 0..<n {
            let factor = a[k * n + i]
            let row = square.baseAddress! + i * n
            let other = a.baseAddress! + k * n
            for j in 0..<n { row[j] += factor * other[j] }
          }
        }
      }
    }
    let ε: Float = 1e-5
    for k in square.indices { square[k] = (identity[k] - square[k]) - ε * identity[k] }
    return square
  }

  /// (symmetric + A) − Aᵀ.
  static func matsuoka(_ a: [Float], identity: [Float], n: Int) -> [Float] {
    var w = symmetric(a, identity: identity, n: n)
    for i in 0..<n {
      for j in 0..<n { w[i * n + j] = (w[i * n + j] + a[i * n + j]) - a[j * n + i] }
    }
    return w
  }
}
