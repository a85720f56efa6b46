/// The gradients of recurrent layers; what is computed is said in wright_recurrent.h.
#pragma once

#include "../kernel_set.h"
#include "recurrent_multiply.h"
#include "vector_math.h"

/// Weights that one pass over the rows multiplies with: a piece of a panel that stays in the L1 cache.
#define DEPTH_AT_ONCE 128

/// One row at one step.
typedef struct {
    const float *activations, *old_state, *state, *old_cell, *cell;
    /// What arrives from outside, or null.
    const float *state_cotangent, *cell_cotangent;
    /// What arrives from the step that came after, and, when done, what goes to the one before but for the product.
    float *carried_state, *carried_cell;
    float *projected_gradient, *hidden_gradient;
} recurrent_gradient_place;

INLINE void lstm_gradient(const recurrent_gradient_place *at, int64_t hidden, int64_t unit, int64_t count, floats dh) {
    floats gates[4];
#pragma clang loop unroll(full)
    for (int g = 0; g < 4; g++) gates[g] = load_some(at->activations + g * hidden + unit, count);
    floats squashed = vector_tanh(load_some(at->cell + unit, count));
    floats dc = load_some(at->carried_cell + unit, count);
    if (at->cell_cotangent) dc += load_some(at->cell_cotangent + unit, count);
    dc += dh * gates[3] * (1.0f - squashed * squashed);
    floats old = load_some(at->old_cell + unit, count);
    float *gradient = at->projected_gradient + unit;
    store_some(gradient, dc * gates[2] * gates[0] * (1.0f - gates[0]), count);
    store_some(gradient + hidden, dc * old * gates[1] * (1.0f - gates[1]), count);
    store_some(gradient + 2 * hidden, dc * gates[0] * (1.0f - gates[2] * gates[2]), count);
    store_some(gradient + 3 * hidden, dh * squashed * gates[3] * (1.0f - gates[3]), count);
    store_some(at->carried_cell + unit, dc * gates[1], count);
    store_some(at->carried_state + unit, (floats){}, count);
}

INLINE void gru_gradient(const recurrent_gradient_place *at, int64_t hidden, int64_t unit, int64_t count, floats dh) {
    const float *activations = at->activations + unit;
    floats reset = load_some(activations, count), update = load_some(activations + hidden, count);
    floats candidate = load_some(activations + 2 * hidden, count), product = load_some(activations + 3 * hidden, count);
    floats old = load_some(at->old_state + unit, count);
    floats d_candidate = dh * (1.0f - update) * (1.0f - candidate * candidate);
    floats d_update = dh * (old - candidate) * update * (1.0f - update);
    floats d_reset = d_candidate * product * reset * (1.0f - reset);
    float *projected = at->projected_gradient + unit, *hidden_part = at->hidden_gradient + unit;
    store_some(projected, d_reset, count);
    store_some(projected + hidden, d_update, count);
    store_some(projected + 2 * hidden, d_candidate, count);
    store_some(hidden_part, d_reset, count);
    store_some(hidden_part + hidden, d_update, count);
    store_some(hidden_part + 2 * hidden, d_candidate * reset, count);
    store_some(at->carried_state + unit, dh * update, count);
}

INLINE void rnn_gradient(wright_cell cell, const recurrent_gradient_place *at, int64_t unit, int64_t count, floats dh) {
    floats state = load_some(at->state + unit, count);
    floats gradient = cell == WRIGHT_RNN_TANH ? dh * (1.0f - state * state) : choose(state > 0.0f, dh, (floats){});
    store_some(at->projected_gradient + unit, gradient, count);
    store_some(at->carried_state + unit, (floats){}, count);
}

/// The gates' gradients of one row at one step. `cell` is a constant at each use.
INLINE void gate_gradients(wright_cell cell, const recurrent_gradient_place *at, int64_t hidden, bool is_past_end) {
    for (int64_t unit = 0; unit < hidden; unit += LANES) {
        int64_t count = smaller(LANES, hidden - unit);
        floats dh = load_some(at->carried_state + unit, count);
        if (at->state_cotangent) dh += load_some(at->state_cotangent + unit, count);
        if (!is_past_end) {
            if (cell == WRIGHT_LSTM) {
                lstm_gradient(at, hidden, unit, count, dh);
            } else if (cell == WRIGHT_GRU) {
                gru_gradient(at, hidden, unit, count, dh);
            } else {
                rnn_gradient(cell, at, unit, count, dh);
            }
            continue;
        }
        store_some(at->carried_state + unit, dh, count);
        if (cell == WRIGHT_LSTM && at->cell_cotangent) {
            floats dc = load_some(at->carried_cell + unit, count) + load_some(at->cell_cotangent + unit, count);
            store_some(at->carried_cell + unit, dc, count);
        }
        for (int64_t g = 0; g < gates_of(cell); g++) {
            store_some(at->projected_gradient + g * hidden + unit, (floats){}, count);
            if (cell == WRIGHT_GRU) store_some(at->hidden_gradient + g * hidden + unit, (floats){}, count);
        }
    }
}

/// carried[row] += gradient[row] · weightsᵀ for rows [first, end), both with their pitch in memory.
static __attribute__((noinline)) void add_hidden_products(const wright_sequence *s, const float *gradient, float *carried,
                                                          int64_t first, int64_t end) {
    int64_t hidden = s->hidden, columns = gates_of(s->cell) * hidden, width = PANEL_VECTORS * LANES;
    for (int64_t unit = 0; unit < hidden; unit += width) {
        for (int64_t k = 0; k < columns; k += DEPTH_AT_ONCE) {
            const float *panel = s->scratch + unit * columns + k * width;
            for (int64_t row = first, count; row < end; row += count) {
                count = next_rows(end - row);
                floats sums[ROWS_AT_ONCE][PANEL_VECTORS] = {};
                for (int64_t r = 0; r < count; r++) {
                    for (int v = 0; v < PANEL_VECTORS && unit + v * LANES < hidden; v++) {
                        const float *place = carried + (row + r) * hidden + unit + v * LANES;
                        sums[r][v] = load_some(place, smaller(LANES, hidden - unit - v * LANES));
                    }
                }
                multiply_some_rows(count, PANEL_VECTORS, gradient + row * columns + k, columns, panel,
                                   smaller(DEPTH_AT_ONCE, columns - k), sums);
                for (int64_t r = 0; r < count; r++) {
                    for (int v = 0; v < PANEL_VECTORS && unit + v * LANES < hidden; v++) {
                        float *place = carried + (row + r) * hidden + unit + v * LANES;
                        store_some(place, sums[r][v], smaller(LANES, hidden - unit - v * LANES));
                    }
                }
            }
        }
    }
}

/// All steps of rows [first, end), last step first. `cell` is a constant at each use.
INLINE void recurrent_gradient_steps(wright_cell cell, const wright_recurrent_gradient_arguments *arguments,
                                     int64_t first, int64_t end) {
    const wright_sequence *s = &arguments->sequence;
    int64_t hidden = s->hidden, plane = s->batch * hidden, gates = gates_of(cell);
    float *carried_states = arguments->initial_state_gradient, *carried_cells = arguments->initial_cell_gradient;
    size_t bytes = (size_t)((end - first) * hidden) * sizeof(float);
    memset(carried_states + first * hidden, 0, bytes);
    if (cell == WRIGHT_LSTM) memset(carried_cells + first * hidden, 0, bytes);
    for (int64_t i = 0; i < s->steps; i++) {
        int64_t t = s->reversed ? i : s->steps - 1 - i, from = s->reversed ? t + 1 : t, to = s->reversed ? t : t + 1;
        for (int64_t row = first; row < end; row++) {
            int64_t new = to * plane + row * hidden, old = from * plane + row * hidden;
            int64_t step = (t * s->batch + row) * hidden;
            recurrent_gradient_place at = {
                .activations = s->activations ? s->activations + step * 4 : 0,
                .old_state = s->states + old,
                .state = s->states + new,
                .old_cell = s->cells ? s->cells + old : 0,
                .cell = s->cells ? s->cells + new : 0,
                .state_cotangent = arguments->states_cotangent + new,
                .cell_cotangent = arguments->cells_cotangent ? arguments->cells_cotangent + new : 0,
                .carried_state = carried_states + row * hidden,
                .carried_cell = carried_cells ? carried_cells + row * hidden : 0,
                .projected_gradient = arguments->projected_gradient + step * gates,
                .hidden_gradient = arguments->hidden_gradient ? arguments->hidden_gradient + step * gates : 0,
            };
            gate_gradients(cell, &at, hidden, s->lengths && t >= s->lengths[row]);
        }
        const float *gradient = cell == WRIGHT_GRU ? arguments->hidden_gradient : arguments->projected_gradient;
        add_hidden_products(s, gradient + t * plane * gates, carried_states, first, end);
    }
    // The first place's own cotangent.
    int64_t start = s->reversed ? s->steps * plane : 0;
    for (int64_t i = first * hidden; i < end * hidden; i++) {
        carried_states[i] += arguments->states_cotangent[start + i];
        if (arguments->cells_cotangent) carried_cells[i] += arguments->cells_cotangent[start + i];
    }
}

static void recurrent_gradient_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_recurrent_gradient_arguments *arguments = context;
    share part = share_of(arguments->sequence.batch, 1, thread, thread_count);
    if (part.first == part.end) return;
    switch (arguments->sequence.cell) {
    case WRIGHT_LSTM: recurrent_gradient_steps(WRIGHT_LSTM, arguments, part.first, part.end); break;
    case WRIGHT_GRU: recurrent_gradient_steps(WRIGHT_GRU, arguments, part.first, part.end); break;
    case WRIGHT_RNN_TANH: recurrent_gradient_steps(WRIGHT_RNN_TANH, arguments, part.first, part.end); break;
    case WRIGHT_RNN_RELU: recurrent_gradient_steps(WRIGHT_RNN_RELU, arguments, part.first, part.end); break;
    }
}
