public import WrightGraph
import WrightNN

/// A network and a batch that speed is measured with, the same as in the scripts for other libraries in `Benchmarks/`. A
/// step is forward, mean cross-entropy, backward and Adam.
public enum Workload: String, Sendable, CaseIterable {
    /// 784–128–10 with ReLU, 32 examples.
    case mlp1
    /// 784–512–256–10 with ReLU, and dropout of one half after the second layer, 64 examples.
    case mlp2
    /// 32×32 colour images through convolutions of 32, 64 and 64 channels (3×3, no padding) and two linear layers, 64
    /// examples.
    case cnn
    /// ResNet-18 with the 3×3 stem for 32×32 images, 32 examples.
    case resnet18
    /// 200 tokens out of 10,000 as vectors of 32 numbers, an LSTM of 64, one yes-or-no answer, 32 examples.
    case lstm
    /// A GPT of 6 layers of 192 with 6 heads, 16 sequences of 128 tokens out of 65.
    case gpt

    public var config: any ModelConfig {
        switch self {
        case .mlp1: MLP.Config(hidden: [128])
        case .mlp2: MLP.Config(hidden: [512, 256], dropout: [0, 0.5])
        case .cnn: ConvNet.Config.cifar()
        case .resnet18: ResNet.Config.resnet18()
        case .lstm:
            LSTMClassifier.Config(vocabulary: 10_000, embedding: 32, hidden: 64, isPadded: false, outputs: 1)
        case .gpt: GPT.Config(vocabulary: 65, places: 128, layers: 6, dimension: 192, heads: 6)
        }
    }

    public var batchSize: Int {
        switch self {
        case .mlp1, .resnet18, .lstm: 32
        case .mlp2, .cnn: 64
        case .gpt: 16
        }
    }

    /// One example, as the model sees it.
    public var inputShape: [Int] {
        switch self {
        case .mlp1, .mlp2: [784]
        case .cnn, .resnet18: [32, 32, 3]
        case .lstm: [200]
        case .gpt: [128]
        }
    }

    /// How many tokens there are; nil where inputs are numbers.
    public var vocabulary: Int? {
        switch self {
        case .mlp1, .mlp2, .cnn, .resnet18: nil
        case .lstm: 10_000
        case .gpt: 65
        }
    }

    public var classes: Int {
        switch self {
        case .mlp1, .mlp2, .cnn, .resnet18: 10
        case .lstm: 2
        case .gpt: 65
        }
    }

    /// The shape of a batch's class numbers: one for each example, or one for each token.
    public var targetShape: [Int] { self == .gpt ? [batchSize] + inputShape : [batchSize] }

    /// The mean loss of the model's results for these classes.
    public func loss(_ results: Tensor, classes: Tensor) -> Tensor {
        guard self == .lstm else { return Loss.crossEntropy(results, classes: classes) }
        return Loss.binaryCrossEntropy(
            logits: results.reshaped([results.count]), target: classes.cast(to: results.dtype))
    }
}
