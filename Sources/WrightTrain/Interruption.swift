#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Synchronization

/// A wish to end training early, in order: the trainer finishes its step, writes a checkpoint and throws
/// ``TrainingError/interrupted(step:checkpoint:)``.
public final class Interruption: Sendable {
    private let flag = Atomic<Bool>(false)
    private let watchesSignals: Bool

    /// One that ``request()`` alone sets.
    public init() { watchesSignals = false }

    private init(watchingSignals: Bool) { watchesSignals = watchingSignals }

    /// Asks the run to end; may be called from any thread.
    public func request() { flag.store(true, ordering: .relaxed) }

    public var isRequested: Bool {
        flag.load(ordering: .relaxed) || (watchesSignals && SignalFlag.count.load(ordering: .relaxed) > 0)
    }

    /// From now on a signal ends the process at once, with status 130, and so does one that came before: for what follows
    /// when everything that must be kept is written.
    public func release() {
        guard watchesSignals else { return }
        SignalFlag.endsAtOnce.store(true, ordering: .relaxed)
        if SignalFlag.count.load(ordering: .relaxed) > 0 { _exit(130) }
    }

    /// One that Ctrl-C (SIGINT) and SIGTERM set, for command-line programs. A second signal ends the process at once,
    /// with status 130.
    ///
    /// Signals belong to the whole process: call it once, before training, and not from a library.
    public static func onSignals() -> Interruption {
        SignalFlag.count.store(0, ordering: .relaxed)
        SignalFlag.endsAtOnce.store(false, ordering: .relaxed)
        for signal in [SIGINT, SIGTERM] {
            var action = sigaction()
            // Safety: the handler only touches atomics that are initialised above, and _exit, which signals allow.
            let handler: @convention(c) (Int32) -> Void = { _ in
                let isFirst = SignalFlag.count.wrappingAdd(1, ordering: .relaxed).newValue == 1
                if !isFirst || SignalFlag.endsAtOnce.load(ordering: .relaxed) { _exit(130) }
            }
            #if canImport(Darwin)
                action.__sigaction_u.__sa_handler = handler
            #else
                action.__sigaction_handler.sa_handler = handler
            #endif
            // A read that is under way goes on instead of failing.
            action.sa_flags = Int32(truncatingIfNeeded: SA_RESTART)
            sigaction(signal, &action, nil)
        }
        // A parent that blocks signals leaves them blocked for its children.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        return Interruption(watchingSignals: true)
    }
}

/// The only things of a process that a signal can reach.
private enum SignalFlag {
    /// Signals received since the handler was installed.
    static let count = Atomic<Int>(0)
    static let endsAtOnce = Atomic<Bool>(false)
}
