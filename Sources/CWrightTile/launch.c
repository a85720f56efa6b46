// For clock_gettime.
#define _POSIX_C_SOURCE 200809L

#include <stdatomic.h>
#include <time.h>

#include "kernel_set.h"
#include "wright_launch.h"
#include "wright_signals.h"

// ---- Launches ------------------------------------------------------------------------------------------------------

void wright_run(const wright_launch *launches, int64_t count) {
    sigset_t before;
    wright_hold_signals(&before);
    for (int64_t i = 0; i < count; i++) launches[i].function(launches[i].context);
    wright_release_signals(&before);
}

static uint64_t nanoseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void wright_run_timed(const wright_launch *launches, int64_t count, uint64_t *nanoseconds) {
    sigset_t mask;
    wright_hold_signals(&mask);
    uint64_t before = nanoseconds_now();
    for (int64_t i = 0; i < count; i++) {
        launches[i].function(launches[i].context);
        uint64_t after = nanoseconds_now();
        nanoseconds[i] += after - before;
        before = after;
    }
    wright_release_signals(&mask);
}

void wright_no_operation(void *context) { (void)context; }

// ---- Instruction sets ----------------------------------------------------------------------------------------------

bool wright_instruction_set_available(wright_instruction_set set) {
    switch (set) {
    case WRIGHT_BASELINE:
        return true;
#if defined(__x86_64__)
    case WRIGHT_AVX2:
        __builtin_cpu_init();
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case WRIGHT_AVX512:
        __builtin_cpu_init();
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
#endif
    default:
        return false;
    }
}

static const kernel_set *kernels_of(wright_instruction_set set) {
    switch (set) {
#if defined(__x86_64__)
    case WRIGHT_AVX2:
        return &wright_kernels_avx2;
    case WRIGHT_AVX512:
        return &wright_kernels_avx512;
#endif
    default:
        return &wright_kernels_baseline;
    }
}

/// Null until the first launch asks.
static const kernel_set *_Atomic chosen = NULL;

const kernel_set *wright_kernels(void) {
    const kernel_set *kernels = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (kernels) return kernels;
    wright_instruction_set best = WRIGHT_AVX512;
    while (!wright_instruction_set_available(best)) best--;
    kernels = kernels_of(best);
    atomic_store_explicit(&chosen, kernels, memory_order_relaxed);
    return kernels;
}

wright_instruction_set wright_current_instruction_set(void) { return wright_kernels()->set; }

bool wright_set_instruction_set(wright_instruction_set set) {
    if (!wright_instruction_set_available(set)) return false;
    atomic_store_explicit(&chosen, kernels_of(set), memory_order_relaxed);
    return true;
}
