#include "wright_random.h"

void wright_philox(uint64_t seed, uint64_t step, uint32_t stream, uint64_t block, uint32_t words[4]) {
    uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
    uint32_t x0 = (uint32_t)block, x1 = stream + ((uint32_t)(block >> 32) << 24);
    uint32_t x2 = (uint32_t)step, x3 = (uint32_t)(step >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t product0 = (uint64_t)x0 * 0xD2511F53u, product1 = (uint64_t)x2 * 0xCD9E8D57u;
        x0 = (uint32_t)(product1 >> 32) ^ x1 ^ key0;
        x2 = (uint32_t)(product0 >> 32) ^ x3 ^ key1;
        x1 = (uint32_t)product1;
        x3 = (uint32_t)product0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    words[0] = x0, words[1] = x1, words[2] = x2, words[3] = x3;
}
