// Winograd convolution, forward (and input gradient, which is a forward convolution with turned weights).
//
// For a block of tiles: every 6×6 patch becomes 36 points per channel; for each point, one product [tiles × in] ·
// [in × out panel]; the 36 products of a tile become its 4×4 results. Patches of a block stay in the second-level
// cache while the packed weights stream by, [out panel][point][in][PANEL], in exactly the order they are needed.
#pragma once

#include "Epilogue.h"
#include "Multiply.h"
#include "WinogradWeights.h"

/// Longest sum before it goes to memory: shorter sums lose fewer bits.
enum { DEPTH_BLOCK = 128 };

/// Floats from one tile's channels to the next tile's.
static int64_t winograd_tile_stride(int64_t channels) { return spread_stride(rounded_up(channels, LANES)); }

/// Floats from one point's tiles to the next point's, of patches and of products.
static int64_t winograd_patch_stride(const wright_winograd_shape *shape) {
    return spread_stride(shape->block * winograd_tile_stride(shape->in_channels));
}

static int64_t winograd_product_stride(const wright_winograd_shape *shape) {
    return spread_stride(shape->block * PANEL);
}

static int64_t winograd_patch_floats(const wright_winograd_shape *shape) {
    return POINTS * winograd_patch_stride(shape);
}

static int64_t winograd_product_floats(const wright_winograd_shape *shape) {
    return POINTS * winograd_product_stride(shape);
}

/// Floats that each thread has to itself, zeros not counted: products, and the panel of weights that it packs.
static int64_t winograd_thread_floats(const wright_winograd_shape *shape) {
    return winograd_product_floats(shape) + (shape->packs_panels ? winograd_panel_floats(shape->in_channels) : 0);
}

static void winograd_count_tiles(wright_winograd_shape *shape) {
    shape->tile_rows = (shape->out_height + TILE - 1) / TILE;
    shape->tile_columns = (shape->out_width + TILE - 1) / TILE;
    shape->tiles = shape->batch * shape->tile_rows * shape->tile_columns;
}

static void winograd_prepare(wright_winograd_shape *shape) {
    winograd_count_tiles(shape);
    int64_t tile_bytes = POINTS * winograd_tile_stride(shape->in_channels) * (int64_t)sizeof(float);
    int64_t per_thread = (shape->tiles + shape->threads - 1) / shape->threads;
    // Blocks of about 320 KB of patches, but not so few tiles that reading the weights costs more than using them.
    int64_t most = smaller_count(rounded_up(320 * 1024 / tile_bytes + 1, ROW_BLOCK), 96);
    if (most < 24) most = 24;
    shape->shares_blocks = shape->threads > 1 && per_thread < 48 &&
                           panels_of(shape->out_channels) >= 4 * shape->threads;
    int64_t share = shape->shares_blocks ? shape->tiles : per_thread;
    if (shape->shares_blocks) most *= shape->threads;
    int64_t blocks = (share + most - 1) / most;
    shape->block = (share + blocks - 1) / blocks;
    int64_t zeros = winograd_tile_stride(shape->in_channels);
    shape->packs_panels = shape->shares_blocks && shape->block >= shape->tiles;
    int64_t own = winograd_thread_floats(shape) + zeros;
    shape->scratch_floats =
        rounded_up(winograd_patch_floats(shape) + own * (shape->shares_blocks ? shape->threads : 1), 16);
}

/// Where the patch of one tile lies: 36 pointers to its pixels, outside the image to zeros.
static void winograd_locate_patch(
    const wright_winograd_shape *shape, const float *input, const float *zeros, int64_t tile,
    const float *pixels[POINTS]) {
    int64_t column = tile % shape->tile_columns, row = tile / shape->tile_columns % shape->tile_rows;
    int64_t image = tile / (shape->tile_columns * shape->tile_rows);
    int64_t top = row * TILE - shape->pad_top, left = column * TILE - shape->pad_left;
    const float *first = input + image * shape->in_height * shape->in_width * shape->in_channels;
    for (int64_t y = 0; y < PATCH; y++) {
        bool is_row_inside = top + y >= 0 && top + y < shape->in_height;
        for (int64_t x = 0; x < PATCH; x++) {
            bool is_inside = is_row_inside && left + x >= 0 && left + x < shape->in_width;
            pixels[y * PATCH + x] =
                is_inside ? first + ((top + y) * shape->in_width + left + x) * shape->in_channels : zeros;
        }
    }
}

/// The points of LANES channels of one tile; `left` channels remain.
ALWAYS_INLINE void winograd_transform_channels(
    const float *const pixels[POINTS], int64_t channel, int64_t left, float *points, int64_t point_stride) {
    vector patch[PATCH][PATCH];
#pragma clang loop unroll(full)
    for (int place = 0; place < POINTS; place++) {
        patch[place / PATCH][place % PATCH] = load_up_to(pixels[place] + channel, left);
    }
    input_patch_to_points(patch);
#pragma clang loop unroll(full)
    for (int place = 0; place < POINTS; place++) {
        store(points + place * point_stride, patch[place / PATCH][place % PATCH]);
    }
}

/// Fetches a cache line of each of the next tile's pixels: no hardware prefetcher follows so many streams.
ALWAYS_INLINE void winograd_prefetch(const float *const *pixels, int count, int64_t channel) {
    for (int pixel = 0; pixel < count; pixel++) __builtin_prefetch(pixels[pixel] + channel);
}

/// Writes the points of one tile, one `point_stride` after the other.
static void winograd_transform_tile(
    const float *const pixels[POINTS], const float *const next_pixels[POINTS], int64_t channels, float *points,
    int64_t point_stride) {
    int64_t channel = 0;
    for (; channel + LANES <= channels; channel += LANES) {
        if (channel % 16 == 0) winograd_prefetch(next_pixels, POINTS, channel);
        winograd_transform_channels(pixels, channel, LANES, points + channel, point_stride);
    }
    if (channel < channels) {
        winograd_transform_channels(pixels, channel, channels - channel, points + channel, point_stride);
    }
}

static void winograd_transform_tiles(
    const wright_winograd_plan *plan, float *patches, float *zeros, int64_t block_first, int64_t first,
    int64_t last) {
    const wright_winograd_shape *shape = &plan->shape;
    int64_t tile_stride = winograd_tile_stride(shape->in_channels), point_stride = winograd_patch_stride(shape);
    memset(zeros, 0, (size_t)shape->in_channels * sizeof(float));
    const float *pixels[2][POINTS];
    winograd_locate_patch(shape, plan->input, zeros, first, pixels[first % 2]);
    for (int64_t tile = first; tile < last; tile++) {
        int64_t next = smaller_count(tile + 1, shape->tiles - 1);
        if (next > tile) winograd_locate_patch(shape, plan->input, zeros, next, pixels[next % 2]);
        winograd_transform_tile(
            pixels[tile % 2], pixels[next % 2], shape->in_channels, patches + (tile - block_first) * tile_stride,
            point_stride);
    }
}

/// products[point][tile][PANEL] for `count` tiles and one panel of output channels, whose packed weights are given.
static void winograd_multiply_panel(
    const wright_winograd_shape *shape, const float *patches, int64_t count, const float *panel_weights,
    float *products) {
    int64_t depth = shape->in_channels, tile_stride = winograd_tile_stride(depth);
    for (int64_t point = 0; point < POINTS; point++) {
        const float *weights = panel_weights + point * depth * PANEL;
        const float *rows = patches + point * winograd_patch_stride(shape);
        for (int64_t k = 0; k < depth; k += DEPTH_BLOCK) {
            multiply_matrix(
                rows + k, tile_stride, count, smaller_count(DEPTH_BLOCK, depth - k), weights + k * PANEL,
                products + point * winograd_product_stride(shape), PANEL, k > 0);
        }
    }
}

/// Where the results of a tile go: the offset of its first pixel, and how much of the tile is inside the image.
typedef struct {
    int64_t offset, height, width;
} winograd_place;

static inline winograd_place winograd_locate_tile(const wright_winograd_shape *shape, int64_t tile) {
    int64_t top = tile / shape->tile_columns % shape->tile_rows * TILE, left = tile % shape->tile_columns * TILE;
    int64_t image = tile / (shape->tile_columns * shape->tile_rows);
    return (winograd_place){
        .offset = ((image * shape->out_height + top) * shape->out_width + left) * shape->out_channels,
        .height = smaller_count(TILE, shape->out_height - top),
        .width = smaller_count(TILE, shape->out_width - left),
    };
}

/// Turns the products of `count` tiles into results for one panel of channels.
static void winograd_write_panel(
    const wright_winograd_plan *plan, const float *products, int64_t first_tile, int64_t count, int64_t panel) {
    const wright_winograd_shape *shape = &plan->shape;
    wright_kernel_epilogue epilogue = plan->epilogue;
    int64_t point_stride = winograd_product_stride(shape);
    int64_t pixel = shape->out_channels, line = pixel * shape->out_width;
    winograd_place place = winograd_locate_tile(shape, first_tile);
    for (int64_t index = 0; index < count; index++) {
        winograd_place next = winograd_locate_tile(shape, first_tile + smaller_count(index + 1, count - 1));
        // The lines that the next tile will write; a store that waits for its line holds up all behind it.
        for (int64_t y = 0; y < next.height; y++) {
            for (int64_t x = 0; x < next.width; x++) {
                __builtin_prefetch(plan->output + next.offset + y * line + x * pixel + panel * PANEL, 1);
            }
        }
        for (int64_t half = 0; half < 2; half++) {
            int64_t channel = panel * PANEL + half * LANES, left = shape->out_channels - channel;
            if (left <= 0) break;
            const float *from = products + index * PANEL + half * LANES;
            vector points[PATCH][PATCH], results[TILE][TILE];
#pragma clang loop unroll(full)
            for (int point = 0; point < POINTS; point++) {
                points[point / PATCH][point % PATCH] = load(from + point * point_stride);
            }
            points_to_result_tile(points, results);
            vector bias = epilogue.bias ? load_up_to(epilogue.bias + channel, left) : splat(0);
            for (int64_t y = 0; y < place.height; y++) {
                for (int64_t x = 0; x < place.width; x++) {
                    int64_t offset = place.offset + y * line + x * pixel + channel;
                    finish_vector(&epilogue, results[y][x] + bias, plan->output, offset, left);
                }
            }
        }
        place = next;
    }
}

static void winograd_forward(void *pointer, int32_t index, int32_t count) {
    const wright_winograd_plan *plan = pointer;
    const wright_winograd_shape *shape = &plan->shape;
    float *patches = plan->scratch + index * shape->scratch_floats;
    float *products = patches + winograd_patch_floats(shape);
    float *zeros = products + winograd_product_floats(shape);
    int64_t first = shape->tiles * index / count, last = shape->tiles * (index + 1) / count;
    for (int64_t tile = first; tile < last; tile += shape->block) {
        int64_t tiles = smaller_count(shape->block, last - tile);
        winograd_transform_tiles(plan, patches, zeros, tile, tile, tile + tiles);
        for (int64_t panel = 0; panel < panels_of(shape->out_channels); panel++) {
            const float *weights = plan->weights + panel * winograd_panel_floats(shape->in_channels);
            winograd_multiply_panel(shape, patches, tiles, weights, products);
            winograd_write_panel(plan, products, tile, tiles, panel);
        }
    }
}

static void winograd_transform(void *pointer, int32_t index, int32_t count) {
    const wright_winograd_plan *plan = pointer;
    const wright_winograd_shape *shape = &plan->shape;
    int64_t tiles = smaller_count(shape->block, shape->tiles - shape->first_tile);
    float *zeros = plan->scratch + winograd_patch_floats(shape) + count * winograd_thread_floats(shape) +
                   index * winograd_tile_stride(shape->in_channels);
    winograd_transform_tiles(
        plan, plan->scratch, zeros, shape->first_tile, shape->first_tile + tiles * index / count,
        shape->first_tile + tiles * (index + 1) / count);
}

static void winograd_multiply(void *pointer, int32_t index, int32_t count) {
    const wright_winograd_plan *plan = pointer;
    const wright_winograd_shape *shape = &plan->shape;
    int64_t tiles = smaller_count(shape->block, shape->tiles - shape->first_tile);
    int64_t panels = panels_of(shape->out_channels);
    float *products = plan->scratch + winograd_patch_floats(shape) + index * winograd_thread_floats(shape);
    float *packed = products + winograd_product_floats(shape);
    for (int64_t panel = panels * index / count; panel < panels * (index + 1) / count; panel++) {
        const float *weights = packed;
        if (shape->packs_panels) {
            winograd_pack_panel(&plan->pack, panel, packed);
        } else {
            weights = plan->weights + panel * winograd_panel_floats(shape->in_channels);
        }
        winograd_multiply_panel(shape, plan->scratch, tiles, weights, products);
        winograd_write_panel(plan, products, shape->first_tile, tiles, panel);
    }
}
