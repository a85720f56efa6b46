// Winograd's gradient by the weights, F(3×3, 4×4): a 3×3 kernel's gradient is a convolution of each 6×6 input patch
// with the 4×4 tile of output gradients, summed over tiles. At each of 36 points that sum is one product
// [out × tiles] · [tiles × in]; the 36 products become the 3×3 gradients once, at the end.
//
// Patches and tiles are kept as panels, [point][channel panel][tile][PANEL], so that both operands are read in order.
#pragma once

#include "Winograd.h"

/// Sharing: input channels whose products a thread collects before they become weights, so that they stay in cache.
enum { GRADIENT_CHANNELS = 128 };

/// Floats from one point's panels to the next point's.
static int64_t gradient_operand_stride(const wright_winograd_shape *shape, int64_t channels) {
    return spread_stride(panels_of(channels) * shape->block * PANEL);
}

static int64_t gradient_operand_floats(const wright_winograd_shape *shape, int64_t channels) {
    return POINTS * gradient_operand_stride(shape, channels);
}

/// Products of one point: all of them, [out][in rounded up to panels]; sharing, those of one panel of outputs.
static int64_t gradient_sum_stride(const wright_winograd_shape *shape) {
    if (shape->shares_blocks) return spread_stride(PANEL * GRADIENT_CHANNELS);
    return spread_stride(shape->out_channels * panels_of(shape->in_channels) * PANEL);
}

static int64_t gradient_sum_floats(const wright_winograd_shape *shape) { return POINTS * gradient_sum_stride(shape); }

static void winograd_gradient_prepare(wright_winograd_shape *shape) {
    winograd_count_tiles(shape);
    int64_t in = panels_of(shape->in_channels) * PANEL, out = panels_of(shape->out_channels) * PANEL;
    int64_t operand_bytes_per_tile = POINTS * (in + out) * (int64_t)sizeof(float);
    int64_t zeros = in > out ? in : out;
    // Sharing keeps every tile's points, which pays as long as they fit into the last cache.
    shape->shares_blocks = shape->tiles * operand_bytes_per_tile <= 12 * 1024 * 1024;
    if (shape->shares_blocks) {
        shape->block = shape->tiles;
        shape->scratch_floats = gradient_operand_floats(shape, in) + gradient_operand_floats(shape, out) +
                                shape->threads * (gradient_sum_floats(shape) + out + zeros);
    } else {
        // The sums are read and written once per block: blocks about as large as the sums, or they dominate.
        if (shape->threads > shape->tiles) shape->threads = (int32_t)shape->tiles;
        int64_t per_thread = (shape->tiles + shape->threads - 1) / shape->threads;
        int64_t most = in * out / (in + out);
        most = most < 48 ? 48 : most > 128 ? 128 : most;
        int64_t blocks = (per_thread + most - 1) / most;
        shape->block = (per_thread + blocks - 1) / blocks;
        shape->scratch_floats = gradient_operand_floats(shape, in) + gradient_operand_floats(shape, out) +
                                gradient_sum_floats(shape) + out + zeros;
    }
    shape->scratch_floats = rounded_up(shape->scratch_floats, 16);
}

/// The scratch of one thread (or of all, sharing), in order.
typedef struct {
    float *patches, *tiles, *sums, *bias, *zeros;
} gradient_memory;

static gradient_memory gradient_layout(const wright_winograd_gradient_plan *plan, int32_t index) {
    const wright_winograd_shape *shape = &plan->shape;
    int64_t in = shape->in_channels, out = shape->out_channels;
    int64_t padded = panels_of(out) * PANEL;
    gradient_memory memory;
    memory.patches = plan->scratch + (shape->shares_blocks ? 0 : index * shape->scratch_floats);
    memory.tiles = memory.patches + gradient_operand_floats(shape, in);
    memory.sums = memory.tiles + gradient_operand_floats(shape, out);
    if (shape->shares_blocks) {
        int64_t zeros = panels_of(in) * PANEL > padded ? panels_of(in) * PANEL : padded;
        memory.sums += index * (gradient_sum_floats(shape) + padded + zeros);
    }
    memory.bias = memory.sums + gradient_sum_floats(shape);
    memory.zeros = memory.bias + padded;
    return memory;
}

/// The points of LANES channels of a 4×4 tile of output gradients, and their sum for the bias; `left` channels remain.
ALWAYS_INLINE void gradient_transform_channels(
    const float *const pixels[TILE * TILE], int64_t channel, int64_t left, float *bias, float *points,
    int64_t point_stride) {
    vector gradients[TILE][TILE], spread[PATCH][PATCH], sum = load(bias + channel);
#pragma clang loop unroll(full)
    for (int pixel = 0; pixel < TILE * TILE; pixel++) {
        vector value = load_up_to(pixels[pixel] + channel, left);
        gradients[pixel / TILE][pixel % TILE] = value;
        sum += value;
    }
    store(bias + channel, sum);
    gradient_tile_to_points(gradients, spread);
#pragma clang loop unroll(full)
    for (int point = 0; point < POINTS; point++) {
        store(points + point * point_stride, spread[point / PATCH][point % PATCH]);
    }
}

/// Where the output gradients of one tile lie, outside the image zeros.
static void gradient_locate_tile(
    const wright_winograd_gradient_plan *plan, const float *zeros, int64_t tile, const float *pixels[TILE * TILE]) {
    const wright_winograd_shape *shape = &plan->shape;
    winograd_place place = winograd_locate_tile(shape, tile);
    const float *first = plan->output_gradient + place.offset;
    for (int64_t y = 0; y < TILE; y++) {
        for (int64_t x = 0; x < TILE; x++) {
            bool is_inside = y < place.height && x < place.width;
            pixels[y * TILE + x] = is_inside ? first + (y * shape->out_width + x) * shape->out_channels : zeros;
        }
    }
}

/// Input patches and output gradients of tiles [first, last) to points; `block_first` is the block's first tile.
static void gradient_transform_tiles(
    const wright_winograd_gradient_plan *plan, const gradient_memory *memory, int64_t block_first, int64_t first,
    int64_t last) {
    const wright_winograd_shape *shape = &plan->shape;
    int64_t in = shape->in_channels, out = shape->out_channels, panel_stride = shape->block * PANEL;
    int64_t in_stride = gradient_operand_stride(shape, in), out_stride = gradient_operand_stride(shape, out);
    const float *pixels[2][POINTS], *gradients[2][TILE * TILE];
    winograd_locate_patch(shape, plan->input, memory->zeros, first, pixels[first % 2]);
    gradient_locate_tile(plan, memory->zeros, first, gradients[first % 2]);
    for (int64_t tile = first; tile < last; tile++) {
        int64_t next = smaller_count(tile + 1, shape->tiles - 1), place = (tile - block_first) * PANEL;
        if (next > tile) {
            winograd_locate_patch(shape, plan->input, memory->zeros, next, pixels[next % 2]);
            gradient_locate_tile(plan, memory->zeros, next, gradients[next % 2]);
        }
        for (int64_t channel = 0; channel < panels_of(in) * PANEL; channel += LANES) {
            if (channel % 16 == 0) winograd_prefetch(pixels[next % 2], POINTS, channel);
            float *points = memory->patches + channel / PANEL * panel_stride + place + channel % PANEL;
            if (channel + LANES <= in) {
                winograd_transform_channels(pixels[tile % 2], channel, LANES, points, in_stride);
            } else {
                winograd_transform_channels(pixels[tile % 2], channel, in - channel, points, in_stride);
            }
        }
        for (int64_t channel = 0; channel < panels_of(out) * PANEL; channel += LANES) {
            if (channel % 16 == 0) winograd_prefetch(gradients[next % 2], TILE * TILE, channel);
            float *points = memory->tiles + channel / PANEL * panel_stride + place + channel % PANEL;
            if (channel + LANES <= out) {
                gradient_transform_channels(gradients[tile % 2], channel, LANES, memory->bias, points, out_stride);
            } else {
                gradient_transform_channels(
                    gradients[tile % 2], channel, out - channel, memory->bias, points, out_stride);
            }
        }
    }
}

static void gradient_clear(const wright_winograd_shape *shape, const gradient_memory *memory) {
    int64_t in = panels_of(shape->in_channels) * PANEL, out = panels_of(shape->out_channels) * PANEL;
    memset(memory->bias, 0, (size_t)out * sizeof(float));
    memset(memory->zeros, 0, (size_t)(in > out ? in : out) * sizeof(float));
}

/// sums[out of the panel][in of the panels] (+)= tilesᵀ · patches at one point.
static void gradient_multiply(
    const wright_winograd_shape *shape, const gradient_memory *memory, int64_t point, int64_t out_panel,
    int64_t first_in_panel, int64_t last_in_panel, int64_t tiles, float *sums, int64_t row_stride, bool accumulate) {
    int64_t panel_floats = shape->block * PANEL;
    const float *left =
        memory->tiles + point * gradient_operand_stride(shape, shape->out_channels) + out_panel * panel_floats;
    const float *right = memory->patches + point * gradient_operand_stride(shape, shape->in_channels);
    int64_t rows = smaller_count(PANEL, shape->out_channels - out_panel * PANEL);
    for (int64_t panel = first_in_panel; panel < last_in_panel; panel++) {
        multiply_transposed(
            left, PANEL, right + panel * panel_floats, tiles, sums + (panel - first_in_panel) * PANEL, row_stride, rows,
            accumulate);
    }
}

/// Weight gradients of one output channel and LANES input channels, from the sums of `copies` threads.
static void gradient_finish(
    const wright_winograd_gradient_plan *plan, const float *sums, int64_t point_stride, int64_t copies,
    int64_t copy_stride, int64_t out_channel, int64_t in_channel) {
    const wright_winograd_shape *shape = &plan->shape;
    vector points[PATCH][PATCH], weights[3][3];
#pragma clang loop unroll(full)
    for (int point = 0; point < POINTS; point++) {
        vector total = load(sums + point * point_stride);
        for (int64_t copy = 1; copy < copies; copy++) total += load(sums + point * point_stride + copy * copy_stride);
        points[point / PATCH][point % PATCH] = total;
    }
    points_to_weights(points, weights);
    float *to = plan->weight_gradient + out_channel * 9 * shape->in_channels + in_channel;
    for (int place = 0; place < 9; place++) {
        store_up_to(to + place * shape->in_channels, weights[place / 3][place % 3], shape->in_channels - in_channel);
    }
}

/// The bias gradient of channels [first, last): every thread's sum, added in order.
static void gradient_finish_bias(
    const wright_winograd_gradient_plan *plan, int32_t threads, int64_t first, int64_t last) {
    if (plan->bias_gradient == NULL) return;
    for (int64_t channel = first; channel < last; channel++) {
        float total = 0;
        for (int32_t index = 0; index < threads; index++) total += gradient_layout(plan, index).bias[channel];
        plan->bias_gradient[channel] = total;
    }
}

static void winograd_gradient_sum(void *pointer, int32_t index, int32_t count) {
    const wright_winograd_gradient_plan *plan = pointer;
    const wright_winograd_shape *shape = &plan->shape;
    gradient_memory memory = gradient_layout(plan, index);
    int64_t in_panels = panels_of(shape->in_channels), row_stride = in_panels * PANEL;
    int64_t first = shape->tiles * index / count, last = shape->tiles * (index + 1) / count;
    gradient_clear(shape, &memory);
    for (int64_t tile = first; tile < last; tile += shape->block) {
        int64_t tiles = smaller_count(shape->block, last - tile);
        gradient_transform_tiles(plan, &memory, tile, tile, tile + tiles);
        for (int64_t point = 0; point < POINTS; point++) {
            for (int64_t panel = 0; panel < panels_of(shape->out_channels); panel++) {
                float *sums = memory.sums + point * gradient_sum_stride(shape) + panel * PANEL * row_stride;
                gradient_multiply(
                    shape, &memory, point, panel, 0, in_panels, tiles, sums, row_stride, tile > first);
            }
        }
    }
}

static void winograd_gradient_add(void *pointer, int32_t index, int32_t count) {
    const wright_winograd_gradient_plan *plan = pointer;
    const wright_winograd_shape *shape = &plan->shape;
    int64_t row_stride = panels_of(shape->in_channels) * PANEL;
    int64_t first = shape->out_channels * index / count, last = shape->out_channels * (index + 1) / count;
    const float *sums = gradient_layout(plan, 0).sums;
    for (int64_t out = first; out < last; out++) {
        for (int64_t in = 0; in < shape->in_channels; in += LANES) {
            gradient_finish(
                plan, sums + out * row_stride + in, gradient_sum_stride(shape), count, shape->scratch_floats, out, in);
        }
    }
    gradient_finish_bias(plan, count, first, last);
}

static void winograd_gradient_transform(void *pointer, int32_t index, int32_t count) {
    const wright_winograd_gradient_plan *plan = pointer;
    const wright_winograd_shape *shape = &plan->shape;
    gradient_memory memory = gradient_layout(plan, index);
    gradient_clear(shape, &memory);
    gradient_transform_tiles(
        plan, &memory, 0, shape->tiles * index / count, shape->tiles * (index + 1) / count);
}

static void winograd_gradient_multiply(void *pointer, int32_t index, int32_t count) {
    const wright_winograd_gradient_plan *plan = pointer;
    const wright_winograd_shape *shape = &plan->shape;
    gradient_memory memory = gradient_layout(plan, index);
    int64_t in_panels = panels_of(shape->in_channels), chunk = GRADIENT_CHANNELS / PANEL;
    int64_t chunks = (in_panels + chunk - 1) / chunk, items = panels_of(shape->out_channels) * chunks;
    for (int64_t item = items * index / count; item < items * (index + 1) / count; item++) {
        int64_t panel = item / chunks, first = item % chunks * chunk;
        int64_t last = smaller_count(first + chunk, in_panels);
        for (int64_t point = 0; point < POINTS; point++) {
            float *sums = memory.sums + point * gradient_sum_stride(shape);
            gradient_multiply(
                shape, &memory, point, panel, first, last, shape->tiles, sums, GRADIENT_CHANNELS, false);
        }
        int64_t rows = smaller_count(PANEL, shape->out_channels - panel * PANEL);
        int64_t columns = smaller_count((last - first) * PANEL, shape->in_channels - first * PANEL);
        for (int64_t row = 0; row < rows; row++) {
            for (int64_t column = 0; column < columns; column += LANES) {
                gradient_finish(
                    plan, memory.sums + row * GRADIENT_CHANNELS + column, gradient_sum_stride(shape), 1, 0,
                    panel * PANEL + row, first * PANEL + column);
            }
        }
    }
    gradient_finish_bias(
        plan, count, shape->out_channels * index / count, shape->out_channels * (index + 1) / count);
}
