/// What one instruction set provides: every kernel that is compiled once for each, gathered in a table.
///
/// The sources in `kernels/` are written against the vectors of `kernels/vector.h` and are included by one small file
/// per instruction set in `sets/`, which says how many lanes a vector has and what the compiler may assume.
#pragma once

#include "tile_call.h"
#include "wright_launch.h"

/// The last opcode.
#define OPCODE_COUNT (WRIGHT_TILE_TOTAL_DOT + 1)
#define TYPE_COUNT (WRIGHT_INT64 + 1)

typedef struct {
    wright_instruction_set set;
    /// By opcode; null for load and store, whose kernels depend on the memory's type.
    tile_kernel tile[OPCODE_COUNT];
    tile_kernel load[TYPE_COUNT], store[TYPE_COUNT];
} kernel_set;

extern const kernel_set wright_kernels_baseline;
#if defined(__x86_64__)
extern const kernel_set wright_kernels_avx2, wright_kernels_avx512;
#endif

/// The table in use.
const kernel_set *wright_kernels(void);
