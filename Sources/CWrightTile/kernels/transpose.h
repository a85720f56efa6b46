/// Transposing matrices of 4-byte elements.
#pragma once

#include "shuffle.h"

/// destination[c, r] = source[r, c] for r < rows, c < columns; pitches count elements.
static void transpose_words(const uint32_t *source, int64_t source_pitch, uint32_t *destination,
                            int64_t destination_pitch, int64_t rows, int64_t columns) {
    int64_t r = 0;
    for (; r + LANES <= rows; r += LANES) {
        int64_t c = 0;
        for (; c + LANES <= columns; c += LANES) {
            words square[LANES];
#pragma clang loop unroll(full)
            for (int i = 0; i < LANES; i++) square[i] = (words)load(source + (r + i) * source_pitch + c);
            transpose_square(square);
#pragma clang loop unroll(full)
            for (int i = 0; i < LANES; i++) store(destination + (c + i) * destination_pitch + r, (floats)square[i]);
        }
        for (; c < columns; c++) {
            for (int i = 0; i < LANES; i++) {
                destination[c * destination_pitch + r + i] = source[(r + i) * source_pitch + c];
            }
        }
    }
    for (; r < rows; r++) {
        for (int64_t c = 0; c < columns; c++) destination[c * destination_pitch + r] = source[r * source_pitch + c];
    }
}
