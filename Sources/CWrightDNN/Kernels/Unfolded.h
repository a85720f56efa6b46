// Convolution as a matrix product whose rows are windows, read where they lie (Dukhan, "The Indirect Convolution
// Algorithm", 2019): for each block of windows, a pointer per row and run of contiguous pixels.
#pragma once

#include "Epilogue.h"
#include "Multiply.h"
#include "Windows.h"

/// Most runs a window may have: enough for 7×7 kernels with dilation, or any kernel 64 rows high.
enum { MOST_RUNS = 64 };
/// Windows of a chunk, and most blocks of rows they make.
enum { CHUNK_WINDOWS = 96, CHUNK_BLOCKS = 64 };

/// A run is what lies contiguously in a window: whole rows of taps, or single pixels if they are dilated.
ALWAYS_INLINE bool has_row_runs(const wright_windows *windows) { return windows->tap_step_x == 1; }

static int64_t runs_of(const wright_windows *windows) {
    return has_row_runs(windows) ? windows->taps_y : windows->taps_y * windows->taps_x;
}

static int64_t run_length(const wright_windows *windows) {
    return has_row_runs(windows) ? windows->taps_x * windows->channels : windows->channels;
}

/// Where run `run` starts in a window, relative to its corner.
ALWAYS_INLINE int64_t run_offset(const wright_windows *windows, const window_chunk *chunk, int64_t run) {
    if (has_row_runs(windows)) return run * windows->tap_step_y * chunk->row_stride;
    return run / windows->taps_x * windows->tap_step_y * chunk->row_stride +
           run % windows->taps_x * windows->tap_step_x * windows->channels;
}

static int64_t unfolded_packed_floats(int64_t taps, int64_t depth_channels, int64_t panel_channels) {
    return panels_of(panel_channels) * taps * depth_channels * PANEL;
}

/// Per thread: the frame, one block of results, and the pointers of a chunk.
static void unfolded_prepare(wright_unfolded_plan *plan) {
    windows_divide(&plan->windows, CHUNK_WINDOWS, plan->threads);
    int64_t windows = plan->windows.chunk_images * plan->windows.chunk_rows * plan->windows.columns;
    int64_t blocks = (windows + ROW_BLOCK - 1) / ROW_BLOCK;
    int64_t pointers = blocks * runs_of(&plan->windows) * ROW_BLOCK * (int64_t)(sizeof(float *) / sizeof(float));
    plan->scratch_floats =
        windows_frame_floats(&plan->windows) + ROW_BLOCK * PANEL + rounded_up(pointers + 2 * windows, 16);
}

/// Writes one block of results, [row][PANEL], to their pixels.
static void unfolded_write_block(
    const wright_unfolded_plan *plan, const float *results, const int64_t *offsets, int64_t rows, int64_t panel) {
    for (int64_t half = 0; half < 2; half++) {
        int64_t channel = panel * PANEL + half * LANES, left = plan->out_channels - channel;
        if (left <= 0) break;
        vector bias = plan->epilogue.bias ? load_up_to(plan->epilogue.bias + channel, left) : splat(0);
        for (int64_t row = 0; row < rows; row++) {
            vector value = load(results + row * PANEL + half * LANES) + bias;
            finish_vector(&plan->epilogue, value, plan->output, offsets[row] + channel, left);
        }
    }
}

static void unfolded_forward_chunk(const wright_unfolded_plan *plan, int64_t index, float *scratch) {
    const wright_windows *windows = &plan->windows;
    float *results = scratch + windows_frame_floats(windows);
    const float **pointers = (const float **)(results + ROW_BLOCK * PANEL);
    window_chunk chunk = windows_open(windows, plan->input, index, scratch);
    int64_t runs = runs_of(windows), length = run_length(windows);
    int64_t count = chunk.images * chunk.rows * windows->columns;
    int64_t blocks = (count + ROW_BLOCK - 1) / ROW_BLOCK;
    int64_t *offsets = (int64_t *)(pointers + (blocks * runs * ROW_BLOCK));

    window_place place = {0, 0, 0};
    for (int64_t block = 0; block < blocks; block++) {
        int64_t first = count * block / blocks, last = count * (block + 1) / blocks;
        for (int64_t window = first; window < last; window++) {
            const float *corner = window_corner(windows, &chunk, place);
            for (int64_t run = 0; run < runs; run++) {
                pointers[(block * runs + run) * ROW_BLOCK + window - first] = corner + run_offset(windows, &chunk, run);
            }
            int64_t y = plan->place_y + (chunk.first_row + place.row) * plan->place_step_y;
            int64_t x = plan->place_x + place.column * plan->place_step_x;
            offsets[window] = (((chunk.first_image + place.image) * plan->out_height + y) * plan->out_width + x) *
                              plan->out_channels;
            window_advance(windows, &chunk, &place);
        }
    }
    for (int64_t panel = 0; panel < panels_of(plan->out_channels); panel++) {
        const float *weights = plan->weights + panel * runs * length * PANEL;
        for (int64_t block = 0; block < blocks; block++) {
            int64_t first = count * block / blocks, rows = count * (block + 1) / blocks - first;
            multiply_rows_by_count[rows - 1](
                pointers + block * runs * ROW_BLOCK, runs, length, weights, results, PANEL, false);
            unfolded_write_block(plan, results, offsets + first, rows, panel);
        }
    }
}

static void unfolded_forward(void *pointer, int32_t index, int32_t count) {
    const wright_unfolded_plan *plan = pointer;
    float *scratch = plan->scratch + index * plan->scratch_floats;
    int64_t chunks = plan->windows.chunks;
    for (int64_t chunk = chunks * index / count; chunk < chunks * (index + 1) / count; chunk++) {
        unfolded_forward_chunk(plan, chunk, scratch);
    }
}

/// Forward weights: panels of output channels from rows [out][unfolded], transposed in squares.
static void unfolded_pack_forward(const wright_unfolded_pack_plan *plan, int64_t panel) {
    int64_t depth = plan->kernel_y * plan->kernel_x * plan->in_channels;
    float *destination = plan->destination + panel * depth * PANEL;
    for (int64_t half = 0; half < 2; half++) {
        int64_t first = panel * PANEL + half * LANES;
        for (int64_t k = 0; k < depth; k += LANES) {
            vector square[LANES];
            for (int64_t lane = 0; lane < LANES; lane++) {
                bool is_used = first + lane < plan->out_channels;
                square[lane] = is_used ? load_up_to(plan->source + (first + lane) * depth + k, depth - k) : splat(0);
            }
            transpose(square);
            int64_t used = smaller_count(LANES, depth - k);
            for (int64_t lane = 0; lane < used; lane++) {
                store(destination + (k + lane) * PANEL + half * LANES, square[lane]);
            }
        }
    }
}

/// Input gradient: panels of input channels, unfolded over output pixels.
static void unfolded_pack_turned(const wright_unfolded_pack_plan *plan, int64_t panel) {
    float *to = plan->destination + panel * plan->taps_y * plan->taps_x * plan->out_channels * PANEL;
    for (int64_t tap = 0; tap < plan->taps_y * plan->taps_x; tap++) {
        int64_t y = plan->first_y + plan->step_y * (plan->taps_y - 1 - tap / plan->taps_x);
        int64_t x = plan->first_x + plan->step_x * (plan->taps_x - 1 - tap % plan->taps_x);
        for (int64_t out = 0; out < plan->out_channels; out++, to += PANEL) {
            const float *from =
                plan->source + ((out * plan->kernel_y + y) * plan->kernel_x + x) * plan->in_channels + panel * PANEL;
            int64_t left = plan->in_channels - panel * PANEL;
            store(to, load_up_to(from, left));
            store(to + LANES, left > LANES ? load_up_to(from + LANES, left - LANES) : splat(0));
        }
    }
}

static void unfolded_pack(void *pointer, int32_t index, int32_t count) {
    const wright_unfolded_pack_plan *plan = pointer;
    int64_t panels = panels_of(plan->turned ? plan->in_channels : plan->out_channels);
    for (int64_t panel = panels * index / count; panel < panels * (index + 1) / count; panel++) {
        if (plan->turned) {
            unfolded_pack_turned(plan, panel);
        } else {
            unfolded_pack_forward(plan, panel);
        }
    }
}
