import Testing
import WrightGraph
import WrightRuntime
import WrightTesting

@Suite struct DerivedTests {
    // MARK: Activations

    /// PyTorch's values (float64) at −1.5, −0.0, 0.5 and 25, where softplus is a line.
    @Test func activationsHavePyTorchsValues() {
        let x = tensor([-1.5, 0, 0.5, 25])
        let expected: [(Tensor, [Double])] = [
            (x.leakyRelu(), [-0.015, 0, 0.5, 25]), (x.leakyRelu(slope: 0.2), [-0.3, 0, 0.5, 25]),
            (x.elu(), [-0.776_869_839_851_570_2, 0, 0.5, 25]),
            (x.selu(), [-1.365_814_353_367_252_9, 0, 0.525_350_493_677_740_3, 26.267_524_683_887_01]),
            (x.gelu(), [-0.100_210_801_923_287_1, 0, 0.345_731_230_637_001_3, 25]),
            (x.geluTanh(), [-0.100_428_423_031_982_4, 0, 0.345_714_009_831_994_6, 25]),
            (x.silu(), [-0.273_638_285_459_557_6, 0, 0.311_229_665_600_927_3, 24.999_999_999_652_8]),
            (x.mish(), [-0.298_099_742_166_806_7, 0, 0.375_245_211_304_895_1, 25]),
            (x.softplus(), [0.201_413_277_982_752_46, 0.693_147_180_559_945_3, 0.974_076_984_180_107_1, 25]),
            (x.softplus(beta: 2, threshold: 0.5), [0.024_293_675_795_835, 0.346_573_590_279_972_65, 0.5, 25]),
            (
                x.logSigmoid(),
                [-1.701_413_277_982_752_5, -0.693_147_180_559_945_3, -0.474_076_984_180_107_2, -1.388_794e-11]
            ),
            (x.softsign(), [-0.6, 0, 1.0 / 3, 25.0 / 26]), (x.hardtanh(), [-1, 0, 0.5, 1]),
            (x.relu6(), [0, 0, 0.5, 6]), (x.hardsigmoid(), [0.25, 0.5, 3.5 / 6, 1]),
            (x.hardswish(), [-0.375, 0, 1.75 / 6, 25]), (x.clamped(to: -1...2), [-1, 0, 0.5, 2]),
            (x.prelu(weight: tensor([0.25])), [-0.375, 0, 0.5, 25]),
            (x.glu(), [-0.933_688_996_802_781_9, 0]),
        ]
        for (place, (result, values)) in expected.enumerated() {
            #expect(
                expectClose(WrightGraphTests.values(result), values, 1e-8),
                "\(place): \(WrightGraphTests.values(result))")
        }
    }

    /// Slopes at the bends, as PyTorch has them, and no NaN from a half that is not chosen.
    @Test func activationsBendAsPyTorchs() {
        func slopes(at x: [Double], _ function: (Tensor) -> Tensor) -> [Double] {
            let input = Tensor.input(0, TensorType([x.count], .float64))
            return Interpreter.evaluate(Graph(function(input).sum().gradients(of: [input])), inputs: [x])[0]
        }
        #expect(slopes(at: [0]) { $0.relu() } == [0])
        #expect(slopes(at: [0]) { $0.leakyRelu() } == [0.01])
        #expect(slopes(at: [0, -1000, 1000]) { $0.elu() } == [1, 0, 1])
        #expect(slopes(at: [0, 6]) { $0.relu6() } == [0, 0])
        #expect(slopes(at: [-1, 1]) { $0.hardtanh() } == [0, 0])
        #expect(slopes(at: [-1, 1, 2]) { $0.clamped(to: -1...1) } == [1, 1, 0])
        #expect(slopes(at: [-3, 3]) { $0.hardsigmoid() } == [0, 0])
        #expect(slopes(at: [-3, 3]) { $0.hardswish() } == [0, 1])
        #expect(slopes(at: [0]) { $0.logSigmoid() } == [0.5])
        #expect(slopes(at: [0]) { $0.softsign() } == [1])
        #expect(slopes(at: [1000, -1000]) { $0.softplus() } == [1, 0])
        #expect(slopes(at: [1000, -1000]) { $0.mish() } == [1, 0])
        #expect(slopes(at: [0, 0]) { $0.norm() } == [0, 0])
        #expect(slopes(at: [0, 2]) { $0.power(0) } == [0, 0])
        #expect(slopes(at: [0, 3]) { $0.power(2) } == [0, 6])
        #expect(values(tensor([.nan]).clamped(to: 0...1))[0].isNaN)
        #expect(values(tensor([.nan]).hardtanh())[0].isNaN)
    }

    /// Every derived function with a slope, against differences, twice.
    @Test func derivedGradientsAreSlopes() throws {
        let functions: [(String, (Tensor) -> Tensor)] = [
            ("leakyRelu", { $0.leakyRelu() }), ("elu", { $0.elu(alpha: 0.7) }), ("selu", { $0.selu() }),
            ("gelu", { $0.gelu() }), ("geluTanh", { $0.geluTanh() }), ("silu", { $0.silu() }), ("mish", { $0.mish() }),
            ("softplus", { $0.softplus(beta: 1.5) }), ("logSigmoid", { $0.logSigmoid() }),
            ("softsign", { $0.softsign() }),
            ("hardswish", { $0.hardswish() }), ("glu", { $0.glu(along: 0) }), ("softmax", { $0.softmax() }),
            ("softmax 0", { $0.softmax(along: 0) }), ("logSoftmax", { $0.logSoftmax() }),
            ("logSumExp", { $0.logSumExp(along: [1]) }), ("logSumExp all", { $0.logSumExp() }),
            ("variance", { $0.variance(along: [0]) }), ("deviation", { $0.standardDeviation(unbiased: false) }),
            ("norm", { $0.norm(along: [1], keepingAxes: true) }), ("norm 1", { $0.norm(1) }),
            ("norm 3", { $0.norm(3, along: [0]) }), ("norm ∞", { $0.norm(.infinity, along: [1]) }),
            ("sorted", { $0.sorted(along: 0) }), ("topK", { $0.topK(2).values }),
            ("rolled", { $0.rolled(by: 4, along: 1) }),
            ("repeated", { $0.repeated(2, along: 0) }), ("tiled", { $0.tiled([2, 1]) }),
            ("subscript", { $0[.every(-1), 1..<3] }), ("padded", { $0.padded([(1, 0), (0, 2)], value: 3) }),
            ("einsum", { Tensor.einsum("ij,kj->ik", $0, $0.squared()) }),
            ("takenAlong", { $0.takenAlong(1, indices: Tensor([Int32(0), 2, 2, 1], shape: [4, 1])) }),
            (
                "average",
                {
                    $0.reshaped([1, 4, 3, 1]).averagePooled(
                        size: [2, 2], padding: [(1, 0), (0, 1)], countIncludesPadding: false)
                }
            ),
            ("transposed", { $0.reshaped([1, 4, 3]).transposedConvolved(with: counting([2, 2, 3]), strides: [2]) }),
        ]
        let sample = Sample(Unary.negate, [TensorType([4, 3])], in: -2...2)
        for (name, function) in functions {
            let x = Tensor.input(0, TensorType([4, 3]))
            let result = function(x)
            let weights = Tensor.iota(result.count).reshaped(result.shape).cast(to: .float32).sine()
            let loss = (result * result + result * weights).sum()
            let gradient = loss.gradients(of: [x])
            let second = (gradient[0] * gradient[0]).sum()
            for (loss, gradient) in [(loss, gradient), (second, second.gradients(of: [x]))] {
                let failures = GradientCheck.failures(
                    loss: Graph([loss]), gradients: Graph(gradient), of: [0], at: sample.values(seed: 5),
                    tolerance: 1e-5)
                #expect(failures == [], "\(name)")
            }
        }
    }

    // MARK: Normalising and statistics

    @Test func exponentialsDoNotOverflow() {
        let x = tensor([1000, 999, -1000, 0, 0, 0], [2, 3])
        let e = 0.268_941_421_369_995_1
        #expect(expectClose(values(x.softmax()), [1 - e, e, 0, 1.0 / 3, 1.0 / 3, 1.0 / 3]))
        #expect(
            expectClose(
                Array(values(x.logSoftmax())[..<3]),
                [-0.313_261_687_518_222_8, -1.313_261_687_518_222_8, -2000.313_261_687_518_2], 1e-9))
        #expect(expectClose(values(x.logSumExp(along: [-1])), [1000.313_261_687_518_2, 1.098_612_288_668_11]))
        #expect(x.logSumExp(along: [0], keepingAxes: true).shape == [1, 3])
        #expect(x.logSumExp().shape == [])
        #expect(values(tensor([-.infinity, -.infinity]).logSumExp()) == [-.infinity])
        #expect(values(tensor([1, .infinity]).logSumExp()) == [.infinity])
        #expect(Tensor.input(0, TensorType([2, 0])).softmax().shape == [2, 0])
    }

    @Test func statistics() {
        let x = tensor([1, 2, 3, 6], [2, 2])
        #expect(values(x.mean()) == [3])
        #expect(values(x.mean(along: [0])) == [2, 4])
        #expect(x.mean(along: [-1], keepingAxes: true).shape == [2, 1])
        #expect(values(x.variance(along: [1])) == [0.5, 4.5])
        #expect(values(x.variance(along: [1], unbiased: false)) == [0.25, 2.25])
        #expect(values(x.standardDeviation(along: [0], unbiased: false)) == [1, 2])
        #expect(values(tensor([5]).variance())[0].isNaN)
        #expect(values(tensor([3, -4]).norm()) == [5] && values(tensor([3, -4]).norm(1)) == [7])
        #expect(values(tensor([3, -4]).norm(.infinity)) == [4])
        #expect(values(tensor([0, 0]).norm()) == [0])
        #expect(values(x.sum(along: [0], keepingAxes: true)) == [4, 8])
    }

    // MARK: Shaping

    @Test func shapes() {
        let x = counting([2, 1, 3])
        #expect(x.expandedAxis(at: -1).shape == [2, 1, 3, 1] && x.expandedAxis(at: 0).shape == [1, 2, 1, 3])
        #expect(x.squeezed().shape == [2, 3] && x.squeezed(along: [-2]).shape == [2, 3])
        #expect(
            x.flattened().shape == [6] && x.flattened(from: 1).shape == [2, 3]
                && x.flattened(from: -1).shape == [2, 1, 3])
        #expect(Tensor.constant(1).flattened().shape == [1])
        #expect(x.swappedAxes(0, -1).shape == [3, 1, 2])
        #expect(values(Tensor.stacked([counting([2]), counting([2]) + 5], along: -1)) == [0, 5, 1, 6])
        #expect(values(counting([2]).repeated(2, along: 0)) == [0, 0, 1, 1])
        #expect(values(counting([2, 2]).tiled([1, 2])) == [0, 1, 0, 1, 2, 3, 2, 3])
        #expect(values(counting([5]).rolled(by: 2, along: 0)) == [3, 4, 0, 1, 2])
        #expect(values(counting([5]).rolled(by: -6, along: 0)) == [1, 2, 3, 4, 0])
        let parts = counting([5]).split(sizes: [2, 0, 3])
        #expect(parts.map { values($0) } == [[0, 1], [], [2, 3, 4]])
        #expect(counting([2, 6]).split(into: 3, along: -1).map(\.shape) == [[2, 2], [2, 2], [2, 2]])
    }

    // MARK: Subscripts

    @Test func subscripts() {
        let x = counting([2, 3, 4])
        func check(_ part: Tensor, _ shape: [Int], _ expected: [Double], line: SourceLocation = #_sourceLocation) {
            #expect(part.shape == shape, sourceLocation: line)
            #expect(values(part) == expected, sourceLocation: line)
        }
        let k = 1
        check(x[1, 2], [4], [20, 21, 22, 23])
        check(x[-1, -1, -1], [], [23])
        check(x[0, .all, 2], [3], [2, 6, 10])
        check(x[.rest, 0], [2, 3], [0, 4, 8, 12, 16, 20])
        check(x[k, k..<k + 2, 3...], [2, 1], [19, 23])
        check(x[0, 0..<0], [0, 4], [])
        check(x[0, 0, ...1], [2], [0, 1])
        check(x[0, 0, ..<(-1)], [3], [0, 1, 2])
        check(x[0, 0, -3 ... -1], [3], [1, 2, 3])
        check(x[0, 0, .every(2)], [2], [0, 2])
        check(x[0, 0, .every(-1)], [4], [3, 2, 1, 0])
        check(x[0, 0, .every(-3)], [2], [3, 0])
        check(x[0, 0, .slice(from: 2, by: -1)], [3], [2, 1, 0])
        check(x[0, 0, .slice(from: 3, to: 0, by: -2)], [2], [3, 1])
        check(x[0, 0, .slice(from: 1, to: -1)], [2], [1, 2])
        check(x[0, 0, .slice(from: 3, to: 1)], [0], [])
        check(x[0, .newAxis, 1, .rest, .newAxis], [1, 4, 1], [4, 5, 6, 7])
        check(x[.rest][0][0][0], [], [0])
        check(counting([4])[4...], [0], [])
    }

    @Test func oneHotAndMasks() {
        #expect(values(Tensor([Int32(2), 0, 5]).oneHot(3)) == [0, 0, 1, 1, 0, 0, 0, 0, 0])
        #expect(Tensor([UInt8(1), 0], shape: [1, 2]).oneHot(4, .bool).type == TensorType([1, 2, 4], .bool))
        #expect(values(Tensor.lowerTriangleMask(2, 3)) == [1, 0, 0, 1, 1, 0])
        #expect(values(Tensor.lowerTriangleMask(2, 3, diagonal: 1)) == [1, 1, 0, 1, 1, 1])
        #expect(values(Tensor.upperTriangleMask(2, 3)) == [1, 1, 1, 0, 1, 1])
        #expect(values(Tensor.identityMask(2)) == [1, 0, 0, 1])
    }

    // MARK: Einsum

    /// Against the definition: a loop over every letter.
    @Test(arguments: [
        "ij,jk->ik", "bij,bjk->bik", "ij->ji", "ij->", "ij->i", "ii->i", "ii->", "i,i->", "i,j->ij", "ij,ij->ij",
        "ij,j",
        "bhid,bhjd->bhij", "ij,jk,kl->il", "iij,j->i", "ij,kl->", "ijk,ijk->j", "ij,kj,lj->ikl", "ab,ba->ab",
        "i,j,k->kji",
        "ij,ij->", "iii->i", "Ab,bA", " i j , j -> i ", "bij,j->bi", "ij,jk,ki->",
    ])
    func einsumIsItsDefinition(_ equation: String) {
        let extentOf: [Character: Int] = ["a": 2, "b": 3, "h": 2, "i": 2, "j": 3, "k": 2, "l": 4, "d": 2, "A": 2]
        let text = equation.filter { $0 != " " }
        let sides = text.split(separator: "-")
        let inputs: [[Character]] = sides[0].split(separator: ",").map { Array($0) }
        let counts = Dictionary(inputs.joined().map { ($0, 1) }, uniquingKeysWith: +)
        let single = counts.filter { $0.value == 1 }.keys.sorted()
        let output: [Character] = sides.count > 1 ? Array(sides[1].dropFirst()) : single
        let operands: [[Double]] = inputs.enumerated().map { place, letters in
            (0..<letters.reduce(1) { $0 * extentOf[$1]! }).map { Double(($0 * 7 + place * 3) % 11) - 4 }
        }
        let all: [Character] = counts.keys.sorted()
        func size(_ letters: [Character]) -> Int { letters.reduce(1) { $0 * extentOf[$1]! } }
        var expected = [Double](repeating: 0, count: size(output))
        for number in 0..<size(all) {
            var rest = number
            var place: [Character: Int] = [:]
            for letter in all {
                place[letter] = rest % extentOf[letter]!
                rest /= extentOf[letter]!
            }
            func offset(_ letters: [Character]) -> Int { letters.reduce(0) { $0 * extentOf[$1]! + place[$1]! } }
            var product = 1.0
            for (letters, operand) in zip(inputs, operands) { product *= operand[offset(letters)] }
            expected[offset(output)] += product
        }
        for dtype in [DType.float64, .int32] {
            let tensors = zip(inputs, operands).map { letters, values in
                Tensor(Buffer(TensorType(letters.map { extentOf[$0]! }, dtype), doubles: values))
            }
            let result = Tensor.einsum(equation, tensors)
            #expect(result.shape == output.map { extentOf[$0]! })
            #expect(values(result) == expected, "\(dtype)")
        }
    }

    @Test func einsumUsesOneMatrixProduct() {
        let (a, b) = (Tensor.input(0, TensorType([2, 5, 3])), Tensor.input(1, TensorType([2, 3, 4])))
        let names = Graph([Tensor.einsum("bij,bjk->bik", a, b)]).applying().instructions.map(\.op.primitive.name)
        #expect(names == ["input", "input", "matmul"])
    }

    @Test func vectors() {
        #expect(values(tensor([1, 2]).dot(tensor([3, 4]))) == [11])
        #expect(values(tensor([1, 2]).outer(tensor([3, 4, 5]))) == [3, 4, 5, 6, 8, 10])
    }
}
