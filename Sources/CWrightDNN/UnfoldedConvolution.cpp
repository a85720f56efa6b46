// Convolutions as products of unfolded windows: which shapes, their memory, and the phases of an input gradient.
#include "ConvolutionShape.hpp"
#include "Kernels/Kernels.h"
#include "wright_team.h"

#include <memory>

namespace wright {

namespace {

/// A 1-D or 2-D convolution as a 2-D one.
struct Plane {
    int64_t in[2] = {1, 1}, out[2] = {1, 1}, kernel[2] = {1, 1};
    int64_t stride[2] = {1, 1}, dilation[2] = {1, 1}, pad[2] = {0, 0};

    explicit Plane(const ConvolutionShape &shape) {
        for (int axis = 0; axis < shape.rank; axis++) {
            int to = axis + 2 - shape.rank;
            in[to] = shape.description.input_size[axis];
            out[to] = shape.output_size[axis];
            kernel[to] = shape.description.kernel_size[axis];
            stride[to] = shape.description.stride[axis];
            dilation[to] = shape.description.dilation[axis];
            pad[to] = shape.description.padding_begin[axis];
        }
    }
};

wright_windows forward_windows(const ConvolutionShape &shape) {
    Plane plane(shape);
    wright_windows windows = {};
    windows.batch = shape.description.batch;
    windows.in_height = plane.in[0];
    windows.in_width = plane.in[1];
    windows.channels = shape.description.in_channels;
    windows.rows = plane.out[0];
    windows.columns = plane.out[1];
    windows.step_y = plane.stride[0];
    windows.step_x = plane.stride[1];
    windows.origin_y = -plane.pad[0];
    windows.origin_x = -plane.pad[1];
    windows.taps_y = plane.kernel[0];
    windows.taps_x = plane.kernel[1];
    windows.tap_step_y = plane.dilation[0];
    windows.tap_step_x = plane.dilation[1];
    return windows;
}

/// One axis of an input gradient, for the input elements first, first + stride, …: those that see the same taps.
/// Element i = stride · u + first is reached from output (i + pad − tap · dilation) / stride where that is whole.
struct Phase {
    int64_t count, taps, first_tap, tap_step, origin;

    Phase(const Plane &plane, int axis, int64_t first) {
        int64_t stride = plane.stride[axis], kernel = plane.kernel[axis];
        count = (plane.in[axis] - first + stride - 1) / stride;
        int64_t shifted = first + plane.pad[axis];
        if (stride == 1) {
            first_tap = 0;
            taps = kernel;
            tap_step = plane.dilation[axis];
            origin = shifted - (taps - 1) * tap_step;
        } else {
            // With dilation 1 the taps that fit are those of one remainder.
            first_tap = shifted % stride;
            taps = first_tap < kernel ? (kernel - first_tap + stride - 1) / stride : 0;
            tap_step = 1;
            origin = shifted / stride - (taps - 1);
        }
    }
};

class UnfoldedPack final : public wright_dnn_primitive {
public:
    std::vector<wright_unfolded_pack_plan> plans;
    std::vector<size_t> starts;
    int32_t threads = wright_threads();

    void run() override {
        for (size_t index = 0; index < plans.size(); index++) {
            plans[index].source = floats(WRIGHT_DNN_SOURCE);
            plans[index].destination = floats(WRIGHT_DNN_DESTINATION) + starts[index];
            wright_parallel_shares(wright_kernels_chosen()->unfolded_pack, &plans[index], threads);
        }
    }
};

/// One plan for a forward convolution; for an input gradient, one per phase of its strides.
class UnfoldedConvolution final : public wright_dnn_primitive {
public:
    const wright_kernels *kernels = wright_kernels_chosen();
    std::vector<wright_unfolded_plan> plans;
    std::vector<wright_unfolded_pack_plan> packs;
    /// Where each plan's weights start in the packed ones.
    std::vector<size_t> starts;
    wright_dnn_argument source, destination;

    void run() override {
        for (size_t index = 0; index < plans.size(); index++) {
            wright_unfolded_plan &plan = plans[index];
            plan.input = floats(source);
            plan.weights = floats(WRIGHT_DNN_WEIGHTS) + starts[index];
            plan.output = floats(destination);
            plan.scratch = floats(WRIGHT_DNN_SCRATCH);
            plan.epilogue.bias = floats(WRIGHT_DNN_BIAS);
            plan.epilogue.residual = floats(WRIGHT_DNN_RESIDUAL);
            wright_parallel_shares(kernels->unfolded_forward, &plan, plan.threads);
        }
    }

    wright_dnn_primitive *make_pack(const Argument &argument) const override {
        if (argument.role != WRIGHT_DNN_WEIGHTS) return wright_dnn_primitive::make_pack(argument);
        auto launch = std::make_unique<UnfoldedPack>();
        launch->plans = packs;
        launch->starts = starts;
        launch->implementation = std::string("wright:unfolded weights:") + kernels->name;
        launch->add_own(WRIGHT_DNN_SOURCE, argument.plain);
        launch->add_own(WRIGHT_DNN_DESTINATION, argument.plain);
        launch->arguments.back().own_layout = argument.own_layout;
        launch->arguments.back().own_bytes = argument.own_bytes;
        return launch.release();
    }

    wright_dnn_primitive *make_unpack(const Argument &argument) const override {
        if (!argument.own_layout.empty()) throw unsupported("packed weights are only read: keep the plain ones");
        return wright_dnn_primitive::make_unpack(argument);
    }

    void add(wright_unfolded_plan plan, const wright_unfolded_pack_plan &pack, const ConvolutionShape &shape) {
        plan.threads = wright_threads();
        plan.epilogue.accumulate = shape.description.epilogue.accumulate;
        plan.epilogue.relu = shape.description.epilogue.activation == WRIGHT_DNN_RELU;
        kernels->unfolded_prepare(&plan);
        plans.push_back(plan);
        packs.push_back(pack);
        starts.push_back(packed_floats);
        packed_floats += kernels->unfolded_packed_floats(
            plan.windows.taps_y * plan.windows.taps_x, plan.windows.channels, plan.out_channels);
    }

    void add_arguments(const ConvolutionShape &shape, bool is_gradient) {
        implementation = std::string("wright:unfolded:") + kernels->name;
        source = is_gradient ? WRIGHT_DNN_OUTPUT_GRADIENT : WRIGHT_DNN_INPUT;
        destination = is_gradient ? WRIGHT_DNN_INPUT_GRADIENT : WRIGHT_DNN_OUTPUT;
        add_own(source, is_gradient ? shape.output : shape.input);
        add_own(WRIGHT_DNN_WEIGHTS, shape.weights);
        arguments.back().own_layout = is_gradient ? "unfolded turned" : "unfolded";
        arguments.back().own_bytes = packed_floats * sizeof(float);
        add_own(destination, is_gradient ? shape.input : shape.output);
        if (shape.description.epilogue.bias) add_own(WRIGHT_DNN_BIAS, shape.bias);
        if (shape.description.epilogue.residual) add_own(WRIGHT_DNN_RESIDUAL, shape.output);
        size_t most = 0;
        for (const wright_unfolded_plan &plan : plans) {
            most = std::max(most, sizeof(float) * plan.scratch_floats * plan.threads);
        }
        add_own_scratch(most);
    }

private:
    size_t packed_floats = 0;
};

wright_unfolded_pack_plan pack_plan(const ConvolutionShape &shape) {
    Plane plane(shape);
    wright_unfolded_pack_plan pack = {};
    pack.out_channels = shape.description.out_channels;
    pack.in_channels = shape.description.in_channels;
    pack.kernel_y = plane.kernel[0];
    pack.kernel_x = plane.kernel[1];
    return pack;
}

wright_dnn_primitive *make_forward(const ConvolutionShape &shape) {
    auto primitive = std::make_unique<UnfoldedConvolution>();
    wright_unfolded_plan plan = {};
    plan.windows = forward_windows(shape);
    plan.out_channels = shape.description.out_channels;
    plan.out_height = plan.windows.rows;
    plan.out_width = plan.windows.columns;
    plan.place_step_y = plan.place_step_x = 1;
    primitive->add(plan, pack_plan(shape), shape);
    primitive->add_arguments(shape, false);
    return primitive.release();
}

wright_dnn_primitive *make_input_gradient(const ConvolutionShape &shape) {
    Plane plane(shape);
    auto primitive = std::make_unique<UnfoldedConvolution>();
    for (int64_t y = 0; y < std::min(plane.stride[0], plane.in[0]); y++) {
        for (int64_t x = 0; x < std::min(plane.stride[1], plane.in[1]); x++) {
            Phase vertical(plane, 0, y), horizontal(plane, 1, x);
            wright_unfolded_plan plan = {};
            wright_windows &windows = plan.windows;
            windows.batch = shape.description.batch;
            windows.in_height = plane.out[0];
            windows.in_width = plane.out[1];
            windows.channels = shape.description.out_channels;
            windows.rows = vertical.count;
            windows.columns = horizontal.count;
            windows.step_y = windows.step_x = 1;
            windows.taps_y = vertical.taps;
            windows.taps_x = horizontal.taps;
            if (vertical.taps == 0 || horizontal.taps == 0) {
                // No output reads these pixels: their gradient is the empty sum.
                windows.taps_y = windows.taps_x = 0;
            } else {
                windows.origin_y = vertical.origin;
                windows.origin_x = horizontal.origin;
            }
            windows.tap_step_y = vertical.tap_step;
            windows.tap_step_x = horizontal.tap_step;
            plan.out_channels = shape.description.in_channels;
            plan.out_height = plane.in[0];
            plan.out_width = plane.in[1];
            plan.place_y = y;
            plan.place_x = x;
            plan.place_step_y = plane.stride[0];
            plan.place_step_x = plane.stride[1];
            wright_unfolded_pack_plan pack = pack_plan(shape);
            pack.turned = true;
            pack.taps_y = windows.taps_y;
            pack.taps_x = windows.taps_x;
            pack.first_y = vertical.first_tap;
            pack.first_x = horizontal.first_tap;
            pack.step_y = plane.stride[0];
            pack.step_x = plane.stride[1];
            primitive->add(plan, pack, shape);
        }
    }
    primitive->add_arguments(shape, true);
    return primitive.release();
}

class UnfoldedWeightGradient final : public wright_dnn_primitive {
public:
    const wright_kernels *kernels = wright_kernels_chosen();
    wright_unfolded_gradient_plan plan = {};

    void run() override {
        plan.input = floats(WRIGHT_DNN_INPUT);
        plan.output_gradient = floats(WRIGHT_DNN_OUTPUT_GRADIENT);
        plan.weight_gradient = floats(WRIGHT_DNN_WEIGHT_GRADIENT);
        plan.bias_gradient = floats(WRIGHT_DNN_BIAS_GRADIENT);
        plan.scratch = floats(WRIGHT_DNN_SCRATCH);
        wright_parallel_shares(kernels->unfolded_gradient_sum, &plan, plan.threads);
        if (plan.divides_windows) wright_parallel_shares(kernels->unfolded_gradient_add, &plan, plan.threads);
    }
};

wright_dnn_primitive *make_weight_gradient(const ConvolutionShape &shape) {
    auto primitive = std::make_unique<UnfoldedWeightGradient>();
    primitive->implementation = std::string("wright:unfolded:") + primitive->kernels->name;
    wright_unfolded_gradient_plan &plan = primitive->plan;
    plan.windows = forward_windows(shape);
    plan.out_channels = shape.description.out_channels;
    plan.threads = wright_threads();
    primitive->kernels->unfolded_gradient_prepare(&plan);
    primitive->add_own(WRIGHT_DNN_INPUT, shape.input);
    primitive->add_own(WRIGHT_DNN_OUTPUT_GRADIENT, shape.output);
    primitive->add_own(WRIGHT_DNN_WEIGHT_GRADIENT, shape.weights);
    if (shape.description.epilogue.bias) primitive->add_own(WRIGHT_DNN_BIAS_GRADIENT, shape.bias);
    primitive->add_own_scratch(sizeof(float) * plan.scratch_floats * plan.threads);
    return primitive.release();
}

bool is_unfolded_shape(const ConvolutionShape &shape, Direction direction) {
    const wright_dnn_convolution_description &description = shape.description;
    if (shape.rank > 2 || description.groups != 1 || description.type != WRIGHT_DNN_FLOAT32) return false;
    Plane plane(shape);
    if (plane.kernel[0] * plane.kernel[1] > 64) return false;
    for (int axis = 0; axis < 2; axis++) {
        bool is_mixed = plane.stride[axis] > 1 && plane.dilation[axis] > 1;
        if (direction == Direction::input_gradient && is_mixed) return false;
    }
    wright_dnn_activation activation = description.epilogue.activation;
    return activation == WRIGHT_DNN_NO_ACTIVATION || activation == WRIGHT_DNN_RELU;
}

}  // namespace

wright_dnn_primitive *make_unfolded_convolution(const ConvolutionShape &shape, Direction direction) {
    if (!is_unfolded_shape(shape, direction)) return nullptr;
    switch (direction) {
    case Direction::forward: return make_forward(shape);
    case Direction::input_gradient: return make_input_gradient(shape);
    case Direction::weight_gradient: return make_weight_gradient(shape);
    }
    return nullptr;
}

}  // namespace wright
