/// Optimizer updates; the formulas are in wright_update.h.
#pragma once

#include "../kernel_set.h"
#include "vector.h"
#include "wright_update.h"

/// The scale of a gradient: absent means 1.
INLINE floats scaled_gradient(const float *gradient, const float *scale, int64_t count) {
    floats g = load_some(gradient, count);
    return scale ? g * *scale : g;
}

/// Calls `step(arguments, scalars, i, count)` for every vector of a thread's share.
#define FOR_EACH_VECTOR(step, arguments, scalars, thread, thread_count)                                                \
    do {                                                                                                               \
        share part = share_of((arguments)->count, 64, thread, thread_count);                                           \
        int64_t i = part.first;                                                                                        \
        for (; i + LANES <= part.end; i += LANES) step(arguments, scalars, i, LANES);                                  \
        if (i < part.end) step(arguments, scalars, i, part.end - i);                                                   \
    } while (false)

// ---- Adam ----------------------------------------------------------------------------------------------------------

typedef struct {
    float step_size, root_scale, keep;
} adam_scalars;

INLINE void adam_step(const wright_adam_arguments *arguments, const adam_scalars *scalars, int64_t i, int64_t count) {
    floats p = load_some(arguments->parameter + i, count);
    floats m = load_some(arguments->first_moment + i, count);
    floats v = load_some(arguments->second_moment + i, count);
    floats g = scaled_gradient(arguments->gradient + i, arguments->gradient_scale, count);
    if (arguments->decoupled) {
        p *= scalars->keep;
    } else {
        g = multiply_add(p, splat(arguments->weight_decay), g);
    }
    m = multiply_add(g - m, splat(1.0f - arguments->beta1), m);
    v = multiply_add(v, splat(arguments->beta2), g * g * (1.0f - arguments->beta2));
    floats divisor = multiply_add(square_root(v), splat(scalars->root_scale), splat(arguments->epsilon));
    p = multiply_add(m / divisor, splat(-scalars->step_size), p);
    store_some(arguments->parameter + i, p, count);
    store_some(arguments->first_moment + i, m, count);
    store_some(arguments->second_moment + i, v, count);
}

static void adam_share(void *context, int32_t thread, int32_t thread_count) {
    // A copy, so that the compiler knows stores to the arrays do not change it.
    const wright_adam_arguments arguments = *(const wright_adam_arguments *)context;
    float learning_rate = *arguments.learning_rate;
    const adam_scalars scalars = {
        .step_size = learning_rate / *arguments.bias_correction1,
        .root_scale = 1.0f / __builtin_sqrtf(*arguments.bias_correction2),
        .keep = 1.0f - learning_rate * arguments.weight_decay,
    };
    FOR_EACH_VECTOR(adam_step, &arguments, &scalars, thread, thread_count);
}

// ---- Adam as a compiled step has it --------------------------------------------------------------------------------

INLINE void adam_step_of_plan(const wright_adam_step_arguments *arguments, const adam_scalars *scalars, int64_t i,
                              int64_t count) {
    floats g = scaled_gradient(arguments->gradient + i, arguments->gradient_scale, count);
    floats m = multiply_add(load_some(arguments->mean + i, count), splat(arguments->beta1),
                            g * arguments->complement1);
    floats v = multiply_add(load_some(arguments->variance + i, count), splat(arguments->beta2),
                            g * g * arguments->complement2);
    floats divisor = multiply_add(square_root(v), splat(scalars->root_scale), splat(arguments->epsilon));
    floats p = load_some(arguments->parameter + i, count) * scalars->keep;
    store_some(arguments->new_parameter + i, p - m * scalars->step_size / divisor, count);
    store_some(arguments->new_mean + i, m, count);
    store_some(arguments->new_variance + i, v, count);
}

static void adam_step_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_adam_step_arguments arguments = *(const wright_adam_step_arguments *)context;
    const adam_scalars scalars = {
        .step_size = *arguments.rate,
        .root_scale = *arguments.scale,
        .keep = arguments.shrink ? *arguments.shrink : 1.0f,
    };
    FOR_EACH_VECTOR(adam_step_of_plan, &arguments, &scalars, thread, thread_count);
}

// ---- Stochastic gradient descent -----------------------------------------------------------------------------------

INLINE void sgd_step(const wright_sgd_arguments *arguments, const float *learning_rate, int64_t i, int64_t count) {
    floats p = load_some(arguments->parameter + i, count);
    floats g = scaled_gradient(arguments->gradient + i, arguments->gradient_scale, count);
    g = multiply_add(p, splat(arguments->weight_decay), g);
    if (arguments->velocity) {
        floats velocity = load_some(arguments->velocity + i, count) * arguments->momentum;
        velocity = multiply_add(g, splat(1.0f - arguments->dampening), velocity);
        store_some(arguments->velocity + i, velocity, count);
        g = arguments->nesterov ? multiply_add(velocity, splat(arguments->momentum), g) : velocity;
    }
    store_some(arguments->parameter + i, multiply_add(g, splat(-*learning_rate), p), count);
}

static void sgd_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_sgd_arguments arguments = *(const wright_sgd_arguments *)context;
    const float learning_rate = *arguments.learning_rate;
    FOR_EACH_VECTOR(sgd_step, &arguments, &learning_rate, thread, thread_count);
}

// ---- RMSprop -------------------------------------------------------------------------------------------------------

INLINE void rmsprop_step(const wright_rmsprop_arguments *arguments, const float *learning_rate, int64_t i,
                         int64_t count) {
    floats p = load_some(arguments->parameter + i, count);
    floats g = scaled_gradient(arguments->gradient + i, arguments->gradient_scale, count);
    g = multiply_add(p, splat(arguments->weight_decay), g);
    floats alpha = splat(arguments->alpha), rest = splat(1.0f - arguments->alpha);
    floats square_average = load_some(arguments->square_average + i, count);
    square_average = multiply_add(square_average, alpha, g * g * rest);
    store_some(arguments->square_average + i, square_average, count);

    floats variance = square_average;
    if (arguments->gradient_average) {
        floats average = multiply_add(load_some(arguments->gradient_average + i, count), alpha, g * rest);
        store_some(arguments->gradient_average + i, average, count);
        variance = multiply_add(-average, average, variance);
    }
    floats change = g / (square_root(variance) + arguments->epsilon);
    if (arguments->velocity) {
        change = multiply_add(load_some(arguments->velocity + i, count), splat(arguments->momentum), change);
        store_some(arguments->velocity + i, change, count);
    }
    store_some(arguments->parameter + i, multiply_add(change, splat(-*learning_rate), p), count);
}

static void rmsprop_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_rmsprop_arguments arguments = *(const wright_rmsprop_arguments *)context;
    const float learning_rate = *arguments.learning_rate;
    FOR_EACH_VECTOR(rmsprop_step, &arguments, &learning_rate, thread, thread_count);
}

// ---- Lion ----------------------------------------------------------------------------------------------------------

INLINE void lion_step(const wright_lion_arguments *arguments, const float *learning_rate, int64_t i, int64_t count) {
    floats p = load_some(arguments->parameter + i, count);
    floats m = load_some(arguments->moment + i, count);
    floats g = scaled_gradient(arguments->gradient + i, arguments->gradient_scale, count);
    floats blend = multiply_add(m, splat(arguments->beta1), g * (1.0f - arguments->beta1));
    // The learning rate with the sign of the blend; 0 stays 0 and NaN spreads.
    floats step = (floats)((ints)splat(*learning_rate) ^ sign_bit(blend));
    step = choose(blend == 0.0f, blend, choose(blend != blend, blend, step));
    p = p * (1.0f - *learning_rate * arguments->weight_decay) - step;
    m = multiply_add(m, splat(arguments->beta2), g * (1.0f - arguments->beta2));
    store_some(arguments->parameter + i, p, count);
    store_some(arguments->moment + i, m, count);
}

static void lion_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_lion_arguments arguments = *(const wright_lion_arguments *)context;
    const float learning_rate = *arguments.learning_rate;
    FOR_EACH_VECTOR(lion_step, &arguments, &learning_rate, thread, thread_count);
}
