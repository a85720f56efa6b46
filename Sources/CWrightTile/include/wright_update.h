/// Optimizer updates: hand-fused tile programs over flat arrays, one pass over memory each, in place.
///
/// The formulas are PyTorch's. `p` is the parameter, `g` the gradient times `*gradient_scale` (null means 1), and the
/// learning rate and the other step-dependent scalars are read from memory at run time, so a compiled step need not
/// change when they do. No two arrays may overlap.
#pragma once

#include "wright_launch.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Adam (Kingma & Ba 2014) and AdamW (Loshchilov & Hutter 2017).
///
///     Adam:   g += weight_decay · p                 AdamW:   p −= learning_rate · weight_decay · p
///     m = beta1 · m + (1 − beta1) · g
///     v = beta2 · v + (1 − beta2) · g²
///     p −= (learning_rate / bias_correction1) · m / (√v / √bias_correction2 + epsilon)
///
/// where bias_correction1 = 1 − beta1^t and bias_correction2 = 1 − beta2^t at step t = 1, 2, …
typedef struct {
    float *parameter, *first_moment, *second_moment;
    const float *gradient;
    int64_t count;
    const float *learning_rate, *bias_correction1, *bias_correction2;
    const float *gradient_scale;
    float beta1, beta2, epsilon, weight_decay;
    /// True for AdamW.
    bool decoupled;
} wright_adam_arguments;

/// Launch of `wright_adam_arguments`.
void wright_adam(void *arguments);

/// The same update in the form a compiled step has it, when its scalars are computed beside it:
///
///     m′ = beta1 · m + complement1 · g
///     v′ = beta2 · v + complement2 · g²
///     p′ = p · shrink − m′ · rate / (√v′ · scale + epsilon)
///
/// Each new array may be the old one.
typedef struct {
    const float *parameter, *mean, *variance, *gradient;
    float *new_parameter, *new_mean, *new_variance;
    int64_t count;
    /// One value each, read at run time; `shrink` and `gradient_scale` may be null, for 1.
    const float *rate, *scale, *shrink, *gradient_scale;
    float beta1, complement1, beta2, complement2, epsilon;
} wright_adam_step_arguments;

/// Launch of `wright_adam_step_arguments`.
void wright_adam_step(void *arguments);

/// Stochastic gradient descent.
///
///     g += weight_decay · p
///     velocity = momentum · velocity + (1 − dampening) · g
///     p −= learning_rate · (nesterov ? g + momentum · velocity : velocity)
///
/// Without momentum, `velocity` is null and p −= learning_rate · g. PyTorch's first step sets velocity = g; starting
/// from zero gives the same when dampening is 0.
typedef struct {
    float *parameter, *velocity;
    const float *gradient;
    int64_t count;
    const float *learning_rate;
    const float *gradient_scale;
    float momentum, dampening, weight_decay;
    bool nesterov;
} wright_sgd_arguments;

/// Launch of `wright_sgd_arguments`.
void wright_sgd(void *arguments);

/// RMSprop (Tieleman & Hinton 2012).
///
///     g += weight_decay · p
///     s = alpha · s + (1 − alpha) · g²
///     centered:  a = alpha · a + (1 − alpha) · g;  d = √(s − a²) + epsilon        otherwise  d = √s + epsilon
///     momentum:  velocity = momentum · velocity + g / d;  p −= learning_rate · velocity
///     otherwise: p −= learning_rate · g / d
typedef struct {
    float *parameter, *square_average;
    /// Null unless centered.
    float *gradient_average;
    /// Null without momentum.
    float *velocity;
    const float *gradient;
    int64_t count;
    const float *learning_rate;
    const float *gradient_scale;
    float alpha, epsilon, weight_decay, momentum;
} wright_rmsprop_arguments;

/// Launch of `wright_rmsprop_arguments`.
void wright_rmsprop(void *arguments);

/// Lion (Chen et al. 2023).
///
///     p −= learning_rate · weight_decay · p
///     p −= learning_rate · sign(beta1 · m + (1 − beta1) · g)
///     m = beta2 · m + (1 − beta2) · g
typedef struct {
    float *parameter, *moment;
    const float *gradient;
    int64_t count;
    const float *learning_rate;
    const float *gradient_scale;
    float beta1, beta2, weight_decay;
} wright_lion_arguments;

/// Launch of `wright_lion_arguments`.
void wright_lion(void *arguments);

#ifdef __cplusplus
}
#endif
