/// The hidden products of recurrent layers: a few rows times packed weights.
#pragma once

#include "../recurrent_plan.h"
#include "vector.h"

/// Rows that one pass multiplies: with four vectors each, as many sums as the registers hold beside their operands.
#if LANES == 16
#define ROWS_AT_ONCE 6
#else
#define ROWS_AT_ONCE 3
#endif

/// How many of the `left` rows the next pass takes: no single row is left over where two and two can be.
INLINE int64_t next_rows(int64_t left) {
    return left == ROWS_AT_ONCE + 1 && ROWS_AT_ONCE > 2 ? ROWS_AT_ONCE - 1 : smaller(left, ROWS_AT_ONCE);
}

/// sums[r][v] += Σ_k rows[r · pitch + k] · panel[k][v], k < depth. `row_count` and `vectors` are constants at each use.
INLINE void multiply_rows(int row_count, int vectors, const float *rows, int64_t pitch, const float *panel, int64_t depth,
                          floats sums[ROWS_AT_ONCE][PANEL_VECTORS]) {
    floats kept[ROWS_AT_ONCE][PANEL_VECTORS];
#pragma clang loop unroll(full)
    for (int r = 0; r < row_count; r++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) kept[r][v] = sums[r][v];
    }
    for (int64_t k = 0; k < depth; k++) {
        floats spread[ROWS_AT_ONCE];
#pragma clang loop unroll(full)
        for (int r = 0; r < row_count; r++) spread[r] = splat(rows[r * pitch + k]);
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
            floats weight = load(panel + (k * vectors + v) * LANES);
#pragma clang loop unroll(full)
            for (int r = 0; r < row_count; r++) kept[r][v] = multiply_add(spread[r], weight, kept[r][v]);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < row_count; r++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) sums[r][v] = kept[r][v];
    }
}

/// The same for a number of rows that is known only now, from 1 to ROWS_AT_ONCE.
INLINE void multiply_some_rows(int64_t row_count, int vectors, const float *rows, int64_t pitch, const float *panel,
                               int64_t depth, floats sums[ROWS_AT_ONCE][PANEL_VECTORS]) {
    switch (row_count) {
    case 1: multiply_rows(1, vectors, rows, pitch, panel, depth, sums); break;
    case 2: multiply_rows(2, vectors, rows, pitch, panel, depth, sums); break;
#if ROWS_AT_ONCE > 3
    case 4: multiply_rows(4, vectors, rows, pitch, panel, depth, sums); break;
    case 5: multiply_rows(5, vectors, rows, pitch, panel, depth, sums); break;
    case 6: multiply_rows(6, vectors, rows, pitch, panel, depth, sums); break;
#endif
    default: multiply_rows(3, vectors, rows, pitch, panel, depth, sums); break;
    }
}

/// The forward panels: panel p has `units` vectors of hidden units, of each all gates side by side.
static void recurrent_pack_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_sequence *s = context;
    int64_t gates = gates_of(s->cell), vectors = forward_vectors(s->cell), units = vectors / gates * LANES;
    int64_t hidden = s->hidden;
    share part = share_of(divide_up(hidden, units), 1, thread, thread_count);
    for (int64_t p = part.first; p < part.end; p++) {
        float *packed = s->scratch + p * vectors * LANES * hidden;
        for (int64_t k = 0; k < hidden; k++) {
            for (int64_t v = 0; v < vectors; v++, packed += LANES) {
                int64_t unit = p * units + v / gates * LANES, count = smaller(LANES, hidden - unit);
                const float *weights = s->weights + (k * gates + v % gates) * hidden + unit;
                store(packed, count <= 0 ? (floats){} : load_some(weights, count));
            }
        }
    }
}

/// The backward panels, of the transpose: panel p has PANEL_VECTORS vectors of hidden units.
static void recurrent_pack_transposed_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_sequence *s = context;
    int64_t columns = gates_of(s->cell) * s->hidden, units = PANEL_VECTORS * LANES;
    share part = share_of(divide_up(s->hidden, units), 1, thread, thread_count);
    for (int64_t p = part.first; p < part.end; p++) {
        float *packed = s->scratch + p * units * columns;
        for (int64_t i = 0; i < units; i++) {
            int64_t unit = p * units + i;
            for (int64_t k = 0; k < columns; k++) {
                packed[k * units + i] = unit < s->hidden ? s->weights[unit * columns + k] : 0;
            }
        }
    }
}
