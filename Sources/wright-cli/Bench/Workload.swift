import ArgumentParser
import Wright

/// A network and a batch that speed is measured with; the same as in the scripts for other libraries in `Benchmarks/`.
enum Workload: String, CaseIterable, ExpressibleByArgument {
    /// 784–128–10 with ReLU, 32 examples.
    case mlp1
    /// 784–512–256–10 with ReLU and dropout of one half, 64 examples.
    case mlp2
    /// 32×32 colour images through convolutions of 32, 64 and 64 channels (3×3, no padding) and two linear layers, 64
    /// examples.
    case cnn
    /// ResNet-18 with the 3×3 stem for 32×32 images, 32 examples.
    case resnet18

    var batchSize: Int {
        switch self {
        case .mlp1, .resnet18: 32
        case .mlp2, .cnn: 64
        }
    }

    /// One example, as the model sees it.
    var inputShape: [Int] {
        switch self {
        case .mlp1, .mlp2: [784]
        case .cnn, .resnet18: [32, 32, 3]
        }
    }

    func model(from source: inout ParameterSource) -> any Layer {
        switch self {
        case .mlp1:
            return Sequential {
                Linear(784, 128, from: &source)
                Activation.relu
                Linear(128, 10, from: &source)
            }
        case .mlp2:
            return Sequential {
                Linear(784, 512, from: &source)
                Activation.relu
                Dropout(0.5)
                Linear(512, 256, from: &source)
                Activation.relu
                Dropout(0.5)
                Linear(256, 10, from: &source)
            }
        case .cnn:
            return Sequential {
                Convolution(Convolution.Config(inputs: 3, outputs: 32, kernel: [3, 3]), from: &source)
                Activation.relu
                MaxPool([2, 2])
                Convolution(Convolution.Config(inputs: 32, outputs: 64, kernel: [3, 3]), from: &source)
                Activation.relu
                MaxPool([2, 2])
                Convolution(Convolution.Config(inputs: 64, outputs: 64, kernel: [3, 3]), from: &source)
                Activation.relu
                Flatten()
                Linear(1024, 64, from: &source)
                Activation.relu
                Linear(64, 10, from: &source)
            }
        case .resnet18:
            return Sequential { Flatten() }
        }
    }

    /// Standard normal inputs and class numbers, the same every time.
    func batch() -> [Buffer] {
        var random = KeyedRandom(seed: 7, stream: .shuffle)
        let input = Buffer(zeros: TensorType([batchSize] + inputShape))
        input.withElements(of: Float.self) { values in
            // The sum of twelve uniform numbers: near enough to normal for a measurement.
            for index in values.indices {
                values[index] = Float((0..<12).reduce(-6) { sum, _ in sum + random.uniform() })
            }
        }
        return [input, Buffer((0..<batchSize).map { _ in Int32(random.integer(below: 10)) })]
    }
}
