// Chooses the kernels for this CPU.
#include "Kernels.h"

extern const wright_kernels wright_product_kernels_baseline;

#if defined(__x86_64__)
extern const wright_kernels wright_product_kernels_avx2, wright_product_kernels_avx512;

const wright_kernels *wright_kernels_chosen(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")) {
        return &wright_product_kernels_avx512;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &wright_product_kernels_avx2;
    return &wright_product_kernels_baseline;
}
#else
const wright_kernels *wright_kernels_chosen(void) { return &wright_product_kernels_baseline; }
#endif
