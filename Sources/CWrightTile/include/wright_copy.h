/// Moving bytes: strided copies and fills.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The most axes a copy may have. Adjacent axes that walk memory together should be merged before they are counted.
#define WRIGHT_COPY_RANK 8

/// `destination[i0, i1, …] = source[i0, i1, …]` over `sizes`, each side with strides of its own.
///
/// Strides count elements and may be zero (broadcast; source only) or negative (flip); the pointers address element
/// (0, 0, …). That covers permute, broadcast, slice, flip, concatenate (one copy per part) and pad (after a fill). The
/// two sides must not overlap. Bits are copied unchanged, so an element is described by its size alone.
typedef struct {
    const void *source;
    void *destination;
    /// 0 (one element) to `WRIGHT_COPY_RANK`.
    int32_t rank;
    /// 1, 2, 4 or 8.
    int32_t element_bytes;
    int64_t sizes[WRIGHT_COPY_RANK];
    int64_t source_strides[WRIGHT_COPY_RANK];
    int64_t destination_strides[WRIGHT_COPY_RANK];
} wright_copy_arguments;

/// Launch of `wright_copy_arguments`. Contiguous runs and two-axis transposes have paths of their own.
void wright_copy(void *arguments);

/// Writes one value `count` times.
typedef struct {
    void *destination;
    int64_t count;
    /// The element's bits, in the low bytes.
    uint64_t value;
    /// 1, 2, 4 or 8.
    int32_t element_bytes;
} wright_fill_arguments;

/// Launch of `wright_fill_arguments`.
void wright_fill(void *arguments);

#ifdef __cplusplus
}
#endif
