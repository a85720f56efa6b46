// The end of every kernel.
#pragma once

#include "Kernels.h"
#include "Vector.h"

/// Sum, residual, ReLU, and the store of one vector of results.
ALWAYS_INLINE void finish_vector(
    const wright_kernel_epilogue *epilogue, vector value, float *output, int64_t offset, int64_t left) {
    if (epilogue->accumulate) value += load_up_to(output + offset, left);
    if (epilogue->residual) value += load_up_to(epilogue->residual + offset, left);
    if (epilogue->relu) value = larger(value, splat(0));
    store_up_to(output + offset, value, left);
}
