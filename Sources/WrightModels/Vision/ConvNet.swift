public import WrightGraph
public import WrightNN
public import WrightRuntime

/// A plain convolution network after LeNet-5 (LeCun et al., *Gradient-based learning applied to document recognition*,
/// 1998): stages of convolution, activation and max pooling, then linear layers.
public struct ConvNet: Layer {
    /// The settings of a plain convolution network.
    public struct Config: ModelConfig, Hashable {
        /// Height and width of an image.
        public var image: [Int]
        /// Channels of an image: 1 for grey, 3 for colour.
        public var channels: Int
        /// Output channels of each stage's convolution.
        public var filters: [Int]
        /// Side of the square kernels.
        public var kernel: Int
        /// Whether convolutions keep the size of the image.
        public var isPadded: Bool
        /// Side of each stage's pooling window; 1 pools nothing.
        public var pools: [Int]
        /// Units of the hidden linear layers.
        public var hidden: [Int]
        public var classes: Int
        public var activation: Activation
        /// The dropout rate after each hidden linear layer.
        public var dropout: Double

        public init(
            image: [Int] = [28, 28], channels: Int = 1, filters: [Int] = [32, 64], kernel: Int = 3,
            isPadded: Bool = true, pools: [Int] = [2, 2], hidden: [Int] = [128], classes: Int = 10,
            activation: Activation = .relu, dropout: Double = 0
        ) {
            self.image = image
            self.channels = channels
            self.filters = filters
            self.kernel = kernel
            self.isPadded = isPadded
            self.pools = pools
            self.hidden = hidden
            self.classes = classes
            self.activation = activation
            self.dropout = dropout
        }

        public init() { self.init(image: [28, 28]) }

        /// Small enough for a test.
        public static func tiny() -> Config {
            Config(image: [8, 8], filters: [3, 4], hidden: [6], classes: 3)
        }

        /// The network of the classic CIFAR-10 tutorials: three unpadded convolutions, the first two pooled.
        public static func cifar(classes: Int = 10) -> Config {
            Config(
                image: [32, 32], channels: 3, filters: [32, 64, 64], isPadded: false, pools: [2, 2, 1], hidden: [64],
                classes: classes)
        }

        public static var architecture: String { "convnet" }
        public static var summary: String { "plain convolution network after LeNet" }

        public static var fields: [ConfigField<Config>] {
            [
                .integers("image", \.image), .integer("channels", \.channels), .integers("filters", \.filters),
                .integer("kernel", \.kernel), .flag("padded", \.isPadded), .integers("pools", \.pools),
                .integers("hidden", \.hidden), .integer("classes", \.classes), .choice("activation", \.activation),
                .number("dropout", \.dropout, in: 0..<1),
            ]
        }

        /// Height and width after all stages.
        var features: [Int] {
            zip(filters.indices, pools).reduce(image) { size, stage in
                size.map { (isPadded ? $0 : $0 - kernel + 1) / stage.1 }
            }
        }

        public var problems: [Phrase] {
            var found: [Phrase] = []
            if image.count != 2 { found.append(Phrase("'image' needs a height and a width", "'image' 须为高和宽")) }
            if pools.count != filters.count {
                found.append(
                    Phrase(
                        "'pools' needs one number for each of the \(filters.count) stages of 'filters'",
                        "'pools' 须为 'filters' 的 \(filters.count) 个阶段各给一个数"))
            }
            if found.isEmpty, features.contains(where: { $0 < 1 }) {
                found.append(
                    Phrase(
                        "nothing is left of an image of \(image[0]) by \(image[1]) after \(filters.count) stages",
                        "\(image[0]) × \(image[1]) 的图像经过 \(filters.count) 个阶段后已无像素"))
            }
            return found
        }

        public func model(from source: inout ParameterSource) -> ConvNet { ConvNet(self, from: &source) }

        public func adapted(image: [Int], channels: Int, classes: Int) -> Config {
            var config = self
            (config.image, config.channels, config.classes) = (image, channels, classes)
            return config
        }
    }

    public let config: Config
    public let convolutions: [Convolution]
    /// The hidden linear layers and then the output layer.
    public let linears: [Linear]

    public init(_ config: Config = Config(), from source: inout ParameterSource) {
        precondition(config.problems.isEmpty, "ConvNet: \(config.problems.joined().english)")
        self.config = config
        let kernel = [config.kernel, config.kernel]
        convolutions = zip([config.channels] + config.filters, config.filters).map { inputs, outputs in
            Convolution(
                .init(inputs: inputs, outputs: outputs, kernel: kernel, padding: config.isPadded ? .same : .none),
                from: &source)
        }
        let flat = config.features.reduce(config.filters.last ?? config.channels, *)
        let sizes = [flat] + config.hidden + [config.classes]
        linears = zip(sizes, sizes.dropFirst()).map { Linear($0, $1, from: &source) }
    }

    /// `[batch, height, width, channels]` to `[batch, classes]`.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        var x = x
        for (convolution, pool) in zip(convolutions, config.pools) {
            x = config.activation(convolution(x))
            if pool > 1 { x = MaxPool([pool, pool])(x) }
        }
        x = x.flattened(from: 1)
        for linear in linears.dropLast() { x = Dropout(config.dropout)(config.activation(linear(x))) }
        return linears[linears.count - 1](x)
    }
}
