/// Tile programs: a fused elementwise region, with its broadcast reads and reductions, run piece by piece in L1.
///
/// A program walks an iteration space of rows × columns in tiles. For each tile it runs a list of instructions, each
/// one vector loop over the tile; intermediate values stay in tile-sized registers that never leave the cache. The caller
/// fills the lists, calls `wright_tile_prepare` once, and then launches `wright_tile_run` as often as wanted, changing
/// operand pointers in between if it likes.
///
///     y = relu(x + bias), x and y [rows, columns], bias [columns]
///
///     operands      0: full(x)  1: row(bias)  2: register 0  3: full(y)
///     instructions  add  result 2, a 0, b 1
///                   relu result 3, a 2
///
/// The shape of an instruction is the shape of its result: `full` and `register` work on the whole tile,
/// `rowRegister` on one row of it, `column` and `columnRegister` on one column, `scalarRegister` on one value. Every
/// operand of any instruction may have any kind that stretches to that shape. So `add` with a `columnRegister` for `b`
/// adds a value per row, and `multiply` of two column registers into a third costs one element per row.
///
/// Lanes are 32 bits: float32, int32, or a mask (int32, 0 for false and −1 for true). An instruction does not check
/// which; `load` and `store` convert between lanes and what lies in memory.
#pragma once

#include "wright_launch.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Where an operand lives and how it stretches over the tile.
typedef enum WRIGHT_CLOSED : uint8_t {
    /// Memory [rows, columns]: element (r, c) at `pointer[map(r) · row_stride + c]`; see `row_divisor` for `map`.
    WRIGHT_OPERAND_FULL WRIGHT_CASE(full),
    /// Memory [columns], the same for every row. Read only.
    WRIGHT_OPERAND_ROW WRIGHT_CASE(row),
    /// Memory [rows], one value per row, the same for every column: row r at `pointer[map(r)]`.
    WRIGHT_OPERAND_COLUMN WRIGHT_CASE(column),
    /// One value in memory, read when the program runs. Read only.
    WRIGHT_OPERAND_SCALAR WRIGHT_CASE(scalar),
    /// The value in `constant`. Read only.
    WRIGHT_OPERAND_CONSTANT WRIGHT_CASE(constant),
    /// A register as large as the tile.
    WRIGHT_OPERAND_REGISTER WRIGHT_CASE(register),
    /// A register with one value per column of the tile.
    WRIGHT_OPERAND_ROW_REGISTER WRIGHT_CASE(rowRegister),
    /// A register with one value per row of the tile.
    WRIGHT_OPERAND_COLUMN_REGISTER WRIGHT_CASE(columnRegister),
    /// A register with one value.
    WRIGHT_OPERAND_SCALAR_REGISTER WRIGHT_CASE(scalarRegister),
    /// Memory [columns], float32: the result of a column reduction over all rows of the iteration space. Written by
    /// exactly one instruction and read by none.
    WRIGHT_OPERAND_COLUMN_ACCUMULATOR WRIGHT_CASE(columnAccumulator),
    /// Memory, one float32: the result of a total reduction over the whole iteration space. Written by exactly one
    /// instruction and read by none.
    WRIGHT_OPERAND_TOTAL_ACCUMULATOR WRIGHT_CASE(totalAccumulator),
} wright_operand_kind;

typedef struct {
    /// Memory kinds only. May change between runs. Memory that a program writes may also be read by it only as the
    /// same `full` (or `column`) operand, element by element: in place, never shifted.
    void *pointer;
    /// `full` only, in elements.
    int64_t row_stride;
    /// `full` and `column` read from `map(r) = (r / row_divisor) % row_period`; 0 in either means "leave that out". So
    /// one value per image over its pixels is a `column` with a divisor, one row per image a `full` with a divisor, and a
    /// position table repeated for each batch a `full` with a period. With a divisor, `row_stride` of a `full` is the
    /// distance between the rows of consecutive blocks. Read only where either is used. Tiles are cut at the edges of blocks, so tiny blocks cost speed.
    int64_t row_divisor, row_period;
    /// `constant` only: the bits of the float32, int32 or mask.
    uint32_t constant;
    wright_operand_kind kind;
    /// Memory kinds only. Arithmetic reads and writes float32 and int32 in place; other types go through `load` and
    /// `store`.
    wright_type type;
    /// The registers' index, counted separately for each of the four register kinds, from 0.
    uint8_t register_index;
} wright_tile_operand;

/// What an instruction does. `d` is its result, `a`, `b`, `c` its operands, `i0`, `i1` its float immediates and `n` its
/// integer immediate. Float functions are within 5·10⁻⁷ relative error and follow C at infinities, zeros and NaN.
typedef enum WRIGHT_CLOSED : uint8_t {
    // ---- moving and converting
    /// d = a, any lanes.
    WRIGHT_TILE_MOVE WRIGHT_CASE(move),
    /// d = lanes of memory operand a by its type: float32 and bfloat16 become float lanes, bool a mask, and the
    /// integers int32 lanes (int64 keeps its low 32 bits).
    WRIGHT_TILE_LOAD WRIGHT_CASE(load),
    /// Memory operand d by its type = lanes a: float lanes for float32 and bfloat16 (rounded to nearest even), int32
    /// lanes for the integers (int8 and uint8 wrap, int64 extends the sign), and for bool any lanes, where zero bits
    /// are false.
    WRIGHT_TILE_STORE WRIGHT_CASE(store),
    /// float → int32, toward zero; saturates, and NaN becomes 0.
    WRIGHT_TILE_FLOAT_TO_INT WRIGHT_CASE(floatToInt),
    WRIGHT_TILE_INT_TO_FLOAT WRIGHT_CASE(intToFloat),
    /// mask → 1.0 or 0.0.
    WRIGHT_TILE_MASK_TO_FLOAT WRIGHT_CASE(maskToFloat),
    /// mask → 1 or 0.
    WRIGHT_TILE_MASK_TO_INT WRIGHT_CASE(maskToInt),
    /// int32 lanes wrapped to 8 bits, as if stored and loaded again.
    WRIGHT_TILE_WRAP_INT8 WRIGHT_CASE(wrapInt8),
    WRIGHT_TILE_WRAP_UINT8 WRIGHT_CASE(wrapUInt8),
    /// float lanes rounded to bfloat16, as if stored and loaded again.
    WRIGHT_TILE_ROUND_BFLOAT16 WRIGHT_CASE(roundBFloat16),

    // ---- float, two operands
    WRIGHT_TILE_ADD WRIGHT_CASE(add),
    WRIGHT_TILE_SUBTRACT WRIGHT_CASE(subtract),
    WRIGHT_TILE_MULTIPLY WRIGHT_CASE(multiply),
    WRIGHT_TILE_DIVIDE WRIGHT_CASE(divide),
    /// NaN if either is.
    WRIGHT_TILE_MAXIMUM WRIGHT_CASE(maximum),
    /// NaN if either is.
    WRIGHT_TILE_MINIMUM WRIGHT_CASE(minimum),
    /// a to the power b, as C's powf.
    WRIGHT_TILE_POWER WRIGHT_CASE(power),
    /// a − ⌊a / b⌋ · b, with the sign of b, as Python's %.
    WRIGHT_TILE_REMAINDER WRIGHT_CASE(remainder),
    /// a where b > 0, else 0: the gradient of relu, a the cotangent and b the result (or the operand) of relu.
    WRIGHT_TILE_RELU_GRADIENT WRIGHT_CASE(reluGradient),
    /// a · gelu′(b).
    WRIGHT_TILE_GELU_GRADIENT WRIGHT_CASE(geluGradient),

    // ---- float, three operands
    /// a · b + c, rounded once where the processor can.
    WRIGHT_TILE_MULTIPLY_ADD WRIGHT_CASE(multiplyAdd),
    /// c − a · b
    WRIGHT_TILE_NEGATED_MULTIPLY_ADD WRIGHT_CASE(negatedMultiplyAdd),

    // ---- float, immediates
    /// a · i0 + i1
    WRIGHT_TILE_AFFINE WRIGHT_CASE(affine),
    /// a + i0
    WRIGHT_TILE_ADD_IMMEDIATE WRIGHT_CASE(addImmediate),
    /// a · i0
    WRIGHT_TILE_MULTIPLY_IMMEDIATE WRIGHT_CASE(multiplyImmediate),
    /// i0 / a
    WRIGHT_TILE_DIVIDE_IMMEDIATE WRIGHT_CASE(divideImmediate),
    /// a · i0 + b · i1
    WRIGHT_TILE_BLEND WRIGHT_CASE(blend),
    /// i0 if a < i0, i1 if a > i1, else a; NaN stays.
    WRIGHT_TILE_CLAMP WRIGHT_CASE(clamp),

    // ---- float, one operand
    WRIGHT_TILE_NEGATE WRIGHT_CASE(negate),
    WRIGHT_TILE_ABSOLUTE WRIGHT_CASE(absolute),
    WRIGHT_TILE_SQUARE WRIGHT_CASE(square),
    WRIGHT_TILE_SQUARE_ROOT WRIGHT_CASE(squareRoot),
    /// 1 / √a, at full precision.
    WRIGHT_TILE_RECIPROCAL_SQUARE_ROOT WRIGHT_CASE(reciprocalSquareRoot),
    /// 1 / a, at full precision.
    WRIGHT_TILE_RECIPROCAL WRIGHT_CASE(reciprocal),
    WRIGHT_TILE_EXP WRIGHT_CASE(exp),
    WRIGHT_TILE_EXPM1 WRIGHT_CASE(expm1),
    WRIGHT_TILE_LOG WRIGHT_CASE(log),
    WRIGHT_TILE_LOG1P WRIGHT_CASE(log1p),
    WRIGHT_TILE_TANH WRIGHT_CASE(tanh),
    WRIGHT_TILE_SIGMOID WRIGHT_CASE(sigmoid),
    WRIGHT_TILE_ERF WRIGHT_CASE(erf),
    WRIGHT_TILE_SINE WRIGHT_CASE(sine),
    WRIGHT_TILE_COSINE WRIGHT_CASE(cosine),
    WRIGHT_TILE_FLOOR WRIGHT_CASE(floor),
    WRIGHT_TILE_CEILING WRIGHT_CASE(ceiling),
    /// To the nearest whole number, ties to even.
    WRIGHT_TILE_ROUND WRIGHT_CASE(round),
    /// −1, 0 or 1; NaN stays.
    WRIGHT_TILE_SIGN WRIGHT_CASE(sign),
    /// max(a, 0); NaN stays.
    WRIGHT_TILE_RELU WRIGHT_CASE(relu),
    /// a · Φ(a) = a · (1 + erf(a / √2)) / 2
    WRIGHT_TILE_GELU WRIGHT_CASE(gelu),

    // ---- float → mask
    WRIGHT_TILE_EQUAL WRIGHT_CASE(equal),
    WRIGHT_TILE_NOT_EQUAL WRIGHT_CASE(notEqual),
    WRIGHT_TILE_LESS WRIGHT_CASE(less),
    WRIGHT_TILE_LESS_OR_EQUAL WRIGHT_CASE(lessOrEqual),
    WRIGHT_TILE_GREATER WRIGHT_CASE(greater),
    WRIGHT_TILE_GREATER_OR_EQUAL WRIGHT_CASE(greaterOrEqual),
    WRIGHT_TILE_IS_NAN WRIGHT_CASE(isNaN),
    WRIGHT_TILE_IS_FINITE WRIGHT_CASE(isFinite),

    // ---- masks and bits
    WRIGHT_TILE_AND WRIGHT_CASE(and),
    WRIGHT_TILE_OR WRIGHT_CASE(or),
    WRIGHT_TILE_XOR WRIGHT_CASE(xor),
    WRIGHT_TILE_NOT WRIGHT_CASE(not),
    /// b where mask a is true, else c; any lanes.
    WRIGHT_TILE_SELECT WRIGHT_CASE(select),

    // ---- int32; arithmetic wraps
    WRIGHT_TILE_INT_ADD WRIGHT_CASE(intAdd),
    WRIGHT_TILE_INT_SUBTRACT WRIGHT_CASE(intSubtract),
    WRIGHT_TILE_INT_MULTIPLY WRIGHT_CASE(intMultiply),
    /// Toward zero; 0 where b is 0.
    WRIGHT_TILE_INT_DIVIDE WRIGHT_CASE(intDivide),
    /// With the sign of b; 0 where b is 0.
    WRIGHT_TILE_INT_REMAINDER WRIGHT_CASE(intRemainder),
    WRIGHT_TILE_INT_MAXIMUM WRIGHT_CASE(intMaximum),
    WRIGHT_TILE_INT_MINIMUM WRIGHT_CASE(intMinimum),
    WRIGHT_TILE_INT_NEGATE WRIGHT_CASE(intNegate),
    WRIGHT_TILE_INT_ABSOLUTE WRIGHT_CASE(intAbsolute),
    WRIGHT_TILE_INT_SIGN WRIGHT_CASE(intSign),
    /// a << n, n from 0 to 31.
    WRIGHT_TILE_SHIFT_LEFT WRIGHT_CASE(shiftLeft),
    /// a >> n filling with zeros.
    WRIGHT_TILE_SHIFT_RIGHT WRIGHT_CASE(shiftRight),
    /// a >> n filling with the sign.
    WRIGHT_TILE_SHIFT_RIGHT_SIGNED WRIGHT_CASE(shiftRightSigned),
    // ---- int32 → mask
    WRIGHT_TILE_INT_EQUAL WRIGHT_CASE(intEqual),
    WRIGHT_TILE_INT_NOT_EQUAL WRIGHT_CASE(intNotEqual),
    WRIGHT_TILE_INT_LESS WRIGHT_CASE(intLess),
    WRIGHT_TILE_INT_LESS_OR_EQUAL WRIGHT_CASE(intLessOrEqual),
    WRIGHT_TILE_INT_GREATER WRIGHT_CASE(intGreater),
    WRIGHT_TILE_INT_GREATER_OR_EQUAL WRIGHT_CASE(intGreaterOrEqual),

    // ---- places; no operands
    /// d = the element's column in the iteration space, int32.
    WRIGHT_TILE_IOTA_COLUMN WRIGHT_CASE(iotaColumn),
    /// d = the element's row in the iteration space, int32.
    WRIGHT_TILE_IOTA_ROW WRIGHT_CASE(iotaRow),
    /// d = row · columns + column, int32.
    WRIGHT_TILE_IOTA_LINEAR WRIGHT_CASE(iotaLinear),

    // ---- random numbers
    // Operand a is a `scalar` of type int32 whose pointer addresses four int32: seed low, seed high, step low, step
    // high. n is the stream. The element's index (see wright_random.h) is its place in the result's own shape: row ·
    // columns + column for a full result or register, the column for a row register, the row for a column register.
    /// 32 random bits.
    WRIGHT_TILE_RANDOM_BITS WRIGHT_CASE(randomBits),
    /// Uniform float in [0, 1).
    WRIGHT_TILE_RANDOM_UNIFORM WRIGHT_CASE(randomUniform),

    // ---- reductions of float lanes
    // Row reductions give one value per row of the tile: d is a column register or `column` memory, and later
    // instructions of the same tile may use it, so a program with any of them has tiles as wide as its rows.
    WRIGHT_TILE_ROW_SUM WRIGHT_CASE(rowSum),
    WRIGHT_TILE_ROW_MAXIMUM WRIGHT_CASE(rowMaximum),
    WRIGHT_TILE_ROW_MINIMUM WRIGHT_CASE(rowMinimum),
    /// Σ a · b
    WRIGHT_TILE_ROW_DOT WRIGHT_CASE(rowDot),
    // Column reductions give one value per column of the whole iteration space: d is a column accumulator.
    WRIGHT_TILE_COLUMN_SUM WRIGHT_CASE(columnSum),
    WRIGHT_TILE_COLUMN_MAXIMUM WRIGHT_CASE(columnMaximum),
    WRIGHT_TILE_COLUMN_MINIMUM WRIGHT_CASE(columnMinimum),
    WRIGHT_TILE_COLUMN_DOT WRIGHT_CASE(columnDot),
    // Total reductions give one value: d is a total accumulator. Where a and b are all column kinds the total is taken
    // over the rows only, each counted once.
    WRIGHT_TILE_TOTAL_SUM WRIGHT_CASE(totalSum),
    WRIGHT_TILE_TOTAL_MAXIMUM WRIGHT_CASE(totalMaximum),
    WRIGHT_TILE_TOTAL_MINIMUM WRIGHT_CASE(totalMinimum),
    WRIGHT_TILE_TOTAL_DOT WRIGHT_CASE(totalDot),
} wright_tile_opcode;

/// `result`, `a`, `b` and `c` are places in the operand list; those an opcode does not use are ignored.
typedef struct {
    wright_tile_opcode opcode;
    uint8_t result, a, b, c;
    float immediate0, immediate1;
    int32_t integer;
} wright_tile_instruction;

#define WRIGHT_TILE_OPERANDS 48
#define WRIGHT_TILE_INSTRUCTIONS 96

/// What `wright_tile_prepare` worked out. For reading only.
typedef struct {
    /// The space as walked: [1, rows · columns] if nothing in the program tells rows apart.
    int64_t rows, columns;
    int32_t tile_rows, tile_columns;
    /// The space is cut into row_blocks × column_blocks units of whole tiles. Accumulators keep one partial result per
    /// block and join them in order, so the cut depends on the shape alone.
    int32_t row_blocks, column_blocks;
    /// Size of each thread's registers, and of the partial results that follow them in scratch.
    int64_t register_bytes, partial_bytes;
    int32_t threads;
} wright_tile_plan;

typedef struct {
    const wright_tile_operand *operands;
    const wright_tile_instruction *instructions;
    int32_t operand_count, instruction_count;
    int64_t rows, columns;
    /// The tile's shape; 0 lets `wright_tile_prepare` choose.
    int32_t tile_rows, tile_columns;
    /// At least `wright_tile_scratch_bytes` bytes, 64-byte aligned. May be null when that is 0. Programs that do not
    /// run at the same time may share it.
    void *scratch;
    wright_tile_plan plan;
} wright_tile_program;

/// What is wrong with a program.
typedef enum WRIGHT_CLOSED : uint8_t {
    WRIGHT_TILE_OK WRIGHT_CASE(ok),
    /// Too many operands or instructions, or a negative size.
    WRIGHT_TILE_TOO_LARGE WRIGHT_CASE(tooLarge),
    /// An instruction names an operand that is not in the list.
    WRIGHT_TILE_NO_SUCH_OPERAND WRIGHT_CASE(noSuchOperand),
    /// A result that may only be read, or an operand that may only be written.
    WRIGHT_TILE_WRONG_DIRECTION WRIGHT_CASE(wrongDirection),
    /// An operand that does not stretch to the result's shape.
    WRIGHT_TILE_WRONG_SHAPE WRIGHT_CASE(wrongShape),
    /// A memory operand of a type the instruction does not take.
    WRIGHT_TILE_WRONG_TYPE WRIGHT_CASE(wrongType),
    /// A tile narrower than its rows in a program with row reductions.
    WRIGHT_TILE_NARROW_TILE WRIGHT_CASE(narrowTile),
} wright_tile_problem;

/// Checks the program and fills in `plan`, for the present number of threads. Call it again after changing anything but
/// pointers. On a problem, `*instruction` (if not null) is the first instruction that has it, or −1.
wright_tile_problem wright_tile_prepare(wright_tile_program *program, int32_t *instruction);

/// How much scratch a prepared program needs. 0 for most: small registers live on the stack.
size_t wright_tile_scratch_bytes(const wright_tile_program *program);

/// Launch of a prepared `wright_tile_program`.
void wright_tile_run(void *program);

#ifdef __cplusplus
}
#endif
