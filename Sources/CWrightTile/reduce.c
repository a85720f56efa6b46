#include "wright_reduce.h"

#include "kernel_set.h"

// ---- Reductions ----------------------------------------------------------------------------------------------------

/// A reduction cut into tasks: each takes some of the columns (`inner`) and some of the length of one `outer` slice.
typedef struct {
    const wright_reduce_arguments *arguments;
    const reduction_kernels *kernels;
    /// Elements of `inner` a task works on side by side.
    int64_t inner_block, inner_tasks;
    /// Pieces the length is cut into; with more than one, each leaves partial results [pieces, outer, inner].
    int64_t pieces;
    char *partials;
} reduce_plan;

/// Elements along the axis that are added up before they join the running result.
#define REDUCE_RUN 256
#define MOST_PIECES 64
#define PARTIAL_LANES 8192

/// The cut depends on the shape alone, so that results do not depend on the number of threads.
static reduce_plan plan_reduction(const wright_reduce_arguments *arguments, char *partials) {
    reduce_plan plan = {.arguments = arguments, .partials = partials, .pieces = 1};
    plan.kernels = &wright_kernels()->reductions[arguments->type == WRIGHT_INT32][arguments->reduction];
    plan.inner_block = smaller(arguments->inner, 256);
    plan.inner_tasks = (arguments->inner + plan.inner_block - 1) / larger(1, plan.inner_block);
    int64_t results = arguments->outer * arguments->inner;
    int64_t tasks = arguments->outer * plan.inner_tasks;
    if (tasks > 0 && tasks < 32) {
        int64_t wanted = smaller(MOST_PIECES / tasks, results * arguments->length / 8192);
        plan.pieces = larger(1, smaller(wanted, PARTIAL_LANES / results));
    }
    return plan;
}

/// Reduces rows [first, end) of the axis, for `count` neighbours of the innermost axis, into `result`.
static void reduce_piece(const reduce_plan *plan, const char *source, char *result, int64_t first, int64_t end,
                         int64_t count) {
    int64_t inner = plan->arguments->inner;
    int32_t *lanes = (int32_t *)result;
    for (int64_t i = 0; i < count; i++) lanes[i] = plan->kernels->neutral;
    tile_view from = {.step = 1}, to = {.pointer = result, .step = 1};
    tile_extent extent = {.rows = 1, .columns = count};
    tile_call call = {.extent = &extent, .result = &to, .a = &from, .b = &from};
    if (inner == 1) {
        // Runs of the row become rows of their own, whose results are then joined as one column.
        int32_t sums[REDUCE_RUN];
        tile_view runs = {.pointer = (char *)sums, .row = 1, .step = 0}, column = {(char *)sums, 1, 1};
        for (int64_t k = first; k < end; k += REDUCE_RUN * REDUCE_RUN) {
            int64_t left = end - k, whole = smaller(left / REDUCE_RUN, REDUCE_RUN), used = whole;
            from = (tile_view){(char *)source + k * 4, REDUCE_RUN, 1};
            extent = (tile_extent){.rows = whole, .columns = REDUCE_RUN};
            call.result = &runs;
            plan->kernels->rows(&call);
            int64_t rest = smaller(left - whole * REDUCE_RUN, REDUCE_RUN);
            if (whole < REDUCE_RUN && rest > 0) {
                tile_view last = {(char *)&sums[used++], 1, 0};
                from.pointer += whole * REDUCE_RUN * 4;
                extent = (tile_extent){.rows = 1, .columns = rest};
                call.result = &last;
                plan->kernels->rows(&call);
            }
            extent = (tile_extent){.rows = used, .columns = 1};
            call.a = &column;
            call.result = &to;
            plan->kernels->columns(&call);
            call.a = &from;
        }
    } else {
        from.row = inner;
        for (int64_t k = first; k < end; k += REDUCE_RUN) {
            from.pointer = (char *)source + k * inner * 4;
            extent.rows = smaller(end - k, REDUCE_RUN);
            plan->kernels->columns(&call);
        }
    }
}

/// Rows that follow each other and are short enough to add up in one go need no tasks.
static bool is_many_rows(const reduce_plan *plan) {
    return plan->arguments->inner == 1 && plan->pieces == 1 && plan->arguments->length <= 4096;
}

static void reduce_many_rows(const reduce_plan *plan, share rows) {
    const wright_reduce_arguments *arguments = plan->arguments;
    int64_t length = arguments->length;
    tile_view from = {(char *)arguments->source + rows.first * length * 4, length, 1};
    tile_view to = {(char *)arguments->destination + rows.first * 4, 1, 0};
    tile_extent extent = {.rows = rows.end - rows.first, .columns = length};
    tile_call call = {.extent = &extent, .result = &to, .a = &from, .b = &from};
    plan->kernels->rows(&call);
}

static void reduce_share(void *context, int32_t thread, int32_t thread_count) {
    const reduce_plan *plan = context;
    const wright_reduce_arguments *arguments = plan->arguments;
    int64_t length = arguments->length, inner = arguments->inner, results = arguments->outer * inner;
    if (is_many_rows(plan)) {
        reduce_many_rows(plan, share_of(arguments->outer, 16, thread, thread_count));
        return;
    }
    share part = share_of(arguments->outer * plan->inner_tasks * plan->pieces, 1, thread, thread_count);
    for (int64_t task = part.first; task < part.end; task++) {
        int64_t first_inner = task % plan->inner_tasks * plan->inner_block;
        int64_t outer = task / plan->inner_tasks % arguments->outer;
        int64_t piece = task / plan->inner_tasks / arguments->outer;
        char *result = plan->pieces > 1 ? plan->partials + piece * results * 4 : arguments->destination;
        const char *source = (const char *)arguments->source + (outer * length * inner + first_inner) * 4;
        reduce_piece(plan, source, result + (outer * inner + first_inner) * 4, length * piece / plan->pieces,
                     length * (piece + 1) / plan->pieces, smaller(plan->inner_block, inner - first_inner));
    }
}

void wright_reduce(void *context) {
    const wright_reduce_arguments *arguments = context;
    _Alignas(64) char partials[PARTIAL_LANES * 4];
    reduce_plan plan = plan_reduction(arguments, partials);
    run_parallel(arguments->outer * arguments->length * arguments->inner, reduce_share, &plan);
    if (plan.pieces > 1) {
        wright_reduce_arguments joined = *arguments;
        joined.source = partials;
        joined.outer = 1;
        joined.length = plan.pieces;
        joined.inner = arguments->outer * arguments->inner;
        reduce_plan last = plan_reduction(&joined, NULL);
        last.pieces = 1;
        reduce_share(&last, 0, 1);
    }
}

void wright_argreduce(void *context) {
    const wright_argreduce_arguments *arguments = context;
    run_parallel(arguments->outer * arguments->length * arguments->inner, wright_kernels()->argreduce, context);
}

// ---- Running sums --------------------------------------------------------------------------------------------------

/// Neighbours of the innermost axis whose sums run side by side.
#define SUMS_ABREAST 16

/// Running sums of `count` neighbours; `pitch` elements lead from a row to the one that is added next.
#define DEFINE_CUMULATIVE_SUM(type, wide)                                                                              \
    static inline void running_sums_##type(const type *source, type *destination, int64_t length, int64_t count,       \
                                           int64_t pitch, bool exclusive) {                                            \
        wide sums[SUMS_ABREAST] = {0};                                                                                 \
        for (int64_t k = 0; k < length; k++) {                                                                         \
            for (int64_t j = 0; j < count; j++) {                                                                      \
                wide before = sums[j];                                                                                 \
                sums[j] += (wide)source[k * pitch + j];                                                                \
                destination[k * pitch + j] = (type)(exclusive ? before : sums[j]);                                     \
            }                                                                                                          \
        }                                                                                                              \
    }                                                                                                                  \
    static void cumulative_sum_##type(const type *source, type *destination, int64_t length, int64_t inner,            \
                                      int64_t pitch, bool exclusive) {                                                 \
        int64_t i = 0;                                                                                                 \
        for (; i + SUMS_ABREAST <= inner; i += SUMS_ABREAST) {                                                         \
            running_sums_##type(source + i, destination + i, length, SUMS_ABREAST, pitch, exclusive);                  \
        }                                                                                                              \
        for (; i < inner; i++) running_sums_##type(source + i, destination + i, length, 1, pitch, exclusive);          \
    }
// In double, because a running sum has no second level to keep rounding errors small; unsigned, because a signed sum
// that overflows is undefined.
DEFINE_CUMULATIVE_SUM(float, double)
DEFINE_CUMULATIVE_SUM(int32_t, uint32_t)

static void cumulative_sum_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_cumulative_sum_arguments *arguments = context;
    int64_t length = arguments->length, inner = arguments->inner;
    int64_t pitch = arguments->reversed ? -inner : inner;
    share part = share_of(arguments->outer, 1, thread, thread_count);
    for (int64_t o = part.first; o < part.end; o++) {
        int64_t start = o * length * inner + (arguments->reversed ? (length - 1) * inner : 0);
        if (arguments->type == WRIGHT_INT32) {
            cumulative_sum_int32_t((const int32_t *)arguments->source + start,
                                   (int32_t *)arguments->destination + start, length, inner, pitch,
                                   arguments->exclusive);
        } else {
            cumulative_sum_float((const float *)arguments->source + start, (float *)arguments->destination + start,
                                 length, inner, pitch, arguments->exclusive);
        }
    }
}

void wright_cumulative_sum(void *context) {
    const wright_cumulative_sum_arguments *arguments = context;
    if (arguments->length <= 0) return;
    run_parallel(arguments->outer * arguments->length * arguments->inner, cumulative_sum_share, context);
}
