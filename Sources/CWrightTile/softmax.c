#include "wright_softmax.h"

#include "kernel_set.h"

void wright_cross_entropy(void *context) {
    wright_cross_entropy_arguments *arguments = context;
    arguments->out_of_range = 0;
    run_parallel(arguments->rows * arguments->columns * 4, wright_kernels()->cross_entropy, arguments);
}
