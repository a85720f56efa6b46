// For signal masks, clocks and processor sets.
#define _GNU_SOURCE

#include "wright_team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "wright_cores.h"
#include "wright_signals.h"

// ---- The team ------------------------------------------------------------------------------------------------------

/// More than any machine's threads today; further shares are the caller's.
#define MOST_THREADS 512

/// A share that waits for a thread, on a cache line of its own.
typedef struct {
    /// The number of the call that it belongs to; 0 when it is taken or there is none. Numbers are never used again, so a
    /// thread that comes late cannot take a share of another call for the one it saw.
    _Alignas(64) _Atomic uint64_t open;
    /// Whether its thread has to be woken.
    _Atomic bool is_asleep;
} slot;

static slot slots[MOST_THREADS];

static struct {
    /// Whether a caller has the team.
    _Alignas(64) atomic_flag is_taken;
    /// The caller's alone.
    uint64_t calls;
    int32_t workers;
    /// Written before a slot opens, read after a share is taken.
    wright_parallel_function function;
    void *context;
    int32_t count;
    /// Shares, other than the caller's own, that are not done.
    _Alignas(64) _Atomic int32_t pending;
    _Atomic bool caller_is_asleep;
    pthread_mutex_t lock;
    pthread_cond_t work_came, all_done;
} team = {
    .is_taken = ATOMIC_FLAG_INIT,
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .work_came = PTHREAD_COND_INITIALIZER,
    .all_done = PTHREAD_COND_INITIALIZER,
};

static _Thread_local bool is_inside = false;

// ---- Waiting -------------------------------------------------------------------------------------------------------

/// How long a thread watches for something before it sleeps. Watching answers in 0.1 µs, waking takes 50; but a thread that
/// watches while another process wants its core is put aside, and then keeps everybody waiting for milliseconds.
/// A thread that finds itself put aside therefore sleeps early for a while.
typedef struct {
    uint64_t nanoseconds;
} patience;

#define LEAST_PATIENCE 10000
#define MOST_PATIENCE 1000000
/// Between two looks at the clock lies a microsecond, unless the thread was put aside.
#define PUT_ASIDE 200000
#define LOOKS_PER_CLOCK 32

static uint64_t nanoseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static bool has_work(const slot *own) { return atomic_load_explicit(&own->open, memory_order_acquire) != 0; }

static bool is_done(const slot *unused) {
    (void)unused;
    return atomic_load_explicit(&team.pending, memory_order_acquire) == 0;
}

/// Whether it came true before patience ended.
static inline bool watch(bool (*came_true)(const slot *), const slot *own, patience *patience) {
    uint64_t start = 0, latest = 0;
    for (;;) {
        for (int i = 0; i < LOOKS_PER_CLOCK; i++) {
            if (came_true(own)) {
                uint64_t longer = patience->nanoseconds + patience->nanoseconds / 16;
                patience->nanoseconds = longer < MOST_PATIENCE ? longer : MOST_PATIENCE;
                return true;
            }
            pause_briefly();
        }
        uint64_t now = nanoseconds_now();
        if (!start) start = latest = now;
        if (now - latest > PUT_ASIDE) {
            patience->nanoseconds = LEAST_PATIENCE;
            return false;
        }
        if (now - start > patience->nanoseconds) return false;
        latest = now;
    }
}

// ---- Sharing -------------------------------------------------------------------------------------------------------

static bool take(int32_t share, uint64_t call) {
    return atomic_compare_exchange_strong_explicit(&slots[share].open, &call, 0, memory_order_acq_rel,
                                                   memory_order_relaxed);
}

static void do_share(int32_t share) {
    team.function(team.context, share, team.count);
    // In one order with the caller's going to sleep: one of the two sees the other.
    if (atomic_fetch_sub(&team.pending, 1) != 1 || !atomic_load(&team.caller_is_asleep)) return;
    pthread_mutex_lock(&team.lock);
    pthread_cond_signal(&team.all_done);
    pthread_mutex_unlock(&team.lock);
}

static void sleep_until_work(slot *own) {
    pthread_mutex_lock(&team.lock);
    atomic_store(&own->is_asleep, true);
    while (!atomic_load(&own->open)) pthread_cond_wait(&team.work_came, &team.lock);
    atomic_store(&own->is_asleep, false);
    pthread_mutex_unlock(&team.lock);
}

static void *work(void *own) {
    int32_t share = (int32_t)((slot *)own - slots);
    patience patience = {MOST_PATIENCE};
    is_inside = true;
    for (;;) {
        uint64_t call = atomic_load_explicit(&slots[share].open, memory_order_acquire);
        if (!call) {
            if (!watch(has_work, own, &patience)) sleep_until_work(own);
        } else if (take(share, call)) {
            do_share(share);
        }
    }
    return NULL;
}

/// Starts threads until there is one for each of `count` shares. Where the system grants no more, the caller does the rest.
static void start_workers(int32_t count) {
    pthread_attr_t attributes;
    if (team.workers + 1 >= count || pthread_attr_init(&attributes) != 0) return;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    // A thread starts with its maker's mask.
    sigset_t before;
    wright_hold_signals(&before);
    while (team.workers + 1 < count) {
        pthread_t thread;
        if (pthread_create(&thread, &attributes, work, &slots[team.workers + 1]) != 0) break;
        team.workers++;
    }
    wright_release_signals(&before);
    pthread_attr_destroy(&attributes);
}

static void wake_sleepers(int32_t count) {
    bool is_needed = false;
    for (int32_t i = 1; i < count; i++) is_needed |= atomic_load_explicit(&slots[i].is_asleep, memory_order_relaxed);
    if (!is_needed) return;
    pthread_mutex_lock(&team.lock);
    pthread_cond_broadcast(&team.work_came);
    pthread_mutex_unlock(&team.lock);
}

static void wait_for_all(void) {
    static patience patience = {MOST_PATIENCE};
    if (watch(is_done, NULL, &patience)) return;
    pthread_mutex_lock(&team.lock);
    atomic_store(&team.caller_is_asleep, true);
    while (atomic_load(&team.pending)) pthread_cond_wait(&team.all_done, &team.lock);
    atomic_store(&team.caller_is_asleep, false);
    pthread_mutex_unlock(&team.lock);
}

/// As the one that has the team.
static void share_out(wright_parallel_function function, void *context, int32_t count) {
    int32_t offered = count < MOST_THREADS ? count : MOST_THREADS;
    start_workers(offered);
    uint64_t call = ++team.calls;
    team.function = function;
    team.context = context;
    team.count = count;
    atomic_store_explicit(&team.pending, offered - 1, memory_order_relaxed);
    for (int32_t i = 1; i < offered; i++) atomic_store_explicit(&slots[i].open, call, memory_order_release);
    // In one order with a worker's going to sleep: one of the two sees the other.
    atomic_thread_fence(memory_order_seq_cst);
    wake_sleepers(offered);
    function(context, 0, count);
    for (int32_t i = offered; i < count; i++) function(context, i, count);
    for (int32_t i = 1; i < offered; i++) {
        if (take(i, call)) do_share(i);
    }
    wait_for_all();
}

void wright_parallel_shares(wright_parallel_function function, void *context, int32_t count) {
    if (is_inside || count <= 1) {
        for (int32_t i = 0; i < count; i++) function(context, i, count);
        return;
    }
    is_inside = true;
    if (atomic_flag_test_and_set_explicit(&team.is_taken, memory_order_acquire)) {
        for (int32_t i = 0; i < count; i++) function(context, i, count);
    } else {
        share_out(function, context, count);
        atomic_flag_clear_explicit(&team.is_taken, memory_order_release);
    }
    is_inside = false;
}

void wright_parallel(wright_parallel_function function, void *context) {
    wright_parallel_shares(function, context, is_inside ? 1 : wright_threads());
}

// ---- How many ------------------------------------------------------------------------------------------------------

/// What this thread asked for; 0 when it did not.
static _Thread_local int32_t own_count = 0;

int32_t wright_threads(void) {
    // 0 until someone asks.
    static _Atomic int32_t usable = 0;
    if (own_count > 0) return own_count;
    int32_t count = atomic_load_explicit(&usable, memory_order_relaxed);
    if (count == 0) {
        count = wright_usable_cores();
        atomic_store_explicit(&usable, count, memory_order_relaxed);
    }
    return count;
}

int32_t wright_use_threads(int32_t count) {
    int32_t before = own_count;
    own_count = count < 0 ? 0 : count;
    return before;
}
