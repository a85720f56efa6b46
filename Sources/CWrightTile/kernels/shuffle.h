/// Shuffles that work the same in every group of four lanes, and the transpose of a square of lanes built from them.
#pragma once

#include "vector.h"

// The low or high halves of each group of four lanes, interleaved by single words or by pairs of words.
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

/// Transposes LANES × LANES words in place.
INLINE void transpose_square(words rows[LANES]) {
    words mixed[LANES];
    // Inside groups of four lanes: row 4g + k then holds column k of each group for rows 4g … 4g + 3.
#pragma clang loop unroll(full)
    for (int g = 0; g < LANES; g += 4) {
        words a = LOW_WORDS(rows[g], rows[g + 1]), b = LOW_WORDS(rows[g + 2], rows[g + 3]);
        words c = HIGH_WORDS(rows[g], rows[g + 1]), d = HIGH_WORDS(rows[g + 2], rows[g + 3]);
        mixed[g] = LOW_PAIRS(a, b);
        mixed[g + 1] = HIGH_PAIRS(a, b);
        mixed[g + 2] = LOW_PAIRS(c, d);
        mixed[g + 3] = HIGH_PAIRS(c, d);
    }
    // Then among the groups.
#pragma clang loop unroll(full)
    for (int k = 0; k < 4; k++) {
#if LANES == 16
        words x0 = mixed[k], x1 = mixed[k + 4], x2 = mixed[k + 8], x3 = mixed[k + 12];
        words a = __builtin_shufflevector(x0, x1, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
        words b = __builtin_shufflevector(x0, x1, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
        words c = __builtin_shufflevector(x2, x3, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
        words d = __builtin_shufflevector(x2, x3, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
        rows[k] = __builtin_shufflevector(a, c, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
        rows[k + 4] = __builtin_shufflevector(a, c, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
        rows[k + 8] = __builtin_shufflevector(b, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
        rows[k + 12] = __builtin_shufflevector(b, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
#elif LANES == 8
        words x0 = mixed[k], x1 = mixed[k + 4];
        rows[k] = __builtin_shufflevector(x0, x1, 0, 1, 2, 3, 8, 9, 10, 11);
        rows[k + 4] = __builtin_shufflevector(x0, x1, 4, 5, 6, 7, 12, 13, 14, 15);
#else
        rows[k] = mixed[k];
#endif
    }
}
