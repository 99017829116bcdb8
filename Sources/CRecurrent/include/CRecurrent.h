// Hot loops of recurrent-network inference and training: sparse (CSR) products, products
// with lists of dense blocks, low-rank products and fused element-wise work.
//
// Conventions, for every function here:
//  - `_f32` works on float, `_f64` on double; the two are one template.
//  - Matrices are row-major. A state is `units x batch`, batch fastest, leading dimension
//    `batch`. Counts are int64_t, indices int32_t. Counts of 0 are allowed and do nothing
//    (the pointers are then not read). No alignment is asked for.
//  - Inputs and outputs must not overlap, except where a comment says "may be".
//  - Nothing here allocates, starts a thread or keeps state. Calls on disjoint outputs may
//    run on several threads at once: slice the batch.
//  - The instruction set (x86-64-v4, x86-64-v3, or the target's base) is chosen at run
//    time. On one machine a result depends on the inputs alone, and in the products, the
//    activations and the row scalings (not in the sums over the batch) the result of one
//    column does not depend on how many other columns are in the batch.
//  - NaN and infinity go through by IEEE rules; nothing is skipped for being zero.
//  - Indices are not checked and must not be negative.
#ifndef CRECURRENT_H
#define CRECURRENT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The element-wise nonlinearities.
enum cr_activation {
  cr_identity = 0,
  cr_relu,        // max(x, 0)
  cr_leaky_relu,  // x for x > 0, else slope * x
  cr_tanh,
  cr_hard_tanh,   // clips to [-1, 1]
  cr_sigmoid,     // 1 / (1 + exp(-x))
  cr_softplus     // log(1 + exp(x))
};

/// 2, 1 or 0: the running processor's level, x86-64-v4, x86-64-v3 or the base instruction set.
int cr_level(void);

// ---- Sparse products (CSR: `pointers` [rows + 1], `columns` and `values`
//      [pointers[rows]]).

/// y[i,:] += sum over k in pointers[i]..<pointers[i+1] of values[k] * x[columns[k],:].
/// y is rows x batch, x is (any number of rows > every column index) x batch. Columns need not
/// be sorted. Cost: 2 * nonzeros * batch operations; bound by the load ports and, past the
/// first-level cache, by the reads of x.
void cr_csr_multiply_f32(int64_t rows, const int64_t *pointers, const int32_t *columns,
    const float *values, const float *x, float *y, int64_t batch);
void cr_csr_multiply_f64(int64_t rows, const int64_t *pointers, const int32_t *columns,
    const double *values, const double *x, double *y, int64_t batch);

/// y[j,:] += sum over k in tpointers[j]..<tpointers[j+1] of values[tpositions[k]] * x[trows[k],:]:
/// the product with the transpose, in gather form. `tpointers` [columns_count + 1] and `trows`
/// are the CSR pattern of the transpose, `tpositions[k]` where in `values` (the order of the
/// matrix itself) its entry lies. y is columns_count x batch. Cost as csr_multiply, plus one
/// scattered read of `values` per entry, which about halves the speed: where one matrix serves
/// many products, copy the values into the transpose's order and call csr_multiply.
void cr_csr_multiply_transposed_f32(int64_t columns_count, const int64_t *tpointers,
    const int32_t *trows, const int64_t *tpositions, const float *values, const float *x, float *y,
    int64_t batch);
void cr_csr_multiply_transposed_f64(int64_t columns_count, const int64_t *tpointers,
    const int32_t *trows, const int64_t *tpositions, const double *values, const double *x,
    double *y, int64_t batch);

/// gradient[k] += sum over b of delta[i,b] * x[columns[k],b], for every entry k of row i.
/// delta is rows x batch; gradient has the order of `values`. Cost: 2 * nonzeros * batch
/// operations and, per entry, one sum across a vector (dear when batch <= 16).
void cr_csr_outer_f32(int64_t rows, const int64_t *pointers, const int32_t *columns,
    const float *delta, const float *x, float *gradient,
    int64_t batch);
void cr_csr_outer_f64(int64_t rows, const int64_t *pointers, const int32_t *columns,
    const double *delta, const double *x, double *gradient,
    int64_t batch);

// ---- Sparse products in strips: four consecutive rows share the union of their columns, with
//      zeros where a row has no entry. Entry k of a strip s, pointers[s] <= k < pointers[s + 1],
//      has the column columns[k] and the four values at values[4k]; rows past the last are
//      ignored. For rows whose columns nearly agree, such as neighbours on a grid.

/// y += A x. A row of x is read once for four rows of y. Cost: 8 * entries * batch operations.
void cr_strips_multiply_f32(int64_t rows, const int64_t *pointers, const int32_t *columns,
    const float *values, const float *x, float *y, int64_t batch);
void cr_strips_multiply_f64(int64_t rows, const int64_t *pointers, const int32_t *columns,
    const double *values, const double *x, double *y, int64_t batch);

/// gradient[4k + r] += sum over t < count and b < batch of delta_t[4s + r, b] * x_t[columns[k], b],
/// delta_t and x_t being the arrays at delta + t * stride and x + t * stride. Many steps at a time
/// share one sum across the lanes. Cost: 8 * entries * batch * count operations.
void cr_strips_outer_f32(int64_t rows, const int64_t *pointers, const int32_t *columns,
    int64_t count, const float *delta, const float *x, float *gradient, int64_t batch, int64_t stride);
void cr_strips_outer_f64(int64_t rows, const int64_t *pointers, const int32_t *columns,
    int64_t count, const double *delta, const double *x, double *gradient, int64_t batch, int64_t stride);

/// y[k] += values[places[k]].
void cr_gather_add_f32(int64_t count, const int64_t *places, const float *values, float *y);
void cr_gather_add_f64(int64_t count, const int64_t *places, const double *values, double *y);

/// y[places[k]] = values[k].
void cr_scatter_f32(int64_t count, const int64_t *places, const float *values, float *y);
void cr_scatter_f64(int64_t count, const int64_t *places, const double *values, double *y);

// ---- Dense blocks. `values` holds `count` blocks of size s x s one after another, each
//      row-major; block_rows and block_columns count blocks (its first unit is s *
//      index). Sorted by block row for speed; any order is right.

/// y_I += V_k x_J for every block k at (I, J). Cost: 2 * count * s * s * batch operations.
/// s = 32 is compiled apart; s a multiple of 8 and batch a multiple of 64 run best.
void cr_blocks_multiply_f32(int64_t count, int64_t s, const int32_t *block_rows,
    const int32_t *block_columns, const float *values, const float *x, float *y, int64_t batch);
void cr_blocks_multiply_f64(int64_t count, int64_t s, const int32_t *block_rows,
    const int32_t *block_columns, const double *values, const double *x, double *y, int64_t batch);

/// y_J += transpose(V_k) x_I for every block k at (I, J). Cost as blocks_multiply.
void cr_blocks_multiply_transposed_f32(int64_t count, int64_t s, const int32_t *block_rows,
    const int32_t *block_columns, const float *values, const float *x, float *y,
    int64_t batch);
void cr_blocks_multiply_transposed_f64(int64_t count, int64_t s, const int32_t *block_rows,
    const int32_t *block_columns, const double *values, const double *x, double *y,
    int64_t batch);

/// G_k += delta_I transpose(x_J) for every block k at (I, J); `gradient` has the layout of
/// `values`. Cost: 2 * count * s * s * batch operations; s = 32 has its own path.
void cr_blocks_outer_f32(int64_t count, int64_t s, const int32_t *block_rows,
    const int32_t *block_columns, const float *delta, const float *x, float *gradient,
    int64_t batch);
void cr_blocks_outer_f64(int64_t count, int64_t s, const int32_t *block_rows,
    const int32_t *block_columns, const double *delta, const double *x, double *gradient,
    int64_t batch);

// ---- Low-rank products.

/// y += U u; U is units x inputs, u is inputs x batch, y is units x batch. Made for few inputs
/// (1 to 40): u should fit in the first-level cache. Cost: 2 * units * inputs * batch.
void cr_rank_multiply_f32(int64_t units, int64_t inputs, const float *U, const float *u,
    float *y, int64_t batch);
void cr_rank_multiply_f64(int64_t units, int64_t inputs, const double *U, const double *u,
    double *y, int64_t batch);

/// gradient += delta transpose(u); delta is units x batch, u is inputs x batch, gradient is
/// units x inputs. Cost: 2 * units * inputs * batch.
void cr_rank_outer_f32(int64_t units, int64_t inputs, const float *delta, const float *u,
    float *gradient,
    int64_t batch);
void cr_rank_outer_f64(int64_t units, int64_t inputs, const double *delta, const double *u,
    double *gradient,
    int64_t batch);

// ---- Activations. `activation` is an enum cr_activation; `slope` is that of
//      cr_leaky_relu for x <= 0 and is ignored by the others. An unknown activation does
//      nothing. The transcendental ones are within 3 ulp and their slopes within 5 ulp,
//      in both types; they saturate exactly, but neighbouring arguments may step back by
//      an ulp.

/// y = phi(x). y may be x. Right at both infinities; NaN gives NaN.
void cr_activate_f32(int activation, float slope, int64_t count, const float *x, float *y);
void cr_activate_f64(int activation, double slope, int64_t count, const double *x, double *y);

/// y = phi'(x) * d, x being what phi is applied to. y may be d (or x). At the kinks: 0 for relu
/// at 0, `slope` for leaky_relu at 0, 0 for hard_tanh at -1 and 1. NaN in x or d gives NaN.
void cr_slope_multiply_f32(int activation, float slope, int64_t count, const float *x,
    const float *d, float *y);
void cr_slope_multiply_f64(int activation, double slope, int64_t count, const double *x,
    const double *d, double *y);

/// y += phi'(x) * d. y may be d (or x).
void cr_slope_multiply_add_f32(int activation, float slope, int64_t count, const float *x,
    const float *d, float *y);
void cr_slope_multiply_add_f64(int activation, double slope, int64_t count, const double *x,
    const double *d, double *y);

// ---- Rows. Cost: one pass over the arrays.

/// y[i,:] = scale[i] * x[i,:]. y may be x.
void cr_scale_rows_f32(int64_t units, const float *scale, const float *x, float *y,
    int64_t batch);
void cr_scale_rows_f64(int64_t units, const double *scale, const double *x, double *y,
    int64_t batch);

/// y[i,:] = scale[i] * x[i,:] + bias[i]; a NULL bias is zero. y may be x.
void cr_affine_rows_f32(int64_t units, const float *scale, const float *bias, const float *x,
    float *y, int64_t batch);
void cr_affine_rows_f64(int64_t units, const double *scale, const double *bias,
    const double *x, double *y, int64_t batch);

/// y[i,:] += scale[i] * x[i,:]. y may be x.
void cr_scale_rows_accumulate_f32(int64_t units, const float *scale, const float *x, float *y,
    int64_t batch);
void cr_scale_rows_accumulate_f64(int64_t units, const double *scale, const double *x,
    double *y, int64_t batch);

/// sums[i] += sum over b of x[i,b].
void cr_row_sums_f32(int64_t units, const float *x, float *sums, int64_t batch);
void cr_row_sums_f64(int64_t units, const double *x, double *sums, int64_t batch);

/// sums[i] += sum over b of x[i,b] * y[i,b]. y may be x.
void cr_row_dots_f32(int64_t units, const float *x, const float *y, float *sums,
    int64_t batch);
void cr_row_dots_f64(int64_t units, const double *x, const double *y, double *sums,
    int64_t batch);

// ---- Element-wise work of a time step in one pass. `activation` and `slope` as above.

/// y = decay[i] x + bias[i] + U u and rates = phi(x); U is units x inputs (0 to about 4).
void cr_drive_f32(int activation, float slope, int64_t units, const float *decay,
    const float *bias, int64_t inputs, const float *U, const float *u, const float *x, float *y,
    float *rates, int64_t batch);
void cr_drive_f64(int activation, double slope, int64_t units, const double *decay,
    const double *bias, int64_t inputs, const double *U, const double *u, const double *x, double *y,
    double *rates, int64_t batch);

/// q = phi'(x) q + decay[i] delta.
void cr_join_f32(int activation, float slope, int64_t units, const float *decay, const float *x,
    const float *delta, float *q, int64_t batch);
void cr_join_f64(int activation, double slope, int64_t units, const double *decay, const double *x,
    const double *delta, double *q, int64_t batch);

/// y = decay[i] x + gain[i] phi(a).
void cr_blend_f32(int activation, float slope, int64_t units, const float *decay, const float *gain,
    const float *x, const float *a, float *y, int64_t batch);
void cr_blend_f64(int activation, double slope, int64_t units, const double *decay, const double *gain,
    const double *x, const double *a, double *y, int64_t batch);

/// alpha = phi'(a) gain[i] delta and q = decay[i] delta: back through blend.
void cr_unblend_f32(int activation, float slope, int64_t units, const float *decay, const float *gain,
    const float *delta, const float *a, float *alpha, float *q, int64_t batch);
void cr_unblend_f64(int activation, double slope, int64_t units, const double *decay, const double *gain,
    const double *delta, const double *a, double *alpha, double *q, int64_t batch);

/// bias[i] += sum over b of delta[i, b], and unless u is NULL
/// input[i] += sum over b of delta[i, b] * u[b].
void cr_collect_f32(int64_t units, const float *delta, const float *u, float *bias, float *input,
    int64_t batch);
void cr_collect_f64(int64_t units, const double *delta, const double *u, double *bias, double *input,
    int64_t batch);

// ---- Training.

/// One step of Adam, in place. With g = clip * gradient: m = beta1 m + (1 - beta1) g,
/// v = beta2 v + (1 - beta2) g^2,
/// parameter -= rate * (m correction1) / (sqrt(v correction2) + epsilon).
/// correction1 is 1 / (1 - beta1^t), correction2 is 1 / (1 - beta2^t).
void cr_adam_f32(int64_t count, float *parameter, const float *gradient, float *m, float *v,
    float rate, float beta1, float beta2, float epsilon, float correction1, float correction2,
    float clip);
void cr_adam_f64(int64_t count, double *parameter, const double *gradient, double *m,
    double *v, double rate, double beta1, double beta2, double epsilon, double correction1, double
    correction2, double clip);

/// The sum of squares, in double in both types: by blocks of 2048, whose sums are added with
/// compensation (relative error below 1e-14).
double cr_square_sum_f32(int64_t count, const float *x);
double cr_square_sum_f64(int64_t count, const double *x);

/// Softmax cross-entropy of every column of `logits` (classes x batch, overwritten). For column b
/// with label l = labels[b]: *loss += weight * (log sum exp - logit of l), and the column becomes
/// weight * (softmax - one-hot of l). l < 0 (or l >= classes): no loss, the column becomes 0.
/// argmax (may be NULL) [batch] gets the first largest class of every column, labelled or not; a
/// NaN counts as largest.
void cr_softmax_loss_f32(int64_t classes, int64_t batch, float *logits, const int32_t *labels,
    float weight, double *loss, int32_t *argmax);
void cr_softmax_loss_f64(int64_t classes, int64_t batch, double *logits, const int32_t *labels,
    double weight, double *loss, int32_t *argmax);

#ifdef __cplusplus
}
#endif

#endif
