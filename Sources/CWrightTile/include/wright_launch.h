/// Launches and the choice of instruction set.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__clang__)
/// Makes Swift import a C enumeration as a Swift enum with exactly the listed cases.
#define WRIGHT_CLOSED __attribute__((enum_extensibility(closed)))
#define WRIGHT_CASE(name) __attribute__((swift_name(#name)))
#else
#define WRIGHT_CLOSED
#define WRIGHT_CASE(name)
#endif

// ---- Element types -------------------------------------------------------------------------------------------------

/// How an element lies in memory.
typedef enum WRIGHT_CLOSED : uint8_t {
    WRIGHT_FLOAT32 WRIGHT_CASE(float32),
    WRIGHT_INT32 WRIGHT_CASE(int32),
    WRIGHT_BFLOAT16 WRIGHT_CASE(bfloat16),
    WRIGHT_UINT8 WRIGHT_CASE(uint8),
    WRIGHT_INT8 WRIGHT_CASE(int8),
    /// One byte, 0 or 1. Any other byte reads as true.
    WRIGHT_BOOL WRIGHT_CASE(bool),
    WRIGHT_INT64 WRIGHT_CASE(int64),
} wright_type;

// ---- Launches ------------------------------------------------------------------------------------------------------

/// A kernel. What `context` must point to is said where each kernel is declared.
typedef void (*wright_function)(void *context);

/// One step of a plan.
typedef struct {
    wright_function function;
    void *context;
} wright_launch;

/// Calls each launch in order. Signals to the calling thread wait until all are done.
void wright_run(const wright_launch *launches, int64_t count);

/// Calls each launch in order and adds the nanoseconds that launch `i` took to `nanoseconds[i]`.
void wright_run_timed(const wright_launch *launches, int64_t count, uint64_t *nanoseconds);

/// Does nothing: measures what a launch costs, and stands in for a step that was optimized away.
void wright_no_operation(void *context);

// ---- Instruction sets ----------------------------------------------------------------------------------------------

/// The versions each kernel is compiled in, worst first.
typedef enum WRIGHT_CLOSED : uint8_t {
    /// What every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
    WRIGHT_BASELINE WRIGHT_CASE(baseline),
    /// AVX2 and FMA.
    WRIGHT_AVX2 WRIGHT_CASE(avx2),
    /// AVX-512 F, BW, DQ and VL.
    WRIGHT_AVX512 WRIGHT_CASE(avx512),
} wright_instruction_set;

/// The instruction set in use: the best one available unless `wright_set_instruction_set` chose another.
wright_instruction_set wright_current_instruction_set(void);

/// Whether this processor can run the version.
bool wright_instruction_set_available(wright_instruction_set set);

/// Chooses a version for every later launch; false, and no change, if this processor lacks it. For tests and
/// measurements: call it while nothing runs.
bool wright_set_instruction_set(wright_instruction_set set);

#ifdef __cplusplus
}
#endif
