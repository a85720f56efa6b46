// Weights to their 36 points, in the order in which `winograd_multiply_panel` reads them: [panel][point][row][PANEL].
#pragma once

#include "Kernels.h"
#include "Multiply.h"
#include "WinogradTransforms.h"

/// Floats of one panel.
static int64_t winograd_panel_floats(int64_t depth) { return POINTS * depth * PANEL; }

static int64_t winograd_packed_floats(int64_t in_channels, int64_t out_channels) {
    return panels_of(out_channels) * winograd_panel_floats(in_channels);
}

/// Writes the points of one row of a panel, [point][row][PANEL], both halves at once: half cache lines would travel
/// twice.
ALWAYS_INLINE void winograd_write_points(const vector left[3][3], const vector right[3][3], int64_t depth, float *to) {
    vector left_points[PATCH][PATCH], right_points[PATCH][PATCH];
    weights_to_points(left, left_points);
    weights_to_points(right, right_points);
#pragma clang loop unroll(full)
    for (int point = 0; point < POINTS; point++) {
        store(to + point * depth * PANEL, left_points[point / PATCH][point % PATCH]);
        store(to + point * depth * PANEL + LANES, right_points[point / PATCH][point % PATCH]);
    }
}

/// Forward: panels run along output channels, but weights lie along input channels, so squares of LANES × LANES change
/// sides on the way.
static void winograd_pack_forward(const wright_winograd_pack_plan *plan, int64_t panel, float *destination) {
    int64_t depth = plan->in_channels;
    for (int64_t channel = 0; channel < depth; channel += LANES) {
        int64_t used = smaller_count(LANES, depth - channel);
        vector squares[2][3][3][LANES];
        for (int lane = 0; lane < PANEL; lane++) {
            int64_t out_channel = panel * PANEL + lane;
            const float *from = plan->source + out_channel * 9 * depth + channel;
            for (int place = 0; place < 9; place++) {
                bool is_used = out_channel < plan->out_channels;
                squares[lane / LANES][place / 3][place % 3][lane % LANES] =
                    is_used ? load_up_to(from + place * depth, used) : splat(0);
            }
        }
        for (int place = 0; place < 9; place++) {
            transpose(squares[0][place / 3][place % 3]);
            transpose(squares[1][place / 3][place % 3]);
        }
        for (int64_t lane = 0; lane < used; lane++) {
            vector left[3][3], right[3][3];
            for (int place = 0; place < 9; place++) {
                left[place / 3][place % 3] = squares[0][place / 3][place % 3][lane];
                right[place / 3][place % 3] = squares[1][place / 3][place % 3][lane];
            }
            winograd_write_points(left, right, depth, destination + (channel + lane) * PANEL);
        }
    }
}

/// Input gradient: panels run along input channels, as the weights do; the kernel is turned around.
static void winograd_pack_turned(const wright_winograd_pack_plan *plan, int64_t panel, float *destination) {
    int64_t depth = plan->out_channels, channel = panel * PANEL, remaining = plan->in_channels - channel;
    for (int64_t k = 0; k < depth; k++) {
        const float *from = plan->source + k * 9 * plan->in_channels + channel;
        vector left[3][3], right[3][3];
        for (int place = 0; place < 9; place++) {
            const float *weights = from + (8 - place) * plan->in_channels;
            left[place / 3][place % 3] = load_up_to(weights, remaining);
            right[place / 3][place % 3] = load_up_to(weights + LANES, remaining - LANES);
        }
        winograd_write_points(left, right, depth, destination + k * PANEL);
    }
}

static void winograd_pack_panel(const wright_winograd_pack_plan *plan, int64_t panel, float *destination) {
    if (plan->turned) {
        winograd_pack_turned(plan, panel, destination);
    } else {
        winograd_pack_forward(plan, panel, destination);
    }
}

static void winograd_pack(void *pointer, int32_t index, int32_t count) {
    const wright_winograd_pack_plan *plan = pointer;
    int64_t panels = panels_of(plan->turned ? plan->in_channels : plan->out_channels);
    for (int64_t panel = panels * index / count; panel < panels * (index + 1) / count; panel++) {
        int64_t depth = plan->turned ? plan->out_channels : plan->in_channels;
        winograd_pack_panel(plan, panel, plan->destination + panel * winograd_panel_floats(depth));
    }
}
