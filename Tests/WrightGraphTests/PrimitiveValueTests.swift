import Testing
import WrightGraph
import WrightRuntime
import WrightTesting

/// Gradients cannot show that an operation is the wrong one; these values, worked out by hand or by NumPy, can.
@Suite struct PrimitiveValueTests {
    /// The known answers of Random123 (Salmon et al.) for Philox4x32-10.
    @Test func philoxGivesItsKnownAnswers() {
        let answers: [(key: [UInt32], counter: [UInt32], words: [UInt32])] = [
            ([0, 0], [0, 0, 0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            (
                [0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff],
                [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
            ),
            (
                [0xa409_3822, 0x299f_31d0], [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
            ),
        ]
        for answer in answers {
            let words = Philox.words(
                key: (answer.key[0], answer.key[1]),
                counter: (answer.counter[0], answer.counter[1], answer.counter[2], answer.counter[3]))
            #expect([words.0, words.1, words.2, words.3] == answer.words)
        }
        // Block 0 of stream 0 at step 0 with seed 0 is the first answer.
        let key = Tensor([Int32(0), 0, 0, 0])
        let bits = values(Tensor.randomBits([6], key: key, stream: 0))
        let words: [UInt32] = answers[0].words
        #expect(Array(bits[..<4]) == words.map { Double(Int32(bitPattern: $0)) })
        // Each part of the key and the stream has its place in the cipher's key and counter.
        let later = values(Tensor.randomBits([8], key: Tensor([Int32(1), -2, 3, -4]), stream: 5))
        let second = Philox.words(key: (1, UInt32(bitPattern: -2)), counter: (1, 5, 3, UInt32(bitPattern: -4)))
        let wanted: [UInt32] = [second.0, second.1, second.2, second.3]
        #expect(Array(later[4...]) == wanted.map { Double(Int32(bitPattern: $0)) })
    }

    /// Key, stream, step and place each change every number.
    @Test func randomNumbersDependOnAllTheirKeys() {
        func numbers(_ key: [Int32], stream: Int = 1) -> [Double] {
            values(Tensor.randomUniform([64], key: Tensor(key), stream: stream))
        }
        let all = [
            numbers([1, 2, 3, 4]), numbers([9, 2, 3, 4]), numbers([1, 9, 3, 4]), numbers([1, 2, 9, 4]),
            numbers([1, 2, 3, 9]), numbers([1, 2, 3, 4], stream: 2),
        ]
        #expect(Set(all.joined()).count > 380)
        let outside = all.joined().filter { !(0..<1).contains($0) || Double(Float($0)) != $0 }
        #expect(outside.isEmpty)
        #expect(numbers([1, 2, 3, 4]) == all[0])
    }

    @Test func randomNumbersHaveTheirMoments() {
        let key = Tensor([Int32(5), 6, 7, 8])
        let uniform = values(Tensor.randomUniform([100, 100], key: key, stream: 3))
        let normal = values(Tensor.randomNormal([100, 100], key: key, stream: 4))
        func moment(_ x: [Double], _ power: Int) -> Double {
            x.map { x in (0..<power).reduce(1) { product, _ in product * x } }.reduce(0, +) / Double(x.count)
        }
        #expect(abs(moment(uniform, 1) - 0.5) < 0.01 && abs(moment(uniform, 2) - 1.0 / 3) < 0.01)
        // Standard errors of the four moments at 10,000 numbers: 0.01, 0.014, 0.04, 0.1.
        #expect(abs(moment(normal, 1)) < 0.04 && abs(moment(normal, 2) - 1) < 0.06)
        #expect(abs(moment(normal, 3)) < 0.16 && abs(moment(normal, 4) - 3) < 0.4)
    }

    @Test func partsAndSurroundings() {
        let x = counting([3, 4])
        #expect(values(Tensor(Slice(starts: [0, 1], sizes: [2, 2], steps: [2, 2]), x)) == [1, 3, 9, 11])
        #expect(
            values(tensor([1, 2, 3]).padded(low: [1], high: [2], interior: [1])) == [0, 1, 0, 2, 0, 3, 0, 0])
        #expect(values(tensor([1, 2]).padded([(1, 1)], value: -7)) == [-7, 1, 2, -7])
        #expect(values(counting([2, 2]).flipped(along: [1])) == [1, 0, 3, 2])
        #expect(values(counting([2, 2]).flipped(along: [-2])) == [2, 3, 0, 1])
        #expect(
            values(Tensor.concatenated([counting([2, 1]), counting([2, 2])], along: -1)) == [0, 0, 1, 1, 2, 3])
    }

    @Test func extremesChooseTheFirstAndNaN() {
        let x = tensor([1, 3, 3, 0, 0, 2], [2, 3])
        #expect(values(x.argmax(along: 1)) == [1, 2])
        #expect(values(x.argmin(along: 1)) == [0, 0])
        #expect(values(x.argmax(along: 0)) == [0, 0, 0])
        #expect(values(x.argmax()) == [1])
        #expect(values(tensor([1, .nan, 5, .nan]).argmax()) == [1])
        #expect(values(tensor([1, .nan, -5, .nan]).argmin()) == [1])
        #expect(values(tensor([-.infinity, -.infinity]).argmax()) == [0])
    }

    @Test func takingByIndex() {
        let x = counting([3, 2])
        #expect(values(x.gather(Tensor([Int32(2), 0, 2]))) == [4, 5, 0, 1, 4, 5])
        #expect(values(x.gather(Tensor([Int64(1)], shape: [1, 1]), axis: -1)) == [1, 3, 5])
        #expect(x.gather(Tensor([Int32(2), 0, 2, 1], shape: [2, 2])).shape == [2, 2, 2])
        #expect(x.gather(Tensor([Int32(0)]), axis: 1).shape == [3, 1])
        let outside = values(x.gather(Tensor([Int32(-1), 3])))
        #expect(expectClose(outside, [.nan, .nan, .nan, .nan]))
        #expect(values(counting([3], .int32).gather(Tensor([Int32(3), 2]))) == [0, 2])
        #expect(
            values(counting([3, 2]).scatterAdd(at: Tensor([Int32(1), 1, 9]), rows: 3)) == [0, 0, 2, 4, 0, 0])
        // Places 3 and −1 lie outside, though there are elements there in memory.
        let along = counting([2, 3]).takenAlong(1, indices: Tensor([Int32(2), 3, -1, 1], shape: [2, 2]))
        #expect(expectClose(values(along), [2, .nan, .nan, 4]))
        #expect(
            values(counting([2, 3]).takenAlong(0, indices: Tensor([Int32(1), 0, 1], shape: [1, 3]))) == [3, 1, 5])
    }

    @Test func writingOverAPart() {
        let (x, new) = (counting([2, 3]), counting([2, 1]) * 10 + 10)
        #expect(values(x.updated(with: new, from: Tensor([Int32(1)], shape: []), along: 1)) == [0, 10, 2, 3, 20, 5])
        #expect(values(x.updated(with: new, from: Tensor([Int32(3)], shape: []), along: -1)) == [0, 1, 2, 3, 4, 5])
        let rows = counting([2, 3]) + 10
        #expect(values(x.updated(with: rows, from: Tensor([Int64(-1)], shape: []), along: 0)) == [13, 14, 15, 3, 4, 5])
        #expect(values(x.updated(with: rows, from: Tensor([Int64.max], shape: []), along: 0)) == [0, 1, 2, 3, 4, 5])
    }

    @Test func sortingIsStableAndKnowsNaN() {
        let x = tensor([2, .nan, 1, 2, -1])
        #expect(values(x.argSorted()) == [4, 2, 0, 3, 1])
        #expect(values(x.argSorted(descending: true)) == [1, 0, 3, 2, 4])
        #expect(expectClose(values(x.sorted()), [-1, 1, 2, 2, .nan]))
        #expect(values(tensor([3, 1, 2, 5, 9, 4], [3, 2]).sorted(along: 0, descending: true)) == [9, 5, 3, 4, 2, 1])
        let top = tensor([1, 4, 2, 4, 0, 3], [2, 3]).topK(2)
        #expect(values(top.values) == [4, 2, 4, 3] && values(top.indices) == [1, 2, 0, 2])
        let bottom = tensor([1, 4, 2, 4, 0, 3], [2, 3]).topK(1, along: 0, largest: false)
        #expect(values(bottom.values) == [1, 0, 2] && values(bottom.indices) == [0, 1, 0])
    }

    @Test func runningSums() {
        let x = tensor([1, 2, 3, 4])
        #expect(values(x.cumulativeSum()) == [1, 3, 6, 10])
        #expect(values(x.cumulativeSum(exclusive: true)) == [0, 1, 3, 6])
        #expect(values(x.cumulativeSum(reverse: true)) == [10, 9, 7, 4])
        #expect(values(x.cumulativeSum(reverse: true, exclusive: true)) == [9, 7, 4, 0])
        #expect(values(tensor([1, 2, 3, 4], [2, 2]).cumulativeSum(along: 0)) == [1, 2, 4, 6])
    }

    @Test func convolutionIsACorrelation() {
        let x = tensor([1, 2, 3, 4], [1, 4, 1])
        let kernel = tensor([1, 10, 100], [1, 3, 1])
        #expect(values(x.convolved(with: kernel)) == [321, 432])
        #expect(values(x.convolved(with: kernel, padding: [(1, 0)])) == [210, 321, 432])
        #expect(values(x.convolved(with: kernel, strides: [2], padding: [(1, 1)])) == [210, 432])
        #expect(values(x.convolved(with: tensor([1, 10], [1, 2, 1]), dilation: [2])) == [31, 42])
        // Two groups: output 0 reads channel 0, output 1 channel 1.
        let grouped = tensor([1, 2, 3, 4], [1, 2, 2]).convolved(with: tensor([10, 100], [2, 1, 1]), groups: 2)
        #expect(values(grouped) == [10, 200, 30, 400])
        // With two outputs in each group, outputs 0 and 1 read channel 0.
        let pairs = tensor([1, 2], [1, 1, 2]).convolved(with: tensor([1, 10, 100, 1000], [4, 1, 1]), groups: 2)
        #expect(values(pairs) == [1, 10, 200, 2000])
        // Each input spreads the kernel over the output.
        let spread = tensor([1, 2], [1, 2, 1]).transposedConvolved(with: kernel, strides: [2])
        #expect(values(spread) == [1, 10, 102, 20, 200])
        let longer = tensor([1, 2], [1, 2, 1]).transposedConvolved(with: kernel, strides: [2], outputPadding: [1])
        #expect(values(longer) == [1, 10, 102, 20, 200, 0])
        // Weights are [out, kernel, in / groups]: two channels in, three out.
        let wide = tensor([1, 2], [1, 1, 2]).transposedConvolved(with: counting([3, 1, 2], .float64))
        #expect(values(wide) == [2, 8, 14])
    }

    @Test func windows() {
        let x = tensor([1, 3, 2, 5, 4], [1, 5, 1])
        #expect(values(x.maxPooled(size: [2])) == [3, 5])
        #expect(values(x.maxPooled(size: [2], strides: [1])) == [3, 3, 5, 5])
        #expect(values(x.maxPooled(size: [2], padding: [(1, 0)])) == [1, 3, 5])
        #expect(values((-x).maxPooled(size: [3], strides: [2], padding: [(1, 1)])) == [-1, -2, -4])
        #expect(values(x.averagePooled(size: [2])) == [2, 3.5])
        #expect(values(x.averagePooled(size: [2], padding: [(1, 0)])) == [0.5, 2.5, 4.5])
        #expect(values(x.averagePooled(size: [2], padding: [(1, 0)], countIncludesPadding: false)) == [1, 2.5, 4.5])
        // Of equal elements the first gets the gradient; NaN is larger than anything.
        let ties = Tensor.input(0, TensorType([1, 4, 1], .float64))
        let graph = Graph(ties.maxPooled(size: [2]).sum().gradients(of: [ties]))
        #expect(Interpreter.evaluate(graph, inputs: [[7, 7, 1, 2]]) == [[1, 0, 0, 1]])
        #expect(Interpreter.evaluate(graph, inputs: [[.nan, 7, 9, .nan]]) == [[1, 0, 0, 1]])
        let empty = Window(.maximum, kernel: [1], Sliding(rank: 1, padding: [(1, 0)]))
        #expect(values(Tensor(empty, tensor([5], [1, 1, 1]))) == [-.infinity, 5])
    }

    @Test func matrixProducts() {
        let (a, b) = (counting([2, 3]), counting([3, 2]))
        #expect(values(a.matmul(b)) == [10, 13, 28, 40])
        #expect(a.matmul(b[.all, 0]).shape == [2])
        #expect(values(b[.all, 0].matmul(b)) == [20, 26])
        #expect(values(tensor([1, 2]).matmul(tensor([3, 4]))) == [11])
        #expect(tensor([1, 2]).matmul(tensor([3, 4])).shape == [])
        #expect(Tensor.input(0, TensorType([2, 3, 0])).matmul(.input(1, TensorType([0, 4]))).shape == [2, 3, 4])
        #expect(counting([5, 2, 3]).matmul(b).shape == [5, 2, 2])
        #expect(counting([5, 1, 2, 3]).matmul(counting([4, 3, 2])).shape == [5, 4, 2, 2])
        #expect(b[.all, 0].matmul(counting([4, 3, 2])).shape == [4, 2])
    }
}
