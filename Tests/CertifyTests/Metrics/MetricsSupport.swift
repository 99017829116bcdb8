import CertifyKernel
import Foundation

/// SplitMix64 (Steele, Lea & Flood, OOPSLA 2014): the seed of a failure is in its message.
struct MetricsRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func matrix(_ rows: Int, _ columns: Int, scale: Double = 1) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      values: (0..<(rows * columns)).map { _ in Double.random(in: -scale...scale, using: &self) })
  }

  mutating func symmetric(_ n: Int) -> Matrix {
    var A = matrix(n, n)
    for i in 0..<n { for j in 0..<i { A[i, j] = A[j, i] } }
    return A
  }

  /// Entries in [0, scale], each present with the given probability.
  mutating func nonnegative(_ n: Int, density: Double, scale: Double = 1) -> Matrix {
    var N = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<n where Double.random(in: 0..<1, using: &self) < density {
        N[i, j] = Double.random(in: 0...scale, using: &self)
      }
    }
    return N
  }
}

/// The plain triple loop, to compare with.
func naiveProduct(_ A: Matrix, _ B: Matrix) -> Matrix {
  var result = Matrix(rows: A.rows, columns: B.columns)
  for i in 0..<A.rows {
    for j in 0..<B.columns {
      var sum = 0.0
      for k in 0..<A.columns { sum += A[i, k] * B[k, j] }
      result[i, j] = sum
    }
  }
  return result
}

func largestDifference(_ A: Matrix, _ B: Matrix) -> Double {
  guard A.rows == B.rows, A.columns == B.columns else { return .infinity }
  return zip(A.values, B.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

func largestEntry(_ A: Matrix) -> Double { A.values.reduce(0) { max($0, abs($1)) } }

func combination(_ a: Double, _ A: Matrix, _ b: Double, _ B: Matrix) -> Matrix {
  Matrix(
    rows: A.rows, columns: A.columns, values: zip(A.values, B.values).map { a * $0 + b * $1 })
}

/// The exact ground truth beside the package, absent in a bare checkout.
enum MetricsVectors {
  struct Case: Decodable, Sendable {
    var id: String
    var g: String
    var W: [[Double]]
    var thm1: Bool
    var thm1_rho: String
    var lmi: Bool?
    var p_matrix_I_minus_gW: Bool?

    var gain: Double { rational(g) }
    var matrix: Matrix {
      Matrix(rows: W.count, columns: W.count, values: W.flatMap { $0 })
    }
  }

  private struct File: Decodable { var single: [Case] }

  static let url = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/vectors/vectors.json")

  static let isPresent = FileManager.default.fileExists(atPath: url.path)

  static let cases: [Case] = {
    guard let data = try? Data(contentsOf: url) else { return [] }
    return (try? JSONDecoder().decode(File.self, from: data).single) ?? []
  }()

  static func rational(_ text: String) -> Double {
    let parts = text.split(separator: "/").compactMap { Double($0) }
    return parts.count == 2 ? parts[0] / parts[1] : parts.first ?? .nan
  }
}
