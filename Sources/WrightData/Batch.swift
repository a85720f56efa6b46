public import WrightGraph

/// Samples of a dataset; the outermost axis of every buffer counts them.
public struct Samples: Sendable {
    /// What the model sees, for example images uint8 [N, H, W, C].
    public var inputs: [Buffer]
    /// What it should answer, for example class numbers int32 [N].
    public var targets: [Buffer]
    /// How much each sample counts, float32 [N]; nil when all count the same.
    public var weights: Buffer?

    public init(inputs: [Buffer], targets: [Buffer] = [], weights: Buffer? = nil) {
        let counts = Set((inputs + targets + (weights.map { [$0] } ?? [])).map { $0.shape.first ?? -1 })
        precondition(counts.count <= 1, "the outermost axes differ: \((inputs + targets).map(\.type))")
        self.inputs = inputs
        self.targets = targets
        self.weights = weights
    }

    public var count: Int { (inputs.first ?? targets.first)?.shape[0] ?? 0 }
}

/// What one step of training or evaluation takes.
public struct Batch: Sendable {
    public var samples: Samples
    /// The row of the dataset that each sample is.
    public var rows: [Int]
    /// Where its first sample stands.
    public var position: DataPosition
    /// Where to go on after it: what a checkpoint made after this batch stores.
    public var next: DataPosition

    public init(samples: Samples, rows: [Int], position: DataPosition, next: DataPosition) {
        self.samples = samples
        self.rows = rows
        self.position = position
        self.next = next
    }

    public var count: Int { rows.count }
    /// Whether no batch of the same epoch follows.
    public var endsEpoch: Bool { next.epoch > position.epoch }

    public var inputs: [Buffer] {
        get { samples.inputs }
        set { samples.inputs = newValue }
    }

    public var targets: [Buffer] {
        get { samples.targets }
        set { samples.targets = newValue }
    }

    public var weights: Buffer? {
        get { samples.weights }
        set { samples.weights = newValue }
    }
}
