/// Wright's own CPU kernels in plain C: fused elementwise programs, optimizer updates, and the row, window and index
/// kernels that neither oneDNN nor a fused program covers.
///
/// Every kernel is a *launch*: a function of one context pointer. A plan is therefore an array of {function, context}
/// that `wright_run` walks. Contexts are plain structs; the pointers in them may be changed between runs, and running
/// allocates nothing and takes no lock. One context must not run on two threads at once.
///
/// Results never depend on timing, on the number of threads or on how work is cut into tiles. They may differ in the
/// last bits between instruction sets, which is why a program picks one at its start and keeps it.
#pragma once

#include "wright_attention.h"
#include "wright_copy.h"
#include "wright_index.h"
#include "wright_launch.h"
#include "wright_memory.h"
#include "wright_order.h"
#include "wright_pool.h"
#include "wright_random.h"
#include "wright_recurrent.h"
#include "wright_reduce.h"
#include "wright_softmax.h"
#include "wright_tile.h"
#include "wright_update.h"
