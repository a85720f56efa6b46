// Wright's kernels run on the same OpenMP threads as oneDNN: a second pool beside spinning ones would fight with them.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Work of one of `count` threads.
typedef void (*wright_parallel_body)(void *context, int32_t index, int32_t count);

/// Threads in a parallel region started from this thread.
int32_t wright_parallel_threads(void);
void wright_parallel_set_threads(int32_t count);

/// Calls `body` once for every index below `count`, at the same time if the pool has that many threads, and returns
/// when all are done. How work is divided depends on `count` alone, never on the pool, so results repeat.
void wright_parallel_run(wright_parallel_body body, void *context, int32_t count);

/// The share [first, last) of `total` items that thread `index` of `count` takes; sizes differ by at most one.
static inline void wright_parallel_share(
    int64_t total, int32_t index, int32_t count, int64_t *first, int64_t *last) {
    *first = total * index / count;
    *last = total * (index + 1) / count;
}

#ifdef __cplusplus
}
#endif
