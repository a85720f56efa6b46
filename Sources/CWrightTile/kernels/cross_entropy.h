/// Softmax cross-entropy; the formulas are in wright_softmax.h.
#pragma once

#include "../kernel_set.h"
#include "vector_math.h"
#include "wright_softmax.h"

// Which of the two a NaN gives does not matter: it spreads through the exponentials anyway.
INLINE floats take_larger(floats a, floats b, floats unused) { return (void)unused, greater(a, b); }
INLINE floats take_both(floats a, floats b, floats unused) { return (void)unused, a + b; }

INLINE float largest_of_row(const float *row, int64_t count) {
    floats best = splat(-INFINITY);
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) best = greater(best, load(row + i));
    if (i < count) {
        int64_t rest = count - i;
        best = choose(first_lanes(rest), greater(best, load_first(row + i, rest)), best);
    }
    return fold_lanes(best, take_larger)[0];
}

typedef struct {
    floats exponentials, shifted;
} row_sums;

/// Adds up exp(x − largest) and x − largest, and keeps the exponentials if there is a place for them.
INLINE void sum_exponentials(row_sums *sums, const float *row, float *kept, floats largest, int64_t count) {
    floats shifted = load_some(row, count) - largest;
    floats exponential = vector_exp(shifted);
    if (kept) store_some(kept, exponential, count);
    ints valid = count == LANES ? splat_int(-1) : first_lanes(count);
    sums->exponentials += (floats)((ints)exponential & valid);
    sums->shifted += (floats)((ints)shifted & valid);
}

static void set_row(float *row, int64_t count, float value) {
    for (int64_t i = 0; row && i < count; i++) row[i] = value;
}

/// Rows whose logarithms are taken together.
#define ROWS_TOGETHER 64

/// What a row leaves for its loss: log(`sums[i]`) − `expected[i]`. NaN is a loss of NaN, and log 1 − 0 one of 0.
typedef struct {
    float sums[ROWS_TOGETHER], expected[ROWS_TOGETHER];
} loss_parts;

INLINE void cross_entropy_row(wright_cross_entropy_arguments *arguments, int64_t r, float *sum_part,
                              float *expected_part) {
    int64_t columns = arguments->columns, i = 0;
    const float *logits = arguments->logits + r * columns;
    float *gradient = arguments->gradient ? arguments->gradient + r * columns : NULL;
    int32_t label = arguments->labels[r];
    bool ignored = label == arguments->ignored_label;
    if (ignored || label < 0 || label >= columns) {
        if (!ignored) __atomic_fetch_add(&arguments->out_of_range, 1, __ATOMIC_RELAXED);
        *sum_part = ignored ? 1 : NAN;
        *expected_part = 0;
        set_row(gradient, columns, ignored ? 0 : NAN);
        return;
    }

    float largest = largest_of_row(logits, columns);
    // Read before the gradient may overwrite it.
    float of_label = logits[label] - largest;
    row_sums sums = {};
    for (; i + LANES <= columns; i += LANES) {
        sum_exponentials(&sums, logits + i, gradient ? gradient + i : NULL, splat(largest), LANES);
    }
    if (i < columns) {
        sum_exponentials(&sums, logits + i, gradient ? gradient + i : NULL, splat(largest), columns - i);
    }
    float sum = fold_lanes(sums.exponentials, take_both)[0];
    float smoothing = arguments->smoothing, even_share = smoothing / (float)columns;
    *sum_part = sum;
    *expected_part = of_label;
    if (smoothing != 0) {
        *expected_part = (1 - smoothing) * of_label + even_share * fold_lanes(sums.shifted, take_both)[0];
    }
    if (!gradient) return;

    float scale = arguments->scale;
    if (arguments->upstream) scale *= arguments->upstream[r * arguments->upstream_stride];
    floats factor = splat(scale / sum), offset = splat(-scale * even_share);
    for (i = 0; i + LANES <= columns; i += LANES) {
        store(gradient + i, multiply_add(load(gradient + i), factor, offset));
    }
    if (i < columns) {
        int64_t rest = columns - i;
        store_first(gradient + i, multiply_add(load_first(gradient + i, rest), factor, offset), rest);
    }
    gradient[label] -= scale * (1 - smoothing);
}

static void cross_entropy_share(void *context, int32_t thread, int32_t thread_count) {
    wright_cross_entropy_arguments *arguments = context;
    share rows = share_of(arguments->rows, 1, thread, thread_count);
    for (int64_t first = rows.first; first < rows.end; first += ROWS_TOGETHER) {
        loss_parts parts;
        int64_t count = rows.end - first < ROWS_TOGETHER ? rows.end - first : ROWS_TOGETHER;
        for (int64_t i = 0; i < count; i++) {
            cross_entropy_row(arguments, first + i, &parts.sums[i], &parts.expected[i]);
        }
        if (!arguments->losses) continue;
        float *losses = arguments->losses + first;
        int64_t i = 0;
        for (; i + LANES <= count; i += LANES) {
            store(losses + i, vector_log(load(parts.sums + i)) - load(parts.expected + i));
        }
        if (i < count) {
            floats last = vector_log(load_first(parts.sums + i, count - i));
            store_first(losses + i, last - load_first(parts.expected + i, count - i), count - i);
        }
    }
}
