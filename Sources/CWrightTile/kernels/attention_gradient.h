/// The gradients of attention. Probabilities are computed again from the logarithms of the sums of exponentials.
///
/// With P the probabilities and g the output's gradient: dV = Pᵀ g, dP = g Vᵀ, dS = P ∘ (dP − Σ g ∘ output + dL), where
/// dL is the logarithm's gradient, dQ = scale · dS K, dK = scale · dSᵀ Q.
#pragma once

#include "attention.h"

/// Rows of keys whose gradients are summed over the same queries: fewer waste less where a causal mask's edge runs.
#define KEY_ROWS 12

/// A block of queries of one head, with what the gradient needs of them.
typedef struct {
    const attention_head *head;
    int64_t first, count;
    /// Panels of [head_size, PANEL]: scaled queries, the output's gradients, and the queries' gradients so far.
    float *queries, *gradients, *sums;
    /// [KEY_BLOCK, QUERY_BLOCK]: probabilities, and the gradients of scores.
    float *probabilities, *score_gradients;
    /// For each query: the logarithm, and Σ g ∘ output − dL.
    float *logarithms, *corrections;
} query_block;

/// Probabilities and score gradients of one panel for the keys of one block; zeros where a key is not seen.
static void panel_gradients(query_block *block, int64_t panel, key_range keys) {
    const attention_head *head = block->head;
    int64_t head_size = head->arguments->head_size, count = smaller(PANEL, block->count - panel);
    float scale = head->arguments->scale;
    panel_view view = view_of(&head->seen, block->first + panel, count);
    key_range part = {larger(keys.low, view.any.low), smaller(keys.high, view.any.high)};
    if (part.low >= part.high) part = (key_range){keys.high, keys.high};
    for (int64_t j = keys.low; j < keys.high; j++) {
        if (j == part.low) j = part.high;
        if (j >= keys.high) break;
        int64_t row = (j - keys.low) * QUERY_BLOCK + panel;
        memset(block->probabilities + row, 0, PANEL * sizeof(float));
        memset(block->score_gradients + row, 0, PANEL * sizeof(float));
    }
    if (part.low == part.high) return;
    int64_t start = (part.low - keys.low) * QUERY_BLOCK + panel, rows = part.high - part.low;
    float *probabilities = block->probabilities + start, *gradients = block->score_gradients + start;
    panel_scores(head, &view, block->queries + panel * head_size, block->first + panel, count, part.low, rows,
                 probabilities, QUERY_BLOCK);
    product_of_rows(rows, head->value + part.low * head->value_pitch, head->value_pitch,
                    block->gradients + panel * head_size, PANEL, gradients, QUERY_BLOCK, PANEL, head_size, false);
    for (int v = 0; v < 2; v++) {
        floats logarithm = load(block->logarithms + panel + v * LANES);
        floats correction = load(block->corrections + panel + v * LANES);
        for (int64_t j = 0; j < rows; j++) {
            int64_t place = j * QUERY_BLOCK + v * LANES;
            floats probability = vector_exp(load(probabilities + place) - logarithm);
            store(probabilities + place, probability);
            store(gradients + place, probability * (load(gradients + place) - correction) * splat(scale));
        }
    }
    add_product_of_columns(head_size, head->key + part.low * head->key_pitch, head->key_pitch, gradients, QUERY_BLOCK,
                           block->sums + panel * head_size, PANEL, PANEL, rows);
}

/// One head's share of the gradients: written for its queries, added for the keys it may share with other heads.
static void head_gradients(const attention_head *head, int64_t batch, int64_t index, float *query_gradient,
                           float *key_gradient, float *value_gradient, float *scratch) {
    const wright_attention_arguments *arguments = head->arguments;
    int64_t head_size = arguments->head_size, queries = arguments->queries, area = head_size * QUERY_BLOCK;
    int64_t pitch = arguments->heads * head_size, offset = (batch * queries * arguments->heads + index) * head_size;
    const float *outputs = arguments->output + offset, *upstream = arguments->output_gradient + offset;
    const float *logarithms = arguments->log_sum_exp + (batch * arguments->heads + index) * queries;
    const float *logarithm_gradients =
        arguments->log_sum_exp_gradient + (batch * arguments->heads + index) * queries;
    query_block block = {.head = head, .queries = scratch, .gradients = scratch + area, .sums = scratch + 2 * area};
    block.probabilities = scratch + 3 * area;
    block.score_gradients = block.probabilities + KEY_BLOCK * QUERY_BLOCK;
    block.logarithms = block.score_gradients + KEY_BLOCK * QUERY_BLOCK;
    block.corrections = block.logarithms + QUERY_BLOCK;
    for (block.first = 0; block.first < queries; block.first += QUERY_BLOCK) {
        block.count = smaller(QUERY_BLOCK, queries - block.first);
        for (int64_t i = 0; i < QUERY_BLOCK; i++) {
            // A lane without a query has no probabilities.
            bool is_query = i < block.count;
            int64_t query = block.first + i;
            block.logarithms[i] = is_query ? logarithms[query] : INFINITY;
            block.corrections[i] = is_query ? dot_product(outputs + query * pitch, upstream + query * pitch, head_size) -
                                                  logarithm_gradients[query]
                                            : 0;
        }
        for (int64_t panel = 0; panel < block.count; panel += PANEL) {
            int64_t query = block.first + panel, count = smaller(PANEL, block.count - panel);
            pack_panel(block.queries + panel * head_size, head->query + query * head->query_pitch, head->query_pitch,
                       count, head_size, arguments->scale);
            pack_panel(block.gradients + panel * head_size, upstream + query * pitch, pitch, count, head_size, 1);
        }
        memset(block.sums, 0, (size_t)area * sizeof(float));
        int64_t begin = keys_seen(&head->seen, block.first).low;
        int64_t end = keys_seen(&head->seen, block.first + block.count - 1).high;
        for (int64_t first = begin; first < end; first += KEY_BLOCK) {
            key_range keys = {first, smaller(end, first + KEY_BLOCK)};
            for (int64_t panel = 0; panel < block.count; panel += PANEL) panel_gradients(&block, panel, keys);
            for (int64_t j = keys.low; j < keys.high; j += KEY_ROWS) {
                key_range rows = {j, smaller(keys.high, j + KEY_ROWS)};
                share seeing = queries_seeing(&head->seen, rows, block.first, block.first + block.count);
                if (seeing.first >= seeing.end) continue;
                int64_t place = (j - keys.low) * QUERY_BLOCK + seeing.first - block.first;
                int64_t value_pitch = arguments->value_gradient_strides.time;
                int64_t key_pitch = arguments->key_gradient_strides.time;
                product_of_rows(rows.high - j, block.probabilities + place, QUERY_BLOCK, upstream + seeing.first * pitch,
                                pitch, value_gradient + j * value_pitch, value_pitch, head_size,
                                seeing.end - seeing.first, true);
                product_of_rows(rows.high - j, block.score_gradients + place, QUERY_BLOCK,
                                head->query + seeing.first * head->query_pitch, head->query_pitch,
                                key_gradient + j * key_pitch, key_pitch, head_size, seeing.end - seeing.first, true);
            }
        }
        for (int64_t panel = 0; panel < block.count; panel += PANEL) {
            int64_t query_pitch = arguments->query_gradient_strides.time;
            transpose_words((const uint32_t *)(block.sums + panel * head_size), PANEL,
                            (uint32_t *)(query_gradient + (block.first + panel) * query_pitch), query_pitch, head_size,
                            smaller(PANEL, block.count - panel));
        }
    }
}

static void clear_rows(float *rows, int64_t pitch, int64_t count, int64_t head_size) {
    for (int64_t i = 0; i < count; i++) memset(rows + i * pitch, 0, (size_t)head_size * sizeof(float));
}

/// Every thread takes whole key heads with all query heads that share them: no sum is shared.
static void attention_gradient_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_attention_arguments *arguments = context;
    float *scratch = scratch_of(arguments, thread);
    if (!scratch) return;
    int32_t threads = thread_count < arguments->scratch_threads ? thread_count : arguments->scratch_threads;
    int64_t group = arguments->heads / arguments->key_heads, head_size = arguments->head_size;
    const wright_attention_strides *q = &arguments->query_gradient_strides, *k = &arguments->key_gradient_strides,
                                   *v = &arguments->value_gradient_strides;
    for (int64_t task = thread; task < arguments->batch * arguments->key_heads; task += threads) {
        int64_t batch = task / arguments->key_heads, key_head = task % arguments->key_heads;
        float *key_gradient = arguments->key_gradient + batch * k->batch + key_head * k->head;
        float *value_gradient = arguments->value_gradient + batch * v->batch + key_head * v->head;
        clear_rows(key_gradient, k->time, arguments->keys, head_size);
        clear_rows(value_gradient, v->time, arguments->keys, head_size);
        for (int64_t index = key_head * group; index < (key_head + 1) * group; index++) {
            attention_head head = head_of(arguments, batch, index);
            head_gradients(&head, batch, index, arguments->query_gradient + batch * q->batch + index * q->head,
                           key_gradient, value_gradient, scratch);
        }
    }
}
