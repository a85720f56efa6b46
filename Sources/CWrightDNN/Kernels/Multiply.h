// The micro-kernels under every product: a block of at most ROW_BLOCK rows times one panel of PANEL columns, kept in
// registers while it runs over the depth. On AVX2 that is 6 × 16, twelve of the sixteen registers.
#pragma once

#include "Vector.h"

#if LANES == 16
enum { ROW_BLOCK = 12 };
#define FOR_EACH_ROW_COUNT(apply) \
    apply(1) apply(2) apply(3) apply(4) apply(5) apply(6) apply(7) apply(8) apply(9) apply(10) apply(11) apply(12)
#else
enum { ROW_BLOCK = 6 };
#define FOR_EACH_ROW_COUNT(apply) apply(1) apply(2) apply(3) apply(4) apply(5) apply(6)
#endif

/// c[row][column] (+)= Σ over segments and depth of rows[segment][row][k] · panel[segment · depth + k][column].
/// `rows` holds ROW_BLOCK pointers per segment; c has `c_stride` floats from row to row.
ALWAYS_INLINE void multiply_rows(
    const int row_count, const float *const *rows, int64_t segments, int64_t depth, const float *panel, float *c,
    int64_t c_stride, bool accumulate) {
    vector sums[ROW_BLOCK][2];
#pragma clang loop unroll(full)
    for (int row = 0; row < row_count; row++) {
        sums[row][0] = accumulate ? load(c + row * c_stride) : splat(0);
        sums[row][1] = accumulate ? load(c + row * c_stride + LANES) : splat(0);
    }
    for (int64_t segment = 0; segment < segments; segment++) {
        const float *from[ROW_BLOCK];
#pragma clang loop unroll(full)
        for (int row = 0; row < row_count; row++) from[row] = rows[segment * ROW_BLOCK + row];
        for (int64_t k = 0; k < depth; k++) {
            vector left = load(panel), right = load(panel + LANES);
            panel += PANEL;
#pragma clang loop unroll(full)
            for (int row = 0; row < row_count; row++) {
                vector factor = splat(from[row][k]);
                sums[row][0] += factor * left;
                sums[row][1] += factor * right;
            }
        }
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < row_count; row++) {
        store(c + row * c_stride, sums[row][0]);
        store(c + row * c_stride + LANES, sums[row][1]);
    }
}

/// c[row][column] (+)= Σ_k left[k][row] · right[k][column], with `left_stride` floats from one k of `left` to the next;
/// `right` is a panel.
ALWAYS_INLINE void multiply_columns(
    const int row_count, const float *left, int64_t left_stride, const float *right, int64_t depth, float *c,
    int64_t c_stride, bool accumulate) {
    vector sums[ROW_BLOCK][2];
#pragma clang loop unroll(full)
    for (int row = 0; row < row_count; row++) {
        sums[row][0] = accumulate ? load(c + row * c_stride) : splat(0);
        sums[row][1] = accumulate ? load(c + row * c_stride + LANES) : splat(0);
    }
    for (int64_t k = 0; k < depth; k++) {
        vector first = load(right + k * PANEL), second = load(right + k * PANEL + LANES);
#pragma clang loop unroll(full)
        for (int row = 0; row < row_count; row++) {
            vector factor = splat(left[k * left_stride + row]);
            sums[row][0] += factor * first;
            sums[row][1] += factor * second;
        }
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < row_count; row++) {
        store(c + row * c_stride, sums[row][0]);
        store(c + row * c_stride + LANES, sums[row][1]);
    }
}

#define DEFINE_FOR_ROW_COUNT(count)                                                                               \
    static void multiply_rows_##count(                                                                            \
        const float *const *rows, int64_t segments, int64_t depth, const float *panel, float *c,                  \
        int64_t c_stride, bool accumulate) {                                                                      \
        multiply_rows(count, rows, segments, depth, panel, c, c_stride, accumulate);                              \
    }                                                                                                             \
    static void multiply_columns_##count(                                                                         \
        const float *left, int64_t left_stride, const float *right, int64_t depth, float *c, int64_t c_stride,    \
        bool accumulate) {                                                                                        \
        multiply_columns(count, left, left_stride, right, depth, c, c_stride, accumulate);                        \
    }
FOR_EACH_ROW_COUNT(DEFINE_FOR_ROW_COUNT)
#undef DEFINE_FOR_ROW_COUNT

typedef void (*multiply_rows_function)(
    const float *const *, int64_t, int64_t, const float *, float *, int64_t, bool);
typedef void (*multiply_columns_function)(
    const float *, int64_t, const float *, int64_t, float *, int64_t, bool);

#define NAME_FOR_ROW_COUNT(count) multiply_rows_##count,
static const multiply_rows_function multiply_rows_by_count[ROW_BLOCK] = {FOR_EACH_ROW_COUNT(NAME_FOR_ROW_COUNT)};
#undef NAME_FOR_ROW_COUNT
#define NAME_FOR_ROW_COUNT(count) multiply_columns_##count,
static const multiply_columns_function multiply_columns_by_count[ROW_BLOCK] = {
    FOR_EACH_ROW_COUNT(NAME_FOR_ROW_COUNT)};
#undef NAME_FOR_ROW_COUNT

/// c[row_count][PANEL] (+)= leftᵀ · right, in row blocks as even as possible: small ones leave the multipliers idle.
static inline void multiply_transposed(
    const float *left, int64_t left_stride, const float *right, int64_t depth, float *c, int64_t c_stride,
    int64_t row_count, bool accumulate) {
    int64_t blocks = (row_count + ROW_BLOCK - 1) / ROW_BLOCK;
    for (int64_t block = 0; block < blocks; block++) {
        int64_t first = row_count * block / blocks, last = row_count * (block + 1) / blocks;
        multiply_columns_by_count[last - first - 1](
            left + first, left_stride, right, depth, c + first * c_stride, c_stride, accumulate);
    }
}

/// c[row_count][PANEL] (+)= a · panel for rows that lie `a_stride` apart.
static inline void multiply_matrix(
    const float *a, int64_t a_stride, int64_t row_count, int64_t depth, const float *panel, float *c,
    int64_t c_stride, bool accumulate) {
    int64_t blocks = (row_count + ROW_BLOCK - 1) / ROW_BLOCK;
    for (int64_t block = 0; block < blocks; block++) {
        int64_t first = row_count * block / blocks, last = row_count * (block + 1) / blocks;
        const float *rows[ROW_BLOCK];
        for (int64_t row = first; row < last; row++) rows[row - first] = a + row * a_stride;
        multiply_rows_by_count[last - first - 1](
            rows, 1, depth, panel, c + first * c_stride, c_stride, accumulate);
    }
}
