// Winograd convolutions as primitives: which shapes they can do, their memory, and the order of their phases.
#include "ConvolutionShape.hpp"
#include "Kernels/Kernels.h"
#include "wright_team.h"

#include <algorithm>
#include <memory>

namespace wright {

namespace {

/// Writes transformed weights (DESTINATION) from plain ones (SOURCE).
class WinogradPack final : public wright_dnn_primitive {
public:
    wright_winograd_pack_plan plan = {};
    int32_t threads = wright_threads();

    void run() override {
        plan.source = floats(WRIGHT_DNN_SOURCE);
        plan.destination = floats(WRIGHT_DNN_DESTINATION);
        wright_parallel_shares(wright_kernels_chosen()->winograd_pack, &plan, threads);
    }
};

/// Forward convolution; the input gradient is one too, of the output gradient with turned weights.
class WinogradForward final : public wright_dnn_primitive {
public:
    const wright_kernels *kernels = wright_kernels_chosen();
    wright_winograd_plan plan = {};
    wright_dnn_argument source, destination;

    void run() override {
        plan.input = floats(source);
        plan.weights = floats(WRIGHT_DNN_WEIGHTS);
        plan.pack.source = plan.weights;
        plan.output = floats(destination);
        plan.scratch = floats(WRIGHT_DNN_SCRATCH);
        plan.epilogue.bias = floats(WRIGHT_DNN_BIAS);
        plan.epilogue.residual = floats(WRIGHT_DNN_RESIDUAL);
        wright_winograd_shape &shape = plan.shape;
        if (!shape.shares_blocks) {
            wright_parallel_shares(kernels->winograd_forward, &plan, shape.threads);
            return;
        }
        for (shape.first_tile = 0; shape.first_tile < shape.tiles; shape.first_tile += shape.block) {
            wright_parallel_shares(kernels->winograd_transform, &plan, shape.threads);
            wright_parallel_shares(kernels->winograd_multiply, &plan, shape.threads);
        }
    }

    wright_dnn_primitive *make_pack(const Argument &argument) const override {
        if (argument.own_layout.empty()) return wright_dnn_primitive::make_pack(argument);
        auto launch = std::make_unique<WinogradPack>();
        launch->plan = plan.pack;
        launch->implementation = "wright:winograd weights";
        launch->add_own(WRIGHT_DNN_SOURCE, argument.plain);
        launch->add_own(WRIGHT_DNN_DESTINATION, argument.plain);
        launch->arguments.back().own_layout = argument.own_layout;
        launch->arguments.back().own_bytes = argument.own_bytes;
        return launch.release();
    }

    wright_dnn_primitive *make_unpack(const Argument &argument) const override {
        if (!argument.own_layout.empty()) throw unsupported("Winograd weights cannot be turned back");
        return wright_dnn_primitive::make_unpack(argument);
    }
};

class WinogradWeightGradient final : public wright_dnn_primitive {
public:
    const wright_kernels *kernels = wright_kernels_chosen();
    wright_winograd_gradient_plan plan = {};

    void run() override {
        plan.input = floats(WRIGHT_DNN_INPUT);
        plan.output_gradient = floats(WRIGHT_DNN_OUTPUT_GRADIENT);
        plan.weight_gradient = floats(WRIGHT_DNN_WEIGHT_GRADIENT);
        plan.bias_gradient = floats(WRIGHT_DNN_BIAS_GRADIENT);
        plan.scratch = floats(WRIGHT_DNN_SCRATCH);
        bool shares = plan.shape.shares_blocks;
        int32_t threads = plan.shape.threads;
        wright_parallel_shares(
            shares ? kernels->winograd_gradient_transform : kernels->winograd_gradient_sum, &plan, threads);
        wright_parallel_shares(
            shares ? kernels->winograd_gradient_multiply : kernels->winograd_gradient_add, &plan, threads);
    }
};

bool is_winograd_shape(const wright_dnn_convolution_description &description) {
    if (description.spatial_rank != 2 || description.groups != 1) return false;
    if (description.type != WRIGHT_DNN_FLOAT32) return false;
    for (int axis = 0; axis < 2; axis++) {
        if (description.kernel_size[axis] != 3 || description.stride[axis] != 1 || description.dilation[axis] != 1) {
            return false;
        }
    }
    wright_dnn_activation activation = description.epilogue.activation;
    return activation == WRIGHT_DNN_NO_ACTIVATION || activation == WRIGHT_DNN_RELU;
}

wright_winograd_shape winograd_shape(const ConvolutionShape &shape) {
    const wright_dnn_convolution_description &description = shape.description;
    wright_winograd_shape result = {};
    result.batch = description.batch;
    result.in_height = description.input_size[0];
    result.in_width = description.input_size[1];
    result.in_channels = description.in_channels;
    result.out_height = shape.output_size[0];
    result.out_width = shape.output_size[1];
    result.out_channels = description.out_channels;
    result.pad_top = description.padding_begin[0];
    result.pad_left = description.padding_begin[1];
    result.threads = wright_threads();
    return result;
}

/// output[y] reads input[y + t − pad]; so input[i] gets from output[i − t + pad]: padding 2 − pad, kernel turned.
void turn(wright_winograd_shape &shape) {
    std::swap(shape.in_height, shape.out_height);
    std::swap(shape.in_width, shape.out_width);
    std::swap(shape.in_channels, shape.out_channels);
    shape.pad_top = 2 - shape.pad_top;
    shape.pad_left = 2 - shape.pad_left;
}

wright_dnn_primitive *make_forward(const ConvolutionShape &shape, bool is_gradient) {
    const wright_dnn_convolution_description &description = shape.description;
    auto primitive = std::make_unique<WinogradForward>();
    primitive->implementation = std::string("wright:winograd:") + primitive->kernels->name;
    primitive->source = is_gradient ? WRIGHT_DNN_OUTPUT_GRADIENT : WRIGHT_DNN_INPUT;
    primitive->destination = is_gradient ? WRIGHT_DNN_INPUT_GRADIENT : WRIGHT_DNN_OUTPUT;

    wright_winograd_shape &tiles = primitive->plan.shape;
    tiles = winograd_shape(shape);
    if (is_gradient) turn(tiles);
    primitive->kernels->winograd_prepare(&tiles);
    primitive->plan.epilogue.accumulate = description.epilogue.accumulate;
    primitive->plan.epilogue.relu = description.epilogue.activation == WRIGHT_DNN_RELU;
    primitive->plan.pack.in_channels = description.in_channels;
    primitive->plan.pack.out_channels = description.out_channels;
    primitive->plan.pack.turned = is_gradient;

    primitive->add_own(primitive->source, is_gradient ? shape.output : shape.input);
    primitive->add_own(WRIGHT_DNN_WEIGHTS, shape.weights);
    if (!tiles.packs_panels) {
        Argument &weights = primitive->arguments.back();
        weights.own_layout = is_gradient ? "winograd turned" : "winograd";
        weights.own_bytes =
            sizeof(float) * primitive->kernels->winograd_packed_floats(tiles.in_channels, tiles.out_channels);
    }
    primitive->add_own(primitive->destination, is_gradient ? shape.input : shape.output);
    if (description.epilogue.bias) primitive->add_own(WRIGHT_DNN_BIAS, shape.bias);
    if (description.epilogue.residual) primitive->add_own(WRIGHT_DNN_RESIDUAL, shape.output);
    primitive->add_own_scratch(
        sizeof(float) * tiles.scratch_floats * (tiles.shares_blocks ? 1 : tiles.threads));
    return primitive.release();
}

wright_dnn_primitive *make_weight_gradient(const ConvolutionShape &shape) {
    auto primitive = std::make_unique<WinogradWeightGradient>();
    primitive->implementation = std::string("wright:winograd:") + primitive->kernels->name;
    wright_winograd_shape &tiles = primitive->plan.shape;
    tiles = winograd_shape(shape);
    primitive->kernels->winograd_gradient_prepare(&tiles);
    primitive->add_own(WRIGHT_DNN_INPUT, shape.input);
    primitive->add_own(WRIGHT_DNN_OUTPUT_GRADIENT, shape.output);
    primitive->add_own(WRIGHT_DNN_WEIGHT_GRADIENT, shape.weights);
    if (shape.description.epilogue.bias) primitive->add_own(WRIGHT_DNN_BIAS_GRADIENT, shape.bias);
    primitive->add_own_scratch(
        sizeof(float) * tiles.scratch_floats * (tiles.shares_blocks ? 1 : tiles.threads));
    return primitive.release();
}

}  // namespace

wright_dnn_primitive *make_winograd_convolution(const ConvolutionShape &shape, Direction direction) {
    if (!is_winograd_shape(shape.description)) return nullptr;
    switch (direction) {
    case Direction::forward: return make_forward(shape, false);
    case Direction::input_gradient: return make_forward(shape, true);
    case Direction::weight_gradient: return make_weight_gradient(shape);
    }
    return nullptr;
}

}  // namespace wright
