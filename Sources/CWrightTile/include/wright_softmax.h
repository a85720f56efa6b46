/// Softmax cross-entropy over rows, loss and gradient in one pass.
#pragma once

#include "wright_launch.h"

#ifdef __cplusplus
extern "C" {
#endif

/// With p = softmax(logits[r, :]) and K = columns, the target distribution is
/// `t = (1 − smoothing) · onehot(label) + smoothing / K`, and
///
///     losses[r]      = −Σ t · log p
///     gradient[r, :] = (p − t) · scale · upstream[r]
///
/// `ignored_label` gives a loss and a gradient row of zeros; any other label outside 0 … K−1 gives NaN, and is counted in
/// `out_of_range`.
typedef struct {
    /// [rows, columns].
    const float *logits;
    /// [rows].
    const int32_t *labels;
    /// [rows]; null if unwanted.
    float *losses;
    /// [rows, columns]; null if unwanted. May be `logits`.
    float *gradient;
    /// The gradient of whatever comes after with respect to each loss: [rows], or one value if `upstream_stride` is 0.
    /// Null means 1.
    const float *upstream;
    int64_t upstream_stride;
    int64_t rows, columns;
    float scale;
    float smoothing;
    /// Any value.
    int32_t ignored_label;
    /// Written by every run.
    int64_t out_of_range;
} wright_cross_entropy_arguments;

/// Launch of `wright_cross_entropy_arguments`.
void wright_cross_entropy(void *arguments);

#ifdef __cplusplus
}
#endif
