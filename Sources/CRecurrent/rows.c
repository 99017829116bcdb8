// Row scalings and row sums.
#include "levels.h"

#define CR_TEMPLATE "rows_template.h"
#include "each_level.h"

#define P(T) (int64_t units, const T *scale, const T *x, T *y, int64_t batch)
CR_PUBLIC(void, scale_rows, P, (units, scale, x, y, batch))
CR_PUBLIC(void, scale_rows_accumulate, P, (units, scale, x, y, batch))
#undef P

#define P(T) \
  (int64_t units, const T *scale, const T *bias, const T *x, T *y, int64_t batch)
CR_PUBLIC(void, affine_rows, P, (units, scale, bias, x, y, batch))
#undef P

#define P(T) (int64_t units, const T *x, T *sums, int64_t batch)
CR_PUBLIC(void, row_sums, P, (units, x, sums, batch))
#undef P

#define P(T) (int64_t units, const T *x, const T *y, T *sums, int64_t batch)
CR_PUBLIC(void, row_dots, P, (units, x, y, sums, batch))
#undef P
