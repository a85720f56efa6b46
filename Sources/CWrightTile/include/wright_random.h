/// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
///
/// A number is a function of where it is used and of nothing else: `seed` (of the run), `step` (of training), `stream`
/// (which random op of the graph), and the element's index. So it does not matter who computes it, when, or in what
/// order, and a resumed run continues exactly.
///
///     key     = (low 32 bits of seed, high 32 bits of seed)
///     counter = (low 32 bits of block, stream + 2^24 · (block >> 32), low 32 bits of step, high 32 bits of step)
///
/// with stream < 2^24. Element `i` is word `i % 4` of block `i / 4`. A uniform number in [0, 1) is
/// `(word >> 8) · 2^-24`, exact in float32.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The four words of one block, by the plain definition above. Kernels must agree with it bit for bit.
void wright_philox(uint64_t seed, uint64_t step, uint32_t stream, uint64_t block, uint32_t words[4]);

#ifdef __cplusplus
}
#endif
