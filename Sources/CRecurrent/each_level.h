// Includes CR_TEMPLATE for every instruction set and both types; see levels.h.
#if CR_X86_LEVELS >= 2
#define CR_LEVEL _v4
#define CR_BYTES 64
#define CR_REGISTERS 32
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v4")
#endif
#include "each_type.h"
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#undef CR_LEVEL
#undef CR_BYTES
#undef CR_REGISTERS
#endif

#if CR_X86_LEVELS >= 1
#define CR_LEVEL _v3
#define CR_BYTES 32
#define CR_REGISTERS 16
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v3")
#endif
#include "each_type.h"
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#undef CR_LEVEL
#undef CR_BYTES
#undef CR_REGISTERS
#endif

#define CR_LEVEL _base
#define CR_BYTES 16
#ifdef __aarch64__
#define CR_REGISTERS 32
#else
#define CR_REGISTERS 16
#endif
#include "each_type.h"
#undef CR_LEVEL
#undef CR_BYTES
#undef CR_REGISTERS
