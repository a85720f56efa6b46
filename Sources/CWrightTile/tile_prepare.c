#include "sizes.h"
#include "tile_program.h"
#include "wright_team.h"

// ---- What is known of opcodes and operands -------------------------------------------------------------------------

opcode_family wright_opcode_family(wright_tile_opcode opcode) {
    if (opcode >= WRIGHT_TILE_TOTAL_SUM) return TOTAL_REDUCTION_FAMILY;
    if (opcode >= WRIGHT_TILE_COLUMN_SUM) return COLUMN_REDUCTION_FAMILY;
    if (opcode >= WRIGHT_TILE_ROW_SUM) return ROW_REDUCTION_FAMILY;
    if (opcode >= WRIGHT_TILE_RANDOM_BITS) return RANDOM_FAMILY;
    if (opcode >= WRIGHT_TILE_IOTA_COLUMN) return PLACE_FAMILY;
    return ELEMENT_FAMILY;
}

static bool is_between(wright_tile_opcode opcode, wright_tile_opcode first, wright_tile_opcode last) {
    return opcode >= first && opcode <= last;
}

int wright_opcode_operands(wright_tile_opcode opcode) {
    switch (opcode) {
    case WRIGHT_TILE_MULTIPLY_ADD:
    case WRIGHT_TILE_NEGATED_MULTIPLY_ADD:
    case WRIGHT_TILE_SELECT:
        return 3;
    case WRIGHT_TILE_BLEND:
    case WRIGHT_TILE_ROW_DOT:
    case WRIGHT_TILE_COLUMN_DOT:
    case WRIGHT_TILE_TOTAL_DOT:
        return 2;
    case WRIGHT_TILE_IOTA_COLUMN:
    case WRIGHT_TILE_IOTA_ROW:
    case WRIGHT_TILE_IOTA_LINEAR:
        return 0;
    default:
        break;
    }
    bool two = is_between(opcode, WRIGHT_TILE_ADD, WRIGHT_TILE_GELU_GRADIENT) ||
               is_between(opcode, WRIGHT_TILE_EQUAL, WRIGHT_TILE_GREATER_OR_EQUAL) ||
               is_between(opcode, WRIGHT_TILE_AND, WRIGHT_TILE_XOR) ||
               is_between(opcode, WRIGHT_TILE_INT_ADD, WRIGHT_TILE_INT_MINIMUM) ||
               is_between(opcode, WRIGHT_TILE_INT_EQUAL, WRIGHT_TILE_INT_GREATER_OR_EQUAL);
    return two ? 2 : 1;
}

/// Roughly how many times as long as an addition the instruction takes per element.
static int opcode_cost(wright_tile_opcode opcode) {
    switch (opcode) {
    case WRIGHT_TILE_POWER:
    case WRIGHT_TILE_REMAINDER:
    case WRIGHT_TILE_INT_DIVIDE:
    case WRIGHT_TILE_INT_REMAINDER:
        return 60;
    case WRIGHT_TILE_GELU_GRADIENT:
    case WRIGHT_TILE_RANDOM_BITS:
    case WRIGHT_TILE_RANDOM_UNIFORM:
        return 10;
    case WRIGHT_TILE_EXP:
    case WRIGHT_TILE_EXPM1:
    case WRIGHT_TILE_LOG:
    case WRIGHT_TILE_LOG1P:
    case WRIGHT_TILE_TANH:
    case WRIGHT_TILE_SIGMOID:
    case WRIGHT_TILE_ERF:
    case WRIGHT_TILE_SINE:
    case WRIGHT_TILE_COSINE:
    case WRIGHT_TILE_GELU:
        return 5;
    default:
        return 1;
    }
}

value_shape wright_operand_shape(wright_operand_kind kind) {
    switch (kind) {
    case WRIGHT_OPERAND_FULL:
    case WRIGHT_OPERAND_REGISTER:
        return FULL_SHAPE;
    case WRIGHT_OPERAND_ROW:
    case WRIGHT_OPERAND_ROW_REGISTER:
    case WRIGHT_OPERAND_COLUMN_ACCUMULATOR:
        return ROW_SHAPE;
    case WRIGHT_OPERAND_COLUMN:
    case WRIGHT_OPERAND_COLUMN_REGISTER:
        return COLUMN_SHAPE;
    default:
        return SCALAR_SHAPE;
    }
}

static bool is_accumulator(wright_operand_kind kind) {
    return kind == WRIGHT_OPERAND_COLUMN_ACCUMULATOR || kind == WRIGHT_OPERAND_TOTAL_ACCUMULATOR;
}

static bool is_memory(wright_operand_kind kind) {
    return kind <= WRIGHT_OPERAND_SCALAR || is_accumulator(kind);
}

/// Whether rows read the operand by some other rule than one after the other.
static bool is_mapped(const wright_tile_operand *operand) {
    bool by_row = operand->kind == WRIGHT_OPERAND_FULL || operand->kind == WRIGHT_OPERAND_COLUMN;
    return by_row && (operand->row_divisor > 1 || operand->row_period > 0);
}

bool wright_is_total_of_column(const wright_tile_program *program, const wright_tile_instruction *instruction) {
    if (wright_opcode_family(instruction->opcode) != TOTAL_REDUCTION_FAMILY) return false;
    value_shape a = wright_operand_shape(program->operands[instruction->a].kind), b = a;
    if (wright_opcode_operands(instruction->opcode) > 1) {
        b = wright_operand_shape(program->operands[instruction->b].kind);
    }
    bool no_wider = a != FULL_SHAPE && a != ROW_SHAPE && b != FULL_SHAPE && b != ROW_SHAPE;
    return no_wider && (a == COLUMN_SHAPE || b == COLUMN_SHAPE);
}

// ---- Checking ------------------------------------------------------------------------------------------------------

static wright_tile_problem check_result(const wright_tile_operand *result, opcode_family family) {
    bool written_kind = result->kind == WRIGHT_OPERAND_FULL || result->kind == WRIGHT_OPERAND_COLUMN ||
                        register_class(result->kind) >= 0 || is_accumulator(result->kind);
    if (!written_kind || is_mapped(result)) return WRIGHT_TILE_WRONG_DIRECTION;
    bool fits;
    switch (family) {
    case ROW_REDUCTION_FAMILY:
        fits = wright_operand_shape(result->kind) == COLUMN_SHAPE;
        break;
    case COLUMN_REDUCTION_FAMILY:
        fits = result->kind == WRIGHT_OPERAND_COLUMN_ACCUMULATOR;
        break;
    case TOTAL_REDUCTION_FAMILY:
        fits = result->kind == WRIGHT_OPERAND_TOTAL_ACCUMULATOR;
        break;
    default:
        fits = !is_accumulator(result->kind);
    }
    return fits ? WRIGHT_TILE_OK : WRIGHT_TILE_WRONG_SHAPE;
}

/// Arithmetic works on 32-bit lanes in place; only load's operand and store's result may be anything.
static bool is_type_allowed(const wright_tile_operand *operand, bool any_type) {
    if (!is_memory(operand->kind)) return true;
    if (any_type) return operand->type <= WRIGHT_INT64;
    return operand->type == WRIGHT_FLOAT32 || operand->type == WRIGHT_INT32;
}

static wright_tile_problem check_instruction(const wright_tile_program *program,
                                             const wright_tile_instruction *instruction) {
    int count = wright_opcode_operands(instruction->opcode);
    uint8_t places[3] = {instruction->a, instruction->b, instruction->c};
    if (instruction->result >= program->operand_count) return WRIGHT_TILE_NO_SUCH_OPERAND;
    for (int i = 0; i < count; i++) {
        if (places[i] >= program->operand_count) return WRIGHT_TILE_NO_SUCH_OPERAND;
    }

    const wright_tile_operand *result = &program->operands[instruction->result];
    opcode_family family = wright_opcode_family(instruction->opcode);
    wright_tile_problem problem = check_result(result, family);
    if (problem != WRIGHT_TILE_OK) return problem;
    bool stores = instruction->opcode == WRIGHT_TILE_STORE, loads = instruction->opcode == WRIGHT_TILE_LOAD;
    if (!is_type_allowed(result, stores)) return WRIGHT_TILE_WRONG_TYPE;
    if (is_accumulator(result->kind) && result->type != WRIGHT_FLOAT32) return WRIGHT_TILE_WRONG_TYPE;
    if (stores && !is_memory(result->kind)) return WRIGHT_TILE_WRONG_DIRECTION;

    value_shape shape = wright_operand_shape(result->kind);
    for (int i = 0; i < count; i++) {
        const wright_tile_operand *operand = &program->operands[places[i]];
        if (is_accumulator(operand->kind)) return WRIGHT_TILE_WRONG_DIRECTION;
        if (loads && !is_memory(operand->kind)) return WRIGHT_TILE_WRONG_DIRECTION;
        if (!is_type_allowed(operand, loads)) return WRIGHT_TILE_WRONG_TYPE;
        if (family == RANDOM_FAMILY && (operand->kind != WRIGHT_OPERAND_SCALAR || operand->type != WRIGHT_INT32)) {
            return WRIGHT_TILE_WRONG_TYPE;
        }
        value_shape own = wright_operand_shape(operand->kind);
        if (family == ELEMENT_FAMILY && shape != FULL_SHAPE && own != shape && own != SCALAR_SHAPE) {
            return WRIGHT_TILE_WRONG_SHAPE;
        }
    }
    return WRIGHT_TILE_OK;
}

// ---- Planning ------------------------------------------------------------------------------------------------------

/// What the instructions together ask of the tiles.
typedef struct {
    bool tells_rows_apart, needs_whole_rows, reduces_columns, accumulates;
    int64_t streams, cost;
} program_needs;

static program_needs needs_of(const wright_tile_program *program) {
    program_needs needs = {0};
    for (int i = 0; i < program->operand_count; i++) {
        const wright_tile_operand *operand = &program->operands[i];
        value_shape shape = wright_operand_shape(operand->kind);
        bool full_memory = operand->kind == WRIGHT_OPERAND_FULL;
        needs.streams += full_memory;
        needs.accumulates |= is_accumulator(operand->kind);
        bool gapless = !full_memory || (operand->row_stride == program->columns && !is_mapped(operand));
        needs.tells_rows_apart |= shape == ROW_SHAPE || shape == COLUMN_SHAPE || !gapless;
    }
    for (int i = 0; i < program->instruction_count; i++) {
        const wright_tile_instruction *instruction = &program->instructions[i];
        opcode_family family = wright_opcode_family(instruction->opcode);
        needs.cost += opcode_cost(instruction->opcode);
        needs.tells_rows_apart |= instruction->opcode == WRIGHT_TILE_IOTA_ROW ||
                                  instruction->opcode == WRIGHT_TILE_IOTA_COLUMN;
        needs.reduces_columns |= family == COLUMN_REDUCTION_FAMILY;
        // A column in memory is written once, so no tile beside may come to write it again.
        needs.needs_whole_rows |= family == ROW_REDUCTION_FAMILY ||
                                  program->operands[instruction->result].kind == WRIGHT_OPERAND_COLUMN;
    }
    return needs;
}

static void choose_tile(const wright_tile_program *program, const program_needs *needs, wright_tile_plan *plan) {
    // Few streams leave room in L1 for long tiles, which make the cost of dispatching vanish.
    int64_t elements = needs->streams > 4 ? 512 : 1024;
    int64_t columns = program->tile_columns, rows = program->tile_rows;
    if (needs->tells_rows_apart == false && program->rows > 1) columns = rows = 0;
    if (columns <= 0) {
        // Column sums want several rows in a tile, to add them up before touching the accumulator.
        int64_t most = needs->reduces_columns ? 256 : elements;
        columns = plan->columns;
        if (!needs->needs_whole_rows && columns > most) {
            columns = divide_up(divide_up(columns, divide_up(columns, most)), 16) * 16;
        }
    }
    columns = larger(1, smaller(columns, plan->columns));
    if (rows <= 0) rows = elements / columns;
    rows = larger(1, smaller(rows, plan->rows));
    plan->tile_rows = (int32_t)rows;
    plan->tile_columns = (int32_t)columns;
}

static void choose_blocks(const program_needs *needs, wright_tile_plan *plan) {
    int64_t down = larger(1, divide_up(plan->rows, plan->tile_rows));
    int64_t across = larger(1, divide_up(plan->columns, plan->tile_columns));
    if (needs->accumulates) {
        // Enough blocks to keep threads busy, few enough that joining them costs nothing.
        int64_t wanted = larger(1, smaller(64, plan->rows * plan->columns / 4096));
        across = smaller(across, wanted);
        down = smaller(down, larger(1, wanted / across));
    }
    plan->row_blocks = (int32_t)down;
    plan->column_blocks = (int32_t)across;
}

register_file wright_register_file(const wright_tile_program *program) {
    int64_t rows = program->plan.tile_rows, columns = program->plan.tile_columns;
    register_file file = {{0}, {rows * columns, columns, rows, 1}};
    for (int i = 0; i < program->operand_count; i++) {
        int class = register_class(program->operands[i].kind);
        int32_t count = program->operands[i].register_index + 1;
        if (class >= 0 && file.count[class] < count) file.count[class] = count;
    }
    return file;
}

int64_t wright_partial_bytes(const wright_tile_plan *plan, wright_operand_kind kind) {
    switch (kind) {
    case WRIGHT_OPERAND_COLUMN_ACCUMULATOR:
        // A single block adds straight into the result.
        return plan->row_blocks > 1 ? plan->row_blocks * partial_pitch(plan->columns) * 4 : 0;
    case WRIGHT_OPERAND_TOTAL_ACCUMULATOR:
        return divide_up((int64_t)plan->row_blocks * plan->column_blocks * 8, 64) * 64;
    default:
        return 0;
    }
}

wright_tile_problem wright_tile_prepare(wright_tile_program *program, int32_t *instruction) {
    if (instruction) *instruction = -1;
    if (program->operand_count < 0 || program->operand_count > WRIGHT_TILE_OPERANDS ||
        program->instruction_count < 0 || program->instruction_count > WRIGHT_TILE_INSTRUCTIONS || program->rows < 0 ||
        program->columns < 0) {
        return WRIGHT_TILE_TOO_LARGE;
    }
    for (int32_t i = 0; i < program->instruction_count; i++) {
        wright_tile_problem problem = check_instruction(program, &program->instructions[i]);
        if (problem != WRIGHT_TILE_OK) {
            if (instruction) *instruction = i;
            return problem;
        }
    }

    program_needs needs = needs_of(program);
    wright_tile_plan *plan = &program->plan;
    *plan = (wright_tile_plan){.rows = program->rows, .columns = program->columns};
    if (!needs.tells_rows_apart && !needs.needs_whole_rows && plan->rows > 1) {
        plan->columns *= plan->rows;
        plan->rows = 1;
    }
    choose_tile(program, &needs, plan);
    if (needs.needs_whole_rows && plan->tile_columns < plan->columns) return WRIGHT_TILE_NARROW_TILE;
    choose_blocks(&needs, plan);

    register_file file = wright_register_file(program);
    for (int i = 0; i < 4; i++) plan->register_bytes += file.count[i] * register_bytes(file.lanes[i]);
    for (int i = 0; i < program->operand_count; i++) {
        plan->partial_bytes += wright_partial_bytes(plan, program->operands[i].kind);
    }
    // Waking the other threads costs as much as some thousand cheap elements.
    bool large = plan->rows * plan->columns * larger(1, needs.cost / 3) >= 8192;
    plan->threads = large ? wright_threads() : 1;
    return WRIGHT_TILE_OK;
}

size_t wright_tile_scratch_bytes(const wright_tile_program *program) {
    const wright_tile_plan *plan = &program->plan;
    int64_t registers = plan->register_bytes > STACK_REGISTER_BYTES ? plan->register_bytes * plan->threads : 0;
    return (size_t)(registers + plan->partial_bytes);
}
