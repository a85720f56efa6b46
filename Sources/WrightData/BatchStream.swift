/// The batches of a pipeline, one after the other, prepared ahead of their use.
public final class BatchStream {
    public let pipeline: Pipeline
    private let depth: Int
    private let workers: Int
    private let endEpoch: Int?
    private var prefetch: Prefetch<Batch>
    private var waitedBefore = Duration.zero

    init(_ pipeline: Pipeline, from position: DataPosition, epochs: Int?, depth: Int, workers: Int) throws {
        self.pipeline = pipeline
        self.depth = depth
        self.workers = workers
        endEpoch = epochs.map { position.epoch + $0 }
        prefetch = try Self.prefetch(pipeline, position, endEpoch, depth, workers)
    }

    /// The next batch; nil when the stream has an end and it is reached. Throws what reading the data threw.
    public func next() throws -> Batch? { try prefetch.next() }

    /// Goes on at another position, exactly as if the stream had come there by itself.
    public func skip(to position: DataPosition) throws {
        prefetch.cancel()
        waitedBefore += prefetch.waited
        prefetch = try Self.prefetch(pipeline, position, endEpoch, depth, workers)
    }

    /// Stops the threads; `next` gives nil from now on.
    public func cancel() { prefetch.cancel() }

    /// How long `next` waited for data in all: near zero when the data keeps up with the model.
    public var waited: Duration { waitedBefore + prefetch.waited }

    private static func prefetch(
        _ pipeline: Pipeline, _ start: DataPosition, _ endEpoch: Int?, _ depth: Int, _ workers: Int
    ) throws -> Prefetch<Batch> {
        // Only a complete position can be read; one at the end of its epoch means the start of the next.
        try Prefetch(depth: depth, workers: workers) { number in
            guard let position = pipeline.position(number, after: start) else { return nil }
            if let endEpoch, position.epoch >= endEpoch { return nil }
            return try pipeline.batch(at: position)
        }
    }
}
