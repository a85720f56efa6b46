// The OpenMP runtime is called by its entry points, because Swift packages cannot pass -fopenmp to clang.
#include "Parallel.h"

#if defined(__linux__)

void GOMP_parallel(void (*body)(void *), void *context, unsigned threads, unsigned flags);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_get_max_threads(void);
void omp_set_num_threads(int count);

typedef struct {
    wright_parallel_body body;
    void *context;
    int32_t count;
} region;

static void run_region(void *pointer) {
    const region *work = pointer;
    // The runtime may grant fewer threads than asked for (nested regions, limits): then each takes several shares.
    int32_t granted = omp_get_num_threads();
    for (int32_t index = omp_get_thread_num(); index < work->count; index += granted) {
        work->body(work->context, index, work->count);
    }
}

int32_t wright_parallel_threads(void) { return omp_get_max_threads(); }

void wright_parallel_set_threads(int32_t count) { omp_set_num_threads(count); }

void wright_parallel_run(wright_parallel_body body, void *context, int32_t count) {
    if (count <= 1) {
        body(context, 0, 1);
        return;
    }
    region work = {body, context, count};
    GOMP_parallel(run_region, &work, (unsigned)count, 0);
}

#else

// Elsewhere oneDNN brings whatever runtime it was built with; Wright's own kernels then use the calling thread.
int32_t wright_parallel_threads(void) { return 1; }

void wright_parallel_set_threads(int32_t count) { (void)count; }

void wright_parallel_run(wright_parallel_body body, void *context, int32_t count) {
    for (int32_t index = 0; index < count; index++) body(context, index, count);
}

#endif
