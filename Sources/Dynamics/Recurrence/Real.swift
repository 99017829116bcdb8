internal import CLAPACK
internal import CRecurrent
import Certify

/// A binary format that networks run and train in: float32 for speed, float64 where gradients are tested.
///
/// States are units × batch with the batch fastest; matrices are row by row. The loops are those of `CRecurrent`,
/// dense products those of OpenBLAS.
package protocol Real: BinaryFloatingPoint, Sendable, BitwiseCopyable {
  /// C ← β C + op(A) op(B), A m × k and B k × n after `op`.
  static func product(
    transposeA: Bool, transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Self>, _ lda: Int, _ b: UnsafePointer<Self>, _ ldb: Int, beta: Self,
    _ c: UnsafeMutablePointer<Self>, _ ldc: Int)

  static var kernels: Kernels<Self> { get }

  /// Each number rounded to this format, or widened from it.
  static func rounded(_ values: [Double]) -> [Self]
  static func widened(_ values: [Self]) -> [Double]
}

/// The functions of `CRecurrent` for one format; its header says what each does.
package struct Kernels<S: Sendable>: Sendable {
  package typealias In = UnsafePointer<S>
  package typealias Out = UnsafeMutablePointer<S>
  package typealias Integers = UnsafePointer<Int32>
  package typealias Places = UnsafePointer<Int64>

  let sparse: @Sendable (Int64, Places?, Integers?, In?, In?, Out?, Int64) -> Void
  let sparseTransposed:
    @Sendable (Int64, Places?, Integers?, Places?, In?, In?, Out?, Int64) -> Void
  let sparseOuter: @Sendable (Int64, Places?, Integers?, In?, In?, Out?, Int64) -> Void
  let strips: @Sendable (Int64, Places?, Integers?, In?, In?, Out?, Int64) -> Void
  let stripsOuter:
    @Sendable (Int64, Places?, Integers?, Int64, In?, In?, Out?, Int64, Int64) -> Void
  let gatherAdd: @Sendable (Int64, Places?, In?, Out?) -> Void
  let scatter: @Sendable (Int64, Places?, In?, Out?) -> Void
  let blocks: @Sendable (Int64, Int64, Integers?, Integers?, In?, In?, Out?, Int64) -> Void
  let blocksTransposed:
    @Sendable (Int64, Int64, Integers?, Integers?, In?, In?, Out?, Int64) -> Void
  let blocksOuter: @Sendable (Int64, Int64, Integers?, Integers?, In?, In?, Out?, Int64) -> Void
  package let rank: @Sendable (Int64, Int64, In?, In?, Out?, Int64) -> Void
  package let rankOuter: @Sendable (Int64, Int64, In?, In?, Out?, Int64) -> Void
  package let activate: @Sendable (Int32, S, Int64, In?, Out?) -> Void
  package let slopeMultiply: @Sendable (Int32, S, Int64, In?, In?, Out?) -> Void
  package let slopeMultiplyAdd: @Sendable (Int32, S, Int64, In?, In?, Out?) -> Void
  package let scaleRows: @Sendable (Int64, In?, In?, Out?, Int64) -> Void
  package let affineRows: @Sendable (Int64, In?, In?, In?, Out?, Int64) -> Void
  package let scaleRowsAccumulate: @Sendable (Int64, In?, In?, Out?, Int64) -> Void
  package let drive:
    @Sendable (Int32, S, Int64, In?, In?, Int64, In?, In?, In?, Out?, Out?, Int64) -> Void
  package let join: @Sendable (Int32, S, Int64, In?, In?, In?, Out?, Int64) -> Void
  package let blend: @Sendable (Int32, S, Int64, In?, In?, In?, In?, Out?, Int64) -> Void
  package let unblend: @Sendable (Int32, S, Int64, In?, In?, In?, In?, Out?, Out?, Int64) -> Void
  package let collect: @Sendable (Int64, In?, In?, Out?, Out?, Int64) -> Void
  package let rowSums: @Sendable (Int64, In?, Out?, Int64) -> Void
  package let rowDots: @Sendable (Int64, In?, In?, Out?, Int64) -> Void
  package let adam: @Sendable (Int64, Out?, In?, Out?, Out?, S, S, S, S, S, S, S) -> Void
  package let squareSum: @Sendable (Int64, In?) -> Double
  package let softmaxLoss:
    @Sendable (
      Int64, Int64, Out?, Integers?, S, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Int32>?
    ) -> Void
}

extension Float: Real {
  package static func product(
    transposeA: Bool, transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int, beta: Float,
    _ c: UnsafeMutablePointer<Float>, _ ldc: Int
  ) {
    LAPACKBackend.prepare()
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      Int32(m), Int32(n), Int32(k), 1, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }

  package static let kernels = Kernels<Float>(
    sparse: cr_csr_multiply_f32, sparseTransposed: cr_csr_multiply_transposed_f32,
    sparseOuter: cr_csr_outer_f32, strips: cr_strips_multiply_f32,
    stripsOuter: cr_strips_outer_f32, gatherAdd: cr_gather_add_f32, scatter: cr_scatter_f32,
    blocks: cr_blocks_multiply_f32,
    blocksTransposed: cr_blocks_multiply_transposed_f32, blocksOuter: cr_blocks_outer_f32,
    rank: cr_rank_multiply_f32, rankOuter: cr_rank_outer_f32, activate: cr_activate_f32,
    slopeMultiply: cr_slope_multiply_f32, slopeMultiplyAdd: cr_slope_multiply_add_f32,
    scaleRows: cr_scale_rows_f32, affineRows: cr_affine_rows_f32,
    scaleRowsAccumulate: cr_scale_rows_accumulate_f32, drive: cr_drive_f32, join: cr_join_f32,
    blend: cr_blend_f32, unblend: cr_unblend_f32, collect: cr_collect_f32, rowSums: cr_row_sums_f32,
    rowDots: cr_row_dots_f32, adam: cr_adam_f32, squareSum: cr_square_sum_f32,
    softmaxLoss: cr_softmax_loss_f32)

  package static func rounded(_ values: [Double]) -> [Float] { values.map { Float($0) } }
  package static func widened(_ values: [Float]) -> [Double] { values.map { Double($0) } }
}

extension Double: Real {
  package static func product(
    transposeA: Bool, transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Double>, _ lda: Int, _ b: UnsafePointer<Double>, _ ldb: Int, beta: Double,
    _ c: UnsafeMutablePointer<Double>, _ ldc: Int
  ) {
    LAPACKBackend.prepare()
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      Int32(m), Int32(n), Int32(k), 1, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }

  package static let kernels = Kernels<Double>(
    sparse: cr_csr_multiply_f64, sparseTransposed: cr_csr_multiply_transposed_f64,
    sparseOuter: cr_csr_outer_f64, strips: cr_strips_multiply_f64,
    stripsOuter: cr_strips_outer_f64, gatherAdd: cr_gather_add_f64, scatter: cr_scatter_f64,
    blocks: cr_blocks_multiply_f64,
    blocksTransposed: cr_blocks_multiply_transposed_f64, blocksOuter: cr_blocks_outer_f64,
    rank: cr_rank_multiply_f64, rankOuter: cr_rank_outer_f64, activate: cr_activate_f64,
    slopeMultiply: cr_slope_multiply_f64, slopeMultiplyAdd: cr_slope_multiply_add_f64,
    scaleRows: cr_scale_rows_f64, affineRows: cr_affine_rows_f64,
    scaleRowsAccumulate: cr_scale_rows_accumulate_f64, drive: cr_drive_f64, join: cr_join_f64,
    blend: cr_blend_f64, unblend: cr_unblend_f64, collect: cr_collect_f64, rowSums: cr_row_sums_f64,
    rowDots: cr_row_dots_f64, adam: cr_adam_f64, squareSum: cr_square_sum_f64,
    softmaxLoss: cr_softmax_loss_f64)

  package static func rounded(_ values: [Double]) -> [Double] { values }
  package static func widened(_ values: [Double]) -> [Double] { values }
}
