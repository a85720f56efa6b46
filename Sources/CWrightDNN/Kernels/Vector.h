// Vectors of LANES floats, for whatever instruction set the including file was given.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef float vector __attribute__((ext_vector_type(LANES)));
typedef float loose_vector __attribute__((ext_vector_type(LANES), aligned(4), may_alias));

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/// Columns of a product that a micro-kernel computes at once: the width of every packed panel.
enum { PANEL = 2 * LANES };

/// Panels that hold so many channels.
ALWAYS_INLINE int64_t panels_of(int64_t channels) { return (channels + PANEL - 1) / PANEL; }

ALWAYS_INLINE vector load(const float *from) { return *(const loose_vector *)from; }

ALWAYS_INLINE void store(float *to, vector value) { *(loose_vector *)to = value; }

ALWAYS_INLINE vector splat(float value) { return (vector)value; }

ALWAYS_INLINE vector larger(vector a, vector b) { return __builtin_elementwise_max(a, b); }

/// The first `count` lanes (fewer than LANES), zeros behind them.
static inline vector load_part(const float *from, int64_t count) {
    float lanes[LANES] = {0};
    for (int64_t lane = 0; lane < count; lane++) lanes[lane] = from[lane];
    return load(lanes);
}

static inline void store_part(float *to, vector value, int64_t count) {
    float lanes[LANES];
    store(lanes, value);
    for (int64_t lane = 0; lane < count; lane++) to[lane] = lanes[lane];
}

/// As many lanes as `left` allows.
ALWAYS_INLINE vector load_up_to(const float *from, int64_t left) {
    return left >= LANES ? load(from) : load_part(from, left);
}

ALWAYS_INLINE void store_up_to(float *to, vector value, int64_t left) {
    if (left >= LANES) {
        store(to, value);
    } else if (left > 0) {
        store_part(to, value, left);
    }
}

#if LANES == 4
#define LOW_HALVES 0, 4, 1, 5
#define HIGH_HALVES 2, 6, 3, 7
#elif LANES == 8
#define LOW_HALVES 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH_HALVES 4, 12, 5, 13, 6, 14, 7, 15
#elif LANES == 16
#define LOW_HALVES 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH_HALVES 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#endif

/// Transposes LANES vectors: each round is a perfect shuffle, and log2(LANES) rounds bring lane l of vector v to lane v
/// of vector l.
ALWAYS_INLINE void transpose(vector rows[LANES]) {
    for (int round = 1; round < LANES; round *= 2) {
        vector mixed[LANES];
#pragma clang loop unroll(full)
        for (int row = 0; row < LANES / 2; row++) {
            mixed[2 * row] = __builtin_shufflevector(rows[row], rows[row + LANES / 2], LOW_HALVES);
            mixed[2 * row + 1] = __builtin_shufflevector(rows[row], rows[row + LANES / 2], HIGH_HALVES);
        }
#pragma clang loop unroll(full)
        for (int row = 0; row < LANES; row++) rows[row] = mixed[row];
    }
}

ALWAYS_INLINE int64_t smaller_count(int64_t a, int64_t b) { return a < b ? a : b; }

/// At least `floats`, and an odd number of cache lines: many streams so far apart never meet in the same cache sets.
ALWAYS_INLINE int64_t spread_stride(int64_t floats) { return ((floats + 15) / 16 | 1) * 16; }

ALWAYS_INLINE int64_t rounded_up(int64_t value, int64_t unit) { return (value + unit - 1) / unit * unit; }
