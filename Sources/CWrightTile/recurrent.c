#include "wright_recurrent.h"

#include "kernel_set.h"
#include "recurrent_plan.h"

int64_t wright_recurrent_scratch_bytes(wright_cell cell, int64_t hidden) {
    int64_t packed = 0;
    for (int64_t lanes = 4; lanes <= WIDEST_LANES; lanes *= 2) packed = larger(packed, packed_floats(cell, hidden, lanes));
    return packed * (int64_t)sizeof(float);
}

static int64_t work_of(const wright_sequence *sequence) {
    return sequence->steps * sequence->batch * sequence->hidden * sequence->hidden;
}

void wright_recurrent(void *context) {
    wright_recurrent_arguments *arguments = context;
    const wright_sequence *sequence = &arguments->sequence;
    run_parallel(sequence->hidden * sequence->hidden, wright_kernels()->recurrent_pack, &arguments->sequence);
    run_parallel(work_of(sequence), wright_kernels()->recurrent, arguments);
}

void wright_recurrent_gradient(void *context) {
    wright_recurrent_gradient_arguments *arguments = context;
    const wright_sequence *sequence = &arguments->sequence;
    run_parallel(sequence->hidden * sequence->hidden, wright_kernels()->recurrent_pack_transposed, &arguments->sequence);
    run_parallel(work_of(sequence), wright_kernels()->recurrent_gradient, arguments);
}
