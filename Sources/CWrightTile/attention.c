#include "attention_shape.h"
#include "kernel_set.h"

int64_t wright_attention_scratch_bytes(int64_t keys, int64_t head_size, int32_t threads) {
    return attention_scratch_floats(keys, head_size) * (int64_t)sizeof(float) * threads;
}

static int64_t work_of(const wright_attention_arguments *arguments) {
    return arguments->batch * arguments->heads * arguments->queries * larger(arguments->keys, 1) *
           arguments->head_size / 8;
}

void wright_attention(void *context) {
    run_parallel(work_of(context), wright_kernels()->attention, context);
}

void wright_attention_gradient(void *context) {
    run_parallel(work_of(context), wright_kernels()->attention_gradient, context);
}
