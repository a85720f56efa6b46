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
    /// Queries and the output's gradients as rows, cut into panels of [QUERY_BLOCK, PRODUCT_COLUMNS].
    float *query_rows, *gradient_rows;
    /// [KEY_BLOCK, SCORE_PITCH]: probabilities, and the gradients of scores.
    float *probabilities, *score_gradients;
    /// For each query: the logarithm, and Σ g ∘ output − dL.
    float *logarithms, *corrections;
} query_block;

/// Probabilities and score gradients of one panel for the keys of one block; zeros where a key is not seen.
static void panel_gradients(query_block *block, int64_t panel, const key_block *keys) {
    const attention_head *head = block->head;
    int64_t head_size = head->arguments->head_size, count = smaller(PANEL, block->count - panel);
    float scale = head->arguments->scale;
    panel_view view = view_of(&head->seen, block->first + panel, count);
    key_range all = keys->range, part = seen_part(keys, &view);
    for (int64_t j = all.low; j < all.high; j++) {
        if (j == part.low) j = part.high;
        if (j >= all.high) break;
        int64_t row = (j - all.low) * SCORE_PITCH + panel;
        memset(block->probabilities + row, 0, PANEL * sizeof(float));
        memset(block->score_gradients + row, 0, PANEL * sizeof(float));
    }
    if (part.low == part.high) return;
    int64_t start = (part.low - all.low) * SCORE_PITCH + panel, rows = part.high - part.low;
    int64_t packed = (part.low - all.low) * head_size;
    float *probabilities = block->probabilities + start, *gradients = block->score_gradients + start;
    panel_scores(head, &view, block->queries + panel * head_size, block->first + panel, count, keys, part, probabilities,
                 SCORE_PITCH);
    product_of_rows(rows, keys->values + packed, head_size, block->gradients + panel * head_size, PANEL, gradients,
                    SCORE_PITCH, PANEL, head_size, false);
    floats logarithm[2], correction[2];
    for (int v = 0; v < 2; v++) {
        logarithm[v] = load(block->logarithms + panel + v * LANES);
        correction[v] = load(block->corrections + panel + v * LANES);
    }
    for (int64_t place = 0; place < rows * SCORE_PITCH; place += SCORE_PITCH) {
        for (int v = 0; v < 2; v++) {
            float *own = probabilities + place + v * LANES, *gradient = gradients + place + v * LANES;
            floats probability = softmax_exp(load(own) - logarithm[v]);
            store(own, probability);
            store(gradient, probability * (load(gradient) - correction[v]) * splat(scale));
        }
    }
    add_product_of_columns(head_size, keys->keys + packed, head_size, gradients, SCORE_PITCH,
                           block->sums + panel * head_size, PANEL, PANEL, rows);
}

/// Rows cut into panels, so that what a register tile reads of them is one run in memory.
static void pack_row_panels(float *panels, const float *rows, int64_t pitch, int64_t count, int64_t head_size) {
    for (int64_t d = 0; d < head_size; d += PRODUCT_COLUMNS) {
        size_t bytes = (size_t)smaller(PRODUCT_COLUMNS, head_size - d) * sizeof(float);
        for (int64_t i = 0; i < count; i++) memcpy(panels + i * PRODUCT_COLUMNS, rows + i * pitch + d, bytes);
        panels += QUERY_BLOCK * PRODUCT_COLUMNS;
    }
}

/// Adds to the gradients of a block of keys, or of their values, what the queries that see them give: `weights`
/// [keys, SCORE_PITCH] times the panels of `rows`.
static void add_key_gradients(const query_block *block, key_range keys, const float *weights, const float *rows,
                              float *gradient, int64_t pitch) {
    int64_t head_size = block->head->arguments->head_size;
    for (int64_t d = 0; d < head_size; d += PRODUCT_COLUMNS) {
        for (int64_t j = keys.low; j < keys.high; j += KEY_ROWS) {
            key_range strip = {j, smaller(keys.high, j + KEY_ROWS)};
            share seeing = queries_seeing(&block->head->seen, strip, block->first, block->first + block->count);
            if (seeing.first >= seeing.end) continue;
            int64_t row = seeing.first - block->first;
            product_of_rows(strip.high - strip.low, weights + (j - keys.low) * SCORE_PITCH + row, SCORE_PITCH,
                            rows + row * PRODUCT_COLUMNS, PRODUCT_COLUMNS, gradient + j * pitch + d, pitch,
                            smaller(PRODUCT_COLUMNS, head_size - d), seeing.end - seeing.first, true);
        }
        rows += QUERY_BLOCK * PRODUCT_COLUMNS;
    }
}

/// Where one query head's gradients go; its keys' and their values' are added to.
typedef struct {
    float *query, *key, *value;
} head_gradients;

/// What the queries from `first` on, as many as a block has, give to a head's gradients.
static void add_block_gradients(const attention_head *head, int64_t batch, int64_t index, int64_t first,
                                head_gradients gradients, float *scratch) {
    const wright_attention_arguments *arguments = head->arguments;
    int64_t head_size = arguments->head_size, queries = arguments->queries, area = head_size * QUERY_BLOCK;
    int64_t row_area = divide_up(head_size, PRODUCT_COLUMNS) * PRODUCT_COLUMNS * QUERY_BLOCK;
    int64_t pitch = arguments->heads * head_size;
    int64_t offset = ((batch * queries + first) * arguments->heads + index) * head_size;
    const float *outputs = arguments->output + offset, *upstream = arguments->output_gradient + offset;
    const float *logarithms = arguments->log_sum_exp + (batch * arguments->heads + index) * queries + first;
    const float *logarithm_gradients =
        arguments->log_sum_exp_gradient + (batch * arguments->heads + index) * queries + first;
    query_block block = {.head = head, .first = first, .count = smaller(QUERY_BLOCK, queries - first)};
    block.queries = scratch;
    block.gradients = block.queries + area;
    block.sums = block.gradients + area;
    block.query_rows = block.sums + area;
    block.gradient_rows = block.query_rows + row_area;
    block.probabilities = block.gradient_rows + row_area;
    block.score_gradients = block.probabilities + KEY_BLOCK * SCORE_PITCH;
    block.logarithms = block.score_gradients + KEY_BLOCK * SCORE_PITCH;
    block.corrections = block.logarithms + QUERY_BLOCK;
    key_block packed = {.keys = block.corrections + QUERY_BLOCK};
    packed.values = packed.keys + KEY_BLOCK * head_size;
    for (int64_t i = 0; i < QUERY_BLOCK; i++) {
        // A lane without a query has no probabilities.
        bool is_query = i < block.count;
        block.logarithms[i] = is_query ? logarithms[i] : INFINITY;
        block.corrections[i] =
            is_query ? dot_product(outputs + i * pitch, upstream + i * pitch, head_size) - logarithm_gradients[i] : 0;
    }
    const float *rows = head->query + first * head->query_pitch;
    for (int64_t panel = 0; panel < block.count; panel += PANEL) {
        int64_t count = smaller(PANEL, block.count - panel);
        pack_panel(block.queries + panel * head_size, rows + panel * head->query_pitch, head->query_pitch, count, head_size,
                   arguments->scale);
        pack_panel(block.gradients + panel * head_size, upstream + panel * pitch, pitch, count, head_size, 1);
    }
    pack_row_panels(block.query_rows, rows, head->query_pitch, block.count, head_size);
    pack_row_panels(block.gradient_rows, upstream, pitch, block.count, head_size);
    memset(block.sums, 0, (size_t)area * sizeof(float));
    int64_t end = keys_seen(&head->seen, first + block.count - 1).high;
    for (int64_t key = keys_seen(&head->seen, first).low; key < end; key += KEY_BLOCK) {
        key_range keys = {key, smaller(end, key + KEY_BLOCK)};
        pack_keys(&packed, head, keys);
        for (int64_t panel = 0; panel < block.count; panel += PANEL) {
            prefetch_keys(&packed, head, end, panel / PANEL, divide_up(block.count, PANEL));
            panel_gradients(&block, panel, &packed);
        }
        add_key_gradients(&block, keys, block.probabilities, block.gradient_rows, gradients.value,
                          arguments->value_gradient_strides.time);
        add_key_gradients(&block, keys, block.score_gradients, block.query_rows, gradients.key,
                          arguments->key_gradient_strides.time);
    }
    int64_t query_pitch = arguments->query_gradient_strides.time;
    for (int64_t panel = 0; panel < block.count; panel += PANEL) {
        transpose_words((const uint32_t *)(block.sums + panel * head_size), PANEL,
                        (uint32_t *)(gradients.query + (first + panel) * query_pitch), query_pitch, head_size,
                        smaller(PANEL, block.count - panel));
    }
}

static void clear_rows(float *rows, int64_t pitch, int64_t count, int64_t head_size) {
    for (int64_t i = 0; i < count; i++) memset(rows + i * pitch, 0, (size_t)head_size * sizeof(float));
}

/// A task is a block of queries of one head. Those that add to the same keys' gradients come one after the other, with as many
/// others between them as there are key heads: a thread waits only if another is that much slower.
static void attention_gradient_share(void *context, int32_t thread, int32_t thread_count) {
    (void)thread_count;
    const wright_attention_arguments *arguments = context;
    float *scratch = scratch_of(arguments, thread);
    if (!scratch) return;
    attention_schedule *schedule = arguments->scratch;
    int64_t head_size = arguments->head_size, key_heads = arguments->key_heads, pairs = arguments->batch * key_heads;
    int64_t blocks = divide_up(arguments->queries, QUERY_BLOCK), tasks = blocks * (arguments->heads / key_heads);
    const wright_attention_strides *q = &arguments->query_gradient_strides, *k = &arguments->key_gradient_strides,
                                   *v = &arguments->value_gradient_strides;
    for (int64_t task = take_task(arguments); task < pairs * tasks; task = take_task(arguments)) {
        int64_t pair = task % pairs, turn = task / pairs, batch = pair / key_heads, key_head = pair % key_heads;
        // With a causal mask the last queries see the most keys: the short tasks are left for the end.
        int64_t index = key_head * (arguments->heads / key_heads) + turn % (arguments->heads / key_heads);
        int64_t block = blocks - 1 - turn / (arguments->heads / key_heads);
        head_gradients gradients = {.query = arguments->query_gradient + batch * q->batch + index * q->head,
                                    .key = arguments->key_gradient + batch * k->batch + key_head * k->head,
                                    .value = arguments->value_gradient + batch * v->batch + key_head * v->head};
        if (turn == 0) {
            clear_rows(gradients.key, k->time, arguments->keys, head_size);
            clear_rows(gradients.value, v->time, arguments->keys, head_size);
        }
        wait_for_turn(&schedule->finished[pair], turn);
        attention_head head = head_of(arguments, batch, index);
        add_block_gradients(&head, batch, index, block * QUERY_BLOCK, gradients, scratch);
        atomic_store_explicit(&schedule->finished[pair], turn + 1, memory_order_release);
    }
}
