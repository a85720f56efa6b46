// For processor sets.
#define _GNU_SOURCE

#include "wright_cores.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__linux__)
#include <sched.h>

/// Cores that the process may run on.
static long allowed_cores(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : sysconf(_SC_NPROCESSORS_ONLN);
}

/// Cores' worth of time that a container's limit grants (control groups, version 2), rounded up; 0 without a limit.
static long granted_cores(void) {
    FILE *file = fopen("/sys/fs/cgroup/cpu.max", "r");
    if (!file) return 0;
    long quota = 0, period = 0;
    // The file says "max" for no limit, which reads as no number.
    bool is_limited = fscanf(file, "%ld %ld", &quota, &period) == 2 && quota > 0 && period > 0;
    fclose(file);
    return is_limited ? (quota + period - 1) / period : 0;
}
#else
static long allowed_cores(void) { return sysconf(_SC_NPROCESSORS_ONLN); }
static long granted_cores(void) { return 0; }
#endif

int32_t wright_usable_cores(void) {
    const char *asked = getenv("OMP_NUM_THREADS");
    long count = asked ? strtol(asked, NULL, 10) : 0;
    if (count < 1) {
        long granted = granted_cores();
        count = allowed_cores();
        if (granted > 0 && granted < count) count = granted;
    }
    return count < 1 ? 1 : count > 512 ? 512 : (int32_t)count;
}
