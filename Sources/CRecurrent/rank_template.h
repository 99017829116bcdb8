// Products with a thin dense matrix.
#include "tiles.h"
#include "dots.h"

static void F(rank_multiply)(int64_t units, int64_t inputs, const T *U, const T *u, T *y,
    int64_t batch) {
  F(tiles_all)(units, inputs, U, inputs, 1, u, y, batch);
}

static void F(rank_outer)(int64_t units, int64_t inputs, const T *delta, const T *u, T *gradient,
    int64_t batch) {
  for (int64_t i = 0; i < units; i++)
    F(dots)(inputs, NULL, delta + i * batch, u, batch, gradient + i * inputs);
}
