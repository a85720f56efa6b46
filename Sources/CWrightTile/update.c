#include "wright_update.h"

#include "kernel_set.h"

void wright_adam(void *arguments) {
    run_parallel(((wright_adam_arguments *)arguments)->count, wright_kernels()->adam, arguments);
}

void wright_adam_step(void *arguments) {
    run_parallel(((wright_adam_step_arguments *)arguments)->count, wright_kernels()->adam_step, arguments);
}

void wright_sgd(void *arguments) {
    run_parallel(((wright_sgd_arguments *)arguments)->count, wright_kernels()->sgd, arguments);
}

void wright_rmsprop(void *arguments) {
    run_parallel(((wright_rmsprop_arguments *)arguments)->count, wright_kernels()->rmsprop, arguments);
}

void wright_lion(void *arguments) {
    run_parallel(((wright_lion_arguments *)arguments)->count, wright_kernels()->lion, arguments);
}
