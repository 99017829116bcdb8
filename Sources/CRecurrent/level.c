#include "levels.h"

int cr_level(void) {
#if CR_X86_LEVELS >= 1
  int v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
      && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  if (!v3) return 0;
#if CR_X86_LEVELS >= 2
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
      && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq")
      && __builtin_cpu_supports("avx512vl"))
    return 2;
#endif
  return 1;
#else
  return 0;
#endif
}
