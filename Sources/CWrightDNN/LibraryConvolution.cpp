// Convolutions by oneDNN's direct kernels.
#include "ConvolutionShape.hpp"
#include "wright_team.h"

#include <algorithm>

using dnnl::memory;

namespace wright {

namespace {

/// What oneDNN's constructors ask for, in its own terms.
struct Request {
    memory::desc input, weights, output, bias;
    memory::dims strides, dilations, padding_begin, padding_end;

    explicit Request(const ConvolutionShape &shape) {
        input = shape.input;
        output = shape.output;
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

std::unique_ptr<wright_dnn_primitive> make_part(const ConvolutionShape &shape, Direction direction) {
    switch (direction) {
    case Direction::forward: return std::unique_ptr<wright_dnn_primitive>(make_forward(shape));
    case Direction::input_gradient: return std::unique_ptr<wright_dnn_primitive>(make_input_gradient(shape));
    case Direction::weight_gradient: return std::unique_ptr<wright_dnn_primitive>(make_weight_gradient(shape));
    }
    return nullptr;
}

constexpr wright_dnn_argument activation_roles[] = {
    WRIGHT_DNN_INPUT,          WRIGHT_DNN_OUTPUT,          WRIGHT_DNN_RESIDUAL,
    WRIGHT_DNN_INPUT_GRADIENT, WRIGHT_DNN_OUTPUT_GRADIENT,
};

bool is_activation(wright_dnn_argument role) {
    for (wright_dnn_argument known : activation_roles) {
        if (role == known) return true;
    }
    return false;
}

/// Whether a share reads and writes weights as the whole does.
bool has_same_weights(const wright_dnn_primitive &part, const wright_dnn_primitive &whole) {
    for (wright_dnn_argument role : {WRIGHT_DNN_WEIGHTS, WRIGHT_DNN_WEIGHT_GRADIENT}) {
        const Argument *one = part.find(role), *other = whole.find(role);
        if (one != nullptr && other != nullptr && one->wanted != other->wanted) return false;
    }
    return true;
}

}  // namespace

wright_dnn_primitive *make_library_convolution(const ConvolutionShape &shape, Direction direction) {
    auto whole = make_part(shape, direction);
    int64_t batch = shape.description.batch, count = std::min<int64_t>(wright_threads(), batch);
    // Partial sums of weight gradients are added in float32.
    bool can_share = direction != Direction::weight_gradient || shape.description.type == WRIGHT_DNN_FLOAT32;
    if (count == 1 || !can_share || shape.operations() < 200000) return whole.release();
    auto shared = std::make_unique<SharedPrimitive>();
    for (int64_t index = 0; index < count; index++) {
        int64_t first = batch * index / count;
        wright_dnn_convolution_description description = shape.description;
        description.batch = batch * (index + 1) / count - first;
        auto part = make_part(ConvolutionShape(description), direction);
        if (!has_same_weights(*part, *whole)) return whole.release();
        std::vector<SharedPrimitive::Offset> offsets;
        for (const Argument &argument : whole->arguments) {
            if (!is_activation(argument.role)) continue;
            offsets.push_back({argument.role, first * int64_t(argument.bytes()) / batch});
        }
        shared->add(std::move(part), std::move(offsets));
    }
    if (direction == Direction::weight_gradient) {
        shared->add_up(WRIGHT_DNN_WEIGHT_GRADIENT);
        if (shape.description.epilogue.bias) shared->add_up(WRIGHT_DNN_BIAS_GRADIENT);
    }
    auto arguments = whole->arguments;
    if (arguments.back().role == WRIGHT_DNN_SCRATCH) arguments.pop_back();
    shared->finish(std::move(arguments));
    return shared.release();
}

}  // namespace wright
