public import WrightGraph
public import WrightRuntime

/// What a callback wants of the run.
public enum Directive: Hashable, Sendable {
    case proceed
    /// Validate, or write a checkpoint, after this step, besides the times that the configuration asks for.
    case validate
    case checkpoint
    /// End training after this step, in order: a last validation if one is due, a last checkpoint.
    case stop(reason: Phrase)
}

/// Something that happens because training runs: a progress line, a log, a reason to stop.
///
/// Called on the thread that trains, between steps. A step may take a tenth of a millisecond: answer ``stepEnded(_:)`` in
/// a microsecond and do what takes longer every so many steps or seconds. An error ends the run.
public protocol Callback: AnyObject {
    /// What its saved state is kept under in checkpoints; two callbacks of one run must not share it.
    var name: String { get }
    /// Called after every step.
    func stepEnded(_ step: borrowing StepReport) throws -> Directive
    /// Called for everything else, in the order it happens.
    func received(_ event: TrainingEvent) throws -> Directive
    /// What a resumed run needs to go on as if it had not stopped; nil for nothing.
    var savedState: JSON? { get }
    /// Takes up `saved`, which an instance of the same name gave. Called before ``TrainingEvent/started(_:)``.
    func restore(_ saved: JSON) throws
    /// What a resumed run needs too and is too large for JSON, by name.
    var savedTensors: [(name: String, buffer: Buffer)] { get }
    /// Takes up what ``savedTensors`` gave; not called when that was nothing.
    func restore(_ tensors: [String: Buffer]) throws
}

extension Callback {
    public var name: String { String(describing: Self.self) }
    public func stepEnded(_ step: borrowing StepReport) throws -> Directive { .proceed }
    public func received(_ event: TrainingEvent) throws -> Directive { .proceed }
    public var savedState: JSON? { nil }
    public func restore(_ saved: JSON) throws {}
    public var savedTensors: [(name: String, buffer: Buffer)] { [] }
    public func restore(_ tensors: [String: Buffer]) throws {}
}
