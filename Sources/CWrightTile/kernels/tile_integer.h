/// Elementwise instructions on int32 lanes and masks.
#pragma once

#include "tile_walk.h"

/// Like `ELEMENTWISE`, with the operands as `ints` called `p`, `q` and `r`.
#define INTEGER(name, operands, expression)                                                                            \
    INLINE ints name##_int_step(ints p, ints q, ints r, const tile_call *call) {                                      \
        (void)p, (void)q, (void)r, (void)call;                                                                         \
        return (ints)(expression);                                                                                     \
    }                                                                                                                  \
    ELEMENTWISE(name, operands, name##_int_step((ints)a, (ints)b, (ints)c, call))

INTEGER(bit_and, 2, p &q)
INTEGER(bit_or, 2, p | q)
INTEGER(bit_xor, 2, p ^ q)
INTEGER(bit_not, 1, ~p)
INTEGER(select, 3, choose_ints(p, q, r))

// Signed overflow is undefined in C; on words it wraps.
INTEGER(int_add, 2, (words)p + (words)q)
INTEGER(int_subtract, 2, (words)p - (words)q)
INTEGER(int_multiply, 2, (words)p *(words)q)
INTEGER(int_negate, 1, (words){} - (words)p)

INLINE ints divide_lanes(ints a, ints b) {
    ints y;
    // In 64 bits the least int32 divided by −1 has a place to go before it wraps.
    for (int i = 0; i < LANES; i++) y[i] = b[i] ? (int32_t)((int64_t)a[i] / b[i]) : 0;
    return y;
}

INLINE ints remainder_lanes(ints a, ints b) {
    ints y;
    for (int i = 0; i < LANES; i++) {
        int64_t remainder = b[i] ? (int64_t)a[i] % b[i] : 0;
        if (remainder != 0 && (remainder < 0) != (b[i] < 0)) remainder += b[i];
        y[i] = (int32_t)remainder;
    }
    return y;
}

INTEGER(int_divide, 2, divide_lanes(p, q))
INTEGER(int_remainder, 2, remainder_lanes(p, q))
INTEGER(int_maximum, 2, choose_ints(p > q, p, q))
INTEGER(int_minimum, 2, choose_ints(p < q, p, q))
INTEGER(int_absolute, 1, choose_ints(p < 0, (ints)((words){} - (words)p), p))
// A true comparison is −1.
INTEGER(int_sign, 1, (p < 0) - (p > 0))
INTEGER(shift_left, 1, (words)p << (uint32_t)call->integer)
INTEGER(shift_right, 1, (words)p >> (uint32_t)call->integer)
INTEGER(shift_right_signed, 1, p >> call->integer)

INTEGER(int_equal, 2, p == q)
INTEGER(int_not_equal, 2, p != q)
INTEGER(int_less, 2, p < q)
INTEGER(int_less_or_equal, 2, p <= q)
INTEGER(int_greater, 2, p > q)
INTEGER(int_greater_or_equal, 2, p >= q)

// ---- Between kinds of lanes ----------------------------------------------------------------------------------------

INLINE ints truncate_lanes(floats x) {
    // 2147483520 is the largest float below 2³¹; what is above takes the largest int32.
    ints limited = to_ints(lesser(splat(2147483520.0f), greater(splat(-2147483648.0f), x)));
    limited = choose_ints(x >= 2147483648.0f, splat_int(INT32_MAX), limited);
    return limited & (x == x);
}

ELEMENTWISE(float_to_int, 1, truncate_lanes(a))
ELEMENTWISE(int_to_float, 1, to_floats((ints)a))
ELEMENTWISE(mask_to_float, 1, (ints)a &(ints)splat(1.0f))
INTEGER(mask_to_int, 1, p & 1)
INTEGER(wrap_int8, 1, (ints)((words)p << 24) >> 24)
INTEGER(wrap_uint8, 1, p & 255)

/// The upper halves of floats, rounded to nearest even; NaN stays NaN.
INLINE words bfloat16_bits(floats x) {
    words bits = (words)x;
    words rounded = bits + 0x7fff + ((bits >> 16) & 1);
    return (words)choose_ints(x != x, (ints)(bits | 0x400000), (ints)rounded) >> 16;
}

ELEMENTWISE(round_bfloat16, 1, bfloat16_bits(a) << 16)
