/// What the two halves of the tile machine, preparing and running, agree on.
#pragma once

#include "wright_tile.h"

/// How an instruction uses its operands and result.
typedef enum {
    ELEMENT_FAMILY,
    PLACE_FAMILY,
    RANDOM_FAMILY,
    ROW_REDUCTION_FAMILY,
    COLUMN_REDUCTION_FAMILY,
    TOTAL_REDUCTION_FAMILY,
} opcode_family;

opcode_family wright_opcode_family(wright_tile_opcode opcode);

/// 0 to 3.
int wright_opcode_operands(wright_tile_opcode opcode);

/// The shape of a value, and of the instruction that makes it.
typedef enum { SCALAR_SHAPE, ROW_SHAPE, COLUMN_SHAPE, FULL_SHAPE } value_shape;

value_shape wright_operand_shape(wright_operand_kind kind);

/// Whether a total is taken over one value per row instead of the whole tile.
bool wright_is_total_of_column(const wright_tile_program *program, const wright_tile_instruction *instruction);

/// Registers up to this size live on the stack of the thread that uses them.
#define STACK_REGISTER_BYTES (48 << 10)

/// Registers start on cache lines, and a line apart from where the end of the last one would put them: sizes are often
/// powers of two, and loads and stores exactly 4096 bytes apart get in each other's way.
static inline int64_t register_bytes(int64_t lanes) { return ((lanes * 4 + 63) / 64 + 1) * 64; }

/// How many registers of a kind a program has, and how many lanes each takes.
typedef struct {
    int32_t count[4];
    int64_t lanes[4];
} register_file;

/// The place of a register kind in a register file, or −1 for other kinds.
static inline int register_class(wright_operand_kind kind) {
    return kind >= WRIGHT_OPERAND_REGISTER && kind <= WRIGHT_OPERAND_SCALAR_REGISTER ? kind - WRIGHT_OPERAND_REGISTER
                                                                                     : -1;
}

register_file wright_register_file(const wright_tile_program *program);

/// Distance between the partial results of two row blocks, in floats.
static inline int64_t partial_pitch(int64_t columns) { return (columns + 15) / 16 * 16; }

/// Bytes of an accumulator's partial results.
int64_t wright_partial_bytes(const wright_tile_plan *plan, wright_operand_kind kind);
