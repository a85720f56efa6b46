public import WrightGraph

/// Sequences of tokens, each of a class. Input: ids `[n, width]`, int32, whose padding the model tells from its number;
/// target: classes `[n]`, int32.
public struct LabelledSequences: Dataset {
    public let sequences: TokenSequences
    public let labels: [Int32]
    public let widths: PaddedWidths
    /// What fills the rest of a row.
    public let padding: Int32

    public init(_ sequences: TokenSequences, labels: [Int32], widths: PaddedWidths, padding: Int32 = 0) {
        precondition(sequences.count == labels.count, "\(labels.count) labels for \(sequences.count) sequences")
        self.sequences = sequences
        self.labels = labels
        self.widths = widths
        self.padding = padding
    }

    public var count: Int { labels.count }
    public var inputTypes: [TensorType] { [TensorType([widths.maximum], .int32)] }
    public var targetTypes: [TensorType] { [TensorType([], .int32)] }

    public func samples(_ rows: [Int]) -> Samples {
        let ids = sequences.padded(rows, to: widths, padding: padding)
        return Samples(inputs: [ids], targets: [Buffer(rows.map { labels[$0] })])
    }
}

/// Pairs of sequences, for translation and the like. Inputs: source ids `[n, width]` and what the decoder has seen,
/// `[n, width′]` from the start token on; target: what comes next, `[n, width′]` up to the end token; int32 all.
public struct SequencePairs: Dataset {
    public let sources: TokenSequences
    /// Without start and end tokens.
    public let targets: TokenSequences
    public let widths: PaddedWidths
    public let padding: Int32
    public let start: Int32
    public let end: Int32
    private let seen: TokenSequences
    private let wanted: TokenSequences

    public init(
        _ sources: TokenSequences, _ targets: TokenSequences, widths: PaddedWidths, padding: Int32, start: Int32,
        end: Int32
    ) {
        precondition(sources.count == targets.count, "\(sources.count) sources for \(targets.count) targets")
        self.sources = sources
        self.targets = targets
        self.widths = widths
        self.padding = padding
        self.start = start
        self.end = end
        let rows = (0..<targets.count).map { targets[$0].prefix(widths.maximum - 1) }
        seen = TokenSequences(rows.map { [start] + $0 })
        wanted = TokenSequences(rows.map { $0 + [end] })
    }

    public var count: Int { sources.count }
    public var inputTypes: [TensorType] {
        [TensorType([widths.maximum], .int32), TensorType([widths.maximum], .int32)]
    }
    public var targetTypes: [TensorType] { [TensorType([widths.maximum], .int32)] }

    public func samples(_ rows: [Int]) -> Samples {
        func padded(_ sequences: TokenSequences) -> Buffer { sequences.padded(rows, to: widths, padding: padding) }
        return Samples(inputs: [padded(sources), padded(seen)], targets: [padded(wanted)])
    }

    /// The share of padding, of both sides together, in batches of `batchSize` taken in this order of rows.
    public func paddingShare(order: [Int], batchSize: Int) -> Double {
        let parts = [sources, seen].map { sequences in
            (
                tokens: sequences.tokenCount,
                share: sequences.paddingShare(order: order, batchSize: batchSize, widths: widths)
            )
        }
        let filled = parts.map { Double($0.tokens) / (1 - $0.share) }.reduce(0, +)
        return filled > 0 ? 1 - Double(parts.reduce(0) { $0 + $1.tokens }) / filled : 0
    }

    /// Lengths that put pairs of like work together.
    public var lengths: [Int] { (0..<count).map { max(sources.length($0), targets.length($0) + 1) } }
}

/// Windows of one long text, for language models. Input: `[n, length]`; target: the same moved on by one, `[n, length]`;
/// int32 both.
public struct TokenWindows: Dataset {
    public let tokens: [Int32]
    /// Tokens in a window.
    public let length: Int
    /// From the start of one window to that of the next: less than ``length`` shows each token at several places.
    public let stride: Int

    /// Traps when there is not one window: `tokens` must be more than `length`.
    public init(_ tokens: [Int32], length: Int, stride: Int? = nil) {
        precondition(
            length >= 1 && tokens.count > length, "\(tokens.count) tokens hold no window of \(length) and one more")
        precondition(stride ?? 1 >= 1, "windows \(stride ?? 0) tokens apart never end")
        self.tokens = tokens
        self.length = length
        self.stride = stride ?? length
    }

    public var count: Int { (tokens.count - length - 1) / stride + 1 }
    public var inputTypes: [TensorType] { [TensorType([length], .int32)] }
    public var targetTypes: [TensorType] { [TensorType([length], .int32)] }

    public func samples(_ rows: [Int]) -> Samples {
        func windows(_ offset: Int) -> Buffer {
            var values: [Int32] = []
            values.reserveCapacity(rows.count * length)
            for row in rows { values += tokens[(row * stride + offset)..<(row * stride + offset + length)] }
            return Buffer(values, shape: [rows.count, length])
        }
        return Samples(inputs: [windows(0)], targets: [windows(1)])
    }
}
