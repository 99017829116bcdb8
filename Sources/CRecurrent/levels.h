// How one template becomes functions for both types and several instruction sets.
//
// A template file (`*_template.h`) uses T, VEC, IVEC, UVEC, CR_LANES and F(name); `each_level.h`
// includes it once per (instruction set, type), so F(name) becomes name_f32_v4 and so on.
// CR_PUBLIC then defines cr_name_f32 and cr_name_f64, which call the best of them.
#ifndef CR_LEVELS_H
#define CR_LEVELS_H

#include "CRecurrent.h"

#include <stddef.h>

// Multiply-add may be fused. Not reassociated: the range reduction of exp and the
// compensated sums need their order, and the sums over lanes are spelled out.
#ifdef __clang__
#pragma clang fp contract(fast)
#define CR_UNROLL _Pragma("clang loop unroll(full)")
#else
#define CR_UNROLL _Pragma("GCC unroll 64")
#endif

#define CR_INLINE static inline __attribute__((always_inline, unused))

// The x86-64 instruction sets chosen among at run time; elsewhere only the target's own.
// CR_MAX_LEVEL (2, 1 or 0) lowers the choice, for tests.
#ifndef CR_MAX_LEVEL
#define CR_MAX_LEVEL 2
#endif
#if defined(__x86_64__) && !defined(_WIN32) && (defined(__clang__) || __GNUC__ >= 12)
#define CR_X86_LEVELS CR_MAX_LEVEL
#else
#define CR_X86_LEVELS 0
#endif

#define CR_PASTE3_(a, b, c) a##b##c
#define CR_PASTE3(a, b, c) CR_PASTE3_(a, b, c)

#if CR_X86_LEVELS >= 2
#define CR_CALL(function, arguments)              \
  switch (cr_level()) {                           \
    case 2: return function##_v4 arguments;       \
    case 1: return function##_v3 arguments;       \
    default: return function##_base arguments;    \
  }
#elif CR_X86_LEVELS == 1
#define CR_CALL(function, arguments)              \
  if (cr_level() >= 1) {                          \
    return function##_v3 arguments;               \
  } else {                                        \
    return function##_base arguments;             \
  }
#else
#define CR_CALL(function, arguments) return function##_base arguments;
#endif

/// Defines cr_name_f32 and cr_name_f64. `parameters` is a macro of the element type.
#define CR_PUBLIC(result, name, parameters, arguments)                             \
  result cr_##name##_f32 parameters(float) { CR_CALL(name##_f32, arguments) }      \
  result cr_##name##_f64 parameters(double) { CR_CALL(name##_f64, arguments) }

#endif
