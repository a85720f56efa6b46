/// Recurrent layers forward; what is computed is said in wright_recurrent.h.
#pragma once

#include "../kernel_set.h"
#include "recurrent_multiply.h"
#include "vector_math.h"

/// Where one vector of hidden units of one row lies at one step.
typedef struct {
    /// The first unit and the number of units, at most LANES.
    int64_t unit, count;
    const float *projected, *old_state, *old_cell;
    float *state, *cell, *activations;
    bool is_past_end;
} recurrent_place;

INLINE void finish_lstm(const recurrent_place *at, int64_t hidden, const floats sums[4]) {
    int64_t unit = at->unit, count = at->count;
    floats gates[4];
#pragma clang loop unroll(full)
    for (int g = 0; g < 4; g++) {
        floats sum = sums[g] + load_some(at->projected + g * hidden + unit, count);
        gates[g] = g == 2 ? vector_tanh(sum) : vector_sigmoid(sum);
    }
    floats cell = multiply_add(gates[1], load_some(at->old_cell + unit, count), gates[0] * gates[2]);
    store_some(at->cell + unit, cell, count);
    store_some(at->state + unit, gates[3] * vector_tanh(cell), count);
#pragma clang loop unroll(full)
    for (int g = 0; g < 4; g++) store_some(at->activations + g * hidden + unit, gates[g], count);
}

INLINE void finish_gru(const recurrent_place *at, int64_t hidden, const floats sums[3]) {
    int64_t unit = at->unit, count = at->count;
    const float *projected = at->projected + unit;
    floats reset = vector_sigmoid(sums[0] + load_some(projected, count));
    floats update = vector_sigmoid(sums[1] + load_some(projected + hidden, count));
    floats candidate = vector_tanh(multiply_add(reset, sums[2], load_some(projected + 2 * hidden, count)));
    floats old = load_some(at->old_state + unit, count);
    store_some(at->state + unit, multiply_add(update, old - candidate, candidate), count);
    float *activations = at->activations + unit;
    store_some(activations, reset, count);
    store_some(activations + hidden, update, count);
    store_some(activations + 2 * hidden, candidate, count);
    store_some(activations + 3 * hidden, sums[2], count);
}

INLINE void finish_rnn(wright_cell cell, const recurrent_place *at, floats sum) {
    floats x = sum + load_some(at->projected + at->unit, at->count);
    store_some(at->state + at->unit, cell == WRIGHT_RNN_TANH ? vector_tanh(x) : maximum(x, splat(0.0f)), at->count);
}

/// Where a row's sequence has ended, its state stays.
INLINE void keep_state(const recurrent_place *at, int64_t hidden) {
    int64_t unit = at->unit, count = at->count;
    store_some(at->state + unit, load_some(at->old_state + unit, count), count);
    if (at->cell) store_some(at->cell + unit, load_some(at->old_cell + unit, count), count);
    for (int g = 0; at->activations && g < 4; g++) store_some(at->activations + g * hidden + unit, (floats){}, count);
}

/// One step of rows [first, end). `cell` is a constant at each use.
INLINE void recurrent_step(wright_cell cell, const wright_recurrent_arguments *arguments, int64_t t, int64_t first,
                           int64_t end) {
    const wright_sequence *s = &arguments->sequence;
    const int gates = cell == WRIGHT_LSTM ? 4 : cell == WRIGHT_GRU ? 3 : 1;
    const int vectors = cell == WRIGHT_GRU ? 3 : PANEL_VECTORS, blocks = vectors / gates;
    int64_t hidden = s->hidden, plane = s->batch * hidden;
    int64_t from = s->reversed ? t + 1 : t, to = s->reversed ? t : t + 1;
    for (int64_t unit = 0; unit < hidden; unit += blocks * LANES) {
        const float *panel = s->scratch + unit / (blocks * LANES) * vectors * LANES * hidden;
        for (int64_t row = first, count; row < end; row += count) {
            count = next_rows(end - row);
            floats sums[ROWS_AT_ONCE][PANEL_VECTORS];
            for (int r = 0; r < ROWS_AT_ONCE; r++) {
                for (int v = 0; v < vectors; v++) sums[r][v] = (floats){};
                if (cell != WRIGHT_GRU) continue;
                for (int g = 0; g < 3; g++) {
                    sums[r][g] = load_some(s->bias + g * hidden + unit, smaller(LANES, hidden - unit));
                }
            }
            multiply_some_rows(count, vectors, s->states + from * plane + row * hidden, hidden, panel, hidden, sums);
            for (int64_t r = 0; r < count; r++) {
                for (int block = 0; block < blocks && unit + block * LANES < hidden; block++) {
                    int64_t i = row + r;
                    recurrent_place at = {
                        .unit = unit + block * LANES,
                        .count = smaller(LANES, hidden - unit - block * LANES),
                        .projected = arguments->projected + (t * s->batch + i) * gates * hidden,
                        .old_state = s->states + from * plane + i * hidden,
                        .state = s->states + to * plane + i * hidden,
                        .old_cell = s->cells ? s->cells + from * plane + i * hidden : 0,
                        .cell = s->cells ? s->cells + to * plane + i * hidden : 0,
                        .activations = s->activations ? s->activations + (t * s->batch + i) * 4 * hidden : 0,
                    };
                    if (s->lengths && t >= s->lengths[i]) {
                        keep_state(&at, hidden);
                    } else if (cell == WRIGHT_LSTM) {
                        finish_lstm(&at, hidden, sums[r]);
                    } else if (cell == WRIGHT_GRU) {
                        finish_gru(&at, hidden, sums[r]);
                    } else {
                        finish_rnn(cell, &at, sums[r][block]);
                    }
                }
            }
        }
    }
}

#define RECURRENT_STEPS(name, cell)                                                                                    \
    static __attribute__((noinline)) void name(const wright_recurrent_arguments *arguments, int64_t first, int64_t end) { \
        int64_t steps = arguments->sequence.steps;                                                                     \
        bool reversed = arguments->sequence.reversed;                                                                  \
        for (int64_t i = 0; i < steps; i++) recurrent_step(cell, arguments, reversed ? steps - 1 - i : i, first, end);  \
    }

RECURRENT_STEPS(lstm_steps, WRIGHT_LSTM)
RECURRENT_STEPS(gru_steps, WRIGHT_GRU)
RECURRENT_STEPS(rnn_tanh_steps, WRIGHT_RNN_TANH)
RECURRENT_STEPS(rnn_relu_steps, WRIGHT_RNN_RELU)

static void recurrent_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_recurrent_arguments *arguments = context;
    const wright_sequence *s = &arguments->sequence;
    share part = share_of(s->batch, 1, thread, thread_count);
    if (part.first == part.end) return;
    int64_t start = (s->reversed ? s->steps * s->batch : 0) + part.first;
    size_t bytes = (size_t)((part.end - part.first) * s->hidden) * sizeof(float);
    memcpy(s->states + start * s->hidden, arguments->initial_state + part.first * s->hidden, bytes);
    if (s->cells) memcpy(s->cells + start * s->hidden, arguments->initial_cell + part.first * s->hidden, bytes);
    switch (s->cell) {
    case WRIGHT_LSTM: lstm_steps(arguments, part.first, part.end); break;
    case WRIGHT_GRU: gru_steps(arguments, part.first, part.end); break;
    case WRIGHT_RNN_TANH: rnn_tanh_steps(arguments, part.first, part.end); break;
    case WRIGHT_RNN_RELU: rnn_relu_steps(arguments, part.first, part.end); break;
    }
}
