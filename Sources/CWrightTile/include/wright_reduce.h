/// Reductions, arg-reductions and running sums along one axis of a contiguous array seen as [outer, length, inner].
/// Adjacent reduced axes merge into `length`.
#pragma once

#include "wright_launch.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum WRIGHT_CLOSED : uint8_t {
    WRIGHT_REDUCE_SUM WRIGHT_CASE(sum),
    WRIGHT_REDUCE_PRODUCT WRIGHT_CASE(product),
    WRIGHT_REDUCE_MAXIMUM WRIGHT_CASE(maximum),
    WRIGHT_REDUCE_MINIMUM WRIGHT_CASE(minimum),
} wright_reduction;

/// `destination[o, i] = reduction over k of source[o, k, i]`.
///
/// Over an empty axis the sum is 0, the product 1, the maximum −∞ (or the least int32) and the minimum +∞ (or the
/// greatest). Maximum and minimum of anything with a NaN are NaN. Sums are pairwise, in an order fixed by the shape;
/// int32 wraps.
typedef struct {
    const void *source;
    void *destination;
    /// Shape [outer, length, inner]; the result is [outer, inner].
    int64_t outer, length, inner;
    wright_reduction reduction;
    /// float32 or int32, on both sides.
    wright_type type;
} wright_reduce_arguments;

/// Launch of `wright_reduce_arguments`.
void wright_reduce(void *arguments);

/// `destination[o, i]` = the first k at which `source[o, k, i]` is largest (or smallest). A NaN beats every number, so
/// the first NaN wins. `length` must be at least 1.
typedef struct {
    const void *source;
    int32_t *destination;
    int64_t outer, length, inner;
    /// maximum or minimum.
    wright_reduction reduction;
    /// float32 or int32.
    wright_type type;
} wright_argreduce_arguments;

/// Launch of `wright_argreduce_arguments`.
void wright_argreduce(void *arguments);

/// `destination[o, k, i]` = the sum of `source[o, j, i]` for j ≤ k (j < k when exclusive), or for j ≥ k (j > k) when
/// reversed. Destination may be the source.
typedef struct {
    const void *source;
    void *destination;
    int64_t outer, length, inner;
    /// float32 or int32.
    wright_type type;
    bool exclusive;
    bool reversed;
} wright_cumulative_sum_arguments;

/// Launch of `wright_cumulative_sum_arguments`.
void wright_cumulative_sum(void *arguments);

#ifdef __cplusplus
}
#endif
