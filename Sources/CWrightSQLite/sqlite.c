#include "CWrightSQLite.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

struct wright_database {
    sqlite3 *connection;
    sqlite3_stmt *query;
};

wright_database *wright_database_open(const char *path, char *message, size_t capacity) {
    sqlite3 *connection = NULL;
    const int status = sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY, NULL);
    wright_database *database = status == SQLITE_OK ? calloc(1, sizeof *database) : NULL;
    if (!database) {
        snprintf(message, capacity, "%s", connection ? sqlite3_errmsg(connection) : "there is no memory for it");
        sqlite3_close(connection);
        return NULL;
    }
    database->connection = connection;
    return database;
}

void wright_database_close(wright_database *database) {
    if (!database) return;
    sqlite3_finalize(database->query);
    sqlite3_close(database->connection);
    free(database);
}

const char *wright_database_message(const wright_database *database) {
    return sqlite3_errmsg(database->connection);
}

int wright_database_query(wright_database *database, const char *sql) {
    sqlite3_finalize(database->query);
    database->query = NULL;
    return sqlite3_prepare_v2(database->connection, sql, -1, &database->query, NULL) == SQLITE_OK ? 0 : -1;
}

int wright_database_column_count(const wright_database *database) { return sqlite3_column_count(database->query); }

const char *wright_database_column_name(const wright_database *database, int column) {
    return sqlite3_column_name(database->query, column);
}

int wright_database_step(wright_database *database) {
    switch (sqlite3_step(database->query)) {
    case SQLITE_ROW: return 1;
    case SQLITE_DONE: return 0;
    default: return -1;
    }
}

wright_value wright_database_value(const wright_database *database, int column) {
    wright_value value = {WRIGHT_VALUE_NULL, 0, 0, NULL, 0};
    switch (sqlite3_column_type(database->query, column)) {
    case SQLITE_INTEGER:
        value.kind = WRIGHT_VALUE_INTEGER;
        value.integer = sqlite3_column_int64(database->query, column);
        break;
    case SQLITE_FLOAT:
        value.kind = WRIGHT_VALUE_REAL;
        value.real = sqlite3_column_double(database->query, column);
        break;
    case SQLITE_TEXT:
        value.kind = WRIGHT_VALUE_TEXT;
        value.bytes = sqlite3_column_text(database->query, column);
        value.count = (size_t)sqlite3_column_bytes(database->query, column);
        break;
    case SQLITE_BLOB:
        value.kind = WRIGHT_VALUE_BYTES;
        value.bytes = sqlite3_column_blob(database->query, column);
        value.count = (size_t)sqlite3_column_bytes(database->query, column);
        break;
    default: break;
    }
    return value;
}
