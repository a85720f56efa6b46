// Address space for working memory: pages become real when they are first written.
#ifndef WRIGHT_MEMORY_H
#define WRIGHT_MEMORY_H

#include <stdint.h>

// So many bytes of zeros, in large pages where the system has them; NULL when there is no such room.
void *_Nullable wright_memory_reserve(int64_t bytes);

// Gives back what `wright_memory_reserve` gave.
void wright_memory_release(void *_Nonnull memory, int64_t bytes);

// Bytes of memory that the machine has.
int64_t wright_memory_of_machine(void);

#endif
