/// Attention's output and the logarithms of its sums of exponentials; the formulas are in wright_attention.h.
#pragma once

#include "attention_scores.h"
#include "tile_reduce.h"

// ---- A panel of queries --------------------------------------------------------------------------------------------

/// What is known of a panel after some of its keys (Milakov & Gimelshein, *Online normalizer calculation for softmax*,
/// 2018): the largest score, and the sum of exponentials relative to it.
typedef struct {
    floats largest[2], sum[2];
} panel_state;

/// Turns scores into exponentials, and scales what was summed before to the new largest score.
static void panel_exponentials(panel_state *state, float *scores, int64_t count, float *sums, int64_t head_size) {
    floats best[2] = {state->largest[0], state->largest[1]}, shift[2], factor[2], sum[2];
    for (float *row = scores; row < scores + count * PANEL; row += PANEL) {
        for (int v = 0; v < 2; v++) best[v] = greater(load(row + v * LANES), best[v]);
    }
    bool is_scaled = false;
    for (int v = 0; v < 2; v++) {
        // With nothing seen so far, any number does: the exponential of −∞ is 0.
        shift[v] = choose(best[v] == splat(-INFINITY), splat(0), best[v]);
        factor[v] = softmax_exp(state->largest[v] - shift[v]);
        is_scaled |= any(factor[v] != splat(1));
        sum[v] = state->sum[v] * factor[v];
    }
    for (float *row = scores; row < scores + count * PANEL; row += PANEL) {
        for (int v = 0; v < 2; v++) {
            floats exponential = softmax_exp(load(row + v * LANES) - shift[v]);
            store(row + v * LANES, exponential);
            sum[v] += exponential;
        }
    }
    for (int v = 0; v < 2; v++) {
        state->sum[v] = sum[v];
        state->largest[v] = best[v];
    }
    for (float *row = sums; is_scaled && row < sums + head_size * PANEL; row += PANEL) {
        for (int v = 0; v < 2; v++) store(row + v * LANES, load(row + v * LANES) * factor[v]);
    }
}

/// Divides a panel's sums by those of the exponentials, and writes both.
static void finish_panel(const panel_state *state, float *sums, int64_t head_size, int64_t count, float *output,
                         int64_t output_pitch, float *log_sum_exp) {
    float logarithms[PANEL];
    for (int v = 0; v < 2; v++) {
        ints is_empty = state->sum[v] == splat(0);
        floats inverse = choose(is_empty, splat(0), 1.0f / state->sum[v]);
        for (int64_t d = 0; d < head_size; d++) {
            float *place = sums + d * PANEL + v * LANES;
            store(place, load(place) * inverse);
        }
        store(logarithms + v * LANES, choose(is_empty, splat(0), vector_log(state->sum[v]) + state->largest[v]));
    }
    memcpy(log_sum_exp, logarithms, (size_t)count * sizeof(float));
    transpose_words((const uint32_t *)sums, PANEL, (uint32_t *)output, output_pitch, head_size, count);
}

/// `count` queries from `first` on, all at once for each block of keys.
static void attention_block(const attention_head *head, int64_t first, int64_t count, float *output,
                            int64_t output_pitch, float *log_sum_exp, float *scratch) {
    const wright_attention_arguments *arguments = head->arguments;
    int64_t head_size = arguments->head_size, area = head_size * QUERY_BLOCK;
    float *queries = scratch, *sums = queries + area, *scores = sums + area;
    key_block block = {.keys = scores + KEY_BLOCK * PANEL};
    block.values = block.keys + KEY_BLOCK * head_size;
    panel_state states[QUERY_BLOCK / PANEL];
    panel_view views[QUERY_BLOCK / PANEL];
    int64_t panels = divide_up(count, PANEL);
    for (int64_t p = 0; p < panels; p++) {
        int64_t query = first + p * PANEL, lanes = smaller(PANEL, count - p * PANEL);
        states[p] = (panel_state){{splat(-INFINITY), splat(-INFINITY)}, {splat(0), splat(0)}};
        views[p] = view_of(&head->seen, query, lanes);
        pack_panel(queries + p * PANEL * head_size, head->query + query * head->query_pitch, head->query_pitch, lanes,
                   head_size, arguments->scale);
    }
    memset(sums, 0, (size_t)area * sizeof(float));
    int64_t end = views[panels - 1].any.high;
    for (int64_t key = views[0].any.low; key < end; key += KEY_BLOCK) {
        pack_keys(&block, head, (key_range){key, smaller(end, key + KEY_BLOCK)});
        for (int64_t p = 0; p < panels; p++) {
            prefetch_keys(&block, head, end, p, panels);
            key_range part = seen_part(&block, &views[p]);
            int64_t keys = part.high - part.low;
            if (keys == 0) continue;
            float *own = sums + p * PANEL * head_size;
            panel_scores(head, &views[p], queries + p * PANEL * head_size, first + p * PANEL,
                         smaller(PANEL, count - p * PANEL), &block, part, scores, PANEL);
            panel_exponentials(&states[p], scores, keys, own, head_size);
            add_product_of_columns(head_size, block.values + (part.low - key) * head_size, head_size, scores, PANEL, own,
                                   PANEL, PANEL, keys);
        }
    }
    for (int64_t p = 0; p < panels; p++) {
        finish_panel(&states[p], sums + p * PANEL * head_size, head_size, smaller(PANEL, count - p * PANEL),
                     output + (first + p * PANEL) * output_pitch, output_pitch, log_sum_exp + first + p * PANEL);
    }
}

// ---- One query -----------------------------------------------------------------------------------------------------

INLINE float dot_product(const float *a, const float *b, int64_t count) {
    floats sums[2] = {splat(0), splat(0)};
    int64_t d = 0;
    for (; d + 2 * LANES <= count; d += 2 * LANES) {
        for (int v = 0; v < 2; v++) {
            sums[v] = multiply_add(load(a + d + v * LANES), load(b + d + v * LANES), sums[v]);
        }
    }
    for (; d < count; d += LANES) {
        int64_t rest = smaller(LANES, count - d);
        sums[0] = multiply_add(load_some(a + d, rest), load_some(b + d, rest), sums[0]);
    }
    return fold_lanes(sums[0] + sums[1], take_sum)[0];
}

/// Scores for all keys at once, then their softmax, then the values: each key and value is read once, in order.
static void attention_query(const attention_head *head, int64_t query, float *output, float *log_sum_exp,
                            float *scores) {
    int64_t head_size = head->arguments->head_size;
    key_range range = keys_seen(&head->seen, query);
    int64_t count = larger(0, range.high - range.low);
    const float *mask = head->mask ? head->mask + query * head->arguments->keys + range.low : NULL;
    const float *row = head->query + query * head->query_pitch;
    floats best = splat(-INFINITY);
    for (int64_t j = 0; j < count; j++) {
        float score = dot_product(row, head->key + (range.low + j) * head->key_pitch, head_size);
        score = score * head->arguments->scale + (mask ? mask[j] : 0);
        scores[j] = score;
        best = greater(splat(score), best);
    }
    float shift = best[0] == -INFINITY ? 0 : best[0];
    floats sums = splat(0);
    for (int64_t j = 0; j < count; j += LANES) {
        int64_t rest = smaller(LANES, count - j);
        floats exponential = softmax_exp(load_some(scores + j, rest) - splat(shift));
        store_some(scores + j, exponential, rest);
        ints valid = rest == LANES ? splat_int(-1) : first_lanes(rest);
        sums += (floats)((ints)exponential & valid);
    }
    float sum = fold_lanes(sums, take_sum)[0];
    memset(output, 0, (size_t)head_size * sizeof(float));
    log_sum_exp[query] = 0;
    if (sum == 0) return;
    product_of_rows(1, scores, count, head->value + range.low * head->value_pitch, head->value_pitch, output, head_size,
                    head_size, count, false);
    for (int64_t d = 0; d < head_size; d++) output[d] /= sum;
    log_sum_exp[query] = vector_log(splat(sum))[0] + shift;
}

// ---- The launch's share --------------------------------------------------------------------------------------------

static void attention_share(void *context, int32_t thread, int32_t thread_count) {
    (void)thread_count;
    const wright_attention_arguments *arguments = context;
    float *scratch = scratch_of(arguments, thread);
    if (!scratch) return;
    int64_t queries = arguments->queries, heads = arguments->heads, head_size = arguments->head_size;
    int64_t blocks = divide_up(queries, QUERY_BLOCK), pairs = arguments->batch * heads;
    for (int64_t task = take_task(arguments); task < pairs * blocks; task = take_task(arguments)) {
        // With a causal mask the last queries see the most keys: the short tasks are left for the end.
        int64_t pair = task % pairs, block = blocks - 1 - task / pairs;
        int64_t batch = pair / heads, index = pair % heads;
        attention_head head = head_of(arguments, batch, index);
        float *output = arguments->output + (batch * queries * heads + index) * head_size;
        float *log_sum_exp = arguments->log_sum_exp + (batch * heads + index) * queries;
        int64_t end = smaller(queries, (block + 1) * QUERY_BLOCK);
        int64_t first = block * QUERY_BLOCK;
        if (queries > FEW_QUERIES) {
            attention_block(&head, first, end - first, output, heads * head_size, log_sum_exp, scratch);
            continue;
        }
        for (int64_t query = first; query < end; query++) {
            attention_query(&head, query, output + query * heads * head_size, log_sum_exp, scratch);
        }
    }
}
