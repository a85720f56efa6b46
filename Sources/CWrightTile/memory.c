// MAP_ANONYMOUS and madvise are no part of POSIX.
#define _DEFAULT_SOURCE
#define _DARWIN_C_SOURCE
#include "wright_memory.h"

#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

void *wright_memory_reserve(int64_t bytes) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#ifdef MAP_NORESERVE
    flags |= MAP_NORESERVE;
#endif
    void *memory = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED) return NULL;
#ifdef MADV_HUGEPAGE
    // Only advice: without large pages everything is as right, and some of it slower.
    (void)madvise(memory, (size_t)bytes, MADV_HUGEPAGE);
#endif
    return memory;
}

void wright_memory_release(void *memory, int64_t bytes) { (void)munmap(memory, (size_t)bytes); }

int64_t wright_memory_of_machine(void) {
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? (int64_t)pages * size : (int64_t)1 << 34;
}
