internal import Certify
internal import CertifyKernel

/// e^A by scaling, a diagonal Padé approximant of order six, and squaring. Source: Higham, Functions of Matrices,
/// §10.3. Nil if the denominator is singular. Cost: about (10 + log₂‖A‖) products.
func exponential(_ A: Matrix) -> Matrix? {
  let n = A.rows
  var norm = 0.0
  for i in 0..<n {
    var sum = 0.0
    for j in 0..<n { sum += abs(A[i, j]) }
    norm = max(norm, sum)
  }
  guard norm.isFinite else { return nil }
  var squarings = 0
  while norm > 0.5, squarings < 200 {
    norm /= 2
    squarings += 1
  }
  let scale = 1 / Double(sign: .plus, exponent: squarings, significand: 1)
  let X = Matrix(rows: n, columns: n, values: A.values.map { $0 * scale })
  let order = 6
  var (numerator, denominator, power) = (Matrix.identity(n), Matrix.identity(n), Matrix.identity(n))
  var c = 1.0
  for k in 1...order {
    c *= Double(order - k + 1) / Double(k * (2 * order - k + 1))
    power = LAPACKBackend.multiply(power, X)
    for i in 0..<n {
      for j in 0..<n {
        numerator[i, j] += c * power[i, j]
        denominator[i, j] += (k % 2 == 0 ? c : -c) * power[i, j]
      }
    }
  }
  guard var result = LAPACKBackend.solve(denominator, numerator) else { return nil }
  for _ in 0..<squarings { result = LAPACKBackend.multiply(result, result) }
  return result
}
