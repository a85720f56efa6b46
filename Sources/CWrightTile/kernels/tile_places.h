/// Instructions that depend on where an element stands: indices and random numbers.
#pragma once

#include "tile_walk.h"

// ---- Indices -------------------------------------------------------------------------------------------------------

/// result = first + row · per_row + column · per_column
INLINE void write_indices(const tile_call *call, int64_t first, int64_t per_row, int64_t per_column) {
    int64_t columns = call->extent->columns;
    ints steps = lane_indices() * (int32_t)per_column;
    for (int64_t row = 0; row < call->extent->rows; row++) {
        int32_t *result = (int32_t *)call->result->pointer + row * call->result->row;
        for (int64_t i = 0; i < columns; i += LANES) {
            ints indices = steps + splat_int((int32_t)(first + row * per_row + i * per_column));
            if (columns - i >= LANES) {
                store_ints(result + i, indices);
            } else {
                store_first(result + i, (floats)indices, columns - i);
            }
        }
    }
}

static void iota_column_tile(const tile_call *call) {
    write_indices(call, call->extent->first_column, 0, !call->extent->transposed);
}

static void iota_row_tile(const tile_call *call) {
    bool transposed = call->extent->transposed;
    write_indices(call, call->extent->first_row, !transposed, transposed);
}

static void iota_linear_tile(const tile_call *call) {
    const tile_extent *extent = call->extent;
    int64_t first = extent->first_row * extent->pitch + extent->first_column;
    write_indices(call, first, extent->pitch, extent->transposed ? extent->pitch : 1);
}

// ---- Random numbers ------------------------------------------------------------------------------------------------

/// The halves of `a · b` in each lane.
INLINE void multiply_wide(words a, uint32_t b, words *high, words *low) {
    long_words even = ((long_words)a & 0xffffffffu) * b, odd = ((long_words)a >> 32) * b;
    *low = (words)((even & 0xffffffffu) | (odd << 32));
    *high = (words)((even >> 32) | (odd & ~(uint64_t)0xffffffffu));
}

/// Four words per block, one block per lane; see wright_random.h.
INLINE void philox_lanes(words counter[4], uint32_t key0, uint32_t key1) {
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
        words high0, low0, high1, low1;
        multiply_wide(counter[0], 0xD2511F53u, &high0, &low0);
        multiply_wide(counter[2], 0xCD9E8D57u, &high1, &low1);
        counter[0] = high1 ^ counter[1] ^ key0;
        counter[1] = low1;
        counter[2] = high0 ^ counter[3] ^ key1;
        counter[3] = low0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
}

// The 4 × 4 transpose below works inside groups of four lanes: these take the low or high pairs of each group.
#if LANES == 16
#define LOW_WORDS(x, y) __builtin_shufflevector(x, y, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define HIGH_WORDS(x, y) __builtin_shufflevector(x, y, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define LOW_PAIRS(x, y) __builtin_shufflevector(x, y, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define HIGH_PAIRS(x, y) __builtin_shufflevector(x, y, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#elif LANES == 8
#define LOW_WORDS(x, y) __builtin_shufflevector(x, y, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH_WORDS(x, y) __builtin_shufflevector(x, y, 2, 10, 3, 11, 6, 14, 7, 15)
#define LOW_PAIRS(x, y) __builtin_shufflevector(x, y, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH_PAIRS(x, y) __builtin_shufflevector(x, y, 2, 3, 10, 11, 6, 7, 14, 15)
#else
#define LOW_WORDS(x, y) __builtin_shufflevector(x, y, 0, 4, 1, 5)
#define HIGH_WORDS(x, y) __builtin_shufflevector(x, y, 2, 6, 3, 7)
#define LOW_PAIRS(x, y) __builtin_shufflevector(x, y, 0, 1, 4, 5)
#define HIGH_PAIRS(x, y) __builtin_shufflevector(x, y, 2, 3, 6, 7)
#endif

/// The words of `LANES` blocks from `block` on, in the order of their elements.
INLINE void random_words(uint64_t block, uint32_t stream, const uint32_t *key, words result[4]) {
    // Lane 4g + k works on block k · groups + g, which makes every vector of the transpose a run of elements.
    words offsets;
    for (int lane = 0; lane < LANES; lane++) offsets[lane] = (uint32_t)(lane % 4 * (LANES / 4) + lane / 4);
    words low = offsets + (uint32_t)block;
    words carry = (words)(low < offsets) & (1u << 24);
    words x[4] = {low, carry + (stream + ((uint32_t)(block >> 32) << 24)), (words){} + key[2], (words){} + key[3]};
    philox_lanes(x, key[0], key[1]);

    words a = LOW_WORDS(x[0], x[1]), b = LOW_WORDS(x[2], x[3]);
    words c = HIGH_WORDS(x[0], x[1]), d = HIGH_WORDS(x[2], x[3]);
    result[0] = LOW_PAIRS(a, b);
    result[1] = HIGH_PAIRS(a, b);
    result[2] = LOW_PAIRS(c, d);
    result[3] = HIGH_PAIRS(c, d);
}

INLINE floats uniform_lanes(words bits) { return to_floats((ints)(bits >> 8)) * 5.9604644775390625e-8f; }
INLINE floats bit_lanes(words bits) { return (floats)bits; }

/// Fills `result` with the numbers of elements `first`, `first + 1` …
INLINE void write_random(float *result, uint64_t first, int64_t count, uint32_t stream, const uint32_t *key,
                         floats (*finish)(words)) {
    // Elements of the first block that come before the first one wanted.
    int64_t skip = (int64_t)(first % 4);
    uint64_t block = first / 4;
    for (int64_t i = -skip; i < count; i += 4 * LANES, block += LANES) {
        words bits[4];
        random_words(block, stream, key, bits);
        floats numbers[4];
        for (int v = 0; v < 4; v++) numbers[v] = finish(bits[v]);
        if (i >= 0 && i + 4 * LANES <= count) {
            for (int v = 0; v < 4; v++) store(result + i + v * LANES, numbers[v]);
        } else {
            int64_t from = i < 0 ? -i : 0, end = count - i < 4 * LANES ? count - i : 4 * LANES;
            memcpy(result + i + from, (const float *)numbers + from, (size_t)(end - from) * sizeof(float));
        }
    }
}

INLINE void write_random_tile(const tile_call *call, floats (*finish)(words)) {
    const tile_extent *extent = call->extent;
    const uint32_t *key = (const uint32_t *)call->a->pointer;
    int64_t rows = extent->rows, columns = extent->columns;
    int64_t first = extent->transposed ? extent->first_row : extent->first_row * extent->pitch + extent->first_column;
    if (columns == extent->pitch && is_dense(call->result, columns)) {
        columns *= rows;
        rows = 1;
    }
    for (int64_t row = 0; row < rows; row++) {
        float *result = (float *)call->result->pointer + row * call->result->row;
        write_random(result, (uint64_t)(first + row * extent->pitch), columns, (uint32_t)call->integer, key, finish);
    }
}

static void random_bits_tile(const tile_call *call) { write_random_tile(call, bit_lanes); }
static void random_uniform_tile(const tile_call *call) { write_random_tile(call, uniform_lanes); }
