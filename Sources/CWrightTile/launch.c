// For clock_gettime and signal masks.
#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "kernel_set.h"
#include "wright_launch.h"

// ---- Threads -------------------------------------------------------------------------------------------------------

#if defined(__linux__)
// libgomp's entry points, declared here so that no compiler flag is needed. Calling them directly, rather than through
// a second pool, lets our kernels run on the very threads oneDNN leaves spinning.
extern void GOMP_parallel(void (*function)(void *), void *data, unsigned thread_count, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_get_max_threads(void);
extern int omp_in_parallel(void);
extern void omp_set_num_threads(int count);
#endif

/// Holds signals back on this thread, and on threads that it starts, until `release_signals`.
///
/// oneDNN's generated products use the stack pointer as one more register. A signal that comes then makes the system
/// write its frame wherever that register points: over working memory, or over the heap. Signals that a thread causes itself
/// stay as they are; others wait, or go to another thread.
static void hold_signals(sigset_t *before) {
    sigset_t held;
    sigfillset(&held);
    const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
    for (unsigned i = 0; i < sizeof own / sizeof *own; i++) sigdelset(&held, own[i]);
    pthread_sigmask(SIG_BLOCK, &held, before);
}

static void release_signals(const sigset_t *before) { pthread_sigmask(SIG_SETMASK, before, NULL); }

/// 0 until someone asks or sets.
static _Atomic int32_t thread_count = 0;

int32_t wright_threads(void) {
    int32_t count = atomic_load_explicit(&thread_count, memory_order_relaxed);
    if (count > 0) return count;
#if defined(__linux__)
    count = omp_get_max_threads();
#else
    count = 1;
#endif
    atomic_store_explicit(&thread_count, count, memory_order_relaxed);
    return count;
}

#if defined(__linux__)
static void start_team_member(void *data) { (void)data; }
#endif

void wright_start_threads(void) {
#if defined(__linux__)
    // OpenMP keeps the number of threads, and the threads, per calling thread.
    static _Thread_local int32_t agreed = 0;
    int32_t count = wright_threads();
    if (agreed == count) return;
    sigset_t before;
    hold_signals(&before);
    omp_set_num_threads(count);
    if (count > 1 && !omp_in_parallel()) GOMP_parallel(start_team_member, NULL, (unsigned)count, 0);
    release_signals(&before);
    agreed = count;
#endif
}

void wright_set_threads(int32_t count) {
    atomic_store_explicit(&thread_count, count < 1 ? 1 : count, memory_order_relaxed);
    wright_start_threads();
}

typedef struct {
    wright_parallel_function function;
    void *context;
} team_work;

#if defined(__linux__)
static void run_team_member(void *data) {
    const team_work *work = data;
    work->function(work->context, omp_get_thread_num(), omp_get_num_threads());
}
#endif

void wright_parallel(wright_parallel_function function, void *context) {
#if defined(__linux__)
    int32_t count = wright_threads();
    if (count > 1 && !omp_in_parallel()) {
        team_work work = {function, context};
        GOMP_parallel(run_team_member, &work, (unsigned)count, 0);
        return;
    }
#endif
    function(context, 0, 1);
}

// ---- Launches ------------------------------------------------------------------------------------------------------

void wright_run(const wright_launch *launches, int64_t count) {
    wright_start_threads();
    sigset_t before;
    hold_signals(&before);
    for (int64_t i = 0; i < count; i++) launches[i].function(launches[i].context);
    release_signals(&before);
}

static uint64_t nanoseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void wright_run_timed(const wright_launch *launches, int64_t count, uint64_t *nanoseconds) {
    wright_start_threads();
    sigset_t mask;
    hold_signals(&mask);
    uint64_t before = nanoseconds_now();
    for (int64_t i = 0; i < count; i++) {
        launches[i].function(launches[i].context);
        uint64_t after = nanoseconds_now();
        nanoseconds[i] += after - before;
        before = after;
    }
    release_signals(&mask);
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
