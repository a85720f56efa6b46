// Wright's own kernels, in one version per instruction set, behind a table of functions chosen when the program starts.
//
// Every kernel is a set of phases over a plan. A phase has the shape of `wright_parallel_function`: it does the share of
// thread `index` of `count`. Who runs them, with which memory, is up to the primitive that owns the plan.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What happens to a result before it is stored; absent pointers are null.
typedef struct {
    const float *bias;
    /// Laid out like the result.
    const float *residual;
    bool accumulate;
    bool relu;
} wright_kernel_epilogue;

/// A 3×3 convolution of stride 1 cut into tiles of 4×4 results.
typedef struct {
    int64_t batch;
    int64_t in_height, in_width, in_channels;
    int64_t out_height, out_width, out_channels;
    int64_t pad_top, pad_left;
    /// Tiles along each axis of one image, and in all.
    int64_t tile_rows, tile_columns, tiles;
    /// Tiles that go through all phases together, so that what lies between the phases stays in cache.
    int64_t block;
    int32_t threads;
    /// Whether the threads share each block and divide its panels, instead of dividing the blocks: for few tiles and
    /// many channels, where each thread would read all weights for little work.
    bool shares_blocks;
    /// Sharing one block: every panel of weights is used once, so each thread packs its panels as it comes to them, and
    /// the points of all weights (four times their size) are nowhere in memory at one time.
    bool packs_panels;
    /// Sharing: the block that all threads work on now.
    int64_t first_tile;
    /// Floats of scratch, per thread or (sharing) in all.
    int64_t scratch_floats;
} wright_winograd_shape;

typedef struct {
    int64_t in_channels, out_channels;
    /// Turns the kernel around and swaps the roles of its channels: the weights of the input gradient.
    bool turned;
    const float *source;
    float *destination;
} wright_winograd_pack_plan;

typedef struct {
    wright_winograd_shape shape;
    wright_kernel_epilogue epilogue;
    const float *input;
    /// As `winograd_pack` writes them; unused when `pack` is used instead.
    const float *weights;
    /// With `packs_panels`: where plain weights come from.
    wright_winograd_pack_plan pack;
    float *output;
    float *scratch;
} wright_winograd_plan;

typedef struct {
    wright_winograd_shape shape;
    const float *input, *output_gradient;
    float *weight_gradient;
    /// Null, or [out_channels].
    float *bias_gradient;
    float *scratch;
} wright_winograd_gradient_plan;

/// Every place where a kernel's window lies on an image, cut into chunks. The window at (row, column) covers the pixels
/// (row · step_y + origin_y + tap · tap_step_y, …); what lies outside the image is zero.
typedef struct {
    int64_t batch, in_height, in_width, channels;
    int64_t rows, columns;
    int64_t step_y, step_x, origin_y, origin_x;
    int64_t taps_y, taps_x, tap_step_y, tap_step_x;
    /// A chunk is some whole images or, if those are large, some rows of one.
    int64_t chunk_images, chunk_rows, chunks;
    /// Whether windows reach outside, so that chunks are copied into a frame of zeros; and that frame's size.
    bool copies;
    int64_t frame_height, frame_width;
} wright_windows;

/// A convolution as a product of unfolded windows and weights. The windows are not unfolded in memory: the product's
/// rows are pointers into the image.
typedef struct {
    wright_windows windows;
    int64_t out_channels;
    /// Where the result of window (row, column) goes: pixel (place_y + row · place_step_y, …) of the output image.
    int64_t out_height, out_width, place_y, place_x, place_step_y, place_step_x;
    int32_t threads;
    int64_t scratch_floats;
    wright_kernel_epilogue epilogue;
    const float *input;
    /// As `unfolded_pack` writes them.
    const float *weights;
    float *output;
    float *scratch;
} wright_unfolded_plan;

/// Weights [out][kernel_y][kernel_x][in] to the panels of one `wright_unfolded_plan`.
typedef struct {
    int64_t out_channels, kernel_y, kernel_x, in_channels;
    /// Input gradient: which taps the plan has, from last to first: tap t is kernel element
    /// first + step · (taps − 1 − t).
    bool turned;
    int64_t taps_y, taps_x, first_y, first_x, step_y, step_x;
    const float *source;
    float *destination;
} wright_unfolded_pack_plan;

/// The gradient by the weights: [out × windows] · [windows × unfolded pixels].
typedef struct {
    wright_windows windows;
    int64_t out_channels;
    int32_t threads;
    /// Whether threads divide the windows (and add their sums at the end) or the columns of the result.
    bool divides_windows;
    int64_t scratch_floats;
    const float *input, *output_gradient;
    float *weight_gradient;
    /// Null, or [out_channels].
    float *bias_gradient;
    float *scratch;
} wright_unfolded_gradient_plan;

typedef struct {
    const char *name;

    /// Fills in tiles, block, shares_blocks and scratch_floats from the rest, and takes threads back that have no work.
    void (*winograd_prepare)(wright_winograd_shape *shape);
    int64_t (*winograd_packed_floats)(int64_t in_channels, int64_t out_channels);
    void (*winograd_pack)(void *pack_plan, int32_t index, int32_t count);
    /// The convolution. Dividing blocks: one phase. Sharing: two phases for each block.
    void (*winograd_forward)(void *plan, int32_t index, int32_t count);
    void (*winograd_transform)(void *plan, int32_t index, int32_t count);
    void (*winograd_multiply)(void *plan, int32_t index, int32_t count);

    /// The gradient by the weights. Dividing: each thread sums over its tiles, then the sums are added. Sharing: all
    /// tiles are transformed, then each thread multiplies for its share of the output channels.
    void (*winograd_gradient_prepare)(wright_winograd_shape *shape);
    void (*winograd_gradient_sum)(void *gradient_plan, int32_t index, int32_t count);
    void (*winograd_gradient_add)(void *gradient_plan, int32_t index, int32_t count);
    void (*winograd_gradient_transform)(void *gradient_plan, int32_t index, int32_t count);
    void (*winograd_gradient_multiply)(void *gradient_plan, int32_t index, int32_t count);

    /// Fills in the windows' chunks and scratch_floats (per thread) from the rest.
    void (*unfolded_prepare)(wright_unfolded_plan *plan);
    /// Of one plan with so many taps in all, and `depth_channels` read and `panel_channels` written.
    int64_t (*unfolded_packed_floats)(int64_t taps, int64_t depth_channels, int64_t panel_channels);
    void (*unfolded_pack)(void *pack_plan, int32_t index, int32_t count);
    void (*unfolded_forward)(void *plan, int32_t index, int32_t count);

    void (*unfolded_gradient_prepare)(wright_unfolded_gradient_plan *plan);
    void (*unfolded_gradient_sum)(void *gradient_plan, int32_t index, int32_t count);
    /// After the sums, when threads divide the windows.
    void (*unfolded_gradient_add)(void *gradient_plan, int32_t index, int32_t count);
} wright_kernels;

/// The kernels for this CPU.
const wright_kernels *wright_kernels_chosen(void);

#ifdef __cplusplus
}
#endif
