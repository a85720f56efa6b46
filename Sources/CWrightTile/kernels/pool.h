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
    int64_t first = origin < 0 ? (-origin + dilation - 1) / dilation : 0;
    int64_t end = origin >= axis->input ? 0 : (axis->input - origin + dilation - 1) / dilation;
    if (end > axis->kernel) end = axis->kernel;
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

INLINE int64_t output_positions(const wright_window *window) {
    return window->axes[0].output * window->axes[1].output * window->axes[2].output;
}

INLINE window_place place_of(const wright_window *window, int64_t position) {
    window_place place = {.base = 0};
    int64_t pitches[3];
    input_pitches(window, pitches);
    for (int i = 2; i >= 0; i--) {
        const wright_window_axis *axis = &window->axes[i];
        place.spans[i] = span_at(axis, position % axis->output);
        position /= axis->output;
        place.steps[i] = axis->dilation * pitches[i];
        place.base += place.spans[i].start * pitches[i];
        place.is_empty |= place.spans[i].first == place.spans[i].end;
    }
    return place;
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

typedef enum { MAXIMUM_POOL, SELECT_POOL, SUM_POOL } pool_kind;

INLINE void pool_share(const wright_pool_arguments *arguments, pool_kind kind, int32_t thread, int32_t thread_count) {
    const wright_window window = arguments->window;
    int64_t positions = output_positions(&window), image = input_size(&window), channels = window.channels;
    share part = share_of(window.batch * positions, 1, thread, thread_count);
    for (int64_t i = part.first; i < part.end; i++) {
        window_place place = place_of(&window, i % positions);
        int64_t start = i / positions * image + place.base;
        float *result = arguments->destination + i * channels;
        const float *keys = kind == SUM_POOL ? NULL : arguments->keys + start;
        const float *source = kind == MAXIMUM_POOL ? NULL : arguments->source + start;
        if (place.is_empty) {
            for (int64_t c = 0; c < channels; c++) result[c] = kind == MAXIMUM_POOL ? -INFINITY : 0;
            continue;
        }
#define CALL_MAXIMUM(count) maximum_at(&window, &place, keys + c, result + c, count)
#define CALL_SELECT(count) select_at(&window, &place, keys + c, source + c, result + c, count)
#define CALL_SUM(count) sum_at(&window, &place, source + c, result + c, count)
        if (kind == MAXIMUM_POOL) FOR_EACH_LANES(0, channels, CALL_MAXIMUM);
        if (kind == SELECT_POOL) FOR_EACH_LANES(0, channels, CALL_SELECT);
        if (kind == SUM_POOL) FOR_EACH_LANES(0, channels, CALL_SUM);
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

/// Images and, if there are few, blocks of channels are shared out: windows of one image may overlap.
static void maximum_pool_scatter_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_pool_arguments *arguments = context;
    const wright_window window = arguments->window;
    int64_t positions = output_positions(&window), image = input_size(&window), channels = window.channels;
    int64_t blocks = window.batch >= thread_count ? 1 : (channels + 15) / 16;
    int64_t block = blocks == 1 ? channels : 16;
    bool overlap = windows_overlap(&window), clear = !windows_tile(&window);
    share part = share_of(window.batch * blocks, 1, thread, thread_count);
    for (int64_t task = part.first; task < part.end; task++) {
        int64_t n = task / blocks, first = task % blocks * block;
        int64_t end = first + block < channels ? first + block : channels;
        float *result_image = arguments->destination + n * image;
        for (int64_t i = 0; clear && i < image; i += channels) {
            memset(result_image + i + first, 0, (size_t)(end - first) * sizeof(float));
        }
        for (int64_t position = 0; position < positions; position++) {
            window_place place = place_of(&window, position);
            if (place.is_empty) continue;
            const float *keys = arguments->keys + n * image + place.base;
            const float *source = arguments->source + (n * positions + position) * channels;
            float *result = result_image + place.base;
#define CALL_SCATTER(count)                                                                                            \
    scatter_at(&window, &place, keys + c, result + c, load_some(source + c, count), overlap, count)
            FOR_EACH_LANES(first, end, CALL_SCATTER);
        }
    }
}

/// The windows that see an input position along one axis: kernel steps `first`, `first + advance` …, below `end`.
/// Those steps, seen from the position, are the outputs `output`, `output − retreat` …
typedef struct {
    int64_t first, end, advance, output, retreat;
} seen_span;

INLINE seen_span seen_from(const wright_window_axis *axis, int64_t position) {
    seen_span span = {.advance = 1, .end = axis->kernel};
    int64_t shifted = position + axis->padding;
    for (int64_t k = 0; k < axis->kernel; k++) {
        int64_t distance = shifted - k * axis->dilation;
        if (distance < 0) break;
        if (distance % axis->stride == 0 && distance / axis->stride < axis->output) {
            // Every further hit is a whole number of strides and of dilations away.
            int64_t common = greatest_common_divisor(axis->stride, axis->dilation);
            span.first = k;
            span.output = distance / axis->stride;
            span.advance = axis->stride / common;
            span.retreat = axis->dilation / common;
            int64_t most = k + span.output / span.retreat * span.advance + 1;
            if (most < span.end) span.end = most;
            return span;
        }
    }
    span.end = 0;
    return span;
}

INLINE void gather_sums(const seen_span spans[3], const int64_t pitches[3], const float *source, float *result,
                        int64_t count) {
    floats sum = {};
    for (int64_t d = spans[0].first, od = spans[0].output; d < spans[0].end; d += spans[0].advance) {
        for (int64_t h = spans[1].first, oh = spans[1].output; h < spans[1].end; h += spans[1].advance) {
            for (int64_t w = spans[2].first, ow = spans[2].output; w < spans[2].end; w += spans[2].advance) {
                sum += load_some(source + od * pitches[0] + oh * pitches[1] + ow * pitches[2], count);
                ow -= spans[2].retreat;
            }
            oh -= spans[1].retreat;
        }
        od -= spans[0].retreat;
    }
    store_some(result, sum, count);
}

/// Every input position adds up the windows that see it, so no two threads write to one place.
static void sum_pool_transpose_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_pool_arguments *arguments = context;
    const wright_window window = arguments->window;
    const wright_window_axis *axes = window.axes;
    int64_t channels = window.channels, image = input_size(&window), positions = channels ? image / channels : 0;
    int64_t pitches[3] = {axes[1].output * axes[2].output * channels, axes[2].output * channels, channels};
    int64_t output_image = output_positions(&window) * channels;
    share part = share_of(window.batch * positions, 1, thread, thread_count);
    for (int64_t i = part.first; i < part.end; i++) {
        int64_t position = i % positions;
        seen_span spans[3];
        for (int axis = 2; axis >= 0; axis--) {
            spans[axis] = seen_from(&axes[axis], position % axes[axis].input);
            position /= axes[axis].input;
        }
        const float *source = arguments->source + i / positions * output_image;
        float *result = arguments->destination + i * channels;
#define CALL_GATHER(count) gather_sums(spans, pitches, source + c, result + c, count)
        FOR_EACH_LANES(0, channels, CALL_GATHER);
    }
}
