// Chunks of windows on images: where their pixels are, framed with zeros where they reach outside.
#pragma once

#include "Kernels.h"
#include "Vector.h"

/// One chunk: `first` is the corner of the window at row 0, column 0 of its first image.
typedef struct {
    int64_t first_image, images, first_row, rows;
    const float *first;
    int64_t image_stride, row_stride;
} window_chunk;

/// Cuts the windows into chunks of about `wanted` windows, at least `least` chunks if there are so many rows.
static void windows_divide(wright_windows *windows, int64_t wanted, int64_t least) {
    int64_t per_image = windows->rows * windows->columns;
    windows->chunk_images = 1;
    windows->chunk_rows = windows->rows;
    if (per_image < wanted && windows->batch > 1) {
        windows->chunk_images = smaller_count(wanted / per_image, (windows->batch + least - 1) / least);
        if (windows->chunk_images < 1) windows->chunk_images = 1;
    } else {
        windows->chunk_rows = wanted / windows->columns;
        int64_t enough = windows->rows * windows->batch / least;
        if (windows->chunk_rows > enough) windows->chunk_rows = enough;
        if (windows->chunk_rows < 1) windows->chunk_rows = 1;
        if (windows->chunk_rows > windows->rows) windows->chunk_rows = windows->rows;
        // Rows in equal parts.
        int64_t parts = (windows->rows + windows->chunk_rows - 1) / windows->chunk_rows;
        windows->chunk_rows = (windows->rows + parts - 1) / parts;
    }
    int64_t row_parts = (windows->rows + windows->chunk_rows - 1) / windows->chunk_rows;
    windows->chunks = (windows->batch + windows->chunk_images - 1) / windows->chunk_images * row_parts;

    int64_t reach_y = (windows->taps_y - 1) * windows->tap_step_y;
    int64_t reach_x = (windows->taps_x - 1) * windows->tap_step_x;
    windows->copies = windows->origin_y < 0 || windows->origin_x < 0 ||
                      (windows->rows - 1) * windows->step_y + windows->origin_y + reach_y >= windows->in_height ||
                      (windows->columns - 1) * windows->step_x + windows->origin_x + reach_x >= windows->in_width;
    windows->frame_height = (windows->chunk_rows - 1) * windows->step_y + reach_y + 1;
    windows->frame_width = (windows->columns - 1) * windows->step_x + reach_x + 1;
}

/// Floats that a chunk's framed copy needs. Reading a little past the end of a row must stay inside.
static int64_t windows_frame_floats(const wright_windows *windows) {
    if (!windows->copies) return 0;
    return rounded_up(
        windows->chunk_images * windows->frame_height * windows->frame_width * windows->channels + 2 * PANEL, 16);
}

static void windows_copy_row(const wright_windows *windows, const float *image, int64_t y, float *to) {
    int64_t channels = windows->channels, width = windows->frame_width;
    if (y < 0 || y >= windows->in_height) {
        memset(to, 0, (size_t)(width * channels) * sizeof(float));
        return;
    }
    // The columns [start, end) of the frame lie inside the image.
    int64_t start = windows->origin_x < 0 ? smaller_count(-windows->origin_x, width) : 0;
    int64_t end = smaller_count(width, windows->in_width - windows->origin_x);
    if (end < start) end = start;
    memset(to, 0, (size_t)(start * channels) * sizeof(float));
    memcpy(
        to + start * channels, image + (y * windows->in_width + windows->origin_x + start) * channels,
        (size_t)((end - start) * channels) * sizeof(float));
    memset(to + end * channels, 0, (size_t)((width - end) * channels) * sizeof(float));
}

/// Finds chunk `index`, copying it into `frame` if windows reach outside.
static window_chunk windows_open(const wright_windows *windows, const float *input, int64_t index, float *frame) {
    int64_t row_parts = (windows->rows + windows->chunk_rows - 1) / windows->chunk_rows;
    window_chunk chunk;
    chunk.first_image = index / row_parts * windows->chunk_images;
    chunk.images = smaller_count(windows->chunk_images, windows->batch - chunk.first_image);
    chunk.first_row = index % row_parts * windows->chunk_rows;
    chunk.rows = smaller_count(windows->chunk_rows, windows->rows - chunk.first_row);
    int64_t image_floats = windows->in_height * windows->in_width * windows->channels;
    int64_t top = chunk.first_row * windows->step_y + windows->origin_y;
    if (!windows->copies) {
        chunk.row_stride = windows->in_width * windows->channels;
        chunk.image_stride = image_floats;
        chunk.first = input + chunk.first_image * image_floats + top * chunk.row_stride +
                      windows->origin_x * windows->channels;
        return chunk;
    }
    chunk.row_stride = windows->frame_width * windows->channels;
    chunk.image_stride = windows->frame_height * chunk.row_stride;
    chunk.first = frame;
    for (int64_t image = 0; image < chunk.images; image++) {
        const float *from = input + (chunk.first_image + image) * image_floats;
        for (int64_t y = 0; y < windows->frame_height; y++) {
            windows_copy_row(windows, from, top + y, frame + image * chunk.image_stride + y * chunk.row_stride);
        }
    }
    return chunk;
}

/// The windows of a chunk counted through, image by image and row by row.
typedef struct {
    int64_t image, row, column;
} window_place;

ALWAYS_INLINE window_place window_at(const wright_windows *windows, const window_chunk *chunk, int64_t index) {
    window_place place;
    place.column = index % windows->columns;
    place.row = index / windows->columns % chunk->rows;
    place.image = index / windows->columns / chunk->rows;
    return place;
}

ALWAYS_INLINE void window_advance(const wright_windows *windows, const window_chunk *chunk, window_place *place) {
    if (++place->column < windows->columns) return;
    place->column = 0;
    if (++place->row < chunk->rows) return;
    place->row = 0;
    place->image++;
}

ALWAYS_INLINE const float *window_corner(
    const wright_windows *windows, const window_chunk *chunk, window_place place) {
    return chunk->first + place.image * chunk->image_stride + place.row * windows->step_y * chunk->row_stride +
           place.column * windows->step_x * windows->channels;
}
