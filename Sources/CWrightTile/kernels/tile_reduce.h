/// Reductions of float lanes over a tile: along its rows, down its columns, and over all of it.
#pragma once

#include "tile_walk.h"

/// A running reduction per lane, taking in the same lanes of one or two operands.
typedef floats (*take_function)(floats so_far, floats a, floats b);

INLINE floats take_sum(floats so_far, floats a, floats b) { return (void)b, so_far + a; }
INLINE floats take_dot(floats so_far, floats a, floats b) { return multiply_add(a, b, so_far); }
INLINE floats take_maximum(floats so_far, floats a, floats b) { return (void)b, maximum(so_far, a); }
INLINE floats take_minimum(floats so_far, floats a, floats b) { return (void)b, minimum(so_far, a); }

INLINE double join_sum(double a, double b) { return a + b; }
INLINE double join_maximum(double a, double b) { return a != a || a > b ? a : b; }
INLINE double join_minimum(double a, double b) { return a != a || a < b ? a : b; }

/// The reduction of `count` elements of a row. Four running vectors hide the latency of an addition.
INLINE float reduce_run(const row_reader *a, const row_reader *b, int64_t count, float neutral, take_function take,
                        take_function join, float (*fold)(floats)) {
    floats first = splat(neutral), second = first;
    int64_t i = 0;
    if (count >= 4 * LANES) {
        floats third = first, fourth = first;
        for (; i + 4 * LANES <= count; i += 4 * LANES) {
            first = take(first, read_lanes(a, i), read_lanes(b, i));
            second = take(second, read_lanes(a, i + LANES), read_lanes(b, i + LANES));
            third = take(third, read_lanes(a, i + 2 * LANES), read_lanes(b, i + 2 * LANES));
            fourth = take(fourth, read_lanes(a, i + 3 * LANES), read_lanes(b, i + 3 * LANES));
        }
        first = join(first, third, third);
        second = join(second, fourth, fourth);
    }
    for (; i + LANES <= count; i += LANES) first = take(first, read_lanes(a, i), read_lanes(b, i));
    if (i < count) {
        int64_t rest = count - i;
        floats more = take(second, read_first_lanes(a, i, rest), read_first_lanes(b, i, rest));
        second = choose(first_lanes(rest), more, second);
    }
    return fold(join(first, second, second));
}

INLINE void reduce_rows(const tile_call *call, float neutral, take_function take, take_function join,
                        float (*fold)(floats), bool two) {
    float *result = (float *)call->result->pointer;
    for (int64_t row = 0; row < call->extent->rows; row++) {
        row_reader a, b;
        start_row(&a, call->a, row);
        if (two) start_row(&b, call->b, row);
        result[row] = reduce_run(&a, two ? &b : &a, call->extent->columns, neutral, take, join, fold);
    }
}

INLINE floats column_lanes(const tile_view *view, int64_t row, int64_t column) {
    const float *pointer = (const float *)view->pointer + row * view->row;
    return view->step ? load(pointer + column) : splat(*pointer);
}

INLINE floats first_column_lanes(const tile_view *view, int64_t row, int64_t column, int64_t count) {
    const float *pointer = (const float *)view->pointer + row * view->row;
    return view->step ? load_first(pointer + column, count) : splat(*pointer);
}

/// Reduces `vectors` vectors of columns side by side, first over the tile's rows and then into the accumulator: adding
/// up in two levels keeps rounding errors small.
INLINE void reduce_column_block(const tile_call *call, const tile_view *b, int64_t column, int vectors, float neutral,
                                take_function take, take_function join) {
    floats sums[4];
    for (int v = 0; v < vectors; v++) sums[v] = splat(neutral);
    for (int64_t row = 0; row < call->extent->rows; row++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
            int64_t place = column + v * LANES;
            sums[v] = take(sums[v], column_lanes(call->a, row, place), column_lanes(b, row, place));
        }
    }
    float *result = (float *)call->result->pointer + column;
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
        store(result + v * LANES, join(load(result + v * LANES), sums[v], sums[v]));
    }
}

INLINE void reduce_columns(const tile_call *call, float neutral, take_function take, take_function join, bool two) {
    const tile_view *b = two ? call->b : call->a;
    int64_t columns = call->extent->columns, i = 0;
    for (; i + 4 * LANES <= columns; i += 4 * LANES) reduce_column_block(call, b, i, 4, neutral, take, join);
    for (; i + LANES <= columns; i += LANES) reduce_column_block(call, b, i, 1, neutral, take, join);
    if (i < columns) {
        int64_t rest = columns - i;
        floats sum = splat(neutral);
        for (int64_t row = 0; row < call->extent->rows; row++) {
            sum = take(sum, first_column_lanes(call->a, row, i, rest), first_column_lanes(b, row, i, rest));
        }
        float *result = (float *)call->result->pointer + i;
        floats joined = join(load_first(result, rest), sum, sum);
        store_first(result, joined, rest);
    }
}

/// The accumulator is a double, so that millions of tiles add up without loss.
INLINE void reduce_all(const tile_call *call, float neutral, take_function take, take_function join,
                       float (*fold)(floats), double (*join_doubles)(double, double), bool two) {
    int64_t rows = call->extent->rows, columns = call->extent->columns;
    if (is_dense(call->a, columns) && (!two || is_dense(call->b, columns))) {
        columns *= rows;
        rows = 1;
    }
    double *result = (double *)call->result->pointer;
    for (int64_t row = 0; row < rows; row++) {
        row_reader a, b;
        start_row(&a, call->a, row);
        if (two) start_row(&b, call->b, row);
        float sum = reduce_run(&a, two ? &b : &a, columns, neutral, take, join, fold);
        *result = join_doubles(*result, sum);
    }
}

#define REDUCTION(name, neutral, take, join, fold, two)                                                                \
    static void row_##name##_tile(const tile_call *call) { reduce_rows(call, neutral, take, join, fold, two); }        \
    static void column_##name##_tile(const tile_call *call) { reduce_columns(call, neutral, take, join, two); }        \
    static void total_##name##_tile(const tile_call *call) {                                                           \
        reduce_all(call, neutral, take, join, fold, join_##name, two);                                                 \
    }
#define join_dot join_sum

REDUCTION(sum, 0.0f, take_sum, take_sum, sum_of_lanes, false)
REDUCTION(dot, 0.0f, take_dot, take_sum, sum_of_lanes, true)
REDUCTION(maximum, -INFINITY, take_maximum, take_maximum, maximum_of_lanes, false)
REDUCTION(minimum, INFINITY, take_minimum, take_minimum, minimum_of_lanes, false)
