// Weights to their 36 points, in the order in which `winograd_multiply_panel` reads them.
#pragma once

#include "Winograd.h"

/// The points of the weights between one output channel and LANES input channels.
ALWAYS_INLINE void winograd_transform_weights(
    const wright_winograd_pack_plan *plan, int64_t out_channel, int64_t in_channel, vector points[PATCH][PATCH]) {
    const float *from = plan->source + out_channel * 9 * plan->in_channels + in_channel;
    vector weights[3][3];
    for (int place = 0; place < 9; place++) {
        int source = plan->turned ? 8 - place : place;
        weights[place / 3][place % 3] =
            load_up_to(from + source * plan->in_channels, plan->in_channels - in_channel);
    }
    weights_to_points(weights, points);
}

/// Forward: panels run along output channels, but weights lie along input channels, so squares of LANES × LANES are
/// transposed on the way.
static void winograd_pack_forward(const wright_winograd_pack_plan *plan, int64_t panel) {
    int64_t depth = plan->in_channels;
    float *destination = plan->destination + panel * POINTS * depth * PANEL;
    for (int64_t half = 0; half < 2; half++) {
        int64_t first = panel * PANEL + half * LANES;
        for (int64_t channel = 0; channel < depth; channel += LANES) {
            vector square[POINTS][LANES];
            for (int lane = 0; lane < LANES; lane++) {
                vector points[PATCH][PATCH] = {{0}};
                if (first + lane < plan->out_channels) {
                    winograd_transform_weights(plan, first + lane, channel, points);
                }
                for (int point = 0; point < POINTS; point++) {
                    square[point][lane] = points[point / PATCH][point % PATCH];
                }
            }
            int64_t used = smaller_count(LANES, depth - channel);
            for (int point = 0; point < POINTS; point++) {
                transpose(square[point]);
                float *to = destination + (point * depth + channel) * PANEL + half * LANES;
                for (int64_t lane = 0; lane < used; lane++) store(to + lane * PANEL, square[point][lane]);
            }
        }
    }
}

/// Input gradient: panels run along input channels, as the weights do.
static void winograd_pack_turned(const wright_winograd_pack_plan *plan, int64_t panel) {
    int64_t depth = plan->out_channels;
    float *destination = plan->destination + panel * POINTS * depth * PANEL;
    for (int64_t k = 0; k < depth; k++) {
        for (int64_t half = 0; half < 2; half++) {
            int64_t channel = panel * PANEL + half * LANES;
            vector points[PATCH][PATCH] = {{0}};
            if (channel < plan->in_channels) winograd_transform_weights(plan, k, channel, points);
            for (int point = 0; point < POINTS; point++) {
                store(destination + (point * depth + k) * PANEL + half * LANES, points[point / PATCH][point % PATCH]);
            }
        }
    }
}

static void winograd_pack(void *pointer, int32_t index, int32_t count) {
    const wright_winograd_pack_plan *plan = pointer;
    int64_t panels = panels_of(plan->turned ? plan->in_channels : plan->out_channels);
    for (int64_t panel = panels * index / count; panel < panels * (index + 1) / count; panel++) {
        if (plan->turned) {
            winograd_pack_turned(plan, panel);
        } else {
            winograd_pack_forward(plan, panel);
        }
    }
}
