import Synchronization
public import WrightGraph
public import WrightRuntime

/// Batches of a dataset: which rows come when, what is done to them, and how they are put together.
///
/// Every batch is a function of the pipeline and a ``DataPosition``: nothing depends on the number of threads or on
/// what was read before.
public struct Pipeline: Sendable {
    /// How rows become batches.
    public struct Config: Hashable, Sendable {
        public var batchSize = 32
        public var order = Sampler.Order.shuffled
        public var seed: UInt64 = 0
        /// Whether a last batch of fewer samples is left out of the epoch. Its samples come in other epochs.
        public var dropsLast = false
        /// What is done to the first input, images [H, W, C]; nil for nothing.
        public var augmentation: Augmentation?
        /// What is done to other inputs, by their numbers.
        public var inputAugmentations: [Int: InputAugmentation] = [:]
        /// How many classes there are; needed where labels become soft (mixup).
        public var classes: Int?
        /// What becomes of the first input's pixels. Leaving them as bytes and normalising in the model is faster.
        public var pixels = PixelFormat.stored

        public init() {}
    }

    public let dataset: any Dataset
    public let config: Config
    private let sampler: Sampler
    private let orders = OrderCache()

    /// Traps when the batch size is not positive, or when mixup lacks the number of classes.
    public init(_ dataset: any Dataset, _ config: Config = Config()) {
        precondition(config.batchSize > 0, "a batch of \(config.batchSize) samples trains nothing")
        if let augmentation = config.augmentation {
            augmentation.check(dataset.inputTypes, dataset.targetTypes, classes: config.classes)
        }
        self.dataset = dataset
        self.config = config
        sampler = Sampler(count: dataset.count, order: config.order)
    }

    /// Where a new run starts.
    public var start: DataPosition { DataPosition(seed: config.seed) }

    public var batchesPerEpoch: Int { batches(in: dataset.count) }

    /// The types of a batch's inputs when it has `count` samples.
    public func inputTypes(count: Int) -> [TensorType] {
        dataset.inputTypes.enumerated().map { index, type in
            TensorType([count] + type.shape, index == 0 && config.pixels != .stored ? .float32 : type.dtype)
        }
    }

    /// The batch whose first sample is at `position`.
    public func batch(at position: DataPosition) throws -> Batch {
        precondition(position.sample < max(dataset.count, 1), "\(position) lies behind the \(dataset.count) samples")
        let end = min(position.sample + config.batchSize, sampler.count)
        var rows: [Int] = []
        while position.sample + rows.count < end {
            let place = position.sample + rows.count
            let part = orders.part(position, at: place) {
                sampler.part(seed: position.seed, epoch: position.epoch, at: place)
            }
            rows += part.rows[(place - part.start)...].prefix(end - place)
        }
        var samples = try dataset.samples(rows)
        try config.augmentation?.apply(to: &samples, rows: rows, position: position, classes: config.classes)
        for (input, augmentation) in config.inputAugmentations {
            augmentation.apply(to: samples.inputs[input], rows: rows, position: position, input: input)
        }
        if !samples.inputs.isEmpty { samples.inputs[0] = config.pixels.apply(to: samples.inputs[0]) }
        return Batch(samples: samples, rows: rows, position: position, next: self.position(1, after: position)!)
    }

    /// Batches from `position` on, prepared ahead on `workers` threads; without end, or until `epochs` more have
    /// ended (the one that `position` lies in counts as one).
    public func stream(
        from position: DataPosition? = nil, epochs: Int? = nil, depth: Int = 2, workers: Int = 1
    ) throws -> BatchStream {
        guard batchesPerEpoch > 0 else { throw EmptyPipeline(rows: dataset.count, batchSize: config.batchSize) }
        return try BatchStream(self, from: position ?? start, epochs: epochs, depth: depth, workers: workers)
    }

    /// The position `count` batches after another one; nil when an epoch has no batches.
    func position(_ count: Int, after start: DataPosition) -> DataPosition? {
        let left = batches(in: dataset.count - start.sample)
        var position = start
        if count < left {
            position.sample += count * config.batchSize
            return position
        }
        guard batchesPerEpoch > 0 else { return nil }
        let (epochs, batches) = (count - left).quotientAndRemainder(dividingBy: batchesPerEpoch)
        position.epoch += 1 + epochs
        position.sample = batches * config.batchSize
        return position
    }

    private func batches(in samples: Int) -> Int {
        config.dropsLast ? samples / config.batchSize : (samples + config.batchSize - 1) / config.batchSize
    }
}

/// What is done to one input of a batch while training.
public enum InputAugmentation: Hashable, Sendable {
    /// Images [H, W, C]; blending them (mixup) is not done here, as it changes targets too.
    case picture(Augmentation)
    case spectrogram(SpectrogramAugmentation)

    /// Each input has random numbers of its own.
    fileprivate func apply(to samples: Buffer, rows: [Int], position: DataPosition, input: Int) {
        var position = position
        position.seed &+= UInt64(input)
        switch self {
        case .picture(let augmentation): augmentation.apply(to: samples, rows: rows, position: position)
        case .spectrogram(let augmentation): augmentation.apply(to: samples, rows: rows, position: position)
        }
    }
}

/// There is not one batch in an epoch: no rows, or fewer than a batch when incomplete batches are left out.
public struct EmptyPipeline: CataloguedError, Hashable {
    public let rows: Int
    public let batchSize: Int

    public var message: Message { rows == 0 ? Message(.emptyDataset) : Message(.noBatch, rows, batchSize) }
}

/// The part of the epoch's order that is at hand, so that it is made once and not for every batch.
private final class OrderCache: Sendable {
    private struct Entry {
        let seed: UInt64
        let epoch: Int
        let part: (start: Int, rows: [Int])

        func holds(_ position: DataPosition, at place: Int) -> Bool {
            seed == position.seed && epoch == position.epoch && place >= part.start
                && place < part.start + part.rows.count
        }
    }

    // Two: at the end of a part, workers are in this one and the next.
    private let entries = Mutex<[Entry]>([])

    func part(
        _ position: DataPosition, at place: Int, _ make: () -> (start: Int, rows: [Int])
    ) -> (start: Int, rows: [Int]) {
        func find(_ entries: [Entry]) -> (start: Int, rows: [Int])? {
            entries.first { $0.holds(position, at: place) }?.part
        }
        if let part = entries.withLock({ find($0) }) { return part }
        let part = make()
        return entries.withLock { entries in
            if let made = find(entries) { return made }
            entries = entries.suffix(1) + [Entry(seed: position.seed, epoch: position.epoch, part: part)]
            return part
        }
    }
}
