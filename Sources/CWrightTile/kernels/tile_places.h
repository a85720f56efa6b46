/// Instructions that depend on where an element stands: indices and random numbers.
#pragma once

#include "shuffle.h"
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

/// What stays the same from block to block, spread over vectors once.
typedef struct {
    words round_keys[10][2];
    words step[2];
    uint32_t stream;
} philox_key;

INLINE void set_up_philox(philox_key *set_up, const uint32_t *key, uint32_t stream) {
    for (uint32_t round = 0; round < 10; round++) {
        set_up->round_keys[round][0] = (words){} + (key[0] + round * 0x9E3779B9u);
        set_up->round_keys[round][1] = (words){} + (key[1] + round * 0xBB67AE85u);
    }
    set_up->step[0] = (words){} + key[2];
    set_up->step[1] = (words){} + key[3];
    set_up->stream = stream;
}

/// Four words per block, one block per lane; see wright_random.h.
INLINE void philox_lanes(words counter[4], const philox_key *key) {
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
        words high0, low0, high1, low1;
        multiply_wide(counter[0], 0xD2511F53u, &high0, &low0);
        multiply_wide(counter[2], 0xCD9E8D57u, &high1, &low1);
        counter[0] = high1 ^ counter[1] ^ key->round_keys[round][0];
        counter[1] = low1;
        counter[2] = high0 ^ counter[3] ^ key->round_keys[round][1];
        counter[3] = low0;
    }
}

/// The words of `LANES` blocks from `block` on, in the order of their elements.
INLINE void random_words(uint64_t block, const philox_key *key, words result[4]) {
    // Lane 4g + k works on block k · groups + g, which makes every vector of the transpose a run of elements.
    words offsets;
    for (int lane = 0; lane < LANES; lane++) offsets[lane] = (uint32_t)(lane % 4 * (LANES / 4) + lane / 4);
    words low = offsets + (uint32_t)block;
    words carry = (words)(low < offsets) & (1u << 24);
    words x[4] = {low, carry + (key->stream + ((uint32_t)(block >> 32) << 24)), key->step[0], key->step[1]};
    philox_lanes(x, key);

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
INLINE void write_random(float *result, uint64_t first, int64_t count, const philox_key *key,
                         floats (*finish)(words)) {
    // Elements of the first block that come before the first one wanted.
    int64_t skip = (int64_t)(first % 4);
    uint64_t block = first / 4;
    for (int64_t i = -skip; i < count; i += 4 * LANES, block += LANES) {
        words bits[4];
        random_words(block, key, bits);
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
    philox_key key;
    set_up_philox(&key, (const uint32_t *)call->a->pointer, (uint32_t)call->integer);
    int64_t rows = extent->rows, columns = extent->columns;
    int64_t first = extent->transposed ? extent->first_row : extent->first_row * extent->pitch + extent->first_column;
    if (columns == extent->pitch && is_dense(call->result, columns)) {
        columns *= rows;
        rows = 1;
    }
    for (int64_t row = 0; row < rows; row++) {
        float *result = (float *)call->result->pointer + row * call->result->row;
        write_random(result, (uint64_t)(first + row * extent->pitch), columns, &key, finish);
    }
}

static void random_bits_tile(const tile_call *call) { write_random_tile(call, bit_lanes); }
static void random_uniform_tile(const tile_call *call) { write_random_tile(call, uniform_lanes); }
