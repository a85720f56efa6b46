/// Where the largest or smallest element along an axis stands.
#pragma once

#include "../kernel_set.h"
#include "vector.h"
#include "wright_reduce.h"

/// A mask of the lanes in which `x` beats `best`: a NaN beats every number, and nothing beats a NaN. What is looked for
/// must not change within a kernel, so both flags are constants to the compiler.
INLINE ints beats(floats x, floats best, bool largest, bool integers) {
    if (integers) return largest ? (ints)x > (ints)best : (ints)x < (ints)best;
    ints better = largest ? x > best : x < best;
    return better | ((x != x) & (best == best));
}

/// Elements side by side along the innermost axis: one lane each.
INLINE void argreduce_lanes(const float *source, int64_t pitch, int64_t length, int32_t *result, int64_t count,
                            bool largest, bool integers) {
    floats best = load_some(source, count);
    ints place = {};
    for (int64_t k = 1; k < length; k++) {
        floats x = load_some(source + k * pitch, count);
        ints better = beats(x, best, largest, integers);
        best = choose(better, x, best);
        place = choose_ints(better, splat_int((int32_t)k), place);
    }
    store_some(result, (floats)place, count);
}

/// Whether one element beats another; see `beats`.
INLINE bool one_beats(const float *x, const float *best, bool largest, bool integers) {
    if (integers) {
        int32_t a, b;
        memcpy(&a, x, sizeof(a));
        memcpy(&b, best, sizeof(b));
        return largest ? a > b : a < b;
    }
    bool better = largest ? *x > *best : *x < *best;
    return better || (*x != *x && *best == *best);
}

/// Elements one after the other: every lane keeps the best of its own, and then the first of the best lanes wins.
INLINE int32_t argreduce_run(const float *source, int64_t length, bool largest, bool integers) {
    int64_t winner = 0, i = 0;
    if (length >= LANES) {
        floats best = load(source);
        ints place = lane_indices();
        for (i = LANES; i + LANES <= length; i += LANES) {
            floats x = load(source + i);
            ints better = beats(x, best, largest, integers);
            best = choose(better, x, best);
            place = choose_ints(better, lane_indices() + (int32_t)i, place);
        }
        winner = place[0];
        for (int lane = 1; lane < LANES; lane++) {
            const float *candidate = source + place[lane], *leader = source + winner;
            bool better = one_beats(candidate, leader, largest, integers);
            bool equal = !better && !one_beats(leader, candidate, largest, integers);
            if (better || (equal && place[lane] < winner)) winner = place[lane];
        }
    }
    for (; i < length; i++) {
        if (one_beats(source + i, source + winner, largest, integers)) winner = i;
    }
    return (int32_t)winner;
}

INLINE void argreduce_rows(const wright_argreduce_arguments *arguments, share rows, bool largest, bool integers) {
    int64_t length = arguments->length, inner = arguments->inner;
    for (int64_t o = rows.first; o < rows.end; o++) {
        const float *source = (const float *)arguments->source + o * length * inner;
        int32_t *result = arguments->destination + o * inner;
        if (inner == 1) {
            *result = argreduce_run(source, length, largest, integers);
            continue;
        }
        int64_t i = 0;
        for (; i + LANES <= inner; i += LANES) {
            argreduce_lanes(source + i, inner, length, result + i, LANES, largest, integers);
        }
        if (i < inner) argreduce_lanes(source + i, inner, length, result + i, inner - i, largest, integers);
    }
}

static void argreduce_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_argreduce_arguments *arguments = context;
    share rows = share_of(arguments->outer, 1, thread, thread_count);
    bool largest = arguments->reduction == WRIGHT_REDUCE_MAXIMUM, integers = arguments->type == WRIGHT_INT32;
    if (largest && integers) argreduce_rows(arguments, rows, true, true);
    if (largest && !integers) argreduce_rows(arguments, rows, true, false);
    if (!largest && integers) argreduce_rows(arguments, rows, false, true);
    if (!largest && !integers) argreduce_rows(arguments, rows, false, false);
}
