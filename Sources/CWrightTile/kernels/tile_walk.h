/// The loops of elementwise instructions.
#pragma once

#include "../tile_call.h"
#include "vector.h"

/// One vector of an instruction's result from the same lanes of its operands (garbage for those it has not).
typedef floats (*lane_function)(floats a, floats b, floats c, const tile_call *call);

/// A row of an operand. A single value is spread over a vector of its own that is read again and again, so that one
/// loop serves every mixture of rows and single values.
typedef struct {
    const float *pointer;
    /// All ones where reading moves along the row, 0 where it stays.
    int64_t moving;
    floats spread;
} row_reader;

INLINE void start_row(row_reader *reader, const tile_view *view, int64_t row) {
    const float *pointer = (const float *)view->pointer + row * view->row;
    reader->moving = -view->step;
    reader->pointer = pointer;
    if (!view->step) {
        reader->spread = splat(*pointer);
        reader->pointer = (const float *)&reader->spread;
    }
}

INLINE floats read_lanes(const row_reader *reader, int64_t column) {
    return load(reader->pointer + (column & reader->moving));
}

INLINE floats read_first_lanes(const row_reader *reader, int64_t column, int64_t count) {
    return reader->moving ? load_first(reader->pointer + column, count) : reader->spread;
}

/// Whether the operand's rows follow each other without a gap.
INLINE bool is_dense(const tile_view *view, int64_t columns) { return view->step && view->row == columns; }

/// Rows that follow each other in every operand are one long row.
INLINE void walk_dense(const tile_call *call, int operands, int64_t count, lane_function function) {
    float *result = (float *)call->result->pointer;
    const float *a = operands > 0 ? (const float *)call->a->pointer : result;
    const float *b = operands > 1 ? (const float *)call->b->pointer : a;
    const float *c = operands > 2 ? (const float *)call->c->pointer : a;
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) store(result + i, function(load(a + i), load(b + i), load(c + i), call));
    if (i < count) {
        int64_t rest = count - i;
        floats last = load_first(a + i, rest);
        floats y = function(last, operands > 1 ? load_first(b + i, rest) : last,
                            operands > 2 ? load_first(c + i, rest) : last, call);
        store_first(result + i, y, rest);
    }
}

INLINE void walk_rows(const tile_call *call, int operands, lane_function function) {
    int64_t columns = call->extent->columns;
    for (int64_t row = 0; row < call->extent->rows; row++) {
        float *result = (float *)call->result->pointer + row * call->result->row;
        row_reader a, b, c;
        start_row(&a, call->a, row);
        if (operands > 1) start_row(&b, call->b, row);
        if (operands > 2) start_row(&c, call->c, row);
        int64_t i = 0;
        for (; i + LANES <= columns; i += LANES) {
            floats x = read_lanes(&a, i);
            store(result + i, function(x, operands > 1 ? read_lanes(&b, i) : x, operands > 2 ? read_lanes(&c, i) : x, call));
        }
        if (i < columns) {
            int64_t rest = columns - i;
            floats x = read_first_lanes(&a, i, rest);
            floats y = function(x, operands > 1 ? read_first_lanes(&b, i, rest) : x,
                                operands > 2 ? read_first_lanes(&c, i, rest) : x, call);
            store_first(result + i, y, rest);
        }
    }
}

INLINE void walk(const tile_call *call, int operands, lane_function function) {
    int64_t rows = call->extent->rows, columns = call->extent->columns;
    bool dense = is_dense(call->result, columns) && is_dense(call->a, columns) &&
                 (operands < 2 || is_dense(call->b, columns)) && (operands < 3 || is_dense(call->c, columns));
    bool single = rows == 1 && call->a->step && (operands < 2 || call->b->step) && (operands < 3 || call->c->step);
    if (dense || single) {
        walk_dense(call, operands, rows * columns, function);
    } else {
        walk_rows(call, operands, function);
    }
}

/// Defines the kernel `name` of an instruction with that many operands: `expression` gives a vector of floats from `a`,
/// `b`, `c`, and the immediates in `call`.
#define ELEMENTWISE(name, operands, expression)                                                                        \
    INLINE floats name##_step(floats a, floats b, floats c, const tile_call *call) {                                  \
        (void)a, (void)b, (void)c, (void)call;                                                                         \
        return (floats)(expression);                                                                                   \
    }                                                                                                                  \
    static void name##_tile(const tile_call *call) { walk(call, operands, name##_step); }
