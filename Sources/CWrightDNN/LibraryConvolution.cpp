// Convolutions by oneDNN's direct kernels.
#include "ConvolutionShape.hpp"

#include <memory>

using dnnl::memory;

namespace wright {

namespace {

/// What oneDNN's constructors ask for, in its own terms.
struct Request {
    memory::desc input, weights, output, bias;
    memory::dims strides, dilations, padding_begin, padding_end;

    explicit Request(const ConvolutionShape &shape) {
        bool packed = shape.description.packed_activations;
        input = packed ? any_layout(shape.input) : shape.input;
        output = packed ? any_layout(shape.output) : shape.output;
        weights = any_layout(shape.weights);
        bias = shape.description.epilogue.bias ? shape.bias : memory::desc();
        for (int axis = 0; axis < shape.rank; axis++) {
            strides.push_back(shape.description.stride[axis]);
            dilations.push_back(shape.description.dilation[axis] - 1);
            padding_begin.push_back(shape.description.padding_begin[axis]);
            // oneDNN derives the output size from the padding and wants no unused rows at the end.
            int64_t reach = shape.description.dilation[axis] * (shape.description.kernel_size[axis] - 1) + 1;
            int64_t covered = (shape.output_size[axis] - 1) * shape.description.stride[axis] + reach;
            padding_end.push_back(covered - shape.description.input_size[axis] - padding_begin[axis]);
        }
    }
};

constexpr auto algorithm = dnnl::algorithm::convolution_direct;

dnnl::primitive_attr attributes_with_user_scratch() {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attributes;
}

dnnl::convolution_forward::primitive_desc describe_forward(
    const Request &r, const dnnl::primitive_attr &attributes) {
    constexpr auto kind = dnnl::prop_kind::forward_training;
#if WRIGHT_DNN_VERSION_3
    return dnnl::convolution_forward::primitive_desc(
        library_engine(), kind, algorithm, r.input, r.weights, r.bias, r.output, r.strides, r.dilations,
        r.padding_begin, r.padding_end, attributes);
#else
    dnnl::convolution_forward::desc wanted(
        kind, algorithm, r.input, r.weights, r.bias, r.output, r.strides, r.dilations, r.padding_begin,
        r.padding_end);
    return dnnl::convolution_forward::primitive_desc(wanted, attributes, library_engine());
#endif
}

dnnl::convolution_backward_data::primitive_desc describe_input_gradient(const Request &r) {
    auto attributes = attributes_with_user_scratch();
    Request without_bias = r;
    without_bias.bias = memory::desc();
    auto hint = describe_forward(without_bias, attributes);
#if WRIGHT_DNN_VERSION_3
    return dnnl::convolution_backward_data::primitive_desc(
        library_engine(), algorithm, r.input, r.weights, r.output, r.strides, r.dilations, r.padding_begin,
        r.padding_end, hint, attributes);
#else
    dnnl::convolution_backward_data::desc wanted(
        algorithm, r.input, r.weights, r.output, r.strides, r.dilations, r.padding_begin, r.padding_end);
    return dnnl::convolution_backward_data::primitive_desc(wanted, attributes, library_engine(), hint);
#endif
}

dnnl::convolution_backward_weights::primitive_desc describe_weight_gradient(const Request &r) {
    auto attributes = attributes_with_user_scratch();
    auto hint = describe_forward(r, attributes);
#if WRIGHT_DNN_VERSION_3
    return dnnl::convolution_backward_weights::primitive_desc(
        library_engine(), algorithm, r.input, r.weights, r.bias, r.output, r.strides, r.dilations, r.padding_begin,
        r.padding_end, hint, attributes);
#else
    dnnl::convolution_backward_weights::desc wanted(
        algorithm, r.input, r.weights, r.bias, r.output, r.strides, r.dilations, r.padding_begin, r.padding_end);
    return dnnl::convolution_backward_weights::primitive_desc(wanted, attributes, library_engine(), hint);
#endif
}

/// oneDNN 2.6's unfolding kernel reads the residual of the first group for every group.
bool can_add_residual(const ConvolutionShape &shape, const std::string &implementation) {
    if (WRIGHT_DNN_VERSION_3 || shape.description.groups == 1) return true;
    return implementation.find("gemm") == std::string::npos || shape.description.type != WRIGHT_DNN_FLOAT32;
}

/// Puts the residual into the result first and lets the convolution accumulate.
class ResidualFirst final : public wright_dnn_primitive {
public:
    std::unique_ptr<wright_dnn_primitive> convolution;
    bool accumulates = false;

    void run() override {
        const float *residual = floats(WRIGHT_DNN_RESIDUAL);
        float *output = floats(WRIGHT_DNN_OUTPUT);
        size_t count = find(WRIGHT_DNN_OUTPUT)->bytes() / sizeof(float);
        for (size_t index = 0; index < count; index++) {
            output[index] = residual[index] + (accumulates ? output[index] : 0);
        }
        convolution->run();
        run_status = convolution->run_status;
    }

    void bind(Argument &argument, void *pointer) override {
        wright_dnn_primitive::bind(argument, pointer);
        if (Argument *inner = convolution->find(argument.role)) convolution->bind(*inner, pointer);
    }
};

wright_dnn_primitive *make_forward(const ConvolutionShape &shape);

wright_dnn_primitive *make_residual_first(const ConvolutionShape &shape) {
    wright_dnn_convolution_description description = shape.description;
    description.epilogue.residual = false;
    description.epilogue.accumulate = true;
    auto primitive = std::make_unique<ResidualFirst>();
    primitive->convolution.reset(make_forward(ConvolutionShape(description)));
    primitive->accumulates = shape.description.epilogue.accumulate;
    primitive->implementation = primitive->convolution->implementation;
    primitive->scratch_bytes = primitive->convolution->scratch_bytes;
    primitive->arguments = primitive->convolution->arguments;
    Argument residual = *primitive->find(WRIGHT_DNN_OUTPUT);
    residual.role = WRIGHT_DNN_RESIDUAL;
    primitive->arguments.push_back(residual);
    return primitive.release();
}

wright_dnn_primitive *make_forward(const ConvolutionShape &shape) {
    Request request(shape);
    if (shape.description.packed_activations && shape.description.epilogue.residual) {
        // A residual must have the result's layout, which only a first description tells.
        request.output = describe_forward(request, attributes_with_user_scratch()).dst_desc();
    }
    dnnl::primitive_attr attributes = attributes_with_user_scratch();
    int residual_index = append_epilogue(shape.description.epilogue, request.output, attributes);
    auto made = describe_forward(request, attributes);
    if (residual_index >= 0 && !can_add_residual(shape, made.impl_info_str())) return make_residual_first(shape);
    auto primitive = new LibraryPrimitive(dnnl::convolution_forward(made), made.impl_info_str());
    primitive->add(WRIGHT_DNN_INPUT, DNNL_ARG_SRC, made.src_desc(), shape.input);
    primitive->add(WRIGHT_DNN_WEIGHTS, DNNL_ARG_WEIGHTS, made.weights_desc(), shape.weights);
    primitive->add(WRIGHT_DNN_OUTPUT, DNNL_ARG_DST, made.dst_desc(), shape.output);
    if (shape.description.epilogue.bias) primitive->add(WRIGHT_DNN_BIAS, DNNL_ARG_BIAS, shape.bias, shape.bias);
    if (residual_index >= 0) {
        int index = DNNL_ARG_ATTR_MULTIPLE_POST_OP(residual_index) | DNNL_ARG_SRC_1;
        primitive->add(WRIGHT_DNN_RESIDUAL, index, made.dst_desc(), shape.output);
    }
    primitive->add_scratch(made.scratchpad_desc());
    return primitive;
}

wright_dnn_primitive *make_input_gradient(const ConvolutionShape &shape) {
    if (!shape.is_epilogue_empty()) throw unsupported("oneDNN's input gradient has no epilogue");
    auto made = describe_input_gradient(Request(shape));
    auto primitive = new LibraryPrimitive(dnnl::convolution_backward_data(made), made.impl_info_str());
    primitive->add(WRIGHT_DNN_OUTPUT_GRADIENT, DNNL_ARG_DIFF_DST, made.diff_dst_desc(), shape.output);
    primitive->add(WRIGHT_DNN_WEIGHTS, DNNL_ARG_WEIGHTS, made.weights_desc(), shape.weights);
    primitive->add(WRIGHT_DNN_INPUT_GRADIENT, DNNL_ARG_DIFF_SRC, made.diff_src_desc(), shape.input);
    primitive->add_scratch(made.scratchpad_desc());
    return primitive;
}

wright_dnn_primitive *make_weight_gradient(const ConvolutionShape &shape) {
    auto made = describe_weight_gradient(Request(shape));
    auto primitive = new LibraryPrimitive(dnnl::convolution_backward_weights(made), made.impl_info_str());
    primitive->add(WRIGHT_DNN_INPUT, DNNL_ARG_SRC, made.src_desc(), shape.input);
    primitive->add(WRIGHT_DNN_OUTPUT_GRADIENT, DNNL_ARG_DIFF_DST, made.diff_dst_desc(), shape.output);
    primitive->add(WRIGHT_DNN_WEIGHT_GRADIENT, DNNL_ARG_DIFF_WEIGHTS, made.diff_weights_desc(), shape.weights);
    if (shape.description.epilogue.bias) {
        primitive->add(WRIGHT_DNN_BIAS_GRADIENT, DNNL_ARG_DIFF_BIAS, shape.bias, shape.bias);
    }
    primitive->add_scratch(made.scratchpad_desc());
    return primitive;
}

}  // namespace

wright_dnn_primitive *make_library_convolution(const ConvolutionShape &shape, Direction direction) {
    switch (direction) {
    case Direction::forward: return make_forward(shape);
    case Direction::input_gradient: return make_input_gradient(shape);
    case Direction::weight_gradient: return make_weight_gradient(shape);
    }
    return nullptr;
}

}  // namespace wright
