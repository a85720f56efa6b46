/// Window kernels; what each computes is said in wright_pool.h. Channels lie side by side in the lanes.
#pragma once

#include <math.h>

#include "../kernel_set.h"
#include "vector.h"
#include "wright_pool.h"

// ---- Windows -------------------------------------------------------------------------------------------------------

/// The part of a window that lies inside the input along one axis: steps [first, end) of the kernel, the first of them
/// at input position `start`.
typedef struct {
    int64_t first, end, start;
} window_span;

INLINE window_span span_at(const wright_window_axis *axis, int64_t output) {
    int64_t origin = output * axis->stride - axis->padding, dilation = axis->dilation;
    int64_t first = 0, end = axis->kernel;
    // Divisions only at the edges.
    if (origin < 0) first = (-origin + dilation - 1) / dilation;
    if (origin + (end - 1) * dilation >= axis->input) {
        end = origin >= axis->input ? 0 : (axis->input - origin + dilation - 1) / dilation;
    }
    if (first > end) first = end;
    return (window_span){first, end, origin + first * dilation};
}

/// One window: its span along each axis, and the distances in memory between its steps.
typedef struct {
    window_span spans[3];
    int64_t steps[3];
    /// Of the first step inside the input, in elements from the start of the image.
    int64_t base;
    bool is_empty;
} window_place;

/// Elements from one position to the next along each axis of the input.
INLINE void input_pitches(const wright_window *window, int64_t pitches[3]) {
    pitches[2] = window->channels;
    pitches[1] = pitches[2] * window->axes[2].input;
    pitches[0] = pitches[1] * window->axes[1].input;
}

INLINE int64_t input_size(const wright_window *window) {
    return window->axes[0].input * window->axes[1].input * window->axes[2].input * window->channels;
}

/// Puts the place at output position `output` along axis `i`, given its places along the axes before.
INLINE void place_along(window_place *place, const wright_window *window, int i, int64_t output) {
    int64_t pitches[3];
    input_pitches(window, pitches);
    place->spans[i] = span_at(&window->axes[i], output);
    place->steps[i] = window->axes[i].dilation * pitches[i];
    place->base += place->spans[i].start * pitches[i];
    place->is_empty |= place->spans[i].first == place->spans[i].end;
}

/// The place of row `row` of an image's outputs, still without its last axis.
INLINE window_place place_of_row(const wright_window *window, int64_t row) {
    window_place place = {.base = 0};
    place_along(&place, window, 0, row / window->axes[1].output);
    place_along(&place, window, 1, row % window->axes[1].output);
    return place;
}

/// Windows of two by two are what most pools have. With their bounds written out, the compiler unrolls their loops.
static const wright_window square_window = {.axes = {{.kernel = 1}, {.kernel = 2}, {.kernel = 2}}};

/// Whether the window is two by two and lies inside the input.
INLINE bool is_square(const wright_window *window, const window_place *place) {
    return window->axes[0].kernel == 1 && window->axes[1].kernel == 2 && window->axes[2].kernel == 2 &&
           place->spans[1].end - place->spans[1].first == 2 && place->spans[2].end - place->spans[2].first == 2;
}

/// The same place, its bounds as constants.
INLINE window_place square_place(const window_place *place) {
    window_place square = *place;
    square.spans[0].first = square.spans[1].first = square.spans[2].first = 0;
    square.spans[0].end = 1;
    square.spans[1].end = square.spans[2].end = 2;
    return square;
}

/// Runs `body` for every step of the window inside the input, in order, with `offset` its distance from the first and
/// `step` its number in the whole window.
#define FOR_EACH_STEP(window, place, body)                                                                             \
    for (int64_t d = (place)->spans[0].first; d < (place)->spans[0].end; d++) {                                        \
        for (int64_t h = (place)->spans[1].first; h < (place)->spans[1].end; h++) {                                    \
            int64_t offset = (d - (place)->spans[0].first) * (place)->steps[0] +                                       \
                             (h - (place)->spans[1].first) * (place)->steps[1];                                        \
            int64_t row = (d * (window)->axes[1].kernel + h) * (window)->axes[2].kernel;                               \
            for (int64_t w = (place)->spans[2].first; w < (place)->spans[2].end; w++) {                                \
                int32_t step = (int32_t)(row + w);                                                                     \
                (void)step;                                                                                            \
                body;                                                                                                  \
                offset += (place)->steps[2];                                                                           \
            }                                                                                                          \
        }                                                                                                              \
    }

/// Calls `function(…, count)` for every vector of channels from `first` up to `end`.
#define FOR_EACH_LANES(first, end, call_with_count)                                                                    \
    do {                                                                                                               \
        int64_t c = first;                                                                                             \
        for (; c + LANES <= (end); c += LANES) call_with_count(LANES);                                                 \
        if (c < (end)) call_with_count((end) - c);                                                                     \
    } while (false)

// ---- Output by output ----------------------------------------------------------------------------------------------

INLINE void maximum_at(const wright_window *window, const window_place *place, const float *keys, float *result,
                       int64_t count) {
    floats best = splat(-INFINITY);
    FOR_EACH_STEP(window, place, best = maximum(best, load_some(keys + offset, count)));
    store_some(result, best, count);
}

INLINE void sum_at(const wright_window *window, const window_place *place, const float *source, float *result,
                   int64_t count) {
    floats sum = {};
    FOR_EACH_STEP(window, place, sum += load_some(source + offset, count));
    store_some(result, sum, count);
}

/// The step of the first largest key in each channel.
INLINE ints winner_at(const wright_window *window, const window_place *place, const float *keys, int64_t count) {
    const wright_window_axis *axes = window->axes;
    int64_t first_row = place->spans[0].first * axes[1].kernel + place->spans[1].first;
    floats best = splat(-INFINITY);
    ints winner = splat_int((int32_t)(first_row * axes[2].kernel + place->spans[2].first));
    FOR_EACH_STEP(window, place, {
        floats key = load_some(keys + offset, count);
        ints better = (key > best) | ((key != key) & (best == best));
        best = choose(better, key, best);
        winner = choose_ints(better, splat_int(step), winner);
    });
    return winner;
}

INLINE void select_at(const wright_window *window, const window_place *place, const float *keys, const float *source,
                      float *result, int64_t count) {
    ints winner = winner_at(window, place, keys, count);
    floats selected = {};
    FOR_EACH_STEP(window, place, selected = choose(winner == step, load_some(source + offset, count), selected));
    store_some(result, selected, count);
}

/// Sends the cotangent to the winner. Where windows do not overlap it is stored, else added.
INLINE void scatter_at(const wright_window *window, const window_place *place, const float *keys, float *result,
                       floats cotangent, bool overlap, int64_t count) {
    ints winner = winner_at(window, place, keys, count);
    FOR_EACH_STEP(window, place, {
        floats part = (floats)((ints)cotangent & (winner == step));
        if (overlap) part += load_some(result + offset, count);
        store_some(result + offset, part, count);
    });
}

/// Sends the cotangent everywhere the window sees.
INLINE void spread_at(const wright_window *window, const window_place *place, float *result, floats cotangent,
                      bool overlap, int64_t count) {
    FOR_EACH_STEP(window, place, {
        floats sum = overlap ? load_some(result + offset, count) + cotangent : cotangent;
        store_some(result + offset, sum, count);
    });
}

typedef enum { MAXIMUM_POOL, SELECT_POOL, SUM_POOL } pool_kind;

/// The result of one window, in every channel. `keys` and `source` are images of the input.
INLINE void pool_window(const wright_window *window, pool_kind kind, const window_place *place, const float *keys,
                        const float *source, float *result, int64_t channels) {
#define CALL_MAXIMUM(count) maximum_at(window, place, keys + place->base + c, result + c, count)
#define CALL_SELECT(count)                                                                                             \
    select_at(window, place, keys + place->base + c, source + place->base + c, result + c, count)
#define CALL_SUM(count) sum_at(window, place, source + place->base + c, result + c, count)
    if (kind == MAXIMUM_POOL) FOR_EACH_LANES(0, channels, CALL_MAXIMUM);
    if (kind == SELECT_POOL) FOR_EACH_LANES(0, channels, CALL_SELECT);
    if (kind == SUM_POOL) FOR_EACH_LANES(0, channels, CALL_SUM);
}

INLINE void pool_row(const wright_window *window, pool_kind kind, const window_place *row, const float *keys,
                     const float *source, float *result) {
    int64_t channels = window->channels;
    for (int64_t w = 0; w < window->axes[2].output; w++, result += channels) {
        window_place place = *row;
        place_along(&place, window, 2, w);
        if (place.is_empty) {
            for (int64_t c = 0; c < channels; c++) result[c] = kind == MAXIMUM_POOL ? -INFINITY : 0;
        } else if (is_square(window, &place)) {
            window_place square = square_place(&place);
            pool_window(&square_window, kind, &square, keys, source, result, channels);
        } else {
            pool_window(window, kind, &place, keys, source, result, channels);
        }
    }
}

INLINE void pool_share(const wright_pool_arguments *arguments, pool_kind kind, int32_t thread, int32_t thread_count) {
    const wright_window window = arguments->window;
    int64_t rows = window.axes[0].output * window.axes[1].output, image = input_size(&window);
    int64_t row_size = window.axes[2].output * window.channels;
    share part = share_of(window.batch * rows, 1, thread, thread_count);
    for (int64_t i = part.first; i < part.end; i++) {
        window_place place = place_of_row(&window, i % rows);
        const float *keys = kind == SUM_POOL ? NULL : arguments->keys + i / rows * image;
        const float *source = kind == MAXIMUM_POOL ? NULL : arguments->source + i / rows * image;
        pool_row(&window, kind, &place, keys, source, arguments->destination + i * row_size);
    }
}

static void maximum_pool_share(void *context, int32_t thread, int32_t thread_count) {
    pool_share(context, MAXIMUM_POOL, thread, thread_count);
}

static void maximum_pool_select_share(void *context, int32_t thread, int32_t thread_count) {
    pool_share(context, SELECT_POOL, thread, thread_count);
}

static void sum_pool_share(void *context, int32_t thread, int32_t thread_count) {
    pool_share(context, SUM_POOL, thread, thread_count);
}

// ---- Back to the input ---------------------------------------------------------------------------------------------

/// Whether windows lie side by side, so that every input position has one window at most.
INLINE bool windows_overlap(const wright_window *window) {
    for (int i = 0; i < 3; i++) {
        const wright_window_axis *axis = &window->axes[i];
        if (axis->kernel > axis->stride || axis->dilation > 1) return true;
    }
    return false;
}

/// Whether windows lie side by side and leave no input position out.
INLINE bool windows_tile(const wright_window *window) {
    for (int i = 0; i < 3; i++) {
        const wright_window_axis *axis = &window->axes[i];
        bool even = axis->kernel == axis->stride && axis->padding == 0 && axis->output * axis->stride == axis->input;
        if (!even) return false;
    }
    return !windows_overlap(window);
}

/// Sends the cotangents of one window back to the input: to the winners among the keys, or without keys to all that
/// the window sees. Channels `first` up to `end` only.
INLINE void spread_window(const wright_window *window, bool has_keys, bool overlap, const window_place *place,
                          const float *keys, const float *source, float *result, int64_t first, int64_t end) {
#define CALL_SCATTER(count)                                                                                            \
    scatter_at(window, place, keys + place->base + c, result + place->base + c, load_some(source + c, count), overlap, \
               count)
#define CALL_SPREAD(count)                                                                                             \
    spread_at(window, place, result + place->base + c, load_some(source + c, count), overlap, count)
    if (has_keys) {
        FOR_EACH_LANES(first, end, CALL_SCATTER);
    } else {
        FOR_EACH_LANES(first, end, CALL_SPREAD);
    }
}

INLINE void spread_row(const wright_window *window, bool has_keys, bool overlap, const window_place *row,
                       const float *keys, const float *source, float *result, int64_t first, int64_t end) {
    for (int64_t w = 0; w < window->axes[2].output; w++, source += window->channels) {
        window_place place = *row;
        place_along(&place, window, 2, w);
        if (place.is_empty) continue;
        if (!overlap && is_square(window, &place)) {
            window_place square = square_place(&place);
            spread_window(&square_window, has_keys, false, &square, keys, source, result, first, end);
        } else {
            spread_window(window, has_keys, overlap, &place, keys, source, result, first, end);
        }
    }
}

/// Images and, if there are few, blocks of channels are shared out: windows of one image may overlap.
INLINE void spread_share(const wright_pool_arguments *arguments, bool has_keys, int32_t thread, int32_t thread_count) {
    const wright_window window = arguments->window;
    int64_t rows = window.axes[0].output * window.axes[1].output, image = input_size(&window);
    int64_t channels = window.channels, row_size = window.axes[2].output * channels;
    int64_t blocks = window.batch >= thread_count ? 1 : (channels + 15) / 16;
    int64_t block = blocks == 1 ? channels : 16;
    bool overlap = windows_overlap(&window), clear = !windows_tile(&window);
    share part = share_of(window.batch * blocks, 1, thread, thread_count);
    for (int64_t task = part.first; task < part.end; task++) {
        int64_t n = task / blocks, first = task % blocks * block;
        int64_t end = first + block < channels ? first + block : channels;
        float *result = arguments->destination + n * image;
        if (clear && blocks == 1) memset(result, 0, (size_t)image * sizeof(float));
        for (int64_t i = 0; clear && blocks > 1 && i < image; i += channels) {
            memset(result + i + first, 0, (size_t)(end - first) * sizeof(float));
        }
        for (int64_t r = 0; r < rows; r++) {
            window_place place = place_of_row(&window, r);
            const float *keys = has_keys ? arguments->keys + n * image : NULL;
            const float *source = arguments->source + (n * rows + r) * row_size;
            spread_row(&window, has_keys, overlap, &place, keys, source, result, first, end);
        }
    }
}

static void maximum_pool_scatter_share(void *context, int32_t thread, int32_t thread_count) {
    spread_share(context, true, thread, thread_count);
}

static void sum_pool_transpose_share(void *context, int32_t thread, int32_t thread_count) {
    spread_share(context, false, thread, thread_count);
}
