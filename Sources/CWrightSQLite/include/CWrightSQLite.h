/// Reading tables of SQLite databases behind functions that return a status and a message: nothing here writes, aborts or
/// prints.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// An open database and at most one query of it: for one thread at a time.
typedef struct wright_database wright_database;

/// What a value is.
typedef enum {
    WRIGHT_VALUE_NULL = 0,
    WRIGHT_VALUE_INTEGER = 1,
    WRIGHT_VALUE_REAL = 2,
    WRIGHT_VALUE_TEXT = 3,
    WRIGHT_VALUE_BYTES = 4,
} wright_value_kind;

/// A value of the current row; bytes stay valid until the next step.
typedef struct {
    wright_value_kind kind;
    int64_t integer;
    double real;
    const uint8_t *bytes;
    size_t count;
} wright_value;

/// Opens a database for reading only; NULL with a message when that cannot be.
wright_database *wright_database_open(const char *path, char *message, size_t capacity);
void wright_database_close(wright_database *database);
/// What went wrong last; valid until the next call.
const char *wright_database_message(const wright_database *database);

/// Prepares a query in place of the last one; 0, or -1 when it cannot be.
int wright_database_query(wright_database *database, const char *sql);
/// The number of columns of the query, and their names.
int wright_database_column_count(const wright_database *database);
const char *wright_database_column_name(const wright_database *database, int column);
/// Moves to the next row: 1, or 0 at the end, or -1.
int wright_database_step(wright_database *database);
wright_value wright_database_value(const wright_database *database, int column);
