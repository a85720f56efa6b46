public import WrightGraph

/// Sequences of token numbers of any lengths, one after the other in one array.
public struct TokenSequences: Sendable {
    private var tokens: [Int32] = []
    /// Where each sequence starts, and the end of the last one.
    private var starts = [0]

    public init() {}

    public init(_ sequences: some Sequence<[Int32]>) {
        for sequence in sequences { append(sequence) }
    }

    public var count: Int { starts.count - 1 }
    /// Tokens of all sequences.
    public var tokenCount: Int { tokens.count }

    public mutating func append(_ sequence: some Sequence<Int32>) {
        tokens.append(contentsOf: sequence)
        starts.append(tokens.count)
    }

    public subscript(row: Int) -> ArraySlice<Int32> { tokens[starts[row]..<starts[row + 1]] }

    public func length(_ row: Int) -> Int { starts[row + 1] - starts[row] }

    /// The length of every sequence, for an order that puts those of one length together.
    public var lengths: [Int] { (0..<count).map(length) }

    /// The given rows as one array `[rows, width]` of int32, filled up with `padding` on the right. The width is the first
    /// of `widths` that all fit into; what is longer is cut.
    public func padded(_ rows: [Int], to widths: PaddedWidths, padding: Int32) -> Buffer {
        let width = widths.width(for: rows.reduce(1) { max($0, length($1)) })
        let ids = Buffer([Int32](repeating: padding, count: rows.count * width), shape: [rows.count, width])
        // Safety: the buffer was made above, nobody else has it, and a row takes at most its width.
        let pointer = ids.pointer.assumingMemoryBound(to: Int32.self)
        for (index, row) in rows.enumerated() {
            for (place, token) in self[row].prefix(width).enumerated() { pointer[index * width + place] = token }
        }
        return ids
    }

    /// The share of padding in batches of `batchSize` taken in this order of rows.
    public func paddingShare(order: [Int], batchSize: Int, widths: PaddedWidths) -> Double {
        var (used, filled) = (0, 0)
        for start in stride(from: 0, to: order.count, by: batchSize) {
            let rows = order[start..<min(start + batchSize, order.count)]
            let width = widths.width(for: rows.reduce(1) { max($0, length($1)) })
            used += rows.reduce(0) { $0 + min(length($1), width) }
            filled += rows.count * width
        }
        return filled == 0 ? 0 : 1 - Double(used) / Double(filled)
    }
}

/// The widths that padded batches may have. Each is a compiled plan of its own, so there are few: steps of 8 up to 64, and
/// then each at most half as much again as the one before.
public struct PaddedWidths: Hashable, Sendable {
    /// Longer sequences are cut to this.
    public let maximum: Int
    /// Ascending; the last is ``maximum``.
    public let steps: [Int]

    /// 8, 16, 24 … 64, 96, 128, 192, 256 … up to `maximum`.
    public init(maximum: Int) {
        precondition(maximum >= 1, "sequences of \(maximum) tokens hold nothing")
        self.maximum = maximum
        var steps = Array(stride(from: 8, to: 64, by: 8))
        var power = 64
        while power < maximum {
            steps += [power, power + power / 2]
            power *= 2
        }
        self.steps = steps.filter { $0 < maximum } + [maximum]
    }

    /// One width for all.
    package init(fixed width: Int) {
        maximum = width
        steps = [width]
    }

    /// The first width that `length` fits into, or ``maximum``.
    public func width(for length: Int) -> Int { steps.first { $0 >= length } ?? maximum }
}
