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

    public var config: any ModelConfig {
        switch self {
        case .mlp1: MLP.Config(hidden: [128])
        case .mlp2: MLP.Config(hidden: [512, 256], dropout: [0, 0.5])
        case .cnn: ConvNet.Config.cifar()
        case .resnet18: ResNet.Config.resnet18()
        }
    }

    public var batchSize: Int {
        switch self {
        case .mlp1, .resnet18: 32
        case .mlp2, .cnn: 64
        }
    }

    /// One example, as the model sees it.
    public var inputShape: [Int] {
        switch self {
        case .mlp1, .mlp2: [784]
        case .cnn, .resnet18: [32, 32, 3]
        }
    }

    public var classes: Int { 10 }
}
