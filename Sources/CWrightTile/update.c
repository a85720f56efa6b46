#include "wright_update.h"

#include "kernel_set.h"

void wright_adam(void *arguments) {
    run_parallel(((wright_adam_arguments *)arguments)->count, wright_kernels()->adam, arguments);
}
