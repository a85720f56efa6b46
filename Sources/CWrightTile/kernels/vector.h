/// Vectors of `LANES` 32-bit lanes, and the few operations on them that C's vector extension lacks.
///
/// Included by files that are compiled once per instruction set, so everything here is static. Plain operators work
/// on the vector types; a comparison gives an `ints` of 0 and −1.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define INLINE static inline __attribute__((always_inline))

typedef float floats __attribute__((vector_size(LANES * 4)));
typedef int32_t ints __attribute__((vector_size(LANES * 4)));
typedef uint32_t words __attribute__((vector_size(LANES * 4)));
typedef uint64_t long_words __attribute__((vector_size(LANES * 4)));

// The same, as they may lie in memory: at any 4-byte boundary, in arrays of any type.
typedef floats floats_in_memory __attribute__((aligned(4), may_alias));
typedef ints ints_in_memory __attribute__((aligned(4), may_alias));

INLINE floats load(const void *source) { return *(const floats_in_memory *)source; }
INLINE void store(void *destination, floats x) { *(floats_in_memory *)destination = x; }
INLINE ints load_ints(const void *source) { return *(const ints_in_memory *)source; }
INLINE void store_ints(void *destination, ints x) { *(ints_in_memory *)destination = x; }

/// Keeps the bits of `x`, whatever they are: it may be an int32 in a float's clothes.
INLINE floats splat(float x) {
    floats spread;
    for (int i = 0; i < LANES; i++) spread[i] = x;
    return spread;
}

INLINE ints splat_int(int32_t x) { return (ints){} + x; }

/// 0, 1, 2 …
INLINE ints lane_indices(void) {
    ints indices;
    for (int i = 0; i < LANES; i++) indices[i] = i;
    return indices;
}

/// The lanes before `count`.
INLINE ints first_lanes(int64_t count) { return lane_indices() < splat_int((int32_t)count); }

/// `a` where the mask is set, else `b`.
INLINE ints choose_ints(ints mask, ints a, ints b) { return (a & mask) | (b & ~mask); }
INLINE floats choose(ints mask, floats a, floats b) { return (floats)choose_ints(mask, (ints)a, (ints)b); }

// ---- The ends of rows ----------------------------------------------------------------------------------------------

/// Loads the first `count` lanes, 0 < count < LANES, touching no memory beyond them; the others are 0.
INLINE floats load_first(const void *source, int64_t count) {
#if LANES == 16
    return (floats)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), source);
#elif LANES == 8
    return (floats)_mm256_maskload_ps(source, (__m256i)first_lanes(count));
#else
    const float *element = source;
    floats x = {};
    x[0] = element[0];
    if (count > 1) x[1] = element[1];
    if (count > 2) x[2] = element[2];
    return x;
#endif
}

/// Stores the first `count` lanes, 0 < count < LANES, and leaves the memory after them alone.
INLINE void store_first(void *destination, floats x, int64_t count) {
#if LANES == 16
    _mm512_mask_storeu_ps(destination, (__mmask16)((1u << count) - 1), (__m512)x);
#elif LANES == 8
    // AVX2's masked store is microcoded on AMD: a dozen cycles against the two or three of these pieces.
    float *element = destination;
    __m128 low = _mm256_castps256_ps128((__m256)x);
    if (count & 4) {
        _mm_storeu_ps(element, low);
        low = _mm256_extractf128_ps((__m256)x, 1);
        element += 4;
    }
    if (count & 2) {
        _mm_storel_pi((__m64 *)element, low);
        low = _mm_movehl_ps(low, low);
        element += 2;
    }
    if (count & 1) _mm_store_ss(element, low);
#else
    float *element = destination;
    element[0] = x[0];
    if (count > 1) element[1] = x[1];
    if (count > 2) element[2] = x[2];
#endif
}

/// The same for any `count` from 1 to LANES. With a constant LANES it costs nothing.
INLINE floats load_some(const void *source, int64_t count) {
    return count == LANES ? load(source) : load_first(source, count);
}

INLINE void store_some(void *destination, floats x, int64_t count) {
    if (count == LANES) {
        store(destination, x);
    } else {
        store_first(destination, x, count);
    }
}

// ---- Arithmetic ----------------------------------------------------------------------------------------------------

/// a · b + c, rounded once if the processor has such an instruction.
INLINE floats multiply_add(floats a, floats b, floats c) {
#if LANES > 4 || defined(__aarch64__)
    return __builtin_elementwise_fma(a, b, c);
#else
    return a * b + c;
#endif
}

/// a < b ? a : b, so that the result is `b` if either is NaN. That is what x86's minimum does.
INLINE floats lesser(floats a, floats b) {
#if LANES == 16
    return (floats)_mm512_min_ps((__m512)a, (__m512)b);
#elif LANES == 8
    return (floats)_mm256_min_ps((__m256)a, (__m256)b);
#elif defined(__x86_64__)
    return (floats)_mm_min_ps((__m128)a, (__m128)b);
#else
    return choose(a < b, a, b);
#endif
}

/// a > b ? a : b, so that the result is `b` if either is NaN.
INLINE floats greater(floats a, floats b) {
#if LANES == 16
    return (floats)_mm512_max_ps((__m512)a, (__m512)b);
#elif LANES == 8
    return (floats)_mm256_max_ps((__m256)a, (__m256)b);
#elif defined(__x86_64__)
    return (floats)_mm_max_ps((__m128)a, (__m128)b);
#else
    return choose(a > b, a, b);
#endif
}

INLINE floats absolute(floats x) { return (floats)((ints)x & 0x7fffffff); }
INLINE ints sign_bit(floats x) { return (ints)x & (int32_t)0x80000000; }

/// NaN if either is NaN.
INLINE floats maximum(floats a, floats b) { return choose(a != a, a, greater(a, b)); }
INLINE floats minimum(floats a, floats b) { return choose(a != a, a, lesser(a, b)); }

/// Limits `x` to [low, high]; NaN stays.
INLINE floats clamp(floats x, floats low, floats high) { return lesser(high, greater(low, x)); }

INLINE floats square_root(floats x) { return __builtin_elementwise_sqrt(x); }
INLINE floats to_floats(ints x) { return __builtin_convertvector(x, floats); }
/// Truncates; lanes must be within the range of int32.
INLINE ints to_ints(floats x) { return __builtin_convertvector(x, ints); }

/// Whether any lane of a mask is set.
INLINE bool any(ints mask) {
#if LANES == 16
    return _mm512_movepi32_mask((__m512i)mask) != 0;
#elif LANES == 8
    return _mm256_movemask_ps((__m256)mask) != 0;
#elif defined(__x86_64__)
    return _mm_movemask_ps((__m128)mask) != 0;
#else
    return vmaxvq_u32((uint32x4_t)mask) != 0;
#endif
}

// ---- Across lanes --------------------------------------------------------------------------------------------------

/// Joins the values of a lane: `b` into `a`. The third operand is not used; it lets functions that take in two operands
/// serve too.
typedef floats (*join_function)(floats a, floats b, floats unused);

/// All lanes joined, in every lane.
INLINE floats fold_lanes(floats x, join_function join) {
#if LANES == 16
    floats swapped = __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    x = join(x, swapped, swapped);
    swapped = __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    x = join(x, swapped, swapped);
    swapped = __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    x = join(x, swapped, swapped);
    swapped = __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
#elif LANES == 8
    floats swapped = __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3);
    x = join(x, swapped, swapped);
    swapped = __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5);
    x = join(x, swapped, swapped);
    swapped = __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6);
#else
    floats swapped = __builtin_shufflevector(x, x, 2, 3, 0, 1);
    x = join(x, swapped, swapped);
    swapped = __builtin_shufflevector(x, x, 1, 0, 3, 2);
#endif
    return join(x, swapped, swapped);
}
