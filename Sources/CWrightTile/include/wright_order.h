/// Sorting along the last axis.
#pragma once

#include "wright_launch.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The first `picks` elements of each sorted row of `source`, and where they stood. `picks = columns` is a full sort.
/// Equal elements keep their order; NaN counts as the largest number, so it comes last ascending and first descending.
typedef struct {
    /// [rows, columns], float32.
    const float *source;
    /// [rows, picks]; may be null.
    float *values;
    /// [rows, picks]; may be null.
    int32_t *indices;
    int64_t rows, columns, picks;
    bool descending;
    /// `wright_sort_scratch_bytes` for `scratch_threads` threads, 64-byte aligned.
    void *scratch;
    int32_t scratch_threads;
} wright_sort_arguments;

/// Launch of `wright_sort_arguments`.
void wright_sort(void *arguments);

/// The scratch memory that `threads` threads need to sort rows of this length.
size_t wright_sort_scratch_bytes(int64_t columns, int32_t threads);

#ifdef __cplusplus
}
#endif
