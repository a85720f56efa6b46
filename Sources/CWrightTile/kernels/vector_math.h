/// Elementary functions on vectors of float32, within 5·10⁻⁷ relative error.
///
/// The coefficients are minimax fits of the relative error, found by linear programming over a Chebyshev grid. A name
/// like `exp_tail` holds them lowest power first.
#pragma once

#include <math.h>

#include "vector.h"

/// c[0] + c[1] · x + … by Horner's rule.
#define POLYNOMIAL(x, coefficients) polynomial(x, coefficients, (int)(sizeof(coefficients) / sizeof(float)))

INLINE floats polynomial(floats x, const float *coefficients, int count) {
    floats sum = splat(coefficients[count - 1]);
#pragma clang loop unroll(full)
    for (int i = count - 2; i >= 0; i--) sum = multiply_add(sum, x, splat(coefficients[i]));
    return sum;
}

/// Adding and subtracting 1.5 · 2²³ rounds to a whole number, and leaves that number in the low bits of the sum.
static const float rounding_shift = 12582912.0f;

// ln 2 in two parts; the first has few bits, so that a small whole number times it is exact.
static const float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;

/// (eʳ − 1 − r) / r² for |r| ≤ ln 2 / 2, to 1.3·10⁻⁸.
static const float exp_tail[] = {4.999999702e-01f, 1.666654348e-01f, 4.166720062e-02f, 8.366546594e-03f,
                                 1.388252596e-03f};

/// Splits x = n · ln 2 + r, and gives eʳ − 1. The low bits of `*n_bits` are those of n + `bias`.
INLINE floats exp_minus_one_of_remainder(floats x, int bias, words *n_bits) {
    floats shift = splat(rounding_shift + (float)bias);
    floats shifted = multiply_add(x, splat(1.44269504f), shift);
    *n_bits = (words)shifted;
    floats whole = shifted - shift;
    floats r = multiply_add(whole, splat(-ln2_high), x);
    r = multiply_add(whole, splat(-ln2_low), r);
    return multiply_add(POLYNOMIAL(r, exp_tail), r * r, r);
}

INLINE floats vector_exp(floats x) {
    // Beyond these the result is 0 or infinite anyway, and n stays in range.
    x = clamp(x, splat(-104.0f), splat(89.0f));
    words n;
    // The scale comes in two factors, neither of which overflows: the halves of n, each with the bias of an exponent.
    floats partial = exp_minus_one_of_remainder(x, 254, &n) + 1.0f;
    words half = n >> 1;
    return partial * (floats)(half << 23) * (floats)((n - half) << 23);
}

/// exp(x) for x up to 88, and 0 below −87.7: enough for a softmax, whose largest score is subtracted first.
INLINE floats softmax_exp(floats x) {
    // At −88 the scale is 2⁻¹²⁷, whose exponent bits are those of 0.
    words n;
    floats partial = exp_minus_one_of_remainder(greater(splat(-88.0f), x), 127, &n) + 1.0f;
    return partial * (floats)(n << 23);
}

INLINE floats vector_expm1(floats x) {
    // Below −18 the result rounds to −1.
    floats limited = clamp(x, splat(-18.0f), splat(89.0f));
    words n;
    floats partial = exp_minus_one_of_remainder(limited, 126, &n);
    // 2ⁿ · partial + (2ⁿ − 1), at half scale because 2¹²⁸ is too large.
    floats half_scale = (floats)(n << 23);
    floats result = 2.0f * multiply_add(half_scale, partial, half_scale - 0.5f);
    return choose(x == 0.0f, x, result);
}

/// (log(1 + f) − f + f² / 2) / f³ for √½ − 1 ≤ f ≤ √2 − 1, to 6·10⁻⁹.
static const float log_tail[] = {3.333333135e-01f,  -2.500082552e-01f, 2.000123560e-01f, -1.662314683e-01f,
                                 1.420138180e-01f, -1.316199303e-01f, 1.276533604e-01f, -7.634302974e-02f};

/// log(x) for positive normal x.
INLINE floats log_of_normal(floats x) {
    // x = 2ⁿ · (1 + f), the fraction centred on 1.
    ints bits = (ints)x;
    ints n = (bits - 0x3f3504f3) >> 23;
    floats f = (floats)(bits - (n << 23)) - 1.0f;
    floats exponent = to_floats(n);

    floats square = f * f;
    floats tail = POLYNOMIAL(f, log_tail) * f * square;
    tail = multiply_add(exponent, splat(ln2_low), tail);
    tail = multiply_add(square, splat(-0.5f), tail);
    return multiply_add(exponent, splat(ln2_high), f + tail);
}

/// log(x) for any x, in lanes where it may be no positive normal number.
static __attribute__((noinline)) floats log_of_anything(floats x) {
    // Denormals have no exponent of their own to read.
    ints tiny = x < 1.17549435e-38f;
    floats y = log_of_normal(choose(tiny, x * 8388608.0f, x));
    y = choose(tiny, y - 15.9423852f, y);
    y = choose(x == 0.0f, splat(-INFINITY), y);
    y = choose(x < 0.0f, splat(NAN), y);
    // Infinity and NaN stay what they are.
    return choose(x < INFINITY, y, x);
}

INLINE floats vector_log(floats x) {
    // Positive normal numbers have the bits from 0x00800000 up to 0x7f800000; one signed comparison finds all others.
    ints strange = (ints)((words)x + 0x7f800000u) >= (int32_t)(0x7f800000u + 0x7f800000u);
    return __builtin_expect(any(strange), 0) ? log_of_anything(x) : log_of_normal(x);
}

INLINE floats vector_log1p(floats x) {
    floats sum = 1.0f + x;
    // What rounding took from the sum, relative to it: log(sum + e) ≈ log(sum) + e / sum. Of an infinite or zero sum
    // nothing is left to correct.
    floats lost = choose((absolute(sum) < INFINITY) & (sum != 0.0f), (x - (sum - 1.0f)) / sum, splat(0.0f));
    floats y = vector_log(sum) + lost;
    // Where x is tiny, x is the answer and keeps −0.
    return choose(absolute(x) < 1e-7f, x, y);
}

INLINE floats vector_sigmoid(floats x) { return 1.0f / (1.0f + vector_exp(-x)); }

/// tanh(x) = x · P(x²) / Q(x²) for |x| ≤ 9.02, to 2.1·10⁻⁸. Beyond, it rounds to ±1.
static const float tanh_numerator[] = {9.999999790e-01f, 1.337971243e-01f, 3.494028148e-03f, 2.058338163e-05f,
                                       1.331894554e-08f};
static const float tanh_denominator[] = {1.0f, 4.671302767e-01f, 2.587104846e-02f, 3.283082601e-04f, 7.761965221e-07f};

INLINE floats vector_tanh(floats x) {
    floats limited = clamp(x, splat(-9.02f), splat(9.02f));
    floats square = limited * limited;
    floats y = limited * POLYNOMIAL(square, tanh_numerator) / POLYNOMIAL(square, tanh_denominator);
    return clamp(y, splat(-1.0f), splat(1.0f));
}

/// erf(x) = x · P(x²) / Q(x²) for |x| ≤ 3.93, to 1.9·10⁻⁸. Beyond, it rounds to ±1.
static const float erf_numerator[] = {1.128379145e+00f, 1.907850555e-01f, 5.279042497e-02f,
                                      3.779651963e-03f, 2.848080423e-04f, 2.041944079e-06f};
static const float erf_denominator[] = {1.0f,             5.024115728e-01f, 1.142580070e-01f,
                                        1.499752852e-02f, 1.165219953e-03f, 3.800376287e-05f};

INLINE floats vector_erf(floats x) {
    floats limited = clamp(x, splat(-3.93f), splat(3.93f));
    floats square = limited * limited;
    floats y = limited * POLYNOMIAL(square, erf_numerator) / POLYNOMIAL(square, erf_denominator);
    return clamp(y, splat(-1.0f), splat(1.0f));
}

/// Φ(x), the share of a standard normal distribution below x.
INLINE floats normal_share(floats x) { return multiply_add(vector_erf(x * 0.70710678f), splat(0.5f), splat(0.5f)); }

INLINE floats vector_gelu(floats x) {
    // −∞ · 0 would be NaN; below −14 the result rounds to −0.
    return greater(splat(-14.0f), x) * normal_share(x);
}

/// gelu′(x) = Φ(x) + x · φ(x)
INLINE floats vector_gelu_slope(floats x) {
    floats limited = clamp(x, splat(-14.0f), splat(14.0f));
    floats density = 0.39894228f * vector_exp(limited * limited * -0.5f);
    return multiply_add(limited, density, normal_share(limited));
}

// ---- Sine and cosine -----------------------------------------------------------------------------------------------

/// π / 2 in four parts. A whole number up to 2¹³ times each of the first three is exact, so the remainder keeps its
/// relative precision even next to a multiple of π.
static const float half_pi_parts[] = {1.5703125000e+00f, 4.8375129700e-04f, 7.5495336205e-08f, 2.5633440683e-12f};
/// Where the reduction above stops being precise; larger arguments go through libm.
static const float largest_quick_angle = 10000.0f;

/// (sin r − r) / r³ and (cos r − 1 + r² / 2) / r⁴ in powers of r², for |r| ≤ π / 4, to 4·10⁻⁹ and 1.2·10⁻¹⁰.
static const float sine_tail[] = {-1.666665524e-01f, 8.332155645e-03f, -1.951463637e-04f};
static const float cosine_tail[] = {4.166664556e-02f, -1.388730947e-03f, 2.443241647e-05f};

/// sin(x + quarter_turns · π / 2) for |x| ≤ `largest_quick_angle`.
INLINE floats sine_of_quick_angle(floats x, int32_t quarter_turns) {
    floats shifted = multiply_add(x, splat(0.636619772f), splat(rounding_shift));
    ints quadrant = (ints)shifted - (ints)splat(rounding_shift) + quarter_turns;
    floats whole = shifted - rounding_shift;
    floats r = x;
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) r = multiply_add(whole, splat(-half_pi_parts[i]), r);

    floats square = r * r;
    floats sine = multiply_add(POLYNOMIAL(square, sine_tail), square * r, r);
    floats cosine = multiply_add(square, splat(-0.5f), splat(1.0f));
    cosine = multiply_add(POLYNOMIAL(square, cosine_tail), square * square, cosine);
    floats y = choose((quadrant & 1) != 0, cosine, sine);
    return (floats)((ints)y ^ ((quadrant & 2) << 30));
}

INLINE floats vector_sine(floats x) {
    ints slow = absolute(x) > largest_quick_angle;
    floats y = sine_of_quick_angle(x, 0);
    if (__builtin_expect(any(slow), 0)) {
        for (int i = 0; i < LANES; i++) {
            if (slow[i]) y[i] = sinf(x[i]);
        }
    }
    return choose(x == 0.0f, x, y);
}

INLINE floats vector_cosine(floats x) {
    ints slow = absolute(x) > largest_quick_angle;
    floats y = sine_of_quick_angle(x, 1);
    if (__builtin_expect(any(slow), 0)) {
        for (int i = 0; i < LANES; i++) {
            if (slow[i]) y[i] = cosf(x[i]);
        }
    }
    return y;
}

// ---- Functions of two numbers --------------------------------------------------------------------------------------

INLINE floats vector_power(floats a, floats b) {
    floats y;
    for (int i = 0; i < LANES; i++) y[i] = powf(a[i], b[i]);
    return y;
}

INLINE floats vector_remainder(floats a, floats b) {
    floats y;
    for (int i = 0; i < LANES; i++) {
        float remainder = fmodf(a[i], b[i]);
        if (remainder != 0 && (remainder < 0) != (b[i] < 0)) remainder += b[i];
        y[i] = remainder;
    }
    return y;
}
