/// Window kernels over float32 images laid out [batch, depth, height, width, channels]. One- and two-dimensional
/// windows leave the leading spatial axes at size 1, kernel 1, stride 1, padding 0, dilation 1.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One spatial axis. Output position `o` sees the input positions `o · stride − padding + k · dilation` for
/// k < kernel; those outside the input are padding. `output` is the caller's to choose, so padding behind the input
/// needs no field.
typedef struct {
    int64_t input, output;
    int32_t kernel, stride, padding, dilation;
} wright_window_axis;

/// The geometry shared by every window kernel.
typedef struct {
    int64_t batch, channels;
    /// Depth, height and width.
    wright_window_axis axes[3];
} wright_window;

/// Context of the kernels below; which members each reads and writes is said there. "Input-shaped" and "output-shaped"
/// refer to the forward window.
typedef struct {
    wright_window window;
    /// Input-shaped values that decide where the maximum is. Read by the kernels with "maximum" in their name.
    const float *keys;
    /// What is pooled, spread or selected.
    const float *source;
    float *destination;
} wright_pool_arguments;

/// `destination` (output-shaped) = the largest of `keys` in each window. Padding counts as −∞, a NaN as the largest.
void wright_maximum_pool(void *arguments);

/// Gradient of `wright_maximum_pool`: sends each element of `source` (output-shaped) to the position of the first
/// largest of `keys` in its window, and writes the sums to `destination` (input-shaped), all of it.
void wright_maximum_pool_scatter(void *arguments);

/// `destination` (output-shaped) = `source` (input-shaped) at the position of the first largest of `keys` in each
/// window, 0 where a window is all padding. It is the transpose of the scatter.
void wright_maximum_pool_select(void *arguments);

/// `destination` (output-shaped) = the sum of `source` (input-shaped) over each window. Padding counts as 0.
void wright_sum_pool(void *arguments);

/// Gradient of `wright_sum_pool`: `destination` (input-shaped) = the sum of `source` (output-shaped) over the windows
/// that see each position.
void wright_sum_pool_transpose(void *arguments);

#ifdef __cplusplus
}
#endif
