#if GLPK
  internal import CGLPK
  package import CertifyKernel
  internal import Synchronization

  /// Linear programs for diagonal metrics, by GLPK's dual simplex method. Nothing found here is believed.
  ///
  /// GLPK keeps its environment for each thread only if it was built so, hence one call at a time. Its output
  /// is switched off and its environment freed with every call.
  package enum GLPKBackend {
    private static let turn = Mutex(())

    /// The largest t with Av ≥ t·1, 0 ≤ v ≤ 1, and a v that attains it.
    ///
    /// For A = I − N with N ≥ 0, t > 0 exactly when ρ(N) < 1: A is a nonsingular M-matrix (Berman & Plemmons,
    /// Nonnegative Matrices in the Mathematical Sciences, chapter 6, condition I₂₇). v = 0, t = 0 is
    /// always feasible. Cost: that of a sparse simplex with n + 1 columns; at most `iterations` pivots.
    ///
    /// - Parameter A: n × n, finite.
    /// - Returns: nil when A is not square, empty or not finite, or the caps are met.
    package static func largestMargin(_ A: SparseMatrix, iterations: Int = 200_000)
      -> (margin: Double, vector: [Double])?
    {
      let n = A.rows
      guard n > 0, n < 1 << 24, A.columns == n, A.values.allSatisfy(\.isFinite) else { return nil }
      return turn.withLock { _ in
        defer { glp_free_env() }
        return solve(A, iterations: iterations)
      }
    }

    private static func solve(_ A: SparseMatrix, iterations: Int) -> (
      margin: Double, vector: [Double]
    )? {
      let n = A.rows
      guard glp_term_out(GLP_OFF) >= 0, let problem = glp_create_prob() else { return nil }
      defer { glp_delete_prob(problem) }
      glp_set_obj_dir(problem, GLP_MAX)
      glp_add_rows(problem, Int32(n))
      glp_add_cols(problem, Int32(n + 1))
      for j in 1...n { glp_set_col_bnds(problem, Int32(j), GLP_DB, 0, 1) }
      glp_set_col_bnds(problem, Int32(n + 1), GLP_LO, 0, 0)
      glp_set_obj_coef(problem, Int32(n + 1), 1)
      // GLPK counts from 1 and leaves entry 0 of each array unused.
      var indices: [Int32] = []
      var values: [Double] = []
      for i in 0..<n {
        indices = [0]
        values = [0]
        for k in A.rowPointers[i]..<A.rowPointers[i + 1] where A.values[k] != 0 {
          indices.append(A.columnIndices[k] + 1)
          values.append(A.values[k])
        }
        indices.append(Int32(n + 1))
        values.append(-1)
        glp_set_row_bnds(problem, Int32(i + 1), GLP_LO, 0, 0)
        glp_set_mat_row(problem, Int32(i + 1), Int32(indices.count - 1), indices, values)
      }
      glp_scale_prob(problem, GLP_SF_AUTO)
      var parameters = glp_smcp()
      glp_init_smcp(&parameters)
      parameters.msg_lev = GLP_MSG_OFF
      parameters.meth = GLP_DUALP
      parameters.it_lim = Int32(clamping: max(iterations, 1))
      parameters.tm_lim = 60_000
      guard glp_simplex(problem, &parameters) == 0 else { return nil }
      // A margin below the simplex tolerance, as for a long chain, takes rational arithmetic.
      if n <= 64, glp_get_obj_val(problem) < 1e-5, glp_exact(problem, &parameters) != 0 {
        return nil
      }
      guard glp_get_status(problem) == GLP_OPT else { return nil }
      let vector = (1...n).map { glp_get_col_prim(problem, Int32($0)) }
      let margin = glp_get_obj_val(problem)
      guard margin.isFinite, vector.allSatisfy(\.isFinite) else { return nil }
      return (margin, vector)
    }

    /// The diagonal metric diag(w/v) of Theorem 1 from two linear programs, for N and its transpose.
    ///
    /// - Returns: nil when ρ(N) ≥ 1 as far as the programs tell.
    package static func metric(_ N: SparseMatrix) -> PerronVectors? {
      guard N.rows == N.columns, let right = largestMargin(identityMinus(N.dense())),
        let left = largestMargin(identityMinus(N.dense().transposed())), right.margin > 0,
        left.margin > 0, right.vector.allSatisfy({ $0 > 0 }), left.vector.allSatisfy({ $0 > 0 })
      else { return nil }
      let ratio = PerronVectors.ratio(N, right: right.vector, left: left.vector)
      return PerronVectors(right: right.vector, left: left.vector, ratio: ratio, radius: ratio)
    }

    private static func identityMinus(_ N: Matrix) -> SparseMatrix {
      var A = Matrix(rows: N.rows, columns: N.columns, values: N.values.map { -$0 })
      for i in 0..<N.rows { A[i, i] += 1 }
      return SparseMatrix(A)
    }
  }
#endif
