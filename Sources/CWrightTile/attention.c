#include "attention_shape.h"
#include "kernel_set.h"

int64_t wright_attention_scratch_bytes(int64_t batch, int64_t key_heads, int64_t keys, int64_t head_size,
                                       int32_t threads) {
    return attention_schedule_bytes(batch * key_heads) +
           attention_scratch_floats(keys, head_size) * (int64_t)sizeof(float) * threads;
}

static int64_t work_of(const wright_attention_arguments *arguments) {
    return arguments->batch * arguments->heads * arguments->queries * larger(arguments->keys, 1) *
           arguments->head_size / 8;
}

static void begin_schedule(const wright_attention_arguments *arguments) {
    attention_schedule *schedule = arguments->scratch;
    atomic_init(&schedule->next, 0);
    for (int64_t i = 0; i < arguments->batch * arguments->key_heads; i++) atomic_init(&schedule->finished[i], 0);
}

void wright_attention(void *context) {
    begin_schedule(context);
    run_parallel(work_of(context), wright_kernels()->attention, context);
}

void wright_attention_gradient(void *context) {
    begin_schedule(context);
    run_parallel(work_of(context), wright_kernels()->attention_gradient, context);
}
