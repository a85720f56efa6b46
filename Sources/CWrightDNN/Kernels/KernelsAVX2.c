// Every kernel for AVX2 with fused multiply-add.
#if defined(__x86_64__)
// Before the attribute: it is for our functions only.
#include "Kernels.h"

#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define KERNELS wright_product_kernels_avx2
#define KERNELS_NAME "avx2"
#include "Table.h"
#pragma clang attribute pop
#endif
