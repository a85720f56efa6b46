/// Elementwise instructions on float lanes.
#pragma once

#include "tile_walk.h"
#include "vector_math.h"

ELEMENTWISE(move, 1, a)

ELEMENTWISE(add, 2, a + b)
ELEMENTWISE(subtract, 2, a - b)
ELEMENTWISE(multiply, 2, a * b)
ELEMENTWISE(divide, 2, a / b)
ELEMENTWISE(maximum, 2, maximum(a, b))
ELEMENTWISE(minimum, 2, minimum(a, b))
ELEMENTWISE(power, 2, vector_power(a, b))
ELEMENTWISE(remainder, 2, vector_remainder(a, b))
ELEMENTWISE(relu_gradient, 2, (ints)a & (b > 0.0f))
ELEMENTWISE(gelu_gradient, 2, a * vector_gelu_slope(b))

ELEMENTWISE(multiply_add, 3, multiply_add(a, b, c))
ELEMENTWISE(negated_multiply_add, 3, multiply_add(-a, b, c))

ELEMENTWISE(affine, 1, multiply_add(a, splat(call->immediate0), splat(call->immediate1)))
ELEMENTWISE(add_immediate, 1, a + call->immediate0)
ELEMENTWISE(multiply_immediate, 1, a * call->immediate0)
ELEMENTWISE(divide_immediate, 1, call->immediate0 / a)
ELEMENTWISE(blend, 2, multiply_add(a, splat(call->immediate0), b * call->immediate1))
ELEMENTWISE(clamp, 1, clamp(a, splat(call->immediate0), splat(call->immediate1)))

ELEMENTWISE(negate, 1, -a)
ELEMENTWISE(absolute, 1, absolute(a))
ELEMENTWISE(square, 1, a * a)
ELEMENTWISE(square_root, 1, square_root(a))
ELEMENTWISE(reciprocal_square_root, 1, 1.0f / square_root(a))
ELEMENTWISE(reciprocal, 1, 1.0f / a)
ELEMENTWISE(exp, 1, vector_exp(a))
ELEMENTWISE(expm1, 1, vector_expm1(a))
ELEMENTWISE(log, 1, vector_log(a))
ELEMENTWISE(log1p, 1, vector_log1p(a))
ELEMENTWISE(tanh, 1, vector_tanh(a))
ELEMENTWISE(sigmoid, 1, vector_sigmoid(a))
ELEMENTWISE(erf, 1, vector_erf(a))
ELEMENTWISE(sine, 1, vector_sine(a))
ELEMENTWISE(cosine, 1, vector_cosine(a))
ELEMENTWISE(floor, 1, __builtin_elementwise_floor(a))
ELEMENTWISE(ceiling, 1, __builtin_elementwise_ceil(a))
ELEMENTWISE(round, 1, __builtin_elementwise_roundeven(a))
ELEMENTWISE(sign, 1, choose(a == 0.0f, splat(0.0f), choose(a != a, a, (floats)((ints)splat(1.0f) | sign_bit(a)))))
ELEMENTWISE(relu, 1, greater(splat(0.0f), a))
ELEMENTWISE(gelu, 1, vector_gelu(a))

ELEMENTWISE(equal, 2, a == b)
ELEMENTWISE(not_equal, 2, a != b)
ELEMENTWISE(less, 2, a < b)
ELEMENTWISE(less_or_equal, 2, a <= b)
ELEMENTWISE(greater, 2, a > b)
ELEMENTWISE(greater_or_equal, 2, a >= b)
ELEMENTWISE(is_nan, 1, a != a)
ELEMENTWISE(is_finite, 1, absolute(a) < INFINITY)
