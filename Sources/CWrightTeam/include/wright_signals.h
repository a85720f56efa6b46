/// Signals, while kernels run.
///
/// oneDNN's generated products use the stack pointer as one more register. A signal that comes then makes the system
/// write its frame wherever that register points: over working memory, or over the heap.
#pragma once

#include <signal.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Holds signals back on this thread until `wright_release_signals(before)`: they wait, or go to another thread. Those that
/// a thread causes itself stay as they are. The team's threads take no others at any time.
void wright_hold_signals(sigset_t *before);
void wright_release_signals(const sigset_t *before);

#ifdef __cplusplus
}
#endif
