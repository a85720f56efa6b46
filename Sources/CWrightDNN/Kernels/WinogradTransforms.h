// The linear maps of Winograd's F(4, 3) and F(3, 4), along one axis.
//
// Both come from multiplying polynomials by their values at six points: 0, ±5/8, ±3/2 and infinity. The textbook's
// points 0, ±1, ±2 save a few multiplications but lose twice as many bits: in float32 the relative error is 6e-7 with
// these and 13e-7 with those (64 channels). All the constants below are exact in float32.
#pragma once

#include "Vector.h"

enum { TILE = 4, PATCH = 6, POINTS = PATCH * PATCH };

#define POINT_A 0.625f
#define POINT_B 1.5f
#define A2 0.390625f
#define B2 2.25f
#define A3 0.244140625f
#define B3 3.375f
#define A2_PLUS_B2 2.640625f
#define A2_TIMES_B2 0.87890625f
/// Reciprocals of Π (point − other point): a²b² at 0, 2a²(a² − b²) at ±a, 2b²(b² − a²) at ±b.
#define WEIGHT_0 (1.0f / 0.87890625f)
#define WEIGHT_A (1.0f / -1.4526367187500f)
#define WEIGHT_B (1.0f / 8.3671875f)

/// Bᵀ: six values of the input to six points; in place.
ALWAYS_INLINE void input_to_points(vector d[6]) {
    vector at_zero = (d[4] - A2_PLUS_B2 * d[2]) + A2_TIMES_B2 * d[0];
    vector at_infinity = (d[5] - A2_PLUS_B2 * d[3]) + A2_TIMES_B2 * d[1];
    vector even_a = d[4] - B2 * d[2], odd_a = d[3] - B2 * d[1];
    vector even_b = d[4] - A2 * d[2], odd_b = d[3] - A2 * d[1];
    d[0] = at_zero;
    d[1] = even_a + POINT_A * odd_a;
    d[2] = even_a - POINT_A * odd_a;
    d[3] = even_b + POINT_B * odd_b;
    d[4] = even_b - POINT_B * odd_b;
    d[5] = at_infinity;
}

/// Aᵀ of F(4, 3): six points to four results.
ALWAYS_INLINE void points_to_four(const vector p[6], vector y[4]) {
    vector sum_a = p[1] + p[2], difference_a = p[1] - p[2];
    vector sum_b = p[3] + p[4], difference_b = p[3] - p[4];
    y[0] = p[0] + sum_a + sum_b;
    y[1] = POINT_A * difference_a + POINT_B * difference_b;
    y[2] = A2 * sum_a + B2 * sum_b;
    y[3] = A3 * difference_a + (B3 * difference_b + p[5]);
}

/// Aᵀ of F(3, 4): six points to three results.
ALWAYS_INLINE void points_to_three(const vector p[6], vector y[3]) {
    vector sum_a = p[1] + p[2], sum_b = p[3] + p[4];
    y[0] = p[0] + sum_a + sum_b;
    y[1] = POINT_A * (p[1] - p[2]) + POINT_B * (p[3] - p[4]);
    y[2] = A2 * sum_a + (B2 * sum_b + p[5]);
}

/// G of F(4, 3): three weights to six points.
ALWAYS_INLINE void three_to_points(const vector g[3], vector p[6]) {
    vector even_a = WEIGHT_A * (g[0] + A2 * g[2]), odd_a = (WEIGHT_A * POINT_A) * g[1];
    vector even_b = WEIGHT_B * (g[0] + B2 * g[2]), odd_b = (WEIGHT_B * POINT_B) * g[1];
    p[0] = WEIGHT_0 * g[0];
    p[1] = even_a + odd_a;
    p[2] = even_a - odd_a;
    p[3] = even_b + odd_b;
    p[4] = even_b - odd_b;
    p[5] = g[2];
}

/// G of F(3, 4): four output gradients to six points.
ALWAYS_INLINE void four_to_points(const vector g[4], vector p[6]) {
    vector even_a = WEIGHT_A * (g[0] + A2 * g[2]), odd_a = (WEIGHT_A * POINT_A) * (g[1] + A2 * g[3]);
    vector even_b = WEIGHT_B * (g[0] + B2 * g[2]), odd_b = (WEIGHT_B * POINT_B) * (g[1] + B2 * g[3]);
    p[0] = WEIGHT_0 * g[0];
    p[1] = even_a + odd_a;
    p[2] = even_a - odd_a;
    p[3] = even_b + odd_b;
    p[4] = even_b - odd_b;
    p[5] = g[3];
}

/// The four below apply a map along both axes of a patch, rows first; a patch is [row][column].

ALWAYS_INLINE void input_patch_to_points(vector patch[6][6]) {
#pragma clang loop unroll(full)
    for (int row = 0; row < 6; row++) input_to_points(patch[row]);
#pragma clang loop unroll(full)
    for (int column = 0; column < 6; column++) {
        vector line[6];
        for (int row = 0; row < 6; row++) line[row] = patch[row][column];
        input_to_points(line);
        for (int row = 0; row < 6; row++) patch[row][column] = line[row];
    }
}

ALWAYS_INLINE void points_to_result_tile(const vector points[6][6], vector tile[4][4]) {
    vector half[6][4];
#pragma clang loop unroll(full)
    for (int row = 0; row < 6; row++) points_to_four(points[row], half[row]);
#pragma clang loop unroll(full)
    for (int column = 0; column < 4; column++) {
        vector line[6], result[4];
        for (int row = 0; row < 6; row++) line[row] = half[row][column];
        points_to_four(line, result);
        for (int row = 0; row < 4; row++) tile[row][column] = result[row];
    }
}

ALWAYS_INLINE void points_to_weights(const vector points[6][6], vector weights[3][3]) {
    vector half[6][3];
#pragma clang loop unroll(full)
    for (int row = 0; row < 6; row++) points_to_three(points[row], half[row]);
#pragma clang loop unroll(full)
    for (int column = 0; column < 3; column++) {
        vector line[6], result[3];
        for (int row = 0; row < 6; row++) line[row] = half[row][column];
        points_to_three(line, result);
        for (int row = 0; row < 3; row++) weights[row][column] = result[row];
    }
}

ALWAYS_INLINE void weights_to_points(const vector weights[3][3], vector points[6][6]) {
    vector half[3][6];
#pragma clang loop unroll(full)
    for (int row = 0; row < 3; row++) three_to_points(weights[row], half[row]);
#pragma clang loop unroll(full)
    for (int column = 0; column < 6; column++) {
        vector line[3], result[6];
        for (int row = 0; row < 3; row++) line[row] = half[row][column];
        three_to_points(line, result);
        for (int row = 0; row < 6; row++) points[row][column] = result[row];
    }
}

ALWAYS_INLINE void gradient_tile_to_points(const vector tile[4][4], vector points[6][6]) {
    vector half[4][6];
#pragma clang loop unroll(full)
    for (int row = 0; row < 4; row++) four_to_points(tile[row], half[row]);
#pragma clang loop unroll(full)
    for (int column = 0; column < 6; column++) {
        vector line[4], result[6];
        for (int row = 0; row < 4; row++) line[row] = half[row][column];
        four_to_points(line, result);
        for (int row = 0; row < 6; row++) points[row][column] = result[row];
    }
}
