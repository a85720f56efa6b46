// One instruction set's version of every kernel. The including file defines LANES and KERNELS, the table's name.
#pragma once

#include "Unfolded.h"
#include "UnfoldedGradient.h"
#include "Winograd.h"
#include "WinogradGradient.h"
#include "WinogradWeights.h"

const wright_kernels KERNELS = {
    .name = KERNELS_NAME,
    .winograd_prepare = winograd_prepare,
    .winograd_packed_floats = winograd_packed_floats,
    .winograd_pack = winograd_pack,
    .winograd_forward = winograd_forward,
    .winograd_transform = winograd_transform,
    .winograd_multiply = winograd_multiply,
    .winograd_gradient_prepare = winograd_gradient_prepare,
    .winograd_gradient_sum = winograd_gradient_sum,
    .winograd_gradient_add = winograd_gradient_add,
    .winograd_gradient_transform = winograd_gradient_transform,
    .winograd_gradient_multiply = winograd_gradient_multiply,
    .unfolded_prepare = unfolded_prepare,
    .unfolded_packed_floats = unfolded_packed_floats,
    .unfolded_pack = unfolded_pack,
    .unfolded_forward = unfolded_forward,
    .unfolded_gradient_prepare = unfolded_gradient_prepare,
    .unfolded_gradient_sum = unfolded_gradient_sum,
    .unfolded_gradient_add = unfolded_gradient_add,
};
