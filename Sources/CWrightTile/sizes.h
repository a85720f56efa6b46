/// Small sums about sizes.
#pragma once

#include "wright_launch.h"

static inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

static inline int64_t greatest_common_divisor(int64_t a, int64_t b) {
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/// Bytes of one element in memory.
static inline int64_t bytes_of(wright_type type) {
    switch (type) {
    case WRIGHT_FLOAT32:
    case WRIGHT_INT32:
        return 4;
    case WRIGHT_BFLOAT16:
        return 2;
    case WRIGHT_INT64:
        return 8;
    case WRIGHT_UINT8:
    case WRIGHT_INT8:
    case WRIGHT_BOOL:
        return 1;
    }
}

/// A thread's part of some things in a row: from `first` up to `end`.
typedef struct {
    int64_t first, end;
} share;

/// Parts are whole multiples of `grain`, so that threads do not write to one cache line.
static inline share share_of(int64_t count, int64_t grain, int32_t thread, int32_t thread_count) {
    int64_t grains = divide_up(count, grain);
    share part = {grains * thread / thread_count * grain, grains * (thread + 1) / thread_count * grain};
    part.first = smaller(part.first, count);
    part.end = smaller(part.end, count);
    return part;
}
