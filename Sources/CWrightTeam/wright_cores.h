/// What the system lets this process use.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// `OMP_NUM_THREADS`, or the cores that the process may use; from 1 to 512.
int32_t wright_usable_cores(void);
