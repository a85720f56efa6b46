public import WrightGraph

/// A table of vectors, read by whole numbers: `[…]` of int32 to `[…, dimension]`. An index outside the table gives NaN.
public struct Embedding: Module {
    /// The settings of a table of vectors.
    public struct Config: Hashable, Sendable {
        /// How many vectors.
        public var count: Int
        public var dimension: Int
        /// The row that stands for "nothing here": it starts at zero and gets no gradient.
        public var paddingIndex: Int?
        public var initializer: Initializer

        public init(count: Int, dimension: Int, paddingIndex: Int? = nil, initializer: Initializer = .normal()) {
            self.count = count
            self.dimension = dimension
            self.paddingIndex = paddingIndex
            self.initializer = initializer
        }
    }

    public let config: Config
    /// `[count, dimension]`.
    public let weight: Parameter

    public init(_ config: Config, from source: inout ParameterSource) {
        precondition(
            config.count > 0 && config.dimension > 0, "Embedding: \(config.count) vectors of \(config.dimension)")
        precondition(
            (0..<config.count).contains(config.paddingIndex ?? 0),
            "Embedding: padding index \(config.paddingIndex ?? 0) is none of the \(config.count) rows")
        self.config = config
        weight = source.parameter(
            [config.count, config.dimension], config.initializer,
            fans: Fans(input: config.count, output: config.dimension))
        if let row = config.paddingIndex {
            weight.buffer.rows(row..<row + 1).withElements(of: Float.self) { $0.update(repeating: 0) }
        }
    }

    public func callAsFunction(_ indices: Tensor) -> Tensor {
        precondition(indices.dtype.isInteger, "Embedding: needs whole numbers, received \(indices.type)")
        let vectors = weight.value.gather(indices)
        guard let row = config.paddingIndex else { return vectors }
        return Tensor.select(
            indices.isEqual(to: Double(row)).expandedAxis(at: -1), vectors.stoppingGradient(), vectors)
    }
}
