// Kernels for x86-64 processors with AVX-512 F, BW, DQ and VL.
#if defined(__x86_64__)

// Headers of the system and the library come first: only our kernels may assume the instruction set.
#include <immintrin.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "../kernel_set.h"

#define LANES 16
#define INSTRUCTION_SET WRIGHT_AVX512
#define KERNEL_SET wright_kernels_avx512

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#include "../kernels/table.h"
#pragma clang attribute pop

#endif
