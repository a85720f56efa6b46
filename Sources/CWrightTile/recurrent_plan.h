/// How the hidden weights of a recurrent layer are packed, shared by the launch and the kernels.
#pragma once

#include "sizes.h"
#include "wright_recurrent.h"

/// Vectors side by side in a panel of packed weights, the widest kernel's.
#define PANEL_VECTORS 4

static inline int64_t gates_of(wright_cell cell) { return cell == WRIGHT_LSTM ? 4 : cell == WRIGHT_GRU ? 3 : 1; }

/// Vectors in a panel of the forward weights: all gates of some hidden units, so that one pass makes whole states.
static inline int64_t forward_vectors(wright_cell cell) { return cell == WRIGHT_GRU ? 3 : PANEL_VECTORS; }

/// Floats of packed weights with vectors of `lanes` lanes.
static inline int64_t packed_floats(wright_cell cell, int64_t hidden, int64_t lanes) {
    int64_t gates = gates_of(cell), units = forward_vectors(cell) / gates * lanes;
    int64_t forward = divide_up(hidden, units) * forward_vectors(cell) * lanes * hidden;
    int64_t backward = divide_up(hidden, PANEL_VECTORS * lanes) * PANEL_VECTORS * lanes * hidden * gates;
    return larger(forward, backward);
}

/// The widest vectors of any instruction set, for sizes that must do for all.
#define WIDEST_LANES 16
