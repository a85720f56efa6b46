// The gradient by the weights without transforms: [out × windows] · [windows × unfolded pixels], where a row of the
// result is one output channel's weights exactly as they lie in memory.
//
// The operands of a chunk are copied into panels, [channel panel][window][PANEL], and the sums stay with their thread.
// Where panels would straddle the runs of a window (three channels, say), the unfolded pixels are kept as rows instead,
// one window after the other, and the sums are transposed: [unfolded pixel][out].
#pragma once

#include "Unfolded.h"

/// Windows of a chunk: long enough that reading and writing the sums does not dominate.
enum { GRADIENT_WINDOWS = 128 };

static int64_t unfolded_depth(const wright_windows *windows) {
    return windows->taps_y * windows->taps_x * windows->channels;
}

/// Columns of one thread's sums, in panels: its share if threads divide the columns, else all.
static void unfolded_gradient_share(
    const wright_unfolded_gradient_plan *plan, int32_t index, int64_t *first, int64_t *last) {
    int64_t panels = panels_of(unfolded_depth(&plan->windows));
    *first = plan->divides_windows ? 0 : panels * index / plan->threads;
    *last = plan->divides_windows ? panels : panels * (index + 1) / plan->threads;
}

static int64_t unfolded_gradient_most_panels(const wright_unfolded_gradient_plan *plan) {
    int64_t panels = panels_of(unfolded_depth(&plan->windows));
    return plan->divides_windows ? panels : (panels + plan->threads - 1) / plan->threads;
}

/// Floats from one panel of a chunk to the next.
static int64_t unfolded_gradient_panel_stride(const wright_windows *windows) {
    return spread_stride(windows->chunk_images * windows->chunk_rows * windows->columns * PANEL);
}

static bool keeps_rows(const wright_windows *windows) { return windows->channels % PANEL != 0; }

/// A thread's scratch, in order.
typedef struct {
    float *frame, *unfolded, *gradients, *sums, *bias;
} unfolded_gradient_memory;

static int64_t unfolded_gradient_layout(
    const wright_unfolded_gradient_plan *plan, float *scratch, unfolded_gradient_memory *memory) {
    const wright_windows *windows = &plan->windows;
    int64_t panel_stride = unfolded_gradient_panel_stride(windows), depth = unfolded_depth(windows);
    int64_t panels = unfolded_gradient_most_panels(plan), out = panels_of(plan->out_channels) * PANEL;
    int64_t count = windows->chunk_images * windows->chunk_rows * windows->columns;
    float *next = scratch;
    memory->frame = next;
    next += windows_frame_floats(windows);
    memory->unfolded = next;
    next += keeps_rows(windows) ? rounded_up(count * depth + LANES, 16) : panels * panel_stride;
    memory->gradients = next;
    next += panels_of(plan->out_channels) * panel_stride;
    memory->sums = next;
    next += keeps_rows(windows) ? depth * out : plan->out_channels * panels * PANEL;
    memory->bias = next;
    next += out;
    return rounded_up(next - scratch, 16);
}

static void unfolded_gradient_prepare(wright_unfolded_gradient_plan *plan) {
    // Dividing columns needs no sums to be added, but every thread copies all output gradients: too much for few.
    bool has_few_columns = panels_of(unfolded_depth(&plan->windows)) < 8 * plan->threads;
    plan->divides_windows = has_few_columns || keeps_rows(&plan->windows);
    windows_divide(&plan->windows, GRADIENT_WINDOWS, plan->divides_windows ? plan->threads : 1);
    // `unfold_row` reads past its runs, which only a frame allows.
    if (keeps_rows(&plan->windows)) plan->windows.copies = true;
    // Every thread must have something to add up, or its sums would be undefined.
    if (plan->divides_windows && plan->threads > plan->windows.chunks) plan->threads = (int32_t)plan->windows.chunks;
    unfolded_gradient_memory memory;
    float start[1];
    plan->scratch_floats = unfolded_gradient_layout(plan, start, &memory);
}

/// Copies a window's runs, one behind the other. Whole vectors: what is copied too much, the next run overwrites.
ALWAYS_INLINE void unfold_row(
    const wright_windows *windows, const window_chunk *chunk, const float *corner, float *to) {
    int64_t length = run_length(windows), runs = runs_of(windows);
    for (int64_t run = 0; run < runs; run++, to += length) {
        const float *from = corner + run_offset(windows, chunk, run);
        for (int64_t place = 0; place < length; place += LANES) store(to + place, load(from + place));
    }
}

/// Copies panels [first, last) of a window, which never cross from one run to the next.
ALWAYS_INLINE void unfold_panels(
    const wright_windows *windows, const window_chunk *chunk, const float *corner, int64_t first, int64_t last,
    float *to, int64_t panel_stride) {
    int64_t length = run_length(windows);
    for (int64_t panel = first; panel < last; panel++, to += panel_stride) {
        int64_t place = panel * PANEL, run = place / length;
        const float *from = corner + run_offset(windows, chunk, run) + (place - run * length);
        store(to, load(from));
        store(to + LANES, load(from + LANES));
    }
}

/// One panel of output gradients of `count` pixels, added up for the bias.
ALWAYS_INLINE void unfolded_copy_panel(
    const float *from, int64_t pixel_stride, int64_t count, int64_t channels, float *to, float *bias) {
    vector left_sum = load(bias), right_sum = load(bias + LANES);
    for (int64_t window = 0; window < count; window++, from += pixel_stride, to += PANEL) {
        // A panel is every so many cache lines of the image: too wide a stride for hardware prefetchers.
        __builtin_prefetch(from + 16 * pixel_stride);
        vector left = load_up_to(from, channels), right = load_up_to(from + LANES, channels - LANES);
        left_sum += left;
        right_sum += right;
        store(to, left);
        store(to + LANES, right);
    }
    store(bias, left_sum);
    store(bias + LANES, right_sum);
}

/// Output gradients of a chunk to panels, adding them up for the bias.
static void unfolded_copy_gradients(
    const wright_unfolded_gradient_plan *plan, const window_chunk *chunk, int64_t count,
    const unfolded_gradient_memory *memory) {
    const wright_windows *windows = &plan->windows;
    int64_t pixel = (chunk->first_image * windows->rows + chunk->first_row) * windows->columns;
    // A chunk is whole images or rows of one: its output pixels lie one after the other.
    const float *from = plan->output_gradient + pixel * plan->out_channels;
    for (int64_t panel = 0; panel < panels_of(plan->out_channels); panel++) {
        int64_t left = plan->out_channels - panel * PANEL;
        float *to = memory->gradients + panel * unfolded_gradient_panel_stride(windows);
        float *bias = memory->bias + panel * PANEL;
        if (left >= PANEL) {
            unfolded_copy_panel(from + panel * PANEL, plan->out_channels, count, PANEL, to, bias);
        } else {
            unfolded_copy_panel(from + panel * PANEL, plan->out_channels, count, left, to, bias);
        }
    }
}

static void unfolded_gradient_chunk(
    const wright_unfolded_gradient_plan *plan, int64_t index, int64_t first_panel, int64_t last_panel,
    const unfolded_gradient_memory *memory, bool accumulate) {
    const wright_windows *windows = &plan->windows;
    window_chunk chunk = windows_open(windows, plan->input, index, memory->frame);
    int64_t count = chunk.images * chunk.rows * windows->columns;
    int64_t panel_floats = unfolded_gradient_panel_stride(windows);
    window_place place = {0, 0, 0};
    for (int64_t window = 0; window < count; window++) {
        const float *corner = window_corner(windows, &chunk, place);
        if (keeps_rows(windows)) {
            unfold_row(windows, &chunk, corner, memory->unfolded + window * unfolded_depth(windows));
        } else {
            unfold_panels(
                windows, &chunk, corner, first_panel, last_panel, memory->unfolded + window * PANEL, panel_floats);
        }
        window_advance(windows, &chunk, &place);
    }
    unfolded_copy_gradients(plan, &chunk, count, memory);
    int64_t out_panels = panels_of(plan->out_channels);
    if (keeps_rows(windows)) {
        int64_t depth = unfolded_depth(windows);
        for (int64_t out = 0; out < out_panels; out++) {
            multiply_transposed(
                memory->unfolded, depth, memory->gradients + out * panel_floats, count, memory->sums + out * PANEL,
                out_panels * PANEL, depth, accumulate);
        }
        return;
    }
    int64_t row_stride = unfolded_gradient_most_panels(plan) * PANEL;
    for (int64_t out = 0; out < out_panels; out++) {
        int64_t rows = smaller_count(PANEL, plan->out_channels - out * PANEL);
        for (int64_t panel = first_panel; panel < last_panel; panel++) {
            multiply_transposed(
                memory->gradients + out * panel_floats, PANEL, memory->unfolded + (panel - first_panel) * panel_floats,
                count, memory->sums + out * PANEL * row_stride + (panel - first_panel) * PANEL, row_stride, rows,
                accumulate);
        }
    }
}

/// Adds up `copies` sums of a rectangle of weights and stores it.
static void unfolded_gradient_store(
    const wright_unfolded_gradient_plan *plan, const float *sums, int64_t copies, int64_t first_out, int64_t last_out,
    int64_t first_panel, int64_t last_panel) {
    int64_t depth = unfolded_depth(&plan->windows), row_stride = unfolded_gradient_most_panels(plan) * PANEL;
    for (int64_t out = first_out; out < last_out; out++) {
        for (int64_t place = first_panel * PANEL; place < smaller_count(last_panel * PANEL, depth); place += LANES) {
            const float *from = sums + out * row_stride + place - first_panel * PANEL;
            vector total = load(from);
            for (int64_t copy = 1; copy < copies; copy++) total += load(from + copy * plan->scratch_floats);
            store_up_to(plan->weight_gradient + out * depth + place, total, depth - place);
        }
    }
}

/// The same for sums that were kept transposed.
static void unfolded_gradient_store_rows(
    const wright_unfolded_gradient_plan *plan, const float *sums, int64_t copies, int64_t first_out, int64_t last_out) {
    int64_t depth = unfolded_depth(&plan->windows), out_stride = panels_of(plan->out_channels) * PANEL;
    for (int64_t out = first_out; out < last_out; out++) {
        for (int64_t place = 0; place < depth; place++) {
            float total = 0;
            for (int64_t copy = 0; copy < copies; copy++) {
                total += sums[copy * plan->scratch_floats + place * out_stride + out];
            }
            plan->weight_gradient[out * depth + place] = total;
        }
    }
}

static void unfolded_gradient_sum(void *pointer, int32_t index, int32_t count) {
    const wright_unfolded_gradient_plan *plan = pointer;
    unfolded_gradient_memory memory;
    unfolded_gradient_layout(plan, plan->scratch + index * plan->scratch_floats, &memory);
    memset(memory.bias, 0, (size_t)(panels_of(plan->out_channels) * PANEL) * sizeof(float));
    int64_t first_panel, last_panel, chunks = plan->windows.chunks;
    unfolded_gradient_share(plan, index, &first_panel, &last_panel);
    int64_t first = plan->divides_windows ? chunks * index / count : 0;
    int64_t last = plan->divides_windows ? chunks * (index + 1) / count : chunks;
    for (int64_t chunk = first; chunk < last; chunk++) {
        unfolded_gradient_chunk(plan, chunk, first_panel, last_panel, &memory, chunk > first);
    }
    if (plan->divides_windows) return;
    unfolded_gradient_store(plan, memory.sums, 1, 0, plan->out_channels, first_panel, last_panel);
    if (index == 0 && plan->bias_gradient) {
        memcpy(plan->bias_gradient, memory.bias, (size_t)plan->out_channels * sizeof(float));
    }
}

static void unfolded_gradient_add(void *pointer, int32_t index, int32_t count) {
    const wright_unfolded_gradient_plan *plan = pointer;
    unfolded_gradient_memory memory;
    unfolded_gradient_layout(plan, plan->scratch, &memory);
    int64_t first = plan->out_channels * index / count, last = plan->out_channels * (index + 1) / count;
    if (keeps_rows(&plan->windows)) {
        unfolded_gradient_store_rows(plan, memory.sums, count, first, last);
    } else {
        unfolded_gradient_store(
            plan, memory.sums, count, first, last, 0, panels_of(unfolded_depth(&plan->windows)));
    }
    if (plan->bias_gradient == NULL) return;
    for (int64_t out = first; out < last; out++) {
        float total = 0;
        for (int32_t copy = 0; copy < count; copy++) total += memory.bias[copy * plan->scratch_floats + out];
        plan->bias_gradient[out] = total;
    }
}
