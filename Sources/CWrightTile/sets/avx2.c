// Kernels for x86-64 processors with AVX2 and FMA.
#if defined(__x86_64__)

// Headers of the system and the library come first: only our kernels may assume the instruction set.
#include <immintrin.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "../kernel_set.h"

#define LANES 8
#define INSTRUCTION_SET WRIGHT_AVX2
#define KERNEL_SET wright_kernels_avx2

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "../kernels/table.h"
#pragma clang attribute pop

#endif
