// oneDNN itself: its engine, its types, its errors, and what it can do on this CPU.
#include "Primitive.hpp"

#include <new>

#if defined(__linux__)
// Of OpenMP's runtime, declared here because Swift packages cannot pass -fopenmp to clang.
extern "C" void omp_set_num_threads(int count);
#endif

using dnnl::memory;

namespace wright {

static thread_local std::string latest_message;

static wright_dnn_status status_of(dnnl_status_t status) {
    switch (status) {
    case dnnl_out_of_memory: return WRIGHT_DNN_OUT_OF_MEMORY;
    case dnnl_invalid_arguments: return WRIGHT_DNN_INVALID;
    case dnnl_unimplemented: return WRIGHT_DNN_UNSUPPORTED;
    default: return WRIGHT_DNN_FAILED;
    }
}

wright_dnn_status attempt(const char *what, void (*body)(void *), void *context) noexcept {
    try {
        // Kernels are chosen, and their work divided, for as many threads as there are at this time.
        use_one_library_thread();
        body(context);
        return WRIGHT_DNN_OK;
    } catch (const Failure &failure) {
        latest_message = std::string(what) + ": " + failure.what();
        return failure.status;
    } catch (const dnnl::error &error) {
        latest_message = std::string(what) + ": oneDNN: " + error.what();
        return status_of(error.status);
    } catch (const std::bad_alloc &) {
        latest_message = "out of memory";
        return WRIGHT_DNN_OUT_OF_MEMORY;
    } catch (const std::exception &exception) {
        latest_message = std::string(what) + ": " + exception.what();
        return WRIGHT_DNN_FAILED;
    }
}

dnnl::engine &library_engine() {
    static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

dnnl::stream &library_stream() {
    static thread_local dnnl::stream stream(library_engine());
    return stream;
}

void use_one_library_thread() {
#if defined(__linux__)
    // The runtime keeps the number for each calling thread.
    static thread_local bool is_set = false;
    if (!is_set) omp_set_num_threads(1);
    is_set = true;
#endif
}

memory::data_type library_type(wright_dnn_type type) {
    switch (type) {
    case WRIGHT_DNN_FLOAT32: return memory::data_type::f32;
    case WRIGHT_DNN_BFLOAT16: return memory::data_type::bf16;
    case WRIGHT_DNN_INT8: return memory::data_type::s8;
    case WRIGHT_DNN_UINT8: return memory::data_type::u8;
    case WRIGHT_DNN_INT32: return memory::data_type::s32;
    }
    throw invalid("unknown element type " + std::to_string(static_cast<int>(type)));
}

memory::desc any_layout(const memory::desc &plain) {
#if WRIGHT_DNN_VERSION_3
    return memory::desc(plain.get_dims(), plain.get_data_type(), memory::format_tag::any);
#else
    return memory::desc(plain.dims(), plain.data_type(), memory::format_tag::any);
#endif
}

static dnnl::algorithm library_activation(wright_dnn_activation activation) {
    switch (activation) {
    case WRIGHT_DNN_RELU: return dnnl::algorithm::eltwise_relu;
    case WRIGHT_DNN_GELU_ERF: return dnnl::algorithm::eltwise_gelu_erf;
    case WRIGHT_DNN_TANH: return dnnl::algorithm::eltwise_tanh;
    case WRIGHT_DNN_SIGMOID: return dnnl::algorithm::eltwise_logistic;
    case WRIGHT_DNN_NO_ACTIVATION: break;
    }
    throw invalid("unknown activation " + std::to_string(static_cast<int>(activation)));
}

int append_epilogue(
    const wright_dnn_epilogue &epilogue, const memory::desc &residual_layout, dnnl::primitive_attr &attributes) {
    dnnl::post_ops operations;
    int residual_index = -1;
    // The sum comes first: several of the library's kernels take it nowhere else.
    if (epilogue.accumulate) operations.append_sum(1.0f);
    if (epilogue.residual) {
        residual_index = operations.len();
        operations.append_binary(dnnl::algorithm::binary_add, residual_layout);
    }
    if (epilogue.activation != WRIGHT_DNN_NO_ACTIVATION) {
#if WRIGHT_DNN_VERSION_3
        operations.append_eltwise(library_activation(epilogue.activation), 0.0f, 0.0f);
#else
        operations.append_eltwise(1.0f, library_activation(epilogue.activation), 0.0f, 0.0f);
#endif
    }
    attributes.set_post_ops(operations);
    return residual_index;
}

/// Whether a product of this type gets a kernel that is not the reference loop.
static bool has_fast_product(wright_dnn_type type) {
    wright_dnn_matmul_description description = {};
    description.m = description.k = description.n = 64;
    wright_dnn_type second = type == WRIGHT_DNN_UINT8 ? WRIGHT_DNN_INT8 : type;
    wright_dnn_type result = type == WRIGHT_DNN_BFLOAT16 ? WRIGHT_DNN_BFLOAT16 : WRIGHT_DNN_FLOAT32;
    description.a = {type, {}, 64, 1};
    description.b = {second, {}, 64, 1};
    description.c = {result, {}, 64, 1};
    wright_dnn_primitive *primitive = nullptr;
    if (wright_dnn_matmul(&description, &primitive) != WRIGHT_DNN_OK) return false;
    bool fast = !wright_dnn_is_reference(primitive);
    wright_dnn_destroy(primitive);
    return fast;
}

/// AVX-512 without BF16 instructions emulates them: correct, but slower than float32.
static bool has_bfloat16_instructions() {
#if defined(__x86_64__)
    int needed = static_cast<int>(dnnl::cpu_isa::avx512_core_bf16);
    return (static_cast<int>(dnnl::get_effective_cpu_isa()) & needed) == needed;
#else
    return true;
#endif
}

}  // namespace wright

extern "C" {

int32_t wright_dnn_version(void) {
    const dnnl_version_t *version = dnnl_version();
    return version->major * 10000 + version->minor * 100 + version->patch;
}

const char *wright_dnn_message(void) { return wright::latest_message.c_str(); }

bool wright_dnn_supports(wright_dnn_type type) {
    switch (type) {
    case WRIGHT_DNN_FLOAT32: return true;
    case WRIGHT_DNN_BFLOAT16: {
        static const bool fast = wright::has_bfloat16_instructions() && wright::has_fast_product(type);
        return fast;
    }
    case WRIGHT_DNN_INT8: {
        static const bool fast = wright::has_fast_product(type);
        return fast;
    }
    case WRIGHT_DNN_UINT8: {
        static const bool fast = wright::has_fast_product(type);
        return fast;
    }
    case WRIGHT_DNN_INT32: return false;
    }
    return false;
}

}
