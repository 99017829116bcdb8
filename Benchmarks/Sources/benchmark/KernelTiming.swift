import CertifyKernel
import Checkpoints
import Dispatch
import Foundation

/// The kernel's own check of a sparse network: from a certificate in memory to `Certified`.
enum KernelTiming {
  /// Prints the median of nine checks in seconds.
  static func print(_ path: String) throws {
    let network = try load(path)
    let (v, w) = scalings(network)
    guard
      case .accepted(let bound) = try AbsoluteValue.bound(
        of: network, scope: .continuous, columnScaling: v, rowScaling: w)
    else { throw Failure("the scalings are not positive") }
    let proof = Proof(.absoluteValue(columnScaling: v, rowScaling: w), bound: bound)
    let certificate = Certificate(scope: .continuous, claim: .contracts(proof))
    var times: [Double] = []
    for _ in 0..<9 {
      let start = DispatchTime.now().uptimeNanoseconds
      let verdict = try network.certify(using: certificate, on: processors)
      times.append(Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9)
      guard case .certified(let certified) = verdict, certified.guarantee.rate > 0 else {
        throw Failure("not certified")
      }
    }
    Swift.print(median(times))
  }

  /// The machine's processors, as `certify` gives them to the kernel.
  private static let processors = Workers(
    count: ProcessInfo.processInfo.activeProcessorCount
  ) { pieces, piece in DispatchQueue.concurrentPerform(iterations: pieces, execute: piece) }

  private static func load(_ path: String) throws -> Specification {
    let file = try Checkpoint(contentsOf: path)
    let indptr = try file.tensor(named: "indptr").integers()
    let weights = try SparseMatrix(
      rows: indptr.count - 1, columns: indptr.count - 1, rowPointers: indptr,
      columnIndices: try file.tensor(named: "indices").int32s(),
      values: try file.tensor(named: "values").doubles())
    return try Specification(form: .outside, recurrent: .sparse(weights))
  }

  /// v ← 1 + |W| v and w ← 1 + |W|ᵀ w, from 1, until they hardly change.
  private static func scalings(_ network: Specification) -> ([Double], [Double]) {
    guard case .sparse(let matrix) = network.recurrent else { return ([], []) }
    var v = [Double](repeating: 1, count: matrix.rows)
    var w = v
    for _ in 0..<30 {
      var right = [Double](repeating: 1, count: matrix.rows)
      var left = right
      for i in 0..<matrix.rows {
        for k in matrix.rowPointers[i]..<matrix.rowPointers[i + 1] {
          let j = Int(matrix.columnIndices[k])
          right[i] += matrix.values[k].magnitude * v[j]
          left[j] += matrix.values[k].magnitude * w[i]
        }
      }
      (v, w) = (right, left)
    }
    return (v, w)
  }
}
