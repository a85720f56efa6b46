// Kernels for what every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
#define LANES 4
#define INSTRUCTION_SET WRIGHT_BASELINE
#define KERNEL_SET wright_kernels_baseline

#include "../kernels/table.h"
