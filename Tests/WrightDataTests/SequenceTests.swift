import Testing
import WrightData
import WrightGraph

@Suite("Sequences of tokens")
struct SequenceTests {
    private let sequences = TokenSequences([[5, 6, 7], [], [8], [1, 2, 3, 4, 5]])

    private func numbers(_ buffer: Buffer) -> [Int32] { buffer.withElements(of: Int32.self) { Array($0) } }

    /// Catches rows that run into each other.
    @Test func rowsArePaddedAndCut() {
        let ids = sequences.padded([3, 1, 0], to: PaddedWidths(maximum: 4), padding: 9)
        #expect(ids.shape == [3, 4])
        #expect(numbers(ids) == [1, 2, 3, 4, 9, 9, 9, 9, 5, 6, 7, 9])
        #expect(sequences.lengths == [3, 0, 1, 5] && Array(sequences[2]) == [8])
    }

    /// Catches widths that grow too slowly (a plan for each length) or too fast (mostly padding).
    @Test func widthsAreFew() {
        #expect(PaddedWidths(maximum: 200).steps == [8, 16, 24, 32, 40, 48, 56, 64, 96, 128, 192, 200])
        #expect(PaddedWidths(maximum: 10).steps == [8, 10])
        #expect(PaddedWidths(maximum: 16).steps == [8, 16])
        let widths = PaddedWidths(maximum: 100_000)
        #expect(widths.width(for: 17) == 24 && widths.width(for: 32) == 32 && widths.width(for: 1 << 20) == 100_000)
        #expect(widths.steps.count < 32)
    }

    /// Catches an order that loses rows, that is the same in each epoch, or whose batches mix lengths.
    @Test func likeLengthsComeTogether() {
        let lengths = (0..<1003).map { ($0 * 7919) % 300 + 1 }
        let sampler = Sampler(count: lengths.count, order: .similarLengths(lengths, batchSize: 10))
        let first = sampler.rows(seed: 1, epoch: 0)
        #expect(first.sorted() == Array(0..<1003))
        #expect(first == sampler.rows(seed: 1, epoch: 0))
        #expect(first != sampler.rows(seed: 1, epoch: 1))
        let spreads = stride(from: 0, to: 1000, by: 10).map { start in
            let batch = first[start..<start + 10].map { lengths[$0] }
            return batch.max()! - batch.min()!
        }
        #expect(spreads.max()! <= 12)
        // In order of length, the steps from batch to batch would be small.
        let heads = stride(from: 0, to: 1000, by: 10).map { lengths[first[$0]] }
        #expect(zip(heads, heads.dropFirst()).contains { abs($0 - $1) > 100 })
        let data = TokenSequences(lengths.map { [Int32](repeating: 1, count: $0) })
        let widths = PaddedWidths(maximum: 300)
        let shuffled = Sampler(count: 1003, order: .shuffled).rows(seed: 1, epoch: 0)
        #expect(data.paddingShare(order: first, batchSize: 10, widths: widths) < 0.25)
        #expect(data.paddingShare(order: shuffled, batchSize: 10, widths: widths) > 0.4)
    }

    @Test func labelledSequencesKnowTheirClass() throws {
        let data = LabelledSequences(sequences, labels: [0, 1, 2, 1], widths: PaddedWidths(maximum: 8), padding: 0)
        let batch = data.samples([2, 3])
        #expect(numbers(batch.inputs[0]) == [8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0])
        #expect(numbers(batch.targets[0]) == [2, 1])
    }

    /// Catches a decoder that sees what it is to say.
    @Test func pairsAreMovedByOne() {
        let targets = TokenSequences([[21, 22], [23], [], [24, 25, 26, 27, 28, 29]])
        let data = SequencePairs(
            sequences, targets, widths: PaddedWidths(maximum: 4), padding: 0, start: 1, end: 2)
        let batch = data.samples([0, 3, 2])
        #expect(numbers(batch.inputs[1]) == [1, 21, 22, 0, 1, 24, 25, 26, 1, 0, 0, 0])
        #expect(numbers(batch.targets[0]) == [21, 22, 2, 0, 24, 25, 26, 2, 2, 0, 0, 0])
        #expect(data.lengths == [3, 2, 1, 7])
    }

    /// Catches a last window that is left out or reaches behind the end.
    @Test func windowsCoverTheText() {
        let data = TokenWindows(Array(0..<10), length: 3)
        #expect(data.count == 3)
        #expect(numbers(data.samples([2, 0]).inputs[0]) == [6, 7, 8, 0, 1, 2])
        #expect(numbers(data.samples([2, 0]).targets[0]) == [7, 8, 9, 1, 2, 3])
        #expect(TokenWindows(Array(0..<10), length: 3, stride: 1).count == 7)
        #expect(TokenWindows(Array(0..<4), length: 3).count == 1)
    }
}
