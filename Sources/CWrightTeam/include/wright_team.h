/// The threads that all kernels share.
///
/// Work is divided into shares, and what a share holds depends on their number alone. Whoever comes first takes a share: a
/// thread that the system has put aside for another process holds nobody up, because the caller does its share too. So
/// results repeat bit for bit, on an idle machine and on a busy one.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Share `share` of `count` of some work.
typedef void (*wright_parallel_function)(void *context, int32_t share, int32_t count);

/// Calls `function` once for each of `wright_threads` shares, and returns when all are done. Inside of a share
/// it calls `function` once, with everything as its one share. Costs about 0.3 µs while the threads are awake, so
/// kernels run work of fewer than about 8,000 elements on the calling thread.
///
/// Several threads may call at once: one gets the team, the others do their shares alone.
void wright_parallel(wright_parallel_function function, void *context);

/// The same for `count` shares, which may be more or fewer than there are threads.
void wright_parallel_shares(wright_parallel_function function, void *context, int32_t count);

/// Into how many shares `wright_parallel` divides work that this thread has: what `wright_use_threads` said, or else
/// `OMP_NUM_THREADS`, or the cores that the process may use (its affinity and, in a container, its share of processor
/// time).
int32_t wright_threads(void);

/// Sets that number for the calling thread, itself included; 0 goes back to the process's. Returns what was set before.
int32_t wright_use_threads(int32_t count);

#ifdef __cplusplus
}
#endif
