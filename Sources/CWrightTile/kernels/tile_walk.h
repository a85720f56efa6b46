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

/// The rows of up to three operands.
typedef struct {
    row_reader a, b, c;
} row_readers;

INLINE floats read_some(const row_reader *reader, int64_t column, int64_t count) {
    return count == LANES ? read_lanes(reader, column) : read_first_lanes(reader, column, count);
}

/// What the instruction makes of its operands' lanes from `column` on, `count` of them.
INLINE floats apply(const tile_call *call, int operands, lane_function function, const row_readers *readers,
                    int64_t column, int64_t count) {
    floats a = read_some(&readers->a, column, count);
    floats b = operands > 1 ? read_some(&readers->b, column, count) : a;
    floats c = operands > 2 ? read_some(&readers->c, column, count) : a;
    return function(a, b, c, call);
}

INLINE void walk_rows(const tile_call *call, int operands, lane_function function) {
    // Copies: for all the compiler knows, a store to the result might change the originals.
    const tile_view to = *call->result, a = *call->a;
    const tile_view b = operands > 1 ? *call->b : a, c = operands > 2 ? *call->c : a;
    const int64_t rows = call->extent->rows, columns = call->extent->columns, last = columns - LANES;
    for (int64_t row = 0; row < rows; row++) {
        float *result = (float *)to.pointer + row * to.row;
        row_readers readers;
        start_row(&readers.a, &a, row);
        if (operands > 1) start_row(&readers.b, &b, row);
        if (operands > 2) start_row(&readers.c, &c, row);
        if (last < 0) {
            if (columns > 0) store_first(result, apply(call, operands, function, &readers, 0, columns), columns);
            continue;
        }
        // The last vector overlaps the one before, which is quicker than a part of a vector. It is computed before
        // anything of the row is stored, for the result may lie where an operand does.
        floats end = apply(call, operands, function, &readers, last, LANES);
        for (int64_t i = 0; i < last; i += LANES) {
            store(result + i, apply(call, operands, function, &readers, i, LANES));
        }
        store(result + last, end);
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
