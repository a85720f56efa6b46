public import WrightGraph
import Synchronization

/// One forward pass through a model, while its graph is being built: whether it trains, where its random numbers come
/// from, and which variables it changes on the way (running means, counters).
///
/// The pass is task-local, so that a layer deep inside a model asks ``current`` instead of every layer in between
/// handing it down. Without one, a model infers: no dropout, running statistics.
public final class Pass: Sendable {
    @TaskLocal public static var current: Pass?

    public let isTraining: Bool
    /// Key of this step's random numbers: int32[4] holding the seed's halves and the step's halves.
    public let randomKey: Tensor?
    private let state = Mutex((stream: 0, assignments: [Assignment]()))

    public init(isTraining: Bool, randomKey: Tensor? = nil) {
        self.isTraining = isTraining
        self.randomKey = randomKey
    }

    /// Whether the model now being traced trains.
    public static var isTraining: Bool { current?.isTraining ?? false }

    /// A number that no other random operation of this pass uses, given out in tracing order.
    public func nextStream() -> Int {
        state.withLock { state in
            state.stream += 1
            return state.stream
        }
    }

    /// Asks that `variable` become `value` when the step has run. The last word on one variable counts.
    public func assign(_ variable: Variable, _ value: Tensor) {
        let assignment = Assignment(variable, value)
        state.withLock { state in
            state.assignments.removeAll { $0.variable == variable }
            state.assignments.append(assignment)
        }
    }

    public var assignments: [Assignment] { state.withLock { $0.assignments } }

    /// Runs `body` with this pass as the current one.
    public func callAsFunction<Result>(_ body: () throws -> Result) rethrows -> Result {
        try Self.$current.withValue(self) { try body() }
    }
}
