/// Scaled dot-product attention that never stores the matrix of scores (Dao et al., *FlashAttention*, 2022).
///
/// Key j is visible to query i where `low(i) <= j < high(i)`. With `offset` the number of keys minus the number of
/// queries, query i stands at key i + offset: a causal query sees no key after its own place, a window of w leaves the
/// w places up to its own (and, if not causal, the w − 1 after it). A query that sees no key gives zeros.
#pragma once

#include "wright_launch.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What a query's place limits.
typedef enum WRIGHT_CLOSED : uint8_t {
    WRIGHT_NOT_CAUSAL WRIGHT_CASE(none),
    /// The last query stands at the last key.
    WRIGHT_CAUSAL_TO_END WRIGHT_CASE(end),
    /// The last query stands at the last key of its own sequence, that is at `lengths[b] - 1`.
    WRIGHT_CAUSAL_TO_LENGTH WRIGHT_CASE(length),
} wright_causality;

/// Elements to step over to the next batch, place in time and head; a head's elements are neighbours.
typedef struct {
    int64_t batch, time, head;
} wright_attention_strides;

typedef struct {
    /// [batch, queries, heads, head_size], and twice [batch, keys, key_heads, head_size], by their strides.
    const float *query, *key, *value;
    wright_attention_strides query_strides, key_strides, value_strides;
    /// The keys of each sequence, [batch]; held within 0 and `keys`. Null if all are there.
    const int32_t *lengths;
    /// Added to the scaled scores, [batch or 1, heads or 1, queries, keys]; null if absent. The strides are 0 for 1.
    const float *mask;
    int64_t mask_batch_stride, mask_head_stride;
    /// `key_heads` divides `heads`: neighbouring query heads share one.
    int64_t batch, queries, keys, heads, key_heads, head_size;
    /// 0 for none.
    int64_t window;
    float scale;
    wright_causality causality;

    /// [batch, queries, heads, head_size] and [batch, heads, queries], dense: written by the forward launch, read by
    /// the gradient's. The logarithm is 0 for a query that sees no key.
    float *output, *log_sum_exp;
    /// What comes after, differentiated by each output and each logarithm; as these lie.
    const float *output_gradient, *log_sum_exp_gradient;
    /// Like query, key and value.
    float *query_gradient, *key_gradient, *value_gradient;
    wright_attention_strides query_gradient_strides, key_gradient_strides, value_gradient_strides;

    /// `wright_attention_scratch_bytes` for `scratch_threads` threads, aligned to a cache line.
    void *scratch;
    int32_t scratch_threads;
} wright_attention_arguments;

/// The scratch memory that `threads` threads need for both launches.
int64_t wright_attention_scratch_bytes(int64_t batch, int64_t key_heads, int64_t keys, int64_t head_size,
                                       int32_t threads);

/// Launch of `wright_attention_arguments`: the output and the logarithms of the sums of exponentials.
void wright_attention(void *arguments);

/// Launch of `wright_attention_arguments`: the gradients of query, key and value.
void wright_attention_gradient(void *arguments);

#ifdef __cplusplus
}
#endif
