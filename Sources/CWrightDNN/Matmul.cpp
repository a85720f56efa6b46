// Matrix products: checks the description and makes oneDNN's primitive.
#include "Primitive.hpp"
#include "wright_team.h"

#include <algorithm>

using dnnl::memory;

namespace wright {

using Description = wright_dnn_matmul_description;

static void check(const Description &description) {
    if (description.batch_rank < 0 || description.batch_rank > 3) throw invalid("batch_rank must be 0 … 3");
    for (int axis = 0; axis < description.batch_rank; axis++) {
        if (description.batch[axis] < 1) throw invalid("batch sizes must be at least 1");
    }
    if (description.m < 1 || description.k < 1 || description.n < 1) throw invalid("m, k and n must be at least 1");
    for (const wright_dnn_matrix *matrix : {&description.a, &description.b, &description.c}) {
        if (matrix->row_stride != 1 && matrix->column_stride != 1) {
            throw invalid("each matrix needs row_stride 1 or column_stride 1: copy it first");
        }
    }
    if (description.c.column_stride != 1 && description.n > 1) throw invalid("c.column_stride must be 1");
}

/// The layout of one operand, [batch…, rows, columns]. A dimension repeated by stride 0 gets size 1, which oneDNN
/// broadcasts. Strides of dimensions of size 1 are never used, but oneDNN checks them: they get harmless values.
static memory::desc layout(
    const Description &description, const wright_dnn_matrix &matrix, int64_t rows, int64_t columns) {
    memory::dims sizes, strides;
    for (int axis = 0; axis < description.batch_rank; axis++) {
        sizes.push_back(matrix.batch_stride[axis] == 0 ? 1 : description.batch[axis]);
        strides.push_back(matrix.batch_stride[axis]);
    }
    int64_t row_stride = matrix.row_stride, column_stride = matrix.column_stride;
    if (column_stride == 1 && rows == 1) row_stride = columns;
    if (row_stride == 1 && columns == 1 && column_stride != 1) column_stride = rows;
    sizes.insert(sizes.end(), {rows, columns});
    strides.insert(strides.end(), {row_stride, column_stride});
    for (int axis = description.batch_rank - 1; axis >= 0; axis--) {
        if (sizes[axis] > 1) continue;
        int64_t extent = 1;
        for (size_t inner = axis + 1; inner < sizes.size(); inner++) {
            extent = std::max(extent, sizes[inner] * strides[inner]);
        }
        strides[axis] = extent;
    }
    return memory::desc(sizes, library_type(matrix.type), strides);
}

static dnnl::matmul::primitive_desc describe(
    const memory::desc &a, const memory::desc &b, const memory::desc &bias, const memory::desc &c, bool has_bias,
    const dnnl::primitive_attr &attributes) {
    using description = dnnl::matmul::primitive_desc;
#if WRIGHT_DNN_VERSION_3
    return has_bias ? description(library_engine(), a, b, bias, c, attributes)
                    : description(library_engine(), a, b, c, attributes);
#else
    return has_bias ? description({a, b, bias, c}, attributes, library_engine())
                    : description({a, b, c}, attributes, library_engine());
#endif
}

static std::unique_ptr<LibraryPrimitive> make_product(const Description &description) {
    memory::desc a = layout(description, description.a, description.m, description.k);
    memory::desc b = layout(description, description.b, description.k, description.n);
    memory::desc c = layout(description, description.c, description.m, description.n);

    memory::dims bias_sizes(description.batch_rank + 2, 1), bias_strides(description.batch_rank + 2, description.n);
    bias_sizes.back() = description.n;
    bias_strides.back() = 1;
    memory::desc bias(bias_sizes, memory::data_type::f32, bias_strides);

    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    int residual_index = append_epilogue(description.epilogue, c, attributes);
    auto made = describe(a, b, bias, c, description.epilogue.bias, attributes);

    auto primitive = std::make_unique<LibraryPrimitive>(dnnl::matmul(made), made.impl_info_str());
    primitive->add(WRIGHT_DNN_A, DNNL_ARG_SRC, a, a);
    primitive->add(WRIGHT_DNN_B, DNNL_ARG_WEIGHTS, b, b);
    primitive->add(WRIGHT_DNN_C, DNNL_ARG_DST, c, c);
    if (description.epilogue.bias) primitive->add(WRIGHT_DNN_BIAS, DNNL_ARG_BIAS, bias, bias);
    if (residual_index >= 0) {
        int index = DNNL_ARG_ATTR_MULTIPLE_POST_OP(residual_index) | DNNL_ARG_SRC_1;
        primitive->add(WRIGHT_DNN_RESIDUAL, index, c, c);
    }
    primitive->add_scratch(made.scratchpad_desc());
    return primitive;
}

/// What is divided among threads.
enum class Side { batch, rows, columns };

/// How a product is shared out.
struct Division {
    Side side = Side::rows;
    /// The length of that side, and what shares are whole multiples of.
    int64_t length = 1, grain = 1;
    int64_t shares = 1;

    Division(const Description &description, double operations) {
        // Waking the others costs as much as the work of a microsecond.
        if (operations < 200000) return;
        int64_t threads = wright_threads();
        if (description.batch_rank > 0 && description.batch[0] >= threads) {
            side = Side::batch;
            length = description.batch[0];
        } else if (description.m >= description.n) {
            // Every thread reads, and copies, the side that is not divided: the shorter one.
            length = description.m;
        } else {
            side = Side::columns;
            length = description.n;
            grain = 16;
        }
        shares = std::min(threads, (length + grain - 1) / grain);
    }

    int64_t start(int64_t share) const {
        int64_t grains = (length + grain - 1) / grain;
        return std::min(grains * share / shares * grain, length);
    }
};

static int64_t bytes_of(wright_dnn_type type) {
    switch (type) {
    case WRIGHT_DNN_FLOAT32:
    case WRIGHT_DNN_INT32: return 4;
    case WRIGHT_DNN_BFLOAT16: return 2;
    case WRIGHT_DNN_INT8:
    case WRIGHT_DNN_UINT8: return 1;
    }
    throw invalid("unknown element type " + std::to_string(static_cast<int>(type)));
}

/// A product by shares of its result.
static wright_dnn_primitive *make_matmul(const Description &description) {
    double operations = 2.0 * description.m * description.k * description.n;
    for (int axis = 0; axis < description.batch_rank; axis++) operations *= description.batch[axis];
    Division division(description, operations);
    std::unique_ptr<wright_dnn_primitive> primitive;
    if (division.shares == 1) {
        primitive = make_product(description);
    } else {
        auto shared = std::make_unique<SharedPrimitive>();
        for (int64_t index = 0; index < division.shares; index++) {
            int64_t start = division.start(index), size = division.start(index + 1) - start;
            Description part = description;
            int64_t a = 0, b = 0, c = 0, bias = 0;
            switch (division.side) {
            case Side::batch:
                part.batch[0] = size;
                a = start * description.a.batch_stride[0];
                b = start * description.b.batch_stride[0];
                c = start * description.c.batch_stride[0];
                break;
            case Side::rows:
                part.m = size;
                a = start * description.a.row_stride;
                c = start * description.c.row_stride;
                break;
            case Side::columns:
                part.n = size;
                b = start * description.b.column_stride;
                c = bias = start;
                break;
            }
            int64_t result_bytes = c * bytes_of(description.c.type);
            shared->add(make_product(part), {{WRIGHT_DNN_A, a * bytes_of(description.a.type)},
                                             {WRIGHT_DNN_B, b * bytes_of(description.b.type)},
                                             {WRIGHT_DNN_C, result_bytes},
                                             {WRIGHT_DNN_RESIDUAL, result_bytes},
                                             {WRIGHT_DNN_BIAS, bias * int64_t(sizeof(float))}});
        }
        auto whole = make_product(description)->arguments;
        if (whole.back().role == WRIGHT_DNN_SCRATCH) whole.pop_back();
        shared->finish(std::move(whole));
        primitive = std::move(shared);
    }
    primitive->operations = operations;
    return primitive.release();
}

}  // namespace wright

extern "C" wright_dnn_status wright_dnn_matmul(
    const wright_dnn_matmul_description *description, wright_dnn_primitive **primitive) {
    *primitive = nullptr;
    return wright::attempt("matrix product", [&] {
        wright::check(*description);
        *primitive = wright::make_matmul(*description);
    });
}
