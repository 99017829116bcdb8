// LAPACK, BLAS and the allocator. C99 complex numbers are invisible to Swift, so LAPACKE is told to use plain structs.
#ifndef CERTIFY_CLAPACK_SHIM_H
#define CERTIFY_CLAPACK_SHIM_H
typedef struct { float real, imag; } certify_complex_float;
typedef struct { double real, imag; } certify_complex_double;
#define LAPACK_COMPLEX_CUSTOM
#define lapack_complex_float certify_complex_float
#define lapack_complex_double certify_complex_double
#include <lapacke.h>
#include <cblas.h>
#include <malloc.h>
#endif
