/// Counter-based random numbers: a number is a function of the key, the stream and the element's place, so it does not
/// matter who computes it, when, or in what order.
///
/// Philox4x32-10 (Salmon et al., *Parallel random numbers: as easy as 1, 2, 3*, 2011). The operand is the key, int32[4]
/// holding the halves of the run's seed and of the training step, low before high. Element `i` is word `i % 4` of block
/// `i / 4`; the cipher's key is the seed and its counter
/// `(block mod 2^32, stream + 2^24 · (block / 2^32), step low, step high)`.
public struct Random: Primitive {
    /// What is made of a random word.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// All 32 bits of a word, as int32.
        case bits
        /// float32 in [0, 1): the upper 24 bits of a word times 2^-24.
        case uniform
    }

    public var kind: Kind
    public var shape: [Int]
    /// Which of the random operations of a graph this is, below 2^24: two of the same key and stream give the same
    /// numbers.
    public var stream: Int

    public init(_ kind: Kind, shape: [Int], stream: Int) {
        self.kind = kind
        self.shape = shape
        self.stream = stream
    }

    public static var names: [String] { Kind.allCases.map { "random_\($0.rawValue)" } }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        guard let kind = Kind(rawValue: String(name.dropFirst("random_".count))) else {
            throw .invalidAttribute(op: name, reason: "is no kind of random numbers")
        }
        self.init(
            kind, shape: try attributes.ints("shape", of: name), stream: try attributes.int("stream", of: name))
    }

    public var op: Op { .random(self) }
    public var name: String { "random_\(kind.rawValue)" }
    public var attributes: Attributes { ["shape": .ints(shape), "stream": .int(stream)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(1, operands)
        guard operands[0] == TensorType([4], .int32) else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "the key must be int32[4]: seed low, seed high, step low, step high")
        }
        guard (0..<1 << 24).contains(stream) else {
            throw .invalidAttribute(op: name, reason: "stream \(stream) must be from 0 to 2^24 − 1")
        }
        guard shape.allSatisfy({ $0 >= 0 }) else {
            throw .invalidAttribute(op: name, reason: "shape \(shape) has a negative extent")
        }
        return TensorType(shape, kind == .bits ? .int32 : .float32)
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] { [nil] }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let key = operands[0].map { UInt32(bitPattern: Int32(DType.int32.normalized($0))) }
        var numbers: [Double] = []
        numbers.reserveCapacity(result.count)
        for block in 0..<(result.count + 3) / 4 {
            let words = Philox.words(
                key: (key[0], key[1]),
                counter: (
                    UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: stream + (block >> 32) << 24),
                    key[2], key[3]
                ))
            for word in [words.0, words.1, words.2, words.3].prefix(result.count - block * 4) {
                numbers.append(kind == .bits ? Double(Int32(bitPattern: word)) : Double(word >> 8) * 0x1p-24)
            }
        }
        return numbers
    }

    public static var samples: [Sample] {
        Kind.allCases.flatMap { kind in
            [[4], [], [0, 3], [3, 5], [1], [17], [2, 1, 9]].map { shape in
                Sample(
                    Random(kind, shape: shape, stream: shape.count), [TensorType([4], .int32)], in: -9_999...9_999,
                    differentiable: false)
            }
        }
    }
}

/// The block cipher Philox4x32 with ten rounds.
package enum Philox {
    package typealias Words = (UInt32, UInt32, UInt32, UInt32)

    package static func words(key: (UInt32, UInt32), counter: Words) -> Words {
        var (key, counter) = (key, counter)
        for _ in 0..<10 {
            let first = counter.0.multipliedFullWidth(by: 0xD251_1F53)
            let second = counter.2.multipliedFullWidth(by: 0xCD9E_8D57)
            counter = (second.high ^ counter.1 ^ key.0, second.low, first.high ^ counter.3 ^ key.1, first.low)
            key = (key.0 &+ 0x9E37_79B9, key.1 &+ 0xBB67_AE85)
        }
        return counter
    }
}

extension Tensor {
    /// Uniform float32 numbers in [0, 1). `key` is int32[4] (see ``Random``); `stream` tells apart the random operations
    /// of one graph.
    public static func randomUniform(_ shape: [Int], key: Tensor, stream: Int) -> Tensor {
        Tensor(Random(.uniform, shape: shape, stream: stream), key)
    }

    /// Random int32 numbers, all 32 bits of them.
    public static func randomBits(_ shape: [Int], key: Tensor, stream: Int) -> Tensor {
        Tensor(Random(.bits, shape: shape, stream: stream), key)
    }

    /// Normal float32 numbers of mean 0 and standard deviation 1, at most 5.8 from 0: Box and Muller (*A note on the
    /// generation of random normal deviates*, 1958), one number from each pair of uniform ones.
    public static func randomNormal(_ shape: [Int], key: Tensor, stream: Int) -> Tensor {
        let pairs = randomUniform([2] + shape, key: key, stream: stream)
        let whole = pairs.sliced(from: [Int](repeating: 0, count: pairs.rank), sizes: [1] + shape).reshaped(shape)
        let rest = pairs.sliced(from: [1] + shape.map { _ in 0 }, sizes: [1] + shape).reshaped(shape)
        // 1 − u lies in (0, 1], where the logarithm is finite.
        return ((1 - whole).log() * -2).squareRoot() * (rest * (2 * Double.pi)).cosine()
    }
}
