/// Optimizer updates; the formula is in wright_update.h.
#pragma once

#include "../kernel_set.h"
#include "vector.h"
#include "wright_update.h"

typedef struct {
    float rate, scale, shrink, gradient_scale;
} adam_scalars;

INLINE void adam_vector(const wright_adam_arguments *arguments, const adam_scalars *scalars, int64_t i,
                        int64_t count) {
    floats g = load_some(arguments->gradient + i, count) * scalars->gradient_scale;
    floats m = multiply_add(load_some(arguments->mean + i, count), splat(arguments->beta1),
                            g * arguments->complement1);
    floats v = multiply_add(load_some(arguments->variance + i, count), splat(arguments->beta2),
                            g * g * arguments->complement2);
    floats divisor = multiply_add(square_root(v), splat(scalars->scale), splat(arguments->epsilon));
    floats p = load_some(arguments->parameter + i, count) * scalars->shrink;
    store_some(arguments->new_parameter + i, p - m * scalars->rate / divisor, count);
    store_some(arguments->new_mean + i, m, count);
    store_some(arguments->new_variance + i, v, count);
}

static void adam_share(void *context, int32_t thread, int32_t thread_count) {
    // A copy, so that the compiler knows stores to the arrays do not change it.
    const wright_adam_arguments arguments = *(const wright_adam_arguments *)context;
    const adam_scalars scalars = {
        .rate = *arguments.rate,
        .scale = *arguments.scale,
        .shrink = arguments.shrink ? *arguments.shrink : 1.0f,
        .gradient_scale = arguments.gradient_scale ? *arguments.gradient_scale : 1.0f,
    };
    share part = share_of(arguments.count, 64, thread, thread_count);
    int64_t i = part.first;
    for (; i + LANES <= part.end; i += LANES) adam_vector(&arguments, &scalars, i, LANES);
    if (i < part.end) adam_vector(&arguments, &scalars, i, part.end - i);
}
