/// Reductions of lanes over a tile: along its rows, down its columns, and over all of it.
#pragma once

#include "tile_walk.h"

/// A running reduction per lane, taking in the same lanes of one or two operands.
typedef floats (*take_function)(floats so_far, floats a, floats b);

INLINE floats take_sum(floats so_far, floats a, floats b) { return (void)b, so_far + a; }
INLINE floats take_dot(floats so_far, floats a, floats b) { return multiply_add(a, b, so_far); }
INLINE floats take_product(floats so_far, floats a, floats b) { return (void)b, so_far * a; }
INLINE floats take_maximum(floats so_far, floats a, floats b) { return (void)b, maximum(so_far, a); }
INLINE floats take_minimum(floats so_far, floats a, floats b) { return (void)b, minimum(so_far, a); }

INLINE floats take_int_sum(floats so_far, floats a, floats b) { return (void)b, (floats)((words)so_far + (words)a); }
INLINE floats take_int_product(floats so_far, floats a, floats b) {
    return (void)b, (floats)((words)so_far * (words)a);
}
INLINE floats take_int_maximum(floats so_far, floats a, floats b) {
    return (void)b, choose((ints)so_far > (ints)a, so_far, a);
}
INLINE floats take_int_minimum(floats so_far, floats a, floats b) {
    return (void)b, choose((ints)so_far < (ints)a, so_far, a);
}

/// What a reduction does: where it starts (as bits, for lanes of either kind), how it takes in elements and how it
/// joins what two of it have come to.
typedef struct {
    int32_t neutral;
    take_function take, join;
    bool two_operands;
} reduction;

/// The reduction of `count` elements of a row, in every lane. Four running vectors hide the latency of an addition.
INLINE floats reduce_run(const reduction *kind, const row_reader *a, const row_reader *b, int64_t count) {
    floats first = (floats)splat_int(kind->neutral), second = first;
    int64_t i = 0;
    if (count >= 4 * LANES) {
        floats third = first, fourth = first;
        for (; i + 4 * LANES <= count; i += 4 * LANES) {
            first = kind->take(first, read_lanes(a, i), read_lanes(b, i));
            second = kind->take(second, read_lanes(a, i + LANES), read_lanes(b, i + LANES));
            third = kind->take(third, read_lanes(a, i + 2 * LANES), read_lanes(b, i + 2 * LANES));
            fourth = kind->take(fourth, read_lanes(a, i + 3 * LANES), read_lanes(b, i + 3 * LANES));
        }
        first = kind->join(first, third, third);
        second = kind->join(second, fourth, fourth);
    }
    for (; i + LANES <= count; i += LANES) first = kind->take(first, read_lanes(a, i), read_lanes(b, i));
    if (i < count) {
        int64_t rest = count - i;
        floats more = kind->take(second, read_first_lanes(a, i, rest), read_first_lanes(b, i, rest));
        second = choose(first_lanes(rest), more, second);
    }
    return fold_lanes(kind->join(first, second, second), kind->join);
}

INLINE void reduce_rows(const tile_call *call, const reduction *kind) {
    float *result = (float *)call->result->pointer;
    for (int64_t row = 0; row < call->extent->rows; row++) {
        row_reader a, b;
        start_row(&a, call->a, row);
        if (kind->two_operands) start_row(&b, call->b, row);
        result[row] = reduce_run(kind, &a, kind->two_operands ? &b : &a, call->extent->columns)[0];
    }
}

INLINE floats column_lanes(const tile_view *view, int64_t row, int64_t column, int64_t count) {
    const float *pointer = (const float *)view->pointer + row * view->row;
    return view->step ? load_some(pointer + column, count) : splat(*pointer);
}

/// Reduces `vectors` vectors of columns side by side, the last of `count` lanes, first over the tile's rows and then
/// into the accumulator: adding up in two levels keeps rounding errors small.
INLINE void reduce_column_block(const tile_call *call, const reduction *kind, int64_t column, int vectors,
                                int64_t count) {
    const tile_view *b = kind->two_operands ? call->b : call->a;
    floats sums[4];
    for (int v = 0; v < vectors; v++) sums[v] = (floats)splat_int(kind->neutral);
    for (int64_t row = 0; row < call->extent->rows; row++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
            int64_t place = column + v * LANES;
            sums[v] = kind->take(sums[v], column_lanes(call->a, row, place, count), column_lanes(b, row, place, count));
        }
    }
    float *result = (float *)call->result->pointer + column;
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
        float *place = result + v * LANES;
        store_some(place, kind->join(load_some(place, count), sums[v], sums[v]), count);
    }
}

INLINE void reduce_columns(const tile_call *call, const reduction *kind) {
    int64_t columns = call->extent->columns, i = 0;
    for (; i + 4 * LANES <= columns; i += 4 * LANES) reduce_column_block(call, kind, i, 4, LANES);
    for (; i + LANES <= columns; i += LANES) reduce_column_block(call, kind, i, 1, LANES);
    if (i < columns) reduce_column_block(call, kind, i, 1, columns - i);
}

/// The accumulator is a double, so that millions of tiles add up without loss.
INLINE void reduce_all(const tile_call *call, const reduction *kind, double (*join)(double, double)) {
    int64_t rows = call->extent->rows, columns = call->extent->columns;
    if (is_dense(call->a, columns) && (!kind->two_operands || is_dense(call->b, columns))) {
        columns *= rows;
        rows = 1;
    }
    double *result = (double *)call->result->pointer;
    for (int64_t row = 0; row < rows; row++) {
        row_reader a, b;
        start_row(&a, call->a, row);
        if (kind->two_operands) start_row(&b, call->b, row);
        floats sum = reduce_run(kind, &a, kind->two_operands ? &b : &a, columns);
        *result = join(*result, sum[0]);
    }
}

INLINE double add_doubles(double a, double b) { return a + b; }
INLINE double greater_double(double a, double b) { return a != a || a > b ? a : b; }
INLINE double lesser_double(double a, double b) { return a != a || a < b ? a : b; }

#define REDUCTION(name, neutral, take, join, two_operands)                                                             \
    static const reduction name##_reduction = {neutral, take, join, two_operands};                                     \
    static void row_##name##_tile(const tile_call *call) { reduce_rows(call, &name##_reduction); }                     \
    static void column_##name##_tile(const tile_call *call) { reduce_columns(call, &name##_reduction); }

#define TOTAL(name, join_doubles)                                                                                      \
    static void total_##name##_tile(const tile_call *call) { reduce_all(call, &name##_reduction, join_doubles); }

#define BITS_OF_ONE 0x3f800000
#define BITS_OF_INFINITY 0x7f800000
#define BITS_OF_MINUS_INFINITY ((int32_t)0xff800000)

REDUCTION(sum, 0, take_sum, take_sum, false)
REDUCTION(dot, 0, take_dot, take_sum, true)
REDUCTION(product, BITS_OF_ONE, take_product, take_product, false)
REDUCTION(maximum, BITS_OF_MINUS_INFINITY, take_maximum, take_maximum, false)
REDUCTION(minimum, BITS_OF_INFINITY, take_minimum, take_minimum, false)
REDUCTION(int_sum, 0, take_int_sum, take_int_sum, false)
REDUCTION(int_product, 1, take_int_product, take_int_product, false)
REDUCTION(int_maximum, INT32_MIN, take_int_maximum, take_int_maximum, false)
REDUCTION(int_minimum, INT32_MAX, take_int_minimum, take_int_minimum, false)
TOTAL(sum, add_doubles)
TOTAL(dot, add_doubles)
TOTAL(maximum, greater_double)
TOTAL(minimum, lesser_double)
