import CWrightDNN
import Testing

/// Every convolution kernel in every direction against a loop in Double. Each shape is there for a bug it would show:
/// images that do not fill their tiles, unequal padding, channels that do not fill a vector or panel, strides that skip
/// pixels, images smaller than the kernel.
struct ConvolutionKernelTests {
    struct Shape: CustomTestStringConvertible, Sendable {
        var batch = 2
        var inChannels: Int
        var outChannels: Int
        var groups = 1
        var input: [Int]
        var kernel: [Int]
        var stride: [Int]? = nil
        var dilation: [Int]? = nil
        var before: [Int]? = nil
        var after: [Int]? = nil

        var rank: Int { input.count }
        var testDescription: String {
            "\(inChannels)→\(outChannels)/\(groups) \(input) kernel \(kernel) stride \(stride ?? []) "
                + "dilation \(dilation ?? []) padding \(before ?? []) \(after ?? [])"
        }

        func along(_ values: [Int]?, _ axis: Int, _ standard: Int) -> Int { values?[axis] ?? standard }

        var output: [Int] {
            (0..<rank).map { axis in
                let padded = input[axis] + along(before, axis, 0) + along(after, axis, 0)
                let reach = along(dilation, axis, 1) * (kernel[axis] - 1) + 1
                return (padded - reach) / along(stride, axis, 1) + 1
            }
        }

        var inputCount: Int { batch * inChannels * input.reduce(1, *) }
        var outputCount: Int { batch * outChannels * output.reduce(1, *) }
        var weightCount: Int { outChannels * inChannels / groups * kernel.reduce(1, *) }
    }

    static let shapes: [Shape] = [
        Shape(batch: 3, inChannels: 3, outChannels: 8, input: [9, 11], kernel: [3, 3]),
        Shape(inChannels: 17, outChannels: 35, input: [9, 6], kernel: [3, 3], before: [1, 1], after: [1, 1]),
        Shape(inChannels: 20, outChannels: 18, input: [7, 8], kernel: [3, 3], before: [2, 0], after: [0, 2]),
        Shape(
            batch: 1, inChannels: 16, outChannels: 130, input: [2, 1], kernel: [3, 3],
            before: [1, 1], after: [1, 1]),
        Shape(
            inChannels: 5, outChannels: 7, input: [9, 6], kernel: [3, 3],
            stride: [2, 2], before: [0, 1], after: [1, 0]),
        Shape(inChannels: 16, outChannels: 24, input: [8, 7], kernel: [1, 1], stride: [2, 2]),
        Shape(
            inChannels: 12, outChannels: 8, input: [13, 12], kernel: [5, 3],
            stride: [3, 1], before: [2, 1], after: [2, 1]),
        Shape(
            inChannels: 16, outChannels: 16, input: [9, 9], kernel: [3, 3],
            dilation: [2, 2], before: [2, 2], after: [2, 2]),
        Shape(
            inChannels: 3, outChannels: 9, input: [15, 13], kernel: [7, 7],
            stride: [2, 2], before: [3, 3], after: [3, 3]),
        Shape(
            inChannels: 12, outChannels: 12, groups: 12, input: [7, 7], kernel: [3, 3],
            before: [1, 1], after: [1, 1]),
        Shape(inChannels: 12, outChannels: 24, groups: 4, input: [7, 6], kernel: [3, 3], stride: [2, 2]),
        Shape(inChannels: 6, outChannels: 8, input: [17], kernel: [5], stride: [2], before: [2], after: [2]),
        Shape(
            inChannels: 4, outChannels: 8, input: [4, 5, 6], kernel: [3, 3, 3],
            before: [1, 1, 1], after: [1, 1, 1]),
    ]

    static let algorithms: [wright_dnn_algorithm] = [.automatic, .direct, .winograd, .unfolded]

    @Test(arguments: shapes, algorithms)
    func forwardAgreesWithTheDefinition(_ shape: Shape, _ algorithm: wright_dnn_algorithm) throws {
        var description = describe(shape, algorithm)
        description.epilogue = wright_dnn_epilogue(bias: true, accumulate: false, residual: false, activation: .relu)
        var pointer: OpaquePointer?
        guard let launch = try create(wright_dnn_convolution_forward(&description, &pointer), pointer) else { return }
        let input = KernelBuffer.random(shape.inputCount, seed: 1)
        let weights = KernelBuffer.random(shape.weightCount, seed: 2)
        let bias = KernelBuffer.random(shape.outChannels, seed: 3)
        launch.bindPlain(.input, input)
        launch.bindPlain(.weights, weights)
        launch.bindPlain(.bias, bias)
        launch.bind(.output, KernelBuffer(bytes: wright_dnn_argument_bytes(launch.primitive, .output)))
        launch.run()

        var expected = (0..<shape.outputCount).map { Double(bias[$0 % shape.outChannels]) }
        forEachTerm(shape) { expected[$2] += Double(input[$0]) * Double(weights[$1]) }
        let result = launch.plain(.output, count: shape.outputCount)
        #expect(relativeError(result, expected.map { max($0, 0) }) < 2e-6, "\(launch.implementation)")
    }

    @Test(arguments: shapes, algorithms)
    func inputGradientAgreesWithTheDefinition(_ shape: Shape, _ algorithm: wright_dnn_algorithm) throws {
        var description = describe(shape, algorithm)
        var pointer: OpaquePointer?
        guard let launch = try create(wright_dnn_convolution_input_gradient(&description, &pointer), pointer) else {
            return
        }
        let weights = KernelBuffer.random(shape.weightCount, seed: 2)
        let gradient = KernelBuffer.random(shape.outputCount, seed: 4)
        launch.bindPlain(.outputGradient, gradient)
        launch.bindPlain(.weights, weights)
        launch.bind(.inputGradient, KernelBuffer(bytes: wright_dnn_argument_bytes(launch.primitive, .inputGradient)))
        launch.run()

        var expected = [Double](repeating: 0, count: shape.inputCount)
        forEachTerm(shape) { expected[$0] += Double(gradient[$2]) * Double(weights[$1]) }
        let result = launch.plain(.inputGradient, count: shape.inputCount)
        #expect(relativeError(result, expected) < 2e-6, "\(launch.implementation)")
    }

    @Test(arguments: shapes, algorithms)
    func weightGradientAgreesWithTheDefinition(_ shape: Shape, _ algorithm: wright_dnn_algorithm) throws {
        var description = describe(shape, algorithm)
        description.epilogue.bias = true
        var pointer: OpaquePointer?
        guard let launch = try create(wright_dnn_convolution_weight_gradient(&description, &pointer), pointer) else {
            return
        }
        let input = KernelBuffer.random(shape.inputCount, seed: 1)
        let gradient = KernelBuffer.random(shape.outputCount, seed: 4)
        launch.bindPlain(.input, input)
        launch.bindPlain(.outputGradient, gradient)
        launch.bind(.weightGradient, KernelBuffer(bytes: wright_dnn_argument_bytes(launch.primitive, .weightGradient)))
        launch.bind(.biasGradient, KernelBuffer(bytes: shape.outChannels * 4))
        launch.run()

        var expected = [Double](repeating: 0, count: shape.weightCount)
        forEachTerm(shape) { expected[$1] += Double(gradient[$2]) * Double(input[$0]) }
        let result = launch.plain(.weightGradient, count: shape.weightCount)
        #expect(relativeError(result, expected) < 2e-6, "\(launch.implementation)")

        var expectedBias = [Double](repeating: 0, count: shape.outChannels)
        for (index, value) in gradient.enumerated() { expectedBias[index % shape.outChannels] += Double(value) }
        #expect(relativeError(launch.plain(.biasGradient, count: shape.outChannels), expectedBias) < 2e-6)
    }

    /// A block's end: what was there is added, then another tensor, then ReLU.
    @Test(arguments: algorithms)
    func residualsAreAddedBeforeTheActivation(_ algorithm: wright_dnn_algorithm) throws {
        let shape = Shape(
            inChannels: 16, outChannels: 20, input: [6, 5], kernel: [3, 3], before: [1, 1], after: [1, 1])
        var description = describe(shape, algorithm)
        description.epilogue = wright_dnn_epilogue(bias: false, accumulate: true, residual: true, activation: .relu)
        var pointer: OpaquePointer?
        let launch = try #require(try create(wright_dnn_convolution_forward(&description, &pointer), pointer))
        let input = KernelBuffer.random(shape.inputCount, seed: 1)
        let weights = KernelBuffer.random(shape.weightCount, seed: 2)
        let before = KernelBuffer.random(shape.outputCount, seed: 5)
        let residual = KernelBuffer.random(shape.outputCount, seed: 6)
        launch.bindPlain(.input, input)
        launch.bindPlain(.weights, weights)
        launch.bindPlain(.output, before)
        launch.bindPlain(.residual, residual)
        launch.run()

        var expected = zip(before, residual).map { Double($0) + Double($1) }
        forEachTerm(shape) { expected[$2] += Double(input[$0]) * Double(weights[$1]) }
        let result = launch.plain(.output, count: shape.outputCount)
        #expect(relativeError(result, expected.map { max($0, 0) }) < 2e-6, "\(launch.implementation)")
    }

    @Test func repeatedRunsAgreeBitForBit() throws {
        let shape = Shape(inChannels: 24, outChannels: 24, input: [13, 9], kernel: [3, 3])
        for algorithm in [wright_dnn_algorithm.winograd, .unfolded] {
            var description = describe(shape, algorithm)
            var pointer: OpaquePointer?
            let launch = try #require(
                try create(wright_dnn_convolution_weight_gradient(&description, &pointer), pointer))
            launch.bindPlain(.input, KernelBuffer.random(shape.inputCount, seed: 1))
            launch.bindPlain(.outputGradient, KernelBuffer.random(shape.outputCount, seed: 4))
            let result = KernelBuffer(bytes: shape.weightCount * 4)
            launch.bind(.weightGradient, result)
            launch.run()
            let first = result.values.map(\.bitPattern)
            for _ in 0..<4 {
                launch.run()
                #expect(result.values.map(\.bitPattern) == first)
            }
        }
    }

    @Test func impossibleConvolutionsAreExplained() {
        var description = describe(Shape(inChannels: 4, outChannels: 4, input: [2, 2], kernel: [3, 3]), .automatic)
        var pointer: OpaquePointer?
        #expect(wright_dnn_convolution_forward(&description, &pointer) == .invalid)
        #expect(pointer == nil)
        #expect(String(cString: wright_dnn_message()).contains("the kernel reaches over 3 elements"))
    }

    // MARK: -

    /// Nil where the algorithm has no kernel for the shape; any other failure is a test's.
    private func create(_ status: wright_dnn_status, _ pointer: OpaquePointer?) throws -> KernelLaunch? {
        if status == .unsupported { return nil }
        let launch: KernelLaunch = try #require(
            KernelLaunch(status, pointer), "\(String(cString: wright_dnn_message()))")
        return launch
    }

    private func describe(_ shape: Shape, _ algorithm: wright_dnn_algorithm) -> wright_dnn_convolution_description {
        func triple(_ values: [Int]?, _ standard: Int) -> (Int64, Int64, Int64) {
            func at(_ axis: Int) -> Int64 { Int64(axis < shape.rank ? shape.along(values, axis, standard) : standard) }
            return (at(0), at(1), at(2))
        }
        var description = wright_dnn_convolution_description()
        description.spatial_rank = Int32(shape.rank)
        description.batch = Int64(shape.batch)
        description.in_channels = Int64(shape.inChannels)
        description.out_channels = Int64(shape.outChannels)
        description.groups = Int64(shape.groups)
        description.input_size = triple(shape.input, 1)
        description.kernel_size = triple(shape.kernel, 1)
        description.stride = triple(shape.stride, 1)
        description.dilation = triple(shape.dilation, 1)
        description.padding_begin = triple(shape.before, 0)
        description.padding_end = triple(shape.after, 0)
        description.type = .float32
        description.algorithm = algorithm
        return description
    }

    /// Calls `body(input index, weight index, output index)` for every product in the definition of the convolution.
    private func forEachTerm(_ shape: Shape, _ body: (Int, Int, Int) -> Void) {
        let output = shape.output, inGroup = shape.inChannels / shape.groups,
            outGroup = shape.outChannels / shape.groups
        let outputPixels = output.reduce(1, *), taps = shape.kernel.reduce(1, *), inputPixels = shape.input.reduce(1, *)
        for pixel in 0..<outputPixels {
            for tap in 0..<taps {
                guard let source = inputPixel(shape, output: output, pixel: pixel, tap: tap) else { continue }
                for image in 0..<shape.batch {
                    for out in 0..<shape.outChannels {
                        let result = (image * outputPixels + pixel) * shape.outChannels + out
                        for channel in 0..<inGroup {
                            let read =
                                (image * inputPixels + source) * shape.inChannels + out / outGroup * inGroup + channel
                            body(read, (out * taps + tap) * inGroup + channel, result)
                        }
                    }
                }
            }
        }
    }

    /// The input pixel that tap `tap` of output pixel `pixel` reads; nil in the padding.
    private func inputPixel(_ shape: Shape, output: [Int], pixel: Int, tap: Int) -> Int? {
        var pixel = pixel, tap = tap, index = 0, scale = 1
        for axis in (0..<shape.rank).reversed() {
            let first = pixel % output[axis] * shape.along(shape.stride, axis, 1) - shape.along(shape.before, axis, 0)
            let source = first + tap % shape.kernel[axis] * shape.along(shape.dilation, axis, 1)
            guard source >= 0, source < shape.input[axis] else { return nil }
            index += source * scale
            scale *= shape.input[axis]
            pixel /= output[axis]
            tap /= shape.kernel[axis]
        }
        return index
    }
}
