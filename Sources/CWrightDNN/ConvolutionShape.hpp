// The geometry of a convolution, checked once and shared by every kernel.
#pragma once

#include "Primitive.hpp"

namespace wright {

struct ConvolutionShape {
    const wright_dnn_convolution_description &description;
    int rank;
    int64_t output_size[3];
    dnnl::memory::desc input, weights, output, bias;

    explicit ConvolutionShape(const wright_dnn_convolution_description &description);

    double operations() const;
    bool is_epilogue_empty() const;
};

enum class Direction { forward, input_gradient, weight_gradient };

wright_dnn_primitive *make_library_convolution(const ConvolutionShape &shape, Direction direction);
/// Null where they cannot do the shape.
wright_dnn_primitive *make_winograd_convolution(const ConvolutionShape &shape, Direction direction);
wright_dnn_primitive *make_unfolded_convolution(const ConvolutionShape &shape, Direction direction);

}  // namespace wright
