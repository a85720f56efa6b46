/// Load and store: between lanes and the element types of memory.
#pragma once

#include "tile_integer.h"

typedef uint16_t bfloat16;
typedef uint8_t boolean;
typedef uint16_t bfloat16s __attribute__((vector_size(LANES * 2)));
typedef uint8_t booleans __attribute__((vector_size(LANES)));
typedef uint8_t uint8_ts __attribute__((vector_size(LANES)));
typedef int8_t int8_ts __attribute__((vector_size(LANES)));
typedef int64_t int64_ts __attribute__((vector_size(LANES * 8)));

// What a vector of each type becomes in lanes, and back.
#define LANES_FROM_bfloat16(x) (ints)(__builtin_convertvector(x, words) << 16)
#define LANES_FROM_boolean(x) (__builtin_convertvector(x, ints) != 0)
#define LANES_FROM_uint8_t(x) __builtin_convertvector(x, ints)
#define LANES_FROM_int8_t(x) __builtin_convertvector(x, ints)
#define LANES_FROM_int64_t(x) __builtin_convertvector(x, ints)
#define bfloat16_FROM_LANES(x) __builtin_convertvector(bfloat16_bits((floats)(x)), bfloat16s)
#define boolean_FROM_LANES(x) __builtin_convertvector(((x) != 0) & 1, booleans)
#define uint8_t_FROM_LANES(x) __builtin_convertvector((words)(x), uint8_ts)
#define int8_t_FROM_LANES(x) __builtin_convertvector(x, int8_ts)
#define int64_t_FROM_LANES(x) __builtin_convertvector(x, int64_ts)

/// Defines `load_<type>` and `store_<type>`. The ends of rows pass through a vector on the stack, so memory outside the
/// operand is left alone.
#define LOAD_AND_STORE(type)                                                                                           \
    INLINE ints type##_to_lanes(const void *source, int64_t count) {                                                   \
        type##s x = {};                                                                                                \
        memcpy(&x, source, (size_t)count * sizeof(type));                                                              \
        return LANES_FROM_##type(x);                                                                                   \
    }                                                                                                                  \
    static void load_##type(const tile_call *call) {                                                                   \
        int64_t columns = call->extent->columns;                                                                       \
        for (int64_t row = 0; row < call->extent->rows; row++) {                                                       \
            const type *source = (const type *)call->a->pointer + row * call->a->row;                                  \
            int32_t *result = (int32_t *)call->result->pointer + row * call->result->row;                              \
            int64_t i = 0;                                                                                             \
            if (!call->a->step) {                                                                                      \
                int32_t value = type##_to_lanes(source, 1)[0];                                                         \
                for (; i < columns; i++) result[i] = value;                                                            \
            }                                                                                                          \
            for (; i + LANES <= columns; i += LANES) store_ints(result + i, type##_to_lanes(source + i, LANES));       \
            for (; i < columns; i++) result[i] = type##_to_lanes(source + i, 1)[0];                                    \
        }                                                                                                              \
    }                                                                                                                  \
    static void store_##type(const tile_call *call) {                                                                  \
        int64_t columns = call->extent->columns;                                                                       \
        for (int64_t row = 0; row < call->extent->rows; row++) {                                                       \
            row_reader a;                                                                                              \
            start_row(&a, call->a, row);                                                                               \
            type *result = (type *)call->result->pointer + row * call->result->row;                                    \
            int64_t i = 0;                                                                                             \
            for (; i + LANES <= columns; i += LANES) {                                                                 \
                type##s x = type##_FROM_LANES((ints)read_lanes(&a, i));                                                \
                memcpy(result + i, &x, sizeof(x));                                                                     \
            }                                                                                                          \
            if (i < columns) {                                                                                         \
                type##s x = type##_FROM_LANES((ints)read_first_lanes(&a, i, columns - i));                             \
                for (int64_t j = 0; i + j < columns; j++) result[i + j] = x[j];                                        \
            }                                                                                                          \
        }                                                                                                              \
    }

LOAD_AND_STORE(bfloat16)
LOAD_AND_STORE(boolean)
LOAD_AND_STORE(uint8_t)
LOAD_AND_STORE(int8_t)
LOAD_AND_STORE(int64_t)
