#include "wright_order.h"

#include <string.h>

#include "kernel_set.h"

// An element becomes a 64-bit number: above, its value as bits that compare like the value; below, where it stood. Such
// numbers are all different, so any way of sorting them is stable.

static uint64_t entry_of(float value, int64_t place, bool descending) {
    uint32_t bits;
    // Zeros are equal, whatever their sign.
    float canonical = value == 0 ? 0 : value;
    memcpy(&bits, &canonical, sizeof(bits));
    uint32_t ordered = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
    if (value != value) ordered = UINT32_MAX;
    if (descending) ordered = ~ordered;
    return (uint64_t)ordered << 32 | (uint32_t)place;
}

static void insertion_sort(uint64_t *entries, int64_t count) {
    for (int64_t i = 1; i < count; i++) {
        uint64_t entry = entries[i];
        int64_t place = i;
        for (; place > 0 && entries[place - 1] > entry; place--) entries[place] = entries[place - 1];
        entries[place] = entry;
    }
}

/// Sorts by bytes, lowest first. The places are in order already, so only the four bytes of the value are looked at.
static void radix_sort(uint64_t *entries, uint64_t *spare, int64_t count) {
    uint32_t counts[4][256] = {{0}};
    for (int64_t i = 0; i < count; i++) {
        for (int byte = 0; byte < 4; byte++) counts[byte][entries[i] >> (32 + 8 * byte) & 255]++;
    }
    uint64_t *from = entries, *to = spare;
    for (int byte = 0; byte < 4; byte++) {
        int shift = 32 + 8 * byte;
        // All in one bucket: nothing to move.
        if (counts[byte][from[0] >> shift & 255] == count) continue;
        uint32_t starts[256], start = 0;
        for (int bucket = 0; bucket < 256; bucket++) {
            starts[bucket] = start;
            start += counts[byte][bucket];
        }
        for (int64_t i = 0; i < count; i++) to[starts[from[i] >> shift & 255]++] = from[i];
        uint64_t *swapped = from;
        from = to;
        to = swapped;
    }
    if (from != entries) memcpy(entries, from, (size_t)count * sizeof(uint64_t));
}

static void sort_entries(uint64_t *entries, uint64_t *spare, int64_t count) {
    if (count <= 48) {
        insertion_sort(entries, count);
    } else {
        radix_sort(entries, spare, count);
    }
}

/// Keeps the `picks` first of a row in order while it reads it: most elements are turned away by one comparison.
static void select_first(const wright_sort_arguments *arguments, const float *source, uint64_t *entries) {
    int64_t picks = arguments->picks;
    for (int64_t i = 0; i < picks; i++) entries[i] = entry_of(source[i], i, arguments->descending);
    insertion_sort(entries, picks);
    for (int64_t i = picks; i < arguments->columns; i++) {
        uint64_t entry = entry_of(source[i], i, arguments->descending);
        if (entry > entries[picks - 1]) continue;
        int64_t place = picks - 1;
        for (; place > 0 && entries[place - 1] > entry; place--) entries[place] = entries[place - 1];
        entries[place] = entry;
    }
}

static void sort_row(const wright_sort_arguments *arguments, int64_t row, uint64_t *entries, uint64_t *spare) {
    int64_t columns = arguments->columns, picks = arguments->picks;
    const float *source = arguments->source + row * columns;
    if (picks <= 32 && picks < columns) {
        select_first(arguments, source, entries);
    } else {
        for (int64_t i = 0; i < columns; i++) entries[i] = entry_of(source[i], i, arguments->descending);
        sort_entries(entries, spare, columns);
    }
    for (int64_t i = 0; i < picks; i++) {
        uint32_t place = (uint32_t)entries[i];
        if (arguments->values) arguments->values[row * picks + i] = source[place];
        if (arguments->indices) arguments->indices[row * picks + i] = (int32_t)place;
    }
}

static int64_t entries_pitch(int64_t columns) { return (columns + 7) / 8 * 8; }

static void sort_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_sort_arguments *arguments = context;
    // There may be more threads now than when the memory was reserved.
    int32_t threads = thread_count < arguments->scratch_threads ? thread_count : arguments->scratch_threads;
    if (thread >= threads) return;
    int64_t pitch = entries_pitch(arguments->columns);
    uint64_t *entries = (uint64_t *)arguments->scratch + 2 * pitch * thread;
    share part = share_of(arguments->rows, 1, thread, threads);
    for (int64_t row = part.first; row < part.end; row++) sort_row(arguments, row, entries, entries + pitch);
}

void wright_sort(void *context) {
    const wright_sort_arguments *arguments = context;
    if (arguments->picks <= 0) return;
    // Sorting costs a dozen operations per element.
    run_parallel(arguments->rows * arguments->columns * 8, sort_share, context);
}

size_t wright_sort_scratch_bytes(int64_t columns, int32_t threads) {
    return (size_t)(2 * entries_pitch(columns) * threads) * sizeof(uint64_t);
}
