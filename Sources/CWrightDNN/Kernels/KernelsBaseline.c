// Every kernel for what any CPU of the platform has: SSE2 on x86-64, NEON on Arm.
#define LANES 4
#define KERNELS wright_product_kernels_baseline
#define KERNELS_NAME "baseline"
#include "Table.h"
