// For signal masks.
#define _POSIX_C_SOURCE 200809L

#include "wright_signals.h"

#include <pthread.h>

void wright_hold_signals(sigset_t *before) {
    sigset_t held;
    sigfillset(&held);
    const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
    for (unsigned i = 0; i < sizeof own / sizeof *own; i++) sigdelset(&held, own[i]);
    pthread_sigmask(SIG_BLOCK, &held, before);
}

void wright_release_signals(const sigset_t *before) { pthread_sigmask(SIG_SETMASK, before, NULL); }
