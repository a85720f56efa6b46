/// What attention and its gradient share: a panel of queries, transposed so that queries lie along vectors.
///
/// Scores are kept as [keys, queries]: the largest score and the sum of a query's exponentials are then found lane by
/// lane.
#pragma once

#include <sched.h>

#include "../attention_shape.h"
#include "small_product.h"
#include "transpose.h"
#include "vector_math.h"

/// Two vectors of queries.
#define PANEL PRODUCT_COLUMNS

/// One head of one sequence.
typedef struct {
    const wright_attention_arguments *arguments;
    visibility seen;
    const float *query, *key, *value, *mask;
    /// Elements from one place in time to the next.
    int64_t query_pitch, key_pitch, value_pitch;
} attention_head;

static attention_head head_of(const wright_attention_arguments *arguments, int64_t batch, int64_t head) {
    int64_t key_head = head / (arguments->heads / arguments->key_heads);
    const wright_attention_strides *q = &arguments->query_strides, *k = &arguments->key_strides,
                                   *v = &arguments->value_strides;
    const float *mask = arguments->mask;
    if (mask) mask += batch * arguments->mask_batch_stride + head * arguments->mask_head_stride;
    return (attention_head){
        .arguments = arguments,
        .seen = visibility_of(arguments, batch),
        .query = arguments->query + batch * q->batch + head * q->head,
        .key = arguments->key + batch * k->batch + key_head * k->head,
        .value = arguments->value + batch * v->batch + key_head * v->head,
        .mask = mask,
        .query_pitch = q->time,
        .key_pitch = k->time,
        .value_pitch = v->time,
    };
}

/// The keys that any and that every query of a panel sees, and each lane's own.
typedef struct {
    key_range any, every;
    ints low[2], high[2];
} panel_view;

static panel_view view_of(const visibility *seen, int64_t first, int64_t count) {
    panel_view view;
    key_range begin = keys_seen(seen, first), end = keys_seen(seen, first + count - 1);
    view.any = (key_range){begin.low, end.high};
    view.every = (key_range){end.low, begin.high};
    for (int64_t i = 0; i < PANEL; i++) {
        key_range range = keys_seen(seen, first + (i < count ? i : count - 1));
        view.low[i / LANES][i % LANES] = (int32_t)range.low;
        view.high[i / LANES][i % LANES] = (int32_t)range.high;
    }
    return view;
}

/// Rows `first` … of a head, `count` of them, as the columns of [head_size, PANEL]; lanes after them are zero.
static void pack_panel(float *panel, const float *rows, int64_t pitch, int64_t count, int64_t head_size, float scale) {
    if (count < PANEL) memset(panel, 0, (size_t)(head_size * PANEL) * sizeof(float));
    transpose_words((const uint32_t *)rows, pitch, (uint32_t *)panel, PANEL, count, head_size);
    for (int64_t i = 0; scale != 1 && i < head_size * PANEL; i += LANES) {
        store(panel + i, load(panel + i) * splat(scale));
    }
}

/// Rows one after the other. Those of a head lie a projection's width apart, often a power of two, and would fall on the
/// same few lines of the cache.
static void pack_rows(float *packed, const float *rows, int64_t pitch, int64_t count, int64_t head_size) {
    for (int64_t i = 0; i < count; i++) {
        memcpy(packed + i * head_size, rows + i * pitch, (size_t)head_size * sizeof(float));
    }
}

/// Asks for rows that will be packed soon.
static void prefetch_rows(const float *rows, int64_t pitch, int64_t count, int64_t head_size) {
    for (int64_t i = 0; i < count; i++) {
        for (int64_t d = 0; d < head_size; d += 16) __builtin_prefetch(rows + i * pitch + d);
    }
}

/// A block of keys and their values, packed.
typedef struct {
    key_range range;
    float *keys, *values;
} key_block;

static void pack_keys(key_block *block, const attention_head *head, key_range range) {
    int64_t head_size = head->arguments->head_size, count = range.high - range.low;
    block->range = range;
    pack_rows(block->keys, head->key + range.low * head->key_pitch, head->key_pitch, count, head_size);
    pack_rows(block->values, head->value + range.low * head->value_pitch, head->value_pitch, count, head_size);
}

/// Asks for the part of the next block, up to key `end`, that falls to one of `parts` when they share it out.
static void prefetch_keys(const key_block *block, const attention_head *head, int64_t end, int64_t index,
                          int64_t parts) {
    int64_t head_size = head->arguments->head_size, next = block->range.high;
    share part = share_of(larger(0, smaller(KEY_BLOCK, end - next)), 1, (int32_t)index, (int32_t)parts);
    int64_t first = next + part.first, count = part.end - part.first;
    prefetch_rows(head->key + first * head->key_pitch, head->key_pitch, count, head_size);
    prefetch_rows(head->value + first * head->value_pitch, head->value_pitch, count, head_size);
}

/// The keys of a block that a panel sees any of; an empty range at the block's end if there are none.
static key_range seen_part(const key_block *block, const panel_view *view) {
    key_range part = {larger(block->range.low, view->any.low), smaller(block->range.high, view->any.high)};
    return part.low < part.high ? part : (key_range){block->range.high, block->range.high};
}

/// The scores of a block's keys of `part` for a panel of scaled queries whose first is `query`, into
/// [keys, `pitch`]; −∞ where a key is not seen.
static void panel_scores(const attention_head *head, const panel_view *view, const float *panel, int64_t query,
                         int64_t query_count, const key_block *block, key_range part, float *scores, int64_t pitch) {
    int64_t head_size = head->arguments->head_size, keys = head->arguments->keys;
    int64_t first = part.low, count = part.high - part.low;
    product_of_rows(count, block->keys + (first - block->range.low) * head_size, head_size, panel, PANEL, scores, pitch,
                    PANEL, head_size, false);
    for (int64_t i = 0; head->mask && i < query_count; i++) {
        const float *row = head->mask + (query + i) * keys + first;
        for (int64_t j = 0; j < count; j++) scores[j * pitch + i] += row[j];
    }
    for (int64_t j = 0; j < count; j++) {
        int64_t key = first + j;
        if (key >= view->every.low && key < view->every.high) continue;
        ints place = splat_int((int32_t)key);
        for (int v = 0; v < 2; v++) {
            float *score = scores + j * pitch + v * LANES;
            ints is_seen = (place >= view->low[v]) & (place < view->high[v]);
            store(score, choose(is_seen, load(score), splat(-INFINITY)));
        }
    }
}

/// This thread's scratch memory, or null if the plan reserved none for so many threads.
INLINE float *scratch_of(const wright_attention_arguments *arguments, int32_t thread) {
    if (thread >= arguments->scratch_threads) return NULL;
    char *start = (char *)arguments->scratch + attention_schedule_bytes(arguments->batch * arguments->key_heads);
    return (float *)start + thread * attention_scratch_floats(arguments->keys, arguments->head_size);
}

/// The next task that nobody has taken.
INLINE int64_t take_task(const wright_attention_arguments *arguments) {
    attention_schedule *schedule = arguments->scratch;
    return atomic_fetch_add_explicit(&schedule->next, 1, memory_order_relaxed);
}

/// Until the tasks before it have added what they have to. A thread that waits long lets others use its core: what it waits for
/// may have been put aside.
INLINE void wait_for_turn(_Atomic int64_t *finished, int64_t turn) {
    for (int64_t looks = 1; atomic_load_explicit(finished, memory_order_acquire) < turn; looks++) {
        if (looks % 1024 == 0) sched_yield();
    }
}
