/// Products of small matrices, in registers: C = A · B or C += A · B.
///
/// An element of A is spread over a vector, so A may lie in memory by any strides; B and C have vectors along rows.
#pragma once

#include "vector.h"

/// Where an operand's elements lie: from one row to the next, and from one column to the next.
typedef struct {
    const float *start;
    int64_t row, column;
} spread_matrix;

/// Six rows by two vectors keep twelve sums going, which is more than the latency of two multiply-adds a cycle asks for,
/// in a file of sixteen registers.
#define PRODUCT_ROWS 6
#define PRODUCT_COLUMNS (2 * LANES)

INLINE void product_tile(int rows, int vectors, int64_t last, spread_matrix a, const float *b, int64_t b_pitch, float *c,
                         int64_t c_pitch, int64_t depth, bool accumulate) {
    floats sums[PRODUCT_ROWS][2];
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) sums[r][v] = splat(0);
        // C is added last: it may come from afar while the product is computed.
        if (accumulate) __builtin_prefetch(c + r * c_pitch, 1);
    }
    for (int64_t k = 0; k < depth; k++) {
        floats columns[2];
        for (int v = 0; v < vectors; v++) {
            columns[v] = load_some(b + k * b_pitch + v * LANES, v == vectors - 1 ? last : LANES);
        }
        for (int r = 0; r < rows; r++) {
            floats element = splat(a.start[r * a.row + k * a.column]);
            for (int v = 0; v < vectors; v++) sums[r][v] = multiply_add(element, columns[v], sums[r][v]);
        }
    }
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) {
            float *place = c + r * c_pitch + v * LANES;
            int64_t count = v == vectors - 1 ? last : LANES;
            store_some(place, accumulate ? load_some(place, count) + sums[r][v] : sums[r][v], count);
        }
    }
}

INLINE void product_rows(int rows, spread_matrix a, const float *b, int64_t b_pitch, float *c, int64_t c_pitch,
                         int64_t columns, int64_t depth, bool accumulate) {
    int64_t n = 0;
    for (; n + PRODUCT_COLUMNS <= columns; n += PRODUCT_COLUMNS) {
        product_tile(rows, 2, LANES, a, b + n, b_pitch, c + n, c_pitch, depth, accumulate);
    }
    if (n + LANES <= columns) {
        product_tile(rows, 1, LANES, a, b + n, b_pitch, c + n, c_pitch, depth, accumulate);
        n += LANES;
    }
    if (n < columns) product_tile(rows, 1, columns - n, a, b + n, b_pitch, c + n, c_pitch, depth, accumulate);
}

/// [rows, depth] · [depth, columns]; with unit strides of A known, its addresses need no multiplication.
INLINE void product_by_rows(int64_t rows, spread_matrix a, const float *b, int64_t b_pitch, float *c, int64_t c_pitch,
                            int64_t columns, int64_t depth, bool accumulate) {
    for (; rows >= PRODUCT_ROWS; rows -= PRODUCT_ROWS) {
        product_rows(PRODUCT_ROWS, a, b, b_pitch, c, c_pitch, columns, depth, accumulate);
        a.start += PRODUCT_ROWS * a.row;
        c += PRODUCT_ROWS * c_pitch;
    }
    if (rows >= 4) {
        product_rows(4, a, b, b_pitch, c, c_pitch, columns, depth, accumulate);
        a.start += 4 * a.row;
        c += 4 * c_pitch;
        rows -= 4;
    }
    if (rows >= 2) {
        product_rows(2, a, b, b_pitch, c, c_pitch, columns, depth, accumulate);
        a.start += 2 * a.row;
        c += 2 * c_pitch;
        rows -= 2;
    }
    if (rows == 1) product_rows(1, a, b, b_pitch, c, c_pitch, columns, depth, accumulate);
}

/// A's rows are runs in memory, `pitch` apart.
static __attribute__((noinline)) void product_of_rows(int64_t rows, const float *a, int64_t pitch, const float *b,
                                                      int64_t b_pitch, float *c, int64_t c_pitch, int64_t columns,
                                                      int64_t depth, bool accumulate) {
    product_by_rows(rows, (spread_matrix){a, pitch, 1}, b, b_pitch, c, c_pitch, columns, depth, accumulate);
}

/// A's columns are runs in memory, `pitch` apart; the product is added to C.
static __attribute__((noinline)) void add_product_of_columns(int64_t rows, const float *a, int64_t pitch, const float *b,
                                                             int64_t b_pitch, float *c, int64_t c_pitch,
                                                             int64_t columns, int64_t depth) {
    product_by_rows(rows, (spread_matrix){a, 1, pitch}, b, b_pitch, c, c_pitch, columns, depth, true);
}
