#include "wright_copy.h"

#include <string.h>

#include "kernel_set.h"

// ---- Axes ----------------------------------------------------------------------------------------------------------

typedef struct {
    int64_t size, source, destination;
} axis;

static int64_t magnitude(int64_t x) { return x < 0 ? -x : x; }

/// A copy in the simplest terms: no axes of size 1, the destination walked as far inward as possible by the last axis,
/// axes that continue each other merged, and every stride in bytes.
typedef struct {
    const char *source;
    char *destination;
    int rank;
    axis axes[WRIGHT_COPY_RANK];
    int64_t element;

    // The two innermost loops, which one task runs over a block of them.
    axis outer, inner;
    int64_t outer_block, inner_block;
    int64_t outer_tasks, inner_tasks, tasks;
} copy_plan;

static void append_axis(copy_plan *plan, axis next) {
    if (plan->rank > 0) {
        axis *last = &plan->axes[plan->rank - 1];
        if (last->source == next.source * next.size && last->destination == next.destination * next.size) {
            *last = (axis){last->size * next.size, next.source, next.destination};
            return;
        }
    }
    plan->axes[plan->rank++] = next;
}

/// False if there is nothing to copy.
static bool simplify(copy_plan *plan, const wright_copy_arguments *arguments) {
    *plan = (copy_plan){.source = arguments->source,
                        .destination = arguments->destination,
                        .element = arguments->element_bytes};
    axis axes[WRIGHT_COPY_RANK];
    int rank = 0;
    for (int i = 0; i < arguments->rank; i++) {
        if (arguments->sizes[i] == 0) return false;
        if (arguments->sizes[i] == 1) continue;
        axis next = {arguments->sizes[i], arguments->source_strides[i] * plan->element,
                     arguments->destination_strides[i] * plan->element};
        // Insertion by the distance in the destination, far to near; equals keep their order.
        int place = rank++;
        while (place > 0 && magnitude(axes[place - 1].destination) < magnitude(next.destination)) {
            axes[place] = axes[place - 1];
            place--;
        }
        axes[place] = next;
    }
    for (int i = 0; i < rank; i++) append_axis(plan, axes[i]);
    return true;
}

/// Takes axis `i` out of the list, as one of the two innermost loops.
static axis take_axis(copy_plan *plan, int i) {
    axis taken = plan->axes[i];
    plan->rank--;
    for (; i < plan->rank; i++) plan->axes[i] = plan->axes[i + 1];
    return taken;
}

static void choose_loops(copy_plan *plan) {
    axis single = {1, 0, 0};
    plan->inner = plan->rank > 0 ? take_axis(plan, plan->rank - 1) : single;
    plan->outer = single;
    bool gather = plan->inner.source != plan->element && plan->inner.source != 0;
    if (plan->rank > 0) {
        int best = plan->rank - 1;
        // If the source lies along another axis, walking both at once in blocks uses whole cache lines of each.
        for (int i = 0; gather && i < plan->rank; i++) {
            if (plan->axes[i].source == plan->element) best = i;
        }
        plan->outer = take_axis(plan, best);
    }
    if (gather && plan->outer.source == plan->element) {
        // Rows a multiple of 512 bytes apart crowd into few sets of the cache: then one line of each at a time.
        bool crowded = plan->inner.source % 512 == 0 || plan->outer.destination % 512 == 0;
        plan->inner_block = smaller(plan->inner.size, crowded ? 128 : 64);
        plan->outer_block = smaller(plan->outer.size, crowded ? 16 : 64);
    } else {
        plan->inner_block = smaller(plan->inner.size, 16384);
        plan->outer_block = smaller(plan->outer.size, larger(1, 16384 / plan->inner_block));
    }
    plan->inner_tasks = (plan->inner.size + plan->inner_block - 1) / plan->inner_block;
    plan->outer_tasks = (plan->outer.size + plan->outer_block - 1) / plan->outer_block;
    plan->tasks = plan->inner_tasks * plan->outer_tasks;
    for (int i = 0; i < plan->rank; i++) plan->tasks *= plan->axes[i].size;
}

// ---- Blocks --------------------------------------------------------------------------------------------------------

/// Copies elements of a size known to the compiler one by one.
#define DEFINE_ELEMENT_LOOPS(type)                                                                                     \
    static void copy_elements_##type(const copy_plan *plan, const char *source, char *destination, int64_t outer,      \
                                     int64_t inner) {                                                                  \
        for (int64_t o = 0; o < outer; o++) {                                                                          \
            const char *from = source + o * plan->outer.source;                                                        \
            char *to = destination + o * plan->outer.destination;                                                      \
            for (int64_t i = 0; i < inner; i++) {                                                                      \
                *(type *)to = *(const type *)from;                                                                     \
                from += plan->inner.source;                                                                            \
                to += plan->inner.destination;                                                                         \
            }                                                                                                          \
        }                                                                                                              \
    }                                                                                                                  \
    static void fill_elements_##type(void *destination, int64_t count, type value) {                                   \
        type *element = destination;                                                                                   \
        for (int64_t i = 0; i < count; i++) element[i] = value;                                                        \
    }
DEFINE_ELEMENT_LOOPS(uint8_t)
DEFINE_ELEMENT_LOOPS(uint16_t)
DEFINE_ELEMENT_LOOPS(uint32_t)
DEFINE_ELEMENT_LOOPS(uint64_t)

/// Writes the low `element` bytes of `value` `count` times.
static void fill_elements(void *destination, int64_t count, uint64_t value, int64_t element) {
    switch (element) {
    case 1:
        fill_elements_uint8_t(destination, count, (uint8_t)value);
        break;
    case 2:
        fill_elements_uint16_t(destination, count, (uint16_t)value);
        break;
    case 4:
        fill_elements_uint32_t(destination, count, (uint32_t)value);
        break;
    default:
        fill_elements_uint64_t(destination, count, value);
    }
}

static uint64_t element_at(const char *source, int64_t element) {
    uint64_t value = 0;
    switch (element) {
    case 1:
        return *(const uint8_t *)source;
    case 2:
        return *(const uint16_t *)source;
    case 4:
        return *(const uint32_t *)source;
    default:
        memcpy(&value, source, 8);
        return value;
    }
}

static void copy_block(const copy_plan *plan, const char *source, char *destination, int64_t outer, int64_t inner) {
    int64_t element = plan->element;
    bool writes_runs = plan->inner.destination == element;
    // Runs of a few bytes are not worth a call of memcpy.
    if (writes_runs && plan->inner.source == element && inner * element >= 32) {
        for (int64_t o = 0; o < outer; o++) {
            memcpy(destination + o * plan->outer.destination, source + o * plan->outer.source,
                   (size_t)(inner * element));
        }
    } else if (writes_runs && plan->inner.source == 0) {
        for (int64_t o = 0; o < outer; o++) {
            uint64_t value = element_at(source + o * plan->outer.source, element);
            fill_elements(destination + o * plan->outer.destination, inner, value, element);
        }
    } else if (writes_runs && plan->outer.source == element && element == 4 && plan->inner.source % 4 == 0 &&
               plan->outer.destination % 4 == 0) {
        wright_kernels()->transpose((const uint32_t *)source, plan->inner.source / 4, (uint32_t *)destination,
                                    plan->outer.destination / 4, inner, outer);
    } else if (element == 1) {
        copy_elements_uint8_t(plan, source, destination, outer, inner);
    } else if (element == 2) {
        copy_elements_uint16_t(plan, source, destination, outer, inner);
    } else if (element == 4) {
        copy_elements_uint32_t(plan, source, destination, outer, inner);
    } else {
        copy_elements_uint64_t(plan, source, destination, outer, inner);
    }
}

static void copy_task(const copy_plan *plan, int64_t task) {
    int64_t inner = task % plan->inner_tasks * plan->inner_block;
    task /= plan->inner_tasks;
    int64_t outer = task % plan->outer_tasks * plan->outer_block;
    task /= plan->outer_tasks;
    const char *source = plan->source + inner * plan->inner.source + outer * plan->outer.source;
    char *destination = plan->destination + inner * plan->inner.destination + outer * plan->outer.destination;
    for (int i = plan->rank - 1; i >= 0; i--) {
        int64_t place = task % plan->axes[i].size;
        task /= plan->axes[i].size;
        source += place * plan->axes[i].source;
        destination += place * plan->axes[i].destination;
    }
    copy_block(plan, source, destination, smaller(plan->outer_block, plan->outer.size - outer),
               smaller(plan->inner_block, plan->inner.size - inner));
}

static void copy_share(void *context, int32_t thread, int32_t thread_count) {
    const copy_plan *plan = context;
    share part = share_of(plan->tasks, 1, thread, thread_count);
    for (int64_t task = part.first; task < part.end; task++) copy_task(plan, task);
}

void wright_copy(void *arguments) {
    copy_plan plan;
    if (!simplify(&plan, arguments)) return;
    choose_loops(&plan);
    run_parallel(plan.tasks * plan.inner_block * plan.outer_block / 2, copy_share, &plan);
}

static void fill_share(void *context, int32_t thread, int32_t thread_count) {
    const wright_fill_arguments *arguments = context;
    int64_t element = arguments->element_bytes;
    share part = share_of(arguments->count, 64, thread, thread_count);
    char *destination = (char *)arguments->destination + part.first * element;
    if (arguments->value == 0) {
        memset(destination, 0, (size_t)((part.end - part.first) * element));
    } else {
        fill_elements(destination, part.end - part.first, arguments->value, element);
    }
}

void wright_fill(void *arguments) {
    run_parallel(((wright_fill_arguments *)arguments)->count / 4, fill_share, arguments);
}
