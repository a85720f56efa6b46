import Testing
import WrightGraph
import WrightNN
import WrightRuntime

#if DEBUG
    /// A mistake in code ends the process with a text that says what to do.
    @Suite("Misuse of layers teaches")
    struct MisuseTests {
        @Test func linearAfterImages() async {
            let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                var source = ParameterSource(seed: 1)
                _ = Linear(784, 10, from: &source)(Tensor.input(0, TensorType([2, 28, 28, 1])))
            }
            #expect(text(result).contains("Flatten()"))
        }

        @Test func channelsFirst() async {
            let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                var source = ParameterSource(seed: 1)
                let layer = Convolution(.init(inputs: 3, outputs: 4, kernel: [3, 3]), from: &source)
                _ = layer(Tensor.input(0, TensorType([2, 3, 32, 32])))
            }
            #expect(text(result).contains("[batch, 2 spatial axes, 3 channels]"))
        }

        @Test func samePaddingWithStrides() async {
            let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                var source = ParameterSource(seed: 1)
                let config = Convolution.Config(inputs: 3, outputs: 4, kernel: [3, 3], strides: [2], padding: .same)
                _ = Convolution(config, from: &source)(Tensor.input(0, TensorType([2, 8, 8, 3])))
            }
            #expect(text(result).contains("padding .same needs strides of 1"))
        }

        @Test func oneExampleHasNoVariance() async {
            let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                var source = ParameterSource(seed: 1)
                let norm = BatchNorm(.init(channels: 3), from: &source)
                let pass = Pass(isTraining: true)
                _ = pass { norm(Tensor.input(0, TensorType([1, 3]))) }
            }
            #expect(text(result).contains("batches of at least 2"))
        }

        @Test func dropoutWithoutAKey() async {
            let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                let pass = Pass(isTraining: true)
                _ = pass { Dropout()(Tensor.input(0, TensorType([2, 3]))) }
            }
            #expect(text(result).contains("randomKey"))
        }

        @Test func targetsThatWouldStretch() async {
            let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = Loss.meanSquaredError(
                    Tensor.input(0, TensorType([8, 1])), target: Tensor.input(1, TensorType([8])))
            }
            #expect(text(result).contains("must have one shape"))
        }

        private func text(_ result: ExitTest.Result?) -> String {
            String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        }
    }
#endif
