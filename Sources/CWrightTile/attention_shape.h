/// What the attention kernels of every instruction set agree on: block sizes, scratch memory, and which keys are seen.
#pragma once

#include <stdatomic.h>

#include "sizes.h"
#include "wright_attention.h"

/// Queries that a block of keys is read for, a multiple of two vectors of every instruction set.
#define QUERY_BLOCK 256
/// Keys that are packed at a time, a multiple of the six rows of a register tile.
#define KEY_BLOCK 48
/// From one key's scores for a block of queries to the next's: no power of two, whose multiples share lines of the cache.
#define SCORE_PITCH (QUERY_BLOCK + 16)
/// With fewer queries than this, the keys are walked once for each: nothing would be saved by sharing them.
#define FEW_QUERIES 4

/// Floats that one thread needs.
static inline int64_t attention_scratch_floats(int64_t keys, int64_t head_size) {
    // Rows in panels fill whole pairs of vectors, of at most 32 elements.
    int64_t rows = 3 * head_size + 2 * divide_up(head_size, 32) * 32;
    int64_t blocks = rows * QUERY_BLOCK + 2 * KEY_BLOCK * (head_size + SCORE_PITCH) + 2 * QUERY_BLOCK;
    return divide_up(larger(blocks, keys), 16) * 16;
}

/// How threads take tasks: whoever is free takes the next. A thread that the system slows down does fewer.
typedef struct {
    _Alignas(64) _Atomic int64_t next;
    /// For each key head of each sequence: the tasks that added to its gradients. They add one after the other, always in
    /// the same order, so that sums round the same whoever does them.
    _Alignas(64) _Atomic int64_t finished[];
} attention_schedule;

/// Its bytes, for so many key heads in all sequences together.
static inline int64_t attention_schedule_bytes(int64_t key_heads) {
    return divide_up((int64_t)sizeof(attention_schedule) + key_heads * (int64_t)sizeof(int64_t), 64) * 64;
}

/// The keys that a query sees: from `low` up to `high`. Both grow with the query.
typedef struct {
    int64_t low, high;
} key_range;

/// One sequence's view of its keys.
typedef struct {
    int64_t offset, length, keys, window;
    bool is_causal;
} visibility;

static inline visibility visibility_of(const wright_attention_arguments *arguments, int64_t batch) {
    int64_t length = arguments->keys;
    if (arguments->lengths) length = larger(0, smaller(length, arguments->lengths[batch]));
    int64_t last = arguments->causality == WRIGHT_CAUSAL_TO_LENGTH ? length : arguments->keys;
    return (visibility){last - arguments->queries, length, arguments->keys, arguments->window,
                        arguments->causality != WRIGHT_NOT_CAUSAL};
}

static inline key_range keys_seen(const visibility *seen, int64_t query) {
    int64_t place = query + seen->offset;
    key_range range = {0, seen->length};
    if (seen->is_causal) range.high = smaller(range.high, place + 1);
    if (seen->window > 0) {
        range.low = larger(0, place - seen->window + 1);
        if (!seen->is_causal) range.high = smaller(range.high, place + seen->window);
    }
    range.high = larger(range.high, 0);
    return range;
}

/// The queries among `first` … `end` − 1 that may see a key of `keys.low` … `keys.high` − 1.
static inline share queries_seeing(const visibility *seen, key_range keys, int64_t first, int64_t end) {
    share queries = {first, end};
    if (seen->is_causal) queries.first = larger(first, keys.low - seen->offset);
    if (seen->window > 0) {
        queries.end = smaller(end, keys.high - 1 + seen->window - seen->offset);
        if (!seen->is_causal) queries.first = larger(first, keys.low - seen->offset - seen->window + 1);
    }
    return queries;
}
