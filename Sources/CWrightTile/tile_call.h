/// How the tile interpreter calls a kernel: one instruction over one tile.
#pragma once

#include "wright_tile.h"

/// Where an operand's part of the present tile lies. Element (r, c) is at `pointer + r · row + c · step`, counted in
/// elements of the operand's type (lanes for registers).
typedef struct {
    char *pointer;
    int64_t row;
    /// 1, or 0 if all columns read the same element.
    int64_t step;
} tile_view;

/// The part of the iteration space an instruction works on.
typedef struct {
    int64_t rows, columns;
    /// Where the first element stands in the space, and how far apart rows are when elements are numbered.
    int64_t first_row, first_column, pitch;
    /// Whether what are rows of the space run along the columns here: an instruction on one value per row is run as a
    /// single long row.
    bool transposed;
} tile_extent;

typedef struct {
    const tile_extent *extent;
    /// Null where the opcode has no such operand.
    const tile_view *result, *a, *b, *c;
    float immediate0, immediate1;
    int32_t integer;
} tile_call;

typedef void (*tile_kernel)(const tile_call *call);
