#include "wright_index.h"

#include <math.h>
#include <string.h>

#include "kernel_set.h"

/// Entry `i` of an index, or −1 if it is outside 0 … limit − 1.
static inline int64_t checked_index(const void *index, wright_type type, int64_t i, int64_t limit) {
    int64_t place = type == WRIGHT_INT64 ? ((const int64_t *)index)[i] : ((const int32_t *)index)[i];
    return place >= 0 && place < limit ? place : -1;
}

static void count_out_of_range(int64_t *counter, int64_t count) {
    if (count > 0) __atomic_fetch_add(counter, count, __ATOMIC_RELAXED);
}

/// What stands in for elements that could not be read: NaN, or zero in whole numbers.
static void fill_missing(void *destination, wright_type type, int64_t count) {
    memset(destination, 0, (size_t)(count * bytes_of(type)));
    for (int64_t i = 0; type == WRIGHT_FLOAT32 && i < count; i++) ((float *)destination)[i] = NAN;
    for (int64_t i = 0; type == WRIGHT_BFLOAT16 && i < count; i++) ((uint16_t *)destination)[i] = 0x7fc0;
}

// ---- Whole rows ----------------------------------------------------------------------------------------------------

static void gather_rows_share(void *context, int32_t thread, int32_t thread_count) {
    wright_gather_rows_arguments *arguments = context;
    int64_t row_bytes = arguments->columns * bytes_of(arguments->type), missing = 0;
    share part = share_of(arguments->count, 1, thread, thread_count);
    for (int64_t i = part.first; i < part.end; i++) {
        char *destination = (char *)arguments->destination + i * row_bytes;
        int64_t row = checked_index(arguments->index, arguments->index_type, i, arguments->table_rows);
        if (row < 0) {
            missing++;
            fill_missing(destination, arguments->type, arguments->columns);
        } else {
            memcpy(destination, (const char *)arguments->table + row * row_bytes, (size_t)row_bytes);
        }
    }
    count_out_of_range(&arguments->out_of_range, missing);
}

void wright_gather_rows(void *context) {
    wright_gather_rows_arguments *arguments = context;
    arguments->out_of_range = 0;
    run_parallel(arguments->count * arguments->columns, gather_rows_share, arguments);
}

static void clear_table_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_scatter_add_rows_arguments *arguments = context;
    share part = share_of(arguments->table_rows * arguments->columns, 16, thread, thread_count);
    memset(arguments->table + part.first, 0, (size_t)(part.end - part.first) * sizeof(float));
}

/// Every thread walks the whole index, and adds its own columns of each row; of narrow tables, its own rows.
static void scatter_add_rows_share(void *context, int32_t thread, int32_t thread_count) {
    wright_scatter_add_rows_arguments *arguments = context;
    int64_t columns = arguments->columns, missing = 0;
    bool by_columns = columns >= 32 * thread_count;
    share part = by_columns ? share_of(columns, 16, thread, thread_count) : (share){0, columns};
    for (int64_t i = 0; i < arguments->count; i++) {
        int64_t row = checked_index(arguments->index, arguments->index_type, i, arguments->table_rows);
        missing += row < 0;
        if (row < 0 || (!by_columns && row % thread_count != thread)) continue;
        const float *source = arguments->source + i * columns;
        float *restrict sum = arguments->table + row * columns;
        for (int64_t c = part.first; c < part.end; c++) sum[c] += source[c];
    }
    if (thread == 0) arguments->out_of_range = missing;
}

void wright_scatter_add_rows(void *context) {
    wright_scatter_add_rows_arguments *arguments = context;
    if (!arguments->accumulate) {
        run_parallel(arguments->table_rows * arguments->columns / 4, clear_table_share, arguments);
    }
    run_parallel(arguments->count * arguments->columns, scatter_add_rows_share, arguments);
}

static void update_rows_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_update_rows_arguments *arguments = context;
    int64_t rows = arguments->rows, count = arguments->count, bytes = arguments->row_bytes;
    int64_t start = arguments->start_type == WRIGHT_INT64 ? *(const int64_t *)arguments->start
                                                          : *(const int32_t *)arguments->start;
    // Held to where some row could still lie inside, so that no sum overflows.
    start = smaller(larger(start, -count), rows);
    int64_t first = larger(0, -start), inside = smaller(count, rows - start) - first;
    if (inside <= 0) return;
    share part = share_of(arguments->outer, 1, thread, thread_count);
    for (int64_t o = part.first; o < part.end; o++) {
        memcpy((char *)arguments->destination + (o * rows + start + first) * bytes,
               (const char *)arguments->source + (o * count + first) * bytes, (size_t)(inside * bytes));
    }
}

void wright_update_rows(void *context) {
    const wright_update_rows_arguments *arguments = context;
    run_parallel(arguments->outer * arguments->count * arguments->row_bytes / 8, update_rows_share, context);
}

// ---- Elements of each row ------------------------------------------------------------------------------------------

static void gather_along_rows_share(void *context, int32_t thread, int32_t thread_count) {
    wright_along_rows_arguments *arguments = context;
    int64_t picks = arguments->picks, columns = arguments->columns, missing = 0;
    share part = share_of(arguments->rows, 1, thread, thread_count);
    for (int64_t r = part.first; r < part.end; r++) {
        const uint32_t *source = (const uint32_t *)arguments->source + r * columns;
        uint32_t *destination = (uint32_t *)arguments->destination + r * picks;
        for (int64_t j = 0; j < picks; j++) {
            int64_t place = checked_index(arguments->index, arguments->index_type, r * picks + j, columns);
            if (place < 0) {
                missing++;
                fill_missing(destination + j, arguments->type, 1);
            } else {
                destination[j] = source[place];
            }
        }
    }
    count_out_of_range(&arguments->out_of_range, missing);
}

void wright_gather_along_rows(void *context) {
    wright_along_rows_arguments *arguments = context;
    arguments->out_of_range = 0;
    run_parallel(arguments->rows * arguments->picks * 2, gather_along_rows_share, arguments);
}

static void scatter_add_along_rows_share(void *context, int32_t thread, int32_t thread_count) {
    wright_along_rows_arguments *arguments = context;
    int64_t picks = arguments->picks, columns = arguments->columns, missing = 0;
    share part = share_of(arguments->rows, 1, thread, thread_count);
    for (int64_t r = part.first; r < part.end; r++) {
        const float *source = (const float *)arguments->source + r * picks;
        float *destination = (float *)arguments->destination + r * columns;
        memset(destination, 0, (size_t)columns * sizeof(float));
        for (int64_t j = 0; j < picks; j++) {
            int64_t place = checked_index(arguments->index, arguments->index_type, r * picks + j, columns);
            if (place < 0) {
                missing++;
            } else {
                destination[place] += source[j];
            }
        }
    }
    count_out_of_range(&arguments->out_of_range, missing);
}

void wright_scatter_add_along_rows(void *context) {
    wright_along_rows_arguments *arguments = context;
    arguments->out_of_range = 0;
    run_parallel(arguments->rows * (arguments->picks + arguments->columns / 4), scatter_add_along_rows_share,
                 arguments);
}
