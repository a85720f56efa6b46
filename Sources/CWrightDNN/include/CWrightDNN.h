/// Matrix products and convolutions for the CPU: oneDNN behind names that say what Wright means, and Wright's own
/// kernels where they are faster (Winograd convolutions, small products).
///
/// The life of a primitive:
///
///   1. Describe it (`wright_dnn_matmul_description`, `wright_dnn_convolution_description`) and create it. Creating is
///      thread-safe and costs microseconds when the library has seen the description before.
///   2. Ask what it needs: `wright_dnn_scratch_bytes`, and for packable arguments `wright_dnn_argument_bytes`.
///   3. Bind one pointer per argument with `wright_dnn_bind`. Bindings stay until they are changed.
///   4. `wright_dnn_run` it as often as wanted, on the threads of `wright_team.h`: each does a share, and oneDNN itself
///      never uses more than the thread that calls it. Running allocates nothing, takes no lock and reads the pointers as
///      bound. One primitive must not run on two threads at once (its scratch is one).
///   5. `wright_dnn_destroy` it.
///
/// Packing, used for weights: a primitive may want an argument in a layout of its own (blocked for oneDNN, transformed
/// for Winograd). `wright_dnn_is_plain` tells; if not, `wright_dnn_pack` makes a launch that writes the packed form
/// from the plain one, and `wright_dnn_unpack` the launch back (for weight gradients). Both are primitives like any
/// other, bound through SOURCE and DESTINATION, so the planner sees them, owns their memory and runs them once per
/// update.
///
/// All pointers must be 64-byte aligned. Results are the same, bit for bit, for the same thread count.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__clang__)
#define WRIGHT_DNN_CLOSED __attribute__((enum_extensibility(closed)))
#define WRIGHT_DNN_CASE(name) __attribute__((swift_name(#name)))
#else
#define WRIGHT_DNN_CLOSED
#define WRIGHT_DNN_CASE(name)
#endif

/// What a call came to. Anything but `ok` leaves a sentence in `wright_dnn_message`.
typedef enum WRIGHT_DNN_CLOSED {
    WRIGHT_DNN_OK WRIGHT_DNN_CASE(ok) = 0,
    /// The description is sound, but neither oneDNN nor Wright has a kernel for it on this CPU.
    WRIGHT_DNN_UNSUPPORTED WRIGHT_DNN_CASE(unsupported) = 1,
    /// The description contradicts itself (a size below one, groups that do not divide the channels …).
    WRIGHT_DNN_INVALID WRIGHT_DNN_CASE(invalid) = 2,
    WRIGHT_DNN_OUT_OF_MEMORY WRIGHT_DNN_CASE(outOfMemory) = 3,
    /// oneDNN failed for a reason of its own.
    WRIGHT_DNN_FAILED WRIGHT_DNN_CASE(failed) = 4,
} wright_dnn_status;

/// Element types of arguments.
typedef enum WRIGHT_DNN_CLOSED {
    WRIGHT_DNN_FLOAT32 WRIGHT_DNN_CASE(float32) = 0,
    WRIGHT_DNN_BFLOAT16 WRIGHT_DNN_CASE(bfloat16) = 1,
    WRIGHT_DNN_INT8 WRIGHT_DNN_CASE(int8) = 2,
    WRIGHT_DNN_UINT8 WRIGHT_DNN_CASE(uint8) = 3,
    WRIGHT_DNN_INT32 WRIGHT_DNN_CASE(int32) = 4,
} wright_dnn_type;

/// The elementwise function at the end of an epilogue.
typedef enum WRIGHT_DNN_CLOSED {
    WRIGHT_DNN_NO_ACTIVATION WRIGHT_DNN_CASE(none) = 0,
    WRIGHT_DNN_RELU WRIGHT_DNN_CASE(relu) = 1,
    /// The exact GELU, x · Φ(x).
    WRIGHT_DNN_GELU_ERF WRIGHT_DNN_CASE(geluErf) = 2,
    WRIGHT_DNN_TANH WRIGHT_DNN_CASE(tanh) = 3,
    WRIGHT_DNN_SIGMOID WRIGHT_DNN_CASE(sigmoid) = 4,
} wright_dnn_activation;

/// What happens to a product before it is stored:
/// `result = activation(product + bias + result as it was + residual)`, each part only if asked for.
typedef struct {
    /// Adds BIAS, a float32 vector with one element per column (matmul) or output channel (convolution).
    bool bias;
    /// Adds what the result held before: accumulation in place.
    bool accumulate;
    /// Adds RESIDUAL, a tensor with the result's shape, type and strides.
    bool residual;
    wright_dnn_activation activation;
} wright_dnn_epilogue;

/// The role of a pointer. Each creating function lists the roles it uses.
typedef enum WRIGHT_DNN_CLOSED {
    WRIGHT_DNN_A WRIGHT_DNN_CASE(a) = 0,
    WRIGHT_DNN_B WRIGHT_DNN_CASE(b) = 1,
    WRIGHT_DNN_C WRIGHT_DNN_CASE(c) = 2,
    WRIGHT_DNN_BIAS WRIGHT_DNN_CASE(bias) = 3,
    WRIGHT_DNN_RESIDUAL WRIGHT_DNN_CASE(residual) = 4,
    WRIGHT_DNN_INPUT WRIGHT_DNN_CASE(input) = 5,
    WRIGHT_DNN_WEIGHTS WRIGHT_DNN_CASE(weights) = 6,
    WRIGHT_DNN_OUTPUT WRIGHT_DNN_CASE(output) = 7,
    WRIGHT_DNN_INPUT_GRADIENT WRIGHT_DNN_CASE(inputGradient) = 8,
    WRIGHT_DNN_WEIGHT_GRADIENT WRIGHT_DNN_CASE(weightGradient) = 9,
    WRIGHT_DNN_OUTPUT_GRADIENT WRIGHT_DNN_CASE(outputGradient) = 10,
    WRIGHT_DNN_BIAS_GRADIENT WRIGHT_DNN_CASE(biasGradient) = 11,
    WRIGHT_DNN_SOURCE WRIGHT_DNN_CASE(source) = 12,
    WRIGHT_DNN_DESTINATION WRIGHT_DNN_CASE(destination) = 13,
    /// `wright_dnn_scratch_bytes` of memory whose contents matter only during a run; needed when that is not zero.
    WRIGHT_DNN_SCRATCH WRIGHT_DNN_CASE(scratch) = 14,
} wright_dnn_argument;

/// A launch: something that can be bound and run.
typedef struct wright_dnn_primitive wright_dnn_primitive;

// MARK: The library and this CPU

/// The version of the oneDNN that is loaded, as major × 10000 + minor × 100 + patch: 20603 is 2.6.3.
int32_t wright_dnn_version(void);

/// Why the latest call on this thread did not return `ok`; valid until the next call on this thread. Never null.
const char *wright_dnn_message(void);

/// Whether this CPU multiplies `type` with its own instructions (matmul and convolution). False means that a product
/// would run in a slow reference implementation, or not at all: convert to float32 instead.
bool wright_dnn_supports(wright_dnn_type type);

// MARK: Matrix product

/// One matrix of a (batched) product: where element [batch…, row, column] lies, counted in elements.
typedef struct {
    wright_dnn_type type;
    /// Distance between batches, outermost first; 0 repeats the same matrix along that dimension (A and B only).
    /// Entries beyond the description's `batch_rank` are ignored.
    int64_t batch_stride[3];
    int64_t row_stride;
    /// 1 for row-major; `row_stride` 1 and this the leading dimension for a transposed matrix. One of both must be 1.
    int64_t column_stride;
} wright_dnn_matrix;

/// C[batch…, m, n] = epilogue(A[batch…, m, k] · B[batch…, k, n]).
typedef struct {
    /// Number of batch dimensions, 0 … 3, and their sizes, outermost first.
    int32_t batch_rank;
    int64_t batch[3];
    int64_t m, k, n;
    /// Types: float32 × float32 → float32; bfloat16 × bfloat16 → bfloat16 or float32; uint8 or int8 × int8 → int32 or
    /// float32. `c.column_stride` must be 1.
    wright_dnn_matrix a, b, c;
    wright_dnn_epilogue epilogue;
} wright_dnn_matmul_description;

/// Creates a matrix product. Arguments: A, B, C; BIAS and RESIDUAL when the epilogue has them; SCRATCH.
/// Errors: `invalid`; `unsupported` (for example a batch broadcast that the library cannot do: repeat the matrix).
wright_dnn_status wright_dnn_matmul(
    const wright_dnn_matmul_description *description, wright_dnn_primitive **primitive);

// MARK: Convolution

/// How a convolution is computed.
typedef enum WRIGHT_DNN_CLOSED {
    /// The fastest by the rule measured in docs/onednn.md.
    WRIGHT_DNN_AUTOMATIC WRIGHT_DNN_CASE(automatic) = 0,
    /// oneDNN.
    WRIGHT_DNN_DIRECT WRIGHT_DNN_CASE(direct) = 1,
    /// Wright's Winograd F(4×4, 3×3) (Lavin and Gray, 2015, arXiv:1509.09308): float32, 2-D, kernel 3, stride 1,
    /// dilation 1, groups 1, no activation or ReLU; relative error below 1e-6. `unsupported` for anything else.
    WRIGHT_DNN_WINOGRAD WRIGHT_DNN_CASE(winograd) = 2,
    /// Wright's own product of unfolded windows and weights: float32, 1-D or 2-D, groups 1, at most 64 kernel elements,
    /// no activation or ReLU; the input gradient not with both stride and dilation. `unsupported` for anything else.
    WRIGHT_DNN_UNFOLDED WRIGHT_DNN_CASE(unfolded) = 3,
} wright_dnn_algorithm;

/// A convolution of any direction, always described by its forward pass:
///
///   output[b, y…, o] = Σ input[b, y·stride + t·dilation − padding_begin …, c] · weights[o, t…, c]
///
/// Activations are channels-last, [batch, spatial…, channels], row-major without gaps. Plain weights and their gradient
/// are [out_channels, kernel…, in_channels / groups], row-major. Output channels of group g read the input channels of
/// group g. Output size along a dimension: (input + begin + end − dilation · (kernel − 1) − 1) / stride + 1.
typedef struct {
    /// 1, 2 or 3; entries of the arrays beyond it are ignored.
    int32_t spatial_rank;
    int64_t batch;
    int64_t in_channels, out_channels;
    /// 1 for an ordinary convolution, `in_channels` for a depthwise one.
    int64_t groups;
    int64_t input_size[3];
    int64_t kernel_size[3];
    int64_t stride[3];
    /// 1 is an ordinary convolution.
    int64_t dilation[3];
    int64_t padding_begin[3];
    int64_t padding_end[3];
    /// Type of input, weights and output (and of their gradients).
    wright_dnn_type type;
    /// Forward and input gradient: what happens to the result before it is stored (the input gradient allows only
    /// `accumulate`). Weight gradient: `bias` also computes BIAS_GRADIENT in the same pass; the rest must be off.
    wright_dnn_epilogue epilogue;
    wright_dnn_algorithm algorithm;
} wright_dnn_convolution_description;

/// Creates output = epilogue(convolution(input, weights)). Arguments: INPUT, WEIGHTS (packable), OUTPUT; BIAS and
/// RESIDUAL when the epilogue has them; SCRATCH.
wright_dnn_status wright_dnn_convolution_forward(
    const wright_dnn_convolution_description *description, wright_dnn_primitive **primitive);

/// Creates the gradient by the input. Arguments: OUTPUT_GRADIENT, WEIGHTS (packable; its packed form can differ from
/// the forward one), INPUT_GRADIENT; SCRATCH.
wright_dnn_status wright_dnn_convolution_input_gradient(
    const wright_dnn_convolution_description *description, wright_dnn_primitive **primitive);

/// Creates the gradient by the weights. Arguments: INPUT, OUTPUT_GRADIENT, WEIGHT_GRADIENT (packable: unpack it unless
/// plain); BIAS_GRADIENT when the epilogue has `bias`; SCRATCH.
wright_dnn_status wright_dnn_convolution_weight_gradient(
    const wright_dnn_convolution_description *description, wright_dnn_primitive **primitive);

// MARK: Packing

/// Whether `argument` is used in the plain layout of its description, so that no packing is needed.
bool wright_dnn_is_plain(const wright_dnn_primitive *primitive, wright_dnn_argument argument);

/// Bytes of `argument` in the layout the primitive wants; 0 if it has no such argument.
size_t wright_dnn_argument_bytes(const wright_dnn_primitive *primitive, wright_dnn_argument argument);

/// Whether one packed blob serves both: same layout, same bytes. Lets forward and input gradient share packed weights.
bool wright_dnn_same_layout(
    const wright_dnn_primitive *first, wright_dnn_argument first_argument,
    const wright_dnn_primitive *second, wright_dnn_argument second_argument);

/// Creates the launch that writes `argument` as `primitive` wants it (DESTINATION) from its plain form (SOURCE).
/// For a plain argument it is a copy.
wright_dnn_status wright_dnn_pack(
    const wright_dnn_primitive *primitive, wright_dnn_argument argument, wright_dnn_primitive **launch);

/// Creates the launch that writes the plain form (DESTINATION) from what `primitive` wrote (SOURCE).
/// `unsupported` for arguments a primitive only reads in transformed form (Winograd weights).
wright_dnn_status wright_dnn_unpack(
    const wright_dnn_primitive *primitive, wright_dnn_argument argument, wright_dnn_primitive **launch);

// MARK: Launching

/// Bytes of SCRATCH the primitive needs; 0 for none.
size_t wright_dnn_scratch_bytes(const wright_dnn_primitive *primitive);

/// Sets the pointer of one argument. `invalid` if the primitive has no such argument.
wright_dnn_status wright_dnn_bind(wright_dnn_primitive *primitive, wright_dnn_argument argument, void *pointer);

/// Runs a `wright_dnn_primitive` and returns when it is done. It takes `void *` so that a plan can call every kernel
/// through one function type. Arguments must be bound; what goes wrong is kept for `wright_dnn_run_status`.
void wright_dnn_run(void *primitive);

/// The first failure of any run of this primitive, or `ok`.
wright_dnn_status wright_dnn_run_status(const wright_dnn_primitive *primitive);

/// The kernel's name for profiles: oneDNN's own ("jit:avx2", "gemm:jit", "ref:any") or Wright's ("wright:winograd").
/// Valid as long as the primitive.
const char *wright_dnn_implementation(const wright_dnn_primitive *primitive);

/// Whether that kernel is oneDNN's slow reference loop: do something else, or tell the user.
bool wright_dnn_is_reference(const wright_dnn_primitive *primitive);

/// Floating-point operations (multiplications and additions) of the described computation, for profiles.
double wright_dnn_operations(const wright_dnn_primitive *primitive);

/// Releases a primitive; null is allowed.
void wright_dnn_destroy(wright_dnn_primitive *primitive);

#ifdef __cplusplus
}
#endif
