// Every kernel for AVX-512.
#if defined(__x86_64__)
// Before the attribute: it is for our functions only.
#include "Kernels.h"

#include <string.h>

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), apply_to = function)
#define LANES 16
#define KERNELS wright_product_kernels_avx512
#define KERNELS_NAME "avx512"
#include "Table.h"
#pragma clang attribute pop
#endif
