#include <math.h>
#include <string.h>

#include "kernel_set.h"
#include "tile_program.h"

// ---- One thread's view of a program --------------------------------------------------------------------------------

/// Where the parts of an operand lie: element (r, c) of the space at `base + map(r) · row_bytes + c · column_bytes`.
typedef struct {
    char *base;
    int64_t row_bytes, column_bytes;
    int64_t divisor, period;
} operand_place;

typedef struct {
    const wright_tile_program *program;
    operand_place places[WRIGHT_TILE_OPERANDS];
    tile_view views[WRIGHT_TILE_OPERANDS];
    /// The same for instructions on one value per row, which run along a row of their own.
    tile_view transposed_views[WRIGHT_TILE_OPERANDS];
    tile_extent extents[4];

    tile_kernel kernels[WRIGHT_TILE_INSTRUCTIONS];
    tile_call calls[WRIGHT_TILE_INSTRUCTIONS];
    /// Whether to skip the instruction except in the first tile of a row of tiles.
    bool is_first_only[WRIGHT_TILE_INSTRUCTIONS];

    /// Rows are worked on in runs that end where an operand's map jumps; 0 if none does.
    int64_t run_length;
} machine;

static void set_up_operand(machine *m, int i, const register_file *file, char *registers) {
    const wright_tile_operand *operand = &m->program->operands[i];
    operand_place *place = &m->places[i];
    tile_view *view = &m->views[i], *transposed = &m->transposed_views[i];
    int64_t size = bytes_of(operand->type);
    *place = (operand_place){.base = operand->pointer, .divisor = 1};
    *view = (tile_view){0};

    switch (operand->kind) {
    case WRIGHT_OPERAND_FULL:
    case WRIGHT_OPERAND_COLUMN: {
        bool full = operand->kind == WRIGHT_OPERAND_FULL;
        if (operand->row_divisor > 1) place->divisor = operand->row_divisor;
        place->period = operand->row_period;
        view->row = full ? operand->row_stride : 1;
        view->step = full;
        place->row_bytes = view->row * size;
        place->column_bytes = full * size;
        // Within a run of rows a divided operand stays where it is.
        if (place->divisor > 1) view->row = 0;
        int64_t run = place->divisor > 1 ? place->divisor : place->period;
        if (run > 0) m->run_length = greatest_common_divisor(run, m->run_length);
        break;
    }
    case WRIGHT_OPERAND_ROW:
        place->column_bytes = size;
        view->step = 1;
        break;
    case WRIGHT_OPERAND_CONSTANT:
        place->base = (char *)&operand->constant;
        break;
    case WRIGHT_OPERAND_COLUMN_ACCUMULATOR:
        place->column_bytes = 4;
        view->step = 1;
        break;
    case WRIGHT_OPERAND_REGISTER:
    case WRIGHT_OPERAND_ROW_REGISTER:
    case WRIGHT_OPERAND_COLUMN_REGISTER:
    case WRIGHT_OPERAND_SCALAR_REGISTER: {
        int class = register_class(operand->kind);
        int64_t offset = operand->register_index * register_bytes(file->lanes[class]);
        for (int c = 0; c < class; c++) offset += file->count[c] * register_bytes(file->lanes[c]);
        place->base = registers + offset;
        view->row = operand->kind == WRIGHT_OPERAND_COLUMN_REGISTER;
        view->step = operand->kind == WRIGHT_OPERAND_REGISTER || operand->kind == WRIGHT_OPERAND_ROW_REGISTER;
        break;
    }
    default:
        break;
    }
    view->pointer = place->base;
    *transposed = *view;
    if (wright_operand_shape(operand->kind) == COLUMN_SHAPE) {
        transposed->step = view->row;
        transposed->row = 0;
    }
}

static void set_up_instruction(machine *m, int i, const kernel_set *kernels) {
    const wright_tile_program *program = m->program;
    const wright_tile_instruction *instruction = &program->instructions[i];
    const wright_tile_operand *result = &program->operands[instruction->result];
    opcode_family family = wright_opcode_family(instruction->opcode);
    bool total_of_column = wright_is_total_of_column(program, instruction);
    bool reduces = family >= ROW_REDUCTION_FAMILY;
    value_shape shape = reduces ? FULL_SHAPE : wright_operand_shape(result->kind);
    if (total_of_column) shape = COLUMN_SHAPE;

    switch (instruction->opcode) {
    case WRIGHT_TILE_LOAD:
        m->kernels[i] = kernels->load[program->operands[instruction->a].type];
        break;
    case WRIGHT_TILE_STORE:
        m->kernels[i] = kernels->store[result->type];
        break;
    default:
        m->kernels[i] = kernels->tile[instruction->opcode];
    }
    const tile_view *views = shape == COLUMN_SHAPE ? m->transposed_views : m->views;
    int count = wright_opcode_operands(instruction->opcode);
    m->calls[i] = (tile_call){
        .extent = &m->extents[shape],
        .result = &views[instruction->result],
        .a = count > 0 ? &views[instruction->a] : NULL,
        .b = count > 1 ? &views[instruction->b] : NULL,
        .c = count > 2 ? &views[instruction->c] : NULL,
        .immediate0 = instruction->immediate0,
        .immediate1 = instruction->immediate1,
        .integer = instruction->integer,
    };
    m->is_first_only[i] = total_of_column;
}

static void set_up(machine *m, const wright_tile_program *program, char *registers) {
    m->program = program;
    m->run_length = 0;
    register_file file = wright_register_file(program);
    for (int i = 0; i < program->operand_count; i++) set_up_operand(m, i, &file, registers);
    const kernel_set *kernels = wright_kernels();
    for (int i = 0; i < program->instruction_count; i++) set_up_instruction(m, i, kernels);
    for (int i = 0; i < 4; i++) m->extents[i] = (tile_extent){.pitch = program->plan.columns};
    m->extents[COLUMN_SHAPE].transposed = true;
}

// ---- Tiles ---------------------------------------------------------------------------------------------------------

static void run_tile(machine *m, int64_t first_row, int64_t rows, int64_t first_column, int64_t columns) {
    const wright_tile_program *program = m->program;
    for (int i = 0; i < program->operand_count; i++) {
        const operand_place *place = &m->places[i];
        int64_t row = first_row;
        if (place->divisor > 1) row /= place->divisor;
        if (place->period > 0) row %= place->period;
        char *pointer = place->base + row * place->row_bytes + first_column * place->column_bytes;
        m->views[i].pointer = m->transposed_views[i].pointer = pointer;
        if (program->operands[i].kind == WRIGHT_OPERAND_REGISTER) m->views[i].row = columns;
    }

    tile_extent *full = &m->extents[FULL_SHAPE], *row = &m->extents[ROW_SHAPE], *column = &m->extents[COLUMN_SHAPE];
    full->rows = rows;
    full->first_row = column->first_row = first_row;
    full->columns = row->columns = columns;
    full->first_column = row->first_column = first_column;
    column->columns = rows;
    row->rows = column->rows = m->extents[SCALAR_SHAPE].rows = m->extents[SCALAR_SHAPE].columns = 1;

    for (int i = 0; i < program->instruction_count; i++) {
        if (m->is_first_only[i] && first_column > 0) continue;
        m->kernels[i](&m->calls[i]);
    }
}

/// Cuts the tile's rows where an operand's map jumps.
static void run_tile_in_runs(machine *m, int64_t first_row, int64_t rows, int64_t first_column, int64_t columns) {
    int64_t end = first_row + rows;
    while (first_row < end) {
        int64_t run_end = m->run_length > 0 ? (first_row / m->run_length + 1) * m->run_length : end;
        if (run_end > end) run_end = end;
        run_tile(m, first_row, run_end - first_row, first_column, columns);
        first_row = run_end;
    }
}

// ---- Accumulators --------------------------------------------------------------------------------------------------

static float neutral_element(wright_tile_opcode opcode) {
    switch (opcode) {
    case WRIGHT_TILE_COLUMN_MAXIMUM:
    case WRIGHT_TILE_TOTAL_MAXIMUM:
        return -INFINITY;
    case WRIGHT_TILE_COLUMN_MINIMUM:
    case WRIGHT_TILE_TOTAL_MINIMUM:
        return INFINITY;
    default:
        return 0;
    }
}

/// The partial results of accumulator operand `i`, behind the registers in scratch.
static char *partials_of(const wright_tile_program *program, int i) {
    const wright_tile_plan *plan = &program->plan;
    char *partials = (char *)program->scratch + wright_tile_scratch_bytes(program) - plan->partial_bytes;
    for (int j = 0; j < i; j++) partials += wright_partial_bytes(plan, program->operands[j].kind);
    return partials;
}

/// Points every accumulator at the part that belongs to a unit and clears it.
static void start_accumulators(machine *m, int64_t row_block, int64_t column_block, int64_t first_column,
                               int64_t columns) {
    const wright_tile_program *program = m->program;
    const wright_tile_plan *plan = &program->plan;
    for (int i = 0; i < program->instruction_count; i++) {
        const wright_tile_instruction *instruction = &program->instructions[i];
        float neutral = neutral_element(instruction->opcode);
        int place = instruction->result;
        if (program->operands[place].kind == WRIGHT_OPERAND_COLUMN_ACCUMULATOR) {
            if (plan->row_blocks > 1) {
                m->places[place].base = partials_of(program, place) + row_block * partial_pitch(plan->columns) * 4;
            }
            float *sums = (float *)m->places[place].base + first_column;
            for (int64_t c = 0; c < columns; c++) sums[c] = neutral;
        } else if (program->operands[place].kind == WRIGHT_OPERAND_TOTAL_ACCUMULATOR) {
            double *sum = (double *)partials_of(program, place) + row_block * plan->column_blocks + column_block;
            *sum = neutral;
            m->places[place].base = (char *)sum;
        }
    }
}

static void join_column_partials(const wright_tile_program *program, const wright_tile_instruction *instruction) {
    const wright_tile_plan *plan = &program->plan;
    float *result = program->operands[instruction->result].pointer;
    float neutral = neutral_element(instruction->opcode);
    for (int64_t c = 0; c < plan->columns; c++) result[c] = neutral;

    tile_view sums = {(char *)result, 0, 1};
    tile_view partials = {partials_of(program, instruction->result), partial_pitch(plan->columns), 1};
    tile_extent extent = {.rows = plan->row_blocks, .columns = plan->columns};
    tile_call call = {.extent = &extent, .result = &sums, .a = &partials, .b = &partials};
    // The products are taken already; what is left of a dot product is the sum.
    bool dot = instruction->opcode == WRIGHT_TILE_COLUMN_DOT;
    wright_kernels()->tile[dot ? WRIGHT_TILE_COLUMN_SUM : instruction->opcode](&call);
}

static void join_total_partials(const wright_tile_program *program, const wright_tile_instruction *instruction) {
    const double *partials = (const double *)partials_of(program, instruction->result);
    int64_t count = (int64_t)program->plan.row_blocks * program->plan.column_blocks;
    double total = partials[0];
    for (int64_t i = 1; i < count; i++) {
        double next = partials[i];
        if (instruction->opcode == WRIGHT_TILE_TOTAL_MAXIMUM) {
            total = total != total || total > next ? total : next;
        } else if (instruction->opcode == WRIGHT_TILE_TOTAL_MINIMUM) {
            total = total != total || total < next ? total : next;
        } else {
            total += next;
        }
    }
    *(float *)program->operands[instruction->result].pointer = (float)total;
}

/// In the order of blocks, whoever computed them.
static void join_accumulators(const wright_tile_program *program) {
    for (int i = 0; i < program->instruction_count; i++) {
        const wright_tile_instruction *instruction = &program->instructions[i];
        wright_operand_kind kind = program->operands[instruction->result].kind;
        if (kind == WRIGHT_OPERAND_COLUMN_ACCUMULATOR && program->plan.row_blocks > 1) {
            join_column_partials(program, instruction);
        } else if (kind == WRIGHT_OPERAND_TOTAL_ACCUMULATOR) {
            join_total_partials(program, instruction);
        }
    }
}

// ---- Running -------------------------------------------------------------------------------------------------------

/// One block of tiles.
static void run_unit(machine *m, int64_t row_block, int64_t column_block, bool accumulates) {
    const wright_tile_plan *plan = &m->program->plan;
    int64_t down = (plan->rows + plan->tile_rows - 1) / plan->tile_rows;
    int64_t across = (plan->columns + plan->tile_columns - 1) / plan->tile_columns;
    int64_t first_row = down * row_block / plan->row_blocks * plan->tile_rows;
    int64_t end_row = down * (row_block + 1) / plan->row_blocks * plan->tile_rows;
    int64_t first_column = across * column_block / plan->column_blocks * plan->tile_columns;
    int64_t end_column = across * (column_block + 1) / plan->column_blocks * plan->tile_columns;
    if (end_row > plan->rows) end_row = plan->rows;
    if (end_column > plan->columns) end_column = plan->columns;

    if (accumulates) start_accumulators(m, row_block, column_block, first_column, end_column - first_column);
    for (int64_t r = first_row; r < end_row; r += plan->tile_rows) {
        int64_t rows = end_row - r < plan->tile_rows ? end_row - r : plan->tile_rows;
        int64_t c = first_column;
        // Rows without columns still have sums: a tile of no columns sees to them.
        do {
            int64_t columns = end_column - c < plan->tile_columns ? end_column - c : plan->tile_columns;
            run_tile_in_runs(m, r, rows, c, columns);
            c += plan->tile_columns;
        } while (c < end_column);
    }
}

static bool has_accumulators(const wright_tile_program *program) {
    for (int i = 0; i < program->operand_count; i++) {
        wright_operand_kind kind = program->operands[i].kind;
        if (kind == WRIGHT_OPERAND_COLUMN_ACCUMULATOR || kind == WRIGHT_OPERAND_TOTAL_ACCUMULATOR) return true;
    }
    return false;
}

/// A thread's share of the units, with its registers at `registers`.
static void run_share(const wright_tile_program *program, char *registers, int64_t thread, int64_t threads) {
    const wright_tile_plan *plan = &program->plan;
    int64_t units = (int64_t)plan->row_blocks * plan->column_blocks;
    int64_t first = units * thread / threads, end = units * (thread + 1) / threads;
    if (first == end) return;
    machine m;
    set_up(&m, program, registers);
    bool accumulates = has_accumulators(program);
    for (int64_t unit = first; unit < end; unit++) {
        run_unit(&m, unit / plan->column_blocks, unit % plan->column_blocks, accumulates);
    }
}

static void run_on_stack(const wright_tile_program *program, int64_t thread, int64_t threads) {
    _Alignas(64) char registers[STACK_REGISTER_BYTES];
    run_share(program, registers, thread, threads);
}

static void run_as_member(void *context, int32_t thread, int32_t thread_count) {
    const wright_tile_program *program = context;
    const wright_tile_plan *plan = &program->plan;
    if (plan->register_bytes <= STACK_REGISTER_BYTES) {
        run_on_stack(program, thread, thread_count);
    } else {
        // Scratch was made for as many threads as there were when the program was prepared.
        int32_t threads = thread_count < plan->threads ? thread_count : plan->threads;
        char *registers = (char *)program->scratch + thread * plan->register_bytes;
        if (thread < threads) run_share(program, registers, thread, threads);
    }
}

void wright_tile_run(void *context) {
    const wright_tile_program *program = context;
    if (program->plan.threads > 1) {
        wright_parallel(run_as_member, context);
    } else {
        run_as_member(context, 0, 1);
    }
    join_accumulators(program);
}
