// Convolutions: checks the description and chooses the kernel.
#include "ConvolutionShape.hpp"
#include "wright_team.h"

#include <algorithm>
#include <cmath>

namespace wright {

namespace {

// The three estimates below are in multiply-adds at the CPU's peak rate, for one image, so that they compare. Their
// factors are measured (docs/onednn.md).

double rounded_up(double value, double unit) { return std::ceil(value / unit) * unit; }

/// Pixels of the tensor that a direction's results are written to (read, for the weight gradient).
double result_pixels(const ConvolutionShape &shape, Direction direction) {
    double pixels = 1;
    for (int axis = 0; axis < shape.rank; axis++) {
        bool is_input = direction == Direction::input_gradient;
        pixels *= double(is_input ? shape.description.input_size[axis] : shape.output_size[axis]);
    }
    return pixels;
}

double taps(const ConvolutionShape &shape) {
    double count = 1;
    for (int axis = 0; axis < shape.rank; axis++) count *= double(shape.description.kernel_size[axis]);
    return count;
}

double library_cost(const ConvolutionShape &shape, Direction direction) {
    double useful = shape.operations() / 2 / double(shape.description.batch);
    // How near oneDNN's AVX2 kernels come to the peak on channels-last activations.
    constexpr bool is_new = WRIGHT_DNN_VERSION_3;
    bool is_pointwise = taps(shape) == 1;
    switch (direction) {
    case Direction::forward: return useful / (is_new || is_pointwise ? 0.9 : 0.7);
    case Direction::input_gradient: return useful / (is_new ? 0.85 : 0.8);
    case Direction::weight_gradient: return useful / (is_new ? 0.55 : 0.6);
    }
    return useful;
}

double winograd_cost(const ConvolutionShape &shape, Direction direction) {
    double in = double(shape.description.in_channels), out = double(shape.description.out_channels);
    bool is_input = direction == Direction::input_gradient;
    double tiles = 1;
    for (int axis = 0; axis < 2; axis++) {
        tiles *= rounded_up(double(is_input ? shape.description.input_size[axis] : shape.output_size[axis]), 4) / 4;
    }
    // Each of a tile's 36 points costs as much as 20 multiply-adds per channel to make or to use.
    return tiles * 36 * (in * out + 20 * (in + out));
}

double unfolded_cost(const ConvolutionShape &shape, Direction direction) {
    const wright_dnn_convolution_description &description = shape.description;
    double in = double(description.in_channels), out = double(description.out_channels);
    double pixels = result_pixels(shape, direction);
    double strides = 1;
    for (int axis = 0; axis < shape.rank; axis++) strides *= double(description.stride[axis]);
    switch (direction) {
    // Each result costs something to locate and to store, however short its sum.
    case Direction::forward: return pixels * rounded_up(out, 16) * (taps(shape) * in / 0.95 + 40);
    // With strides, only every so many taps reach a pixel.
    case Direction::input_gradient: return pixels * rounded_up(in, 16) * (taps(shape) / strides * out / 0.95 + 40);
    // Both operands are copied once per pixel.
    case Direction::weight_gradient: {
        double depth = taps(shape) * in;
        return pixels * (depth * rounded_up(out, 16) / 0.85 + 8 * (depth + out));
    }
    }
    return 0;
}

wright_dnn_primitive *make_fastest(const ConvolutionShape &shape, Direction direction) {
    // Threads share oneDNN's kernels by images; ours divide a single one, too.
    int64_t threads = wright_threads(), busy = std::min(shape.description.batch, threads);
    double library = library_cost(shape, direction) * double(threads) / double(busy);
    bool prefers_winograd =
        shape.rank == 2 && winograd_cost(shape, direction) < std::min(library, unfolded_cost(shape, direction));
    if (prefers_winograd) {
        if (wright_dnn_primitive *primitive = make_winograd_convolution(shape, direction)) return primitive;
    }
    if (unfolded_cost(shape, direction) < library) {
        if (wright_dnn_primitive *primitive = make_unfolded_convolution(shape, direction)) return primitive;
    }
    return make_library_convolution(shape, direction);
}

wright_dnn_primitive *make_convolution(const ConvolutionShape &shape, Direction direction) {
    const wright_dnn_epilogue &epilogue = shape.description.epilogue;
    bool has_forward_parts = epilogue.residual || epilogue.activation != WRIGHT_DNN_NO_ACTIVATION;
    if (direction == Direction::input_gradient && (epilogue.bias || has_forward_parts)) {
        throw invalid("an input gradient's epilogue can only accumulate");
    }
    if (direction == Direction::weight_gradient && (epilogue.accumulate || has_forward_parts)) {
        throw invalid("a weight gradient's epilogue can only have a bias (its gradient)");
    }
    wright_dnn_primitive *primitive = nullptr;
    switch (shape.description.algorithm) {
    case WRIGHT_DNN_AUTOMATIC: primitive = make_fastest(shape, direction); break;
    case WRIGHT_DNN_DIRECT: primitive = make_library_convolution(shape, direction); break;
    case WRIGHT_DNN_WINOGRAD: primitive = make_winograd_convolution(shape, direction); break;
    case WRIGHT_DNN_UNFOLDED: primitive = make_unfolded_convolution(shape, direction); break;
    }
    if (primitive == nullptr) throw unsupported("this algorithm has no kernel for this convolution");
    return primitive;
}

wright_dnn_status make(
    const wright_dnn_convolution_description *description, Direction direction, wright_dnn_primitive **primitive) {
    *primitive = nullptr;
    return attempt("convolution", [&] {
        ConvolutionShape shape(*description);
        *primitive = make_convolution(shape, direction);
        (*primitive)->operations = shape.operations();
    });
}

}  // namespace

}  // namespace wright

extern "C" {

wright_dnn_status wright_dnn_convolution_forward(
    const wright_dnn_convolution_description *description, wright_dnn_primitive **primitive) {
    return wright::make(description, wright::Direction::forward, primitive);
}

wright_dnn_status wright_dnn_convolution_input_gradient(
    const wright_dnn_convolution_description *description, wright_dnn_primitive **primitive) {
    return wright::make(description, wright::Direction::input_gradient, primitive);
}

wright_dnn_status wright_dnn_convolution_weight_gradient(
    const wright_dnn_convolution_description *description, wright_dnn_primitive **primitive) {
    return wright::make(description, wright::Direction::weight_gradient, primitive);
}

}
