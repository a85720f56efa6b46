#include "wright_pool.h"

#include "kernel_set.h"

/// Elements of the input, the larger side of nearly every pool.
static int64_t work_of(const wright_pool_arguments *arguments) {
    const wright_window *window = &arguments->window;
    int64_t work = window->batch * window->channels;
    for (int i = 0; i < 3; i++) work *= window->axes[i].input;
    return work;
}

void wright_maximum_pool(void *arguments) {
    run_parallel(work_of(arguments), wright_kernels()->maximum_pool, arguments);
}

void wright_maximum_pool_scatter(void *arguments) {
    run_parallel(work_of(arguments), wright_kernels()->maximum_pool_scatter, arguments);
}

void wright_maximum_pool_select(void *arguments) {
    run_parallel(work_of(arguments), wright_kernels()->maximum_pool_select, arguments);
}

void wright_sum_pool(void *arguments) {
    run_parallel(work_of(arguments), wright_kernels()->sum_pool, arguments);
}

void wright_sum_pool_transpose(void *arguments) {
    run_parallel(work_of(arguments), wright_kernels()->sum_pool_transpose, arguments);
}
