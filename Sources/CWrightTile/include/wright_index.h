/// Reading and adding rows by index.
///
/// An index outside its range is data, not a programmer's mistake: nothing is clamped and nothing crashes. Reads give
/// NaN (zero for integer elements), adds are left out, and `out_of_range` says how many there were in the latest run.
#pragma once

#include "wright_launch.h"

#ifdef __cplusplus
extern "C" {
#endif

/// `destination[i, :] = table[index[i], :]`.
typedef struct {
    /// [table_rows, columns].
    const void *table;
    /// [count], int32 or int64.
    const void *index;
    /// [count, columns].
    void *destination;
    int64_t table_rows, columns, count;
    /// Of the table and the destination; any.
    wright_type type;
    /// int32 or int64.
    wright_type index_type;
    /// Written by every run.
    int64_t out_of_range;
} wright_gather_rows_arguments;

/// Launch of `wright_gather_rows_arguments`.
void wright_gather_rows(void *arguments);

/// `table[index[i], :] += source[i, :]`, in order of i. Threads share the columns, never a sum.
typedef struct {
    /// [count, columns], float32.
    const float *source;
    /// [count], int32 or int64.
    const void *index;
    /// [table_rows, columns], float32.
    float *table;
    int64_t table_rows, columns, count;
    wright_type index_type;
    /// Whether the table starts from what it holds; otherwise it starts from zero.
    bool accumulate;
    /// Written by every run.
    int64_t out_of_range;
} wright_scatter_add_rows_arguments;

/// Launch of `wright_scatter_add_rows_arguments`.
void wright_scatter_add_rows(void *arguments);

/// `destination[o, start + i, :] = source[o, i, :]`; rows that would lie outside are left out.
typedef struct {
    /// [outer, count, row_bytes].
    const void *source;
    /// One int32 or int64.
    const void *start;
    /// [outer, rows, row_bytes]; other rows keep what they hold.
    void *destination;
    int64_t outer, rows, count, row_bytes;
    wright_type start_type;
} wright_update_rows_arguments;

/// Launch of `wright_update_rows_arguments`.
void wright_update_rows(void *arguments);

/// `destination[r, j] = source[r, index[r, j]]`, or the transpose of that.
typedef struct {
    /// Gather: [rows, columns]. Scatter: [rows, picks]. float32 or int32 for gather, float32 for scatter.
    const void *source;
    /// [rows, picks], int32 or int64.
    const void *index;
    /// Gather: [rows, picks]. Scatter: [rows, columns].
    void *destination;
    int64_t rows, columns, picks;
    wright_type type;
    wright_type index_type;
    /// Written by every run.
    int64_t out_of_range;
} wright_along_rows_arguments;

/// Launch of `wright_along_rows_arguments`: picks elements of each row.
void wright_gather_along_rows(void *arguments);

/// Launch of `wright_along_rows_arguments`: `destination` = 0, then `destination[r, index[r, j]] += source[r, j]`.
void wright_scatter_add_along_rows(void *arguments);

#ifdef __cplusplus
}
#endif
