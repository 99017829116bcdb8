// Includes CR_TEMPLATE for float and double at one level; see levels.h.
#define T float
#define CR_SIZE 4
#define CR_INT int32_t
#define CR_UINT uint32_t
#define F(name) CR_PASTE3(name, _f32, CR_LEVEL)
#include "vector.h"
#include CR_TEMPLATE
#undef T
#undef CR_SIZE
#undef CR_INT
#undef CR_UINT
#undef F

#define T double
#define CR_SIZE 8
#define CR_INT int64_t
#define CR_UINT uint64_t
#define F(name) CR_PASTE3(name, _f64, CR_LEVEL)
#include "vector.h"
#include CR_TEMPLATE
#undef T
#undef CR_SIZE
#undef CR_INT
#undef CR_UINT
#undef F
