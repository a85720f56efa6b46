/// What one instruction set provides: every kernel that is compiled once for each, gathered in a table.
///
/// The sources in `kernels/` are written against the vectors of `kernels/vector.h` and are included by one small file
/// per instruction set in `sets/`, which says how many lanes a vector has and what the compiler may assume.
#pragma once

#include "sizes.h"
#include "tile_call.h"
#include "wright_launch.h"
#include "wright_reduce.h"
#include "wright_team.h"

/// The last opcode.
#define OPCODE_COUNT (WRIGHT_TILE_TOTAL_DOT + 1)
#define TYPE_COUNT (WRIGHT_INT64 + 1)

#define REDUCTION_COUNT (WRIGHT_REDUCE_MINIMUM + 1)

/// A reduction as tile kernels, so that it serves programs and `wright_reduce` alike, and where it starts.
typedef struct {
    tile_kernel rows, columns;
    int32_t neutral;
} reduction_kernels;

typedef struct {
    wright_instruction_set set;
    /// By opcode; null for load and store, whose kernels depend on the memory's type.
    tile_kernel tile[OPCODE_COUNT];
    tile_kernel load[TYPE_COUNT], store[TYPE_COUNT];
    /// The shares of the launches of the same names.
    wright_parallel_function adam;
    wright_parallel_function cross_entropy;
    wright_parallel_function attention, attention_gradient;
    wright_parallel_function argreduce;
    wright_parallel_function maximum_pool, maximum_pool_scatter, maximum_pool_select, sum_pool, sum_pool_transpose;
    /// Packing the weights, and then the steps, of the launches of these names.
    wright_parallel_function recurrent_pack, recurrent, recurrent_pack_transposed, recurrent_gradient;
    /// By type (float32, int32) and kind of reduction.
    reduction_kernels reductions[2][REDUCTION_COUNT];
    /// Transposes one matrix of 4-byte elements.
    void (*transpose)(const uint32_t *source, int64_t source_pitch, uint32_t *destination, int64_t destination_pitch,
                      int64_t rows, int64_t columns);
} kernel_set;

extern const kernel_set wright_kernels_baseline;
#if defined(__x86_64__)
extern const kernel_set wright_kernels_avx2, wright_kernels_avx512;
#endif

/// Runs `function` on every thread, or on the caller alone if the work, in cheap element operations, is not worth
/// waking the others.
static inline void run_parallel(int64_t work, wright_parallel_function function, void *context) {
    if (work < 8192) {
        function(context, 0, 1);
    } else {
        wright_parallel(function, context);
    }
}

/// The table in use.
const kernel_set *wright_kernels(void);
