// Checks a convolution and works out its sizes and plain layouts.
#include "ConvolutionShape.hpp"

using dnnl::memory;

namespace wright {

/// Channels-last and without gaps, in oneDNN's logical order [batch, channels, spatial…].
static memory::desc activation_layout(
    const wright_dnn_convolution_description &description, int64_t channels, const int64_t *spatial) {
    memory::dims sizes = {description.batch, channels}, strides(description.spatial_rank + 2);
    for (int axis = 0; axis < description.spatial_rank; axis++) sizes.push_back(spatial[axis]);
    int64_t stride = channels;
    strides[1] = 1;
    for (int axis = description.spatial_rank - 1; axis >= 0; axis--) {
        strides[axis + 2] = stride;
        stride *= spatial[axis];
    }
    strides[0] = stride;
    return memory::desc(sizes, library_type(description.type), strides);
}

/// [out, kernel…, in / groups] row-major, in oneDNN's logical order [groups,] [out / groups, in / groups, kernel…].
static memory::desc weight_layout(const wright_dnn_convolution_description &description) {
    int64_t in = description.in_channels / description.groups, out = description.out_channels / description.groups;
    memory::dims sizes = {out, in}, strides(description.spatial_rank + 2);
    strides[1] = 1;
    int64_t stride = in;
    for (int axis = 0; axis < description.spatial_rank; axis++) sizes.push_back(description.kernel_size[axis]);
    for (int axis = description.spatial_rank - 1; axis >= 0; axis--) {
        strides[axis + 2] = stride;
        stride *= description.kernel_size[axis];
    }
    strides[0] = stride;
    if (description.groups > 1) {
        sizes.insert(sizes.begin(), description.groups);
        strides.insert(strides.begin(), out * stride);
    }
    return memory::desc(sizes, library_type(description.type), strides);
}

ConvolutionShape::ConvolutionShape(const wright_dnn_convolution_description &description)
    : description(description), rank(description.spatial_rank) {
    if (rank < 1 || rank > 3) throw invalid("spatial_rank must be 1, 2 or 3");
    if (description.batch < 1 || description.in_channels < 1 || description.out_channels < 1) {
        throw invalid("batch and channels must be at least 1");
    }
    if (description.groups < 1 || description.in_channels % description.groups != 0 ||
        description.out_channels % description.groups != 0) {
        throw invalid("groups must divide in_channels and out_channels");
    }
    for (int axis = 0; axis < rank; axis++) {
        if (description.input_size[axis] < 1 || description.kernel_size[axis] < 1 || description.stride[axis] < 1 ||
            description.dilation[axis] < 1) {
            throw invalid("sizes, strides and dilations must be at least 1");
        }
        if (description.padding_begin[axis] < 0 || description.padding_end[axis] < 0) {
            throw invalid("padding must not be negative");
        }
        int64_t padded =
            description.input_size[axis] + description.padding_begin[axis] + description.padding_end[axis];
        int64_t reach = description.dilation[axis] * (description.kernel_size[axis] - 1) + 1;
        if (padded < reach) {
            throw invalid(
                "the kernel reaches over " + std::to_string(reach) + " elements, the padded input has " +
                std::to_string(padded));
        }
        output_size[axis] = (padded - reach) / description.stride[axis] + 1;
    }
    input = activation_layout(description, description.in_channels, description.input_size);
    output = activation_layout(description, description.out_channels, output_size);
    weights = weight_layout(description);
    bias = memory::desc({description.out_channels}, memory::data_type::f32, memory::format_tag::a);
}

double ConvolutionShape::operations() const {
    double count = 2.0 * description.batch * description.out_channels * (description.in_channels / description.groups);
    for (int axis = 0; axis < rank; axis++) count *= double(output_size[axis]) * description.kernel_size[axis];
    return count;
}

bool ConvolutionShape::is_epilogue_empty() const {
    const wright_dnn_epilogue &epilogue = description.epilogue;
    return !epilogue.bias && !epilogue.accumulate && !epilogue.residual &&
           epilogue.activation == WRIGHT_DNN_NO_ACTIVATION;
}

}  // namespace wright
