// Convolutions: checks the description and chooses the kernel.
#include "ConvolutionShape.hpp"

namespace wright {

static wright_dnn_primitive *make_convolution(const ConvolutionShape &shape, Direction direction) {
    const wright_dnn_epilogue &epilogue = shape.description.epilogue;
    bool has_forward_parts = epilogue.residual || epilogue.activation != WRIGHT_DNN_NO_ACTIVATION;
    if (direction == Direction::input_gradient && (epilogue.bias || has_forward_parts)) {
        throw invalid("an input gradient's epilogue can only accumulate");
    }
    if (direction == Direction::weight_gradient && (epilogue.accumulate || has_forward_parts)) {
        throw invalid("a weight gradient's epilogue can only have a bias (its gradient)");
    }
    wright_dnn_algorithm algorithm = shape.description.algorithm;
    if (algorithm == WRIGHT_DNN_WINOGRAD || algorithm == WRIGHT_DNN_UNFOLDED) {
        wright_dnn_primitive *primitive = nullptr;
        if (algorithm == WRIGHT_DNN_WINOGRAD) primitive = make_winograd_convolution(shape, direction);
        if (primitive == nullptr) throw unsupported("there is no such kernel for this convolution");
        return primitive;
    }
    if (algorithm == WRIGHT_DNN_AUTOMATIC && is_winograd_faster(shape)) {
        return make_winograd_convolution(shape, direction);
    }
    return make_library_convolution(shape, direction);
}

static wright_dnn_status make(
    const wright_dnn_convolution_description *description, Direction direction, wright_dnn_primitive **primitive) {
    *primitive = nullptr;
    return attempt("convolution", [&] {
        ConvolutionShape shape(*description);
        *primitive = make_convolution(shape, direction);
        (*primitive)->operations = shape.operations();
    });
}

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
