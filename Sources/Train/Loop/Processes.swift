#if MPI
  internal import CMPI
  internal import Glibc
#endif

/// The processes that share each batch: one, or those that `mpirun` has started (build trait `MPI`).
///
/// Each works on its columns of the same batch; derivatives are summed by process 0 and handed out, so that all take
/// the same step. Process 0 alone evaluates, saves and reports.
struct Processes: Sendable {
  let rank: Int
  let count: Int

  static let all: Processes = {
    #if MPI
      var (rank, count): (Int32, Int32) = (0, 1)
      certify_mpi_start(&rank, &count)
      atexit { certify_mpi_stop() }
      return Processes(rank: Int(rank), count: Int(count))
    #else
      return Processes(rank: 0, count: 1)
    #endif
  }()

  var isFirst: Bool { rank == 0 }

  /// The columns of a batch that fall to this process.
  func share(of batch: Int) -> Range<Int> {
    (rank * batch / count)..<((rank + 1) * batch / count)
  }

  /// Sums over all processes, the same bits in each.
  func sum(_ values: inout [Double]) {
    guard count > 1 else { return }
    #if MPI
      let length = Int32(values.count)
      values.withUnsafeMutableBufferPointer { certify_mpi_sum($0.baseAddress, length) }
    #endif
  }

  /// Ends every process with a status; for errors that one of several meets.
  func end(_ status: Int32) {
    guard count > 1 else { return }
    #if MPI
      certify_mpi_end(status)
    #endif
  }

  /// Whether it is so in any process.
  func any(_ flag: Bool) -> Bool {
    guard count > 1 else { return flag }
    #if MPI
      return certify_mpi_any(flag ? 1 : 0) != 0
    #else
      return flag
    #endif
  }
}
