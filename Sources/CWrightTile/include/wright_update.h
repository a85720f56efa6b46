/// The optimizer's update: one pass over flat arrays of parameters and moments.
#pragma once

#include "wright_launch.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Adam (Kingma & Ba 2014) and AdamW (Loshchilov & Hutter 2017), in the form a compiled step has it: the scalars that change
/// from step to step are computed beside it and read from memory when it runs.
///
///     m′ = beta1 · m + complement1 · g
///     v′ = beta2 · v + complement2 · g²
///     p′ = p · shrink − m′ · rate / (√v′ · scale + epsilon)
///
/// Each new array may be the old one; no others may overlap.
typedef struct {
    const float *parameter, *mean, *variance, *gradient;
    float *new_parameter, *new_mean, *new_variance;
    int64_t count;
    /// One value each, read at run time; `shrink` and `gradient_scale` may be null, for 1.
    const float *rate, *scale, *shrink, *gradient_scale;
    float beta1, complement1, beta2, complement2, epsilon;
} wright_adam_arguments;

/// Launch of `wright_adam_arguments`.
void wright_adam(void *arguments);

#ifdef __cplusplus
}
#endif
