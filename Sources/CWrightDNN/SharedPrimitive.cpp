// One primitive by several: each of the team's threads does a share.
#include "Primitive.hpp"
#include "wright_team.h"

namespace wright {

static size_t whole_lines(size_t bytes) { return (bytes + 63) / 64 * 64; }

void SharedPrimitive::add(std::unique_ptr<wright_dnn_primitive> share, std::vector<Offset> offsets) {
    shares.push_back({std::move(share), std::move(offsets)});
}

void SharedPrimitive::add_up(wright_dnn_argument role) { sums.push_back({role}); }

void SharedPrimitive::finish(std::vector<Argument> whole) {
    arguments = std::move(whole);
    implementation = shares[0].primitive->implementation;
    size_t bytes = 0;
    for (Share &share : shares) {
        share.scratch = bytes;
        bytes += whole_lines(share.primitive->scratch_bytes);
    }
    for (Sum &sum : sums) {
        size_t one = find(sum.role)->bytes();
        sum.count = one / sizeof(float);
        for (size_t index = 1; index < shares.size(); index++) {
            sum.partials.push_back(bytes);
            bytes += whole_lines(one);
        }
    }
    add_own_scratch(bytes);
}

void SharedPrimitive::bind(Argument &argument, void *pointer) {
    argument.pointer = pointer;
    char *start = static_cast<char *>(pointer);
    bool is_sum = false;
    for (const Sum &sum : sums) is_sum |= sum.role == argument.role;
    for (Share &share : shares) {
        Argument *part = share.primitive->find(argument.role);
        if (part == nullptr) continue;
        int64_t offset = argument.role == WRIGHT_DNN_SCRATCH ? int64_t(share.scratch) : 0;
        for (const Offset &known : share.offsets) {
            if (known.role == argument.role) offset = known.bytes;
        }
        share.primitive->bind(*part, start + offset);
        // The others' partial sums are in the scratch memory.
        if (is_sum) break;
    }
    if (argument.role != WRIGHT_DNN_SCRATCH) return;
    for (const Sum &sum : sums) {
        for (size_t index = 1; index < shares.size(); index++) {
            wright_dnn_primitive &share = *shares[index].primitive;
            share.bind(*share.find(sum.role), start + sum.partials[index - 1]);
        }
    }
}

void SharedPrimitive::add_partials(int32_t index, int32_t count) const {
    const char *scratch = static_cast<const char *>(find(WRIGHT_DNN_SCRATCH)->pointer);
    for (const Sum &sum : sums) {
        size_t first = sum.count * size_t(index) / size_t(count), end = sum.count * size_t(index + 1) / size_t(count);
        float *total = floats(sum.role);
        for (size_t partial : sum.partials) {
            const float *addend = reinterpret_cast<const float *>(scratch + partial);
            for (size_t i = first; i < end; i++) total[i] += addend[i];
        }
    }
}

void SharedPrimitive::run() {
    auto run_share = [](void *context, int32_t index, int32_t) {
        static_cast<SharedPrimitive *>(context)->shares[size_t(index)].primitive->run();
    };
    auto add_share = [](void *context, int32_t index, int32_t count) {
        static_cast<SharedPrimitive *>(context)->add_partials(index, count);
    };
    wright_parallel_shares(run_share, this, int32_t(shares.size()));
    if (!sums.empty()) wright_parallel_shares(add_share, this, int32_t(shares.size()));
    for (const Share &share : shares) {
        if (run_status == WRIGHT_DNN_OK) run_status = share.primitive->run_status;
    }
}

}  // namespace wright
