/// A training step that is measured against other libraries: a model, a batch and Adam.
public struct Workload: Sendable {
    public let name: String
    public let config: any ModelConfig
    /// One example.
    public let inputShape: [Int]
    public let classes: Int
    public let batch: Int

    public static let all: [Workload] = [
        Workload(name: "mlp1", config: MLP.Config(), inputShape: [784], classes: 10, batch: 32),
        Workload(
            name: "mlp2", config: MLP.Config(hidden: [512, 256], dropout: [0, 0.5]), inputShape: [784], classes: 10,
            batch: 64),
        Workload(name: "cnn", config: ConvNet.Config.cifar(), inputShape: [32, 32, 3], classes: 10, batch: 64),
        Workload(
            name: "resnet18", config: ResNet.Config.resnet18(), inputShape: [32, 32, 3], classes: 10, batch: 32),
    ]
}
