/// Prepares elements ahead of their use on threads of its own, at most `depth` of them, and gives them out in order.
///
/// Element number k is `produce(k)`, whichever thread makes it, so the number of workers changes no result. An error
/// is thrown when its element's turn has come. Abandoning the prefetch stops its threads.
public final class Prefetch<Element: Sendable> {
    private struct State {
        /// What is ready, by number; at most `depth` entries.
        var ready: [Int: Result<Element, any Error>] = [:]
        var claimed = 0
        var given = 0
        /// The first number that has no element.
        var end = Int.max
        var isCancelled = false
    }

    private let state = Monitor(State())
    private var threads: [WorkerThread] = []
    /// How long `next` waited for elements in all: near zero when the data keeps up.
    public private(set) var waited = Duration.zero

    /// Starts the threads. `produce` gives nil behind the last element; it must be safe to call from several threads
    /// at once when there are several workers.
    public init(
        depth: Int = 2, workers: Int = 1, _ produce: @escaping @Sendable (Int) throws -> Element?
    ) throws {
        precondition(depth > 0 && workers > 0, "a prefetch of depth \(depth) with \(workers) workers gives nothing")
        let state = state
        for _ in 0..<min(workers, depth) {
            do {
                threads.append(try WorkerThread { Self.work(state, depth, produce) })
            } catch {
                cancel()
                throw error
            }
        }
    }

    deinit { cancel() }

    /// The next element, once it is ready; nil behind the last one and after `cancel`.
    public func next() throws -> Element? {
        let start = ContinuousClock.now
        let result: Result<Element, any Error>? = state.wait { state in
            if state.isCancelled || state.given >= state.end { return .some(nil) }
            guard let result = state.ready.removeValue(forKey: state.given) else { return nil }
            state.given += 1
            return .some(result)
        }
        waited += ContinuousClock.now - start
        switch result {
        case nil: return nil
        case .success(let element): return element
        case .failure(let error):
            cancel()
            throw error
        }
    }

    /// Stops the threads and waits until they have ended; elements not given out are released.
    public func cancel() {
        state.change {
            $0.isCancelled = true
            $0.ready = [:]
        }
        for thread in threads { thread.join() }
        threads = []
    }

    private static func work(
        _ state: Monitor<State>, _ depth: Int, _ produce: @Sendable (Int) throws -> Element?
    ) {
        while true {
            let claim: Int? = state.wait { state in
                if state.isCancelled || state.claimed >= state.end { return .some(nil) }
                guard state.claimed < state.given + depth else { return nil }
                state.claimed += 1
                return .some(state.claimed - 1)
            }
            guard let number = claim else { return }
            let result = Result { try produce(number) }
            state.change { state in
                if state.isCancelled { return }
                switch result {
                case .success(nil): state.end = min(state.end, number)
                case .success(let element?): state.ready[number] = .success(element)
                case .failure(let error):
                    state.ready[number] = .failure(error)
                    // What lies behind the failure will not be asked for.
                    state.end = min(state.end, number + 1)
                }
            }
        }
    }
}
