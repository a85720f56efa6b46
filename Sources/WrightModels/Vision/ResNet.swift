public import WrightGraph
public import WrightNN
public import WrightRuntime

/// A residual network (He et al., *Deep residual learning for image recognition*, 2016). Bottlenecks carry the stride on
/// their 3×3 convolution, as PyTorch's do.
public struct ResNet: Layer {
    /// The settings of a residual network.
    public struct Config: ModelConfig, Hashable {
        /// What a stage is made of.
        public enum Block: String, Hashable, Sendable, CaseIterable {
            /// Two 3×3 convolutions.
            case basic
            /// 1×1, 3×3 and 1×1 convolutions, the last four times as wide.
            case bottleneck

            var expansion: Int { self == .basic ? 1 : 4 }
        }

        /// What comes before the first stage.
        public enum Stem: String, Hashable, Sendable, CaseIterable {
            /// A 3×3 convolution that keeps the size: for images of about 32 by 32.
            case cifar
            /// A 3×3 convolution that halves the size: a quarter of the work, for images of about 32 to 96 by as much.
            case half
            /// A 7×7 convolution and a pooling, each halving the size.
            case imagenet
        }

        /// Channels of an image: 1 for grey, 3 for colour.
        public var channels: Int
        public var stem: Stem
        public var block: Block
        /// Blocks of each stage; every stage after the first halves the size.
        public var depths: [Int]
        /// Channels inside the blocks of each stage.
        public var widths: [Int]
        /// 0 leaves the last layer out.
        public var classes: Int

        public init(
            channels: Int = 3, stem: Stem = .cifar, block: Block = .basic, depths: [Int] = [2, 2, 2, 2],
            widths: [Int] = [64, 128, 256, 512], classes: Int = 10
        ) {
            self.channels = channels
            self.stem = stem
            self.block = block
            self.depths = depths
            self.widths = widths
            self.classes = classes
        }

        public init() { self.init(channels: 3) }

        public static func resnet18(classes: Int = 10, stem: Stem = .cifar) -> Config {
            Config(stem: stem, classes: classes)
        }
        public static func resnet34(classes: Int = 1000, stem: Stem = .imagenet) -> Config {
            Config(stem: stem, depths: [3, 4, 6, 3], classes: classes)
        }
        public static func resnet50(classes: Int = 1000, stem: Stem = .imagenet) -> Config {
            Config(stem: stem, block: .bottleneck, depths: [3, 4, 6, 3], classes: classes)
        }
        public static func resnet101(classes: Int = 1000, stem: Stem = .imagenet) -> Config {
            Config(stem: stem, block: .bottleneck, depths: [3, 4, 23, 3], classes: classes)
        }
        public static func resnet152(classes: Int = 1000, stem: Stem = .imagenet) -> Config {
            Config(stem: stem, block: .bottleneck, depths: [3, 8, 36, 3], classes: classes)
        }
        /// Small enough for a test.
        public static func tiny(block: Block = .basic) -> Config {
            Config(block: block, depths: [1, 1], widths: [4, 6], classes: 3)
        }

        public static var architecture: String { "resnet" }
        public static var summary: String { "residual network" }

        public static var fields: [ConfigField<Config>] {
            [
                .integer("channels", \.channels), .choice("stem", \.stem), .choice("block", \.block),
                .integers("depths", \.depths), .integers("widths", \.widths),
                .integer("classes", \.classes, atLeast: 0),
            ]
        }

        public var problems: [Phrase] {
            depths.isEmpty || depths.count != widths.count
                ? [
                    Phrase(
                        "'depths' and 'widths' need one number for each stage, and as many of one as of the other",
                        "'depths' 与 'widths' 须为每个阶段各给一个数，且个数相同")
                ] : []
        }

        public func model(from source: inout ParameterSource) -> ResNet { ResNet(self, from: &source) }

        public func adapted(image: [Int], channels: Int, classes: Int) -> Config {
            var config = self
            (config.channels, config.classes) = (channels, classes)
            config.stem = image.allSatisfy { $0 > 64 } ? .imagenet : .cifar
            return config
        }
    }

    public let config: Config
    public let stem: NormalizedConvolution
    public let stages: [[ResidualBlock]]
    /// nil without classes.
    public let head: Linear?

    public init(_ config: Config = Config(), from source: inout ParameterSource) {
        precondition(config.problems.isEmpty, "ResNet: \(config.problems.joined().english)")
        self.config = config
        var channels = config.widths[0]
        stem = NormalizedConvolution(
            config.channels, channels, kernel: config.stem == .imagenet ? 7 : 3, stride: config.stem == .cifar ? 1 : 2,
            from: &source)
        var stages: [[ResidualBlock]] = []
        for (stage, (depth, width)) in zip(config.depths, config.widths).enumerated() {
            stages.append(
                (0..<depth).map { place in
                    let block = ResidualBlock(
                        config.block, inputs: channels, width: width, stride: stage > 0 && place == 0 ? 2 : 1,
                        from: &source)
                    channels = width * config.block.expansion
                    return block
                })
        }
        self.stages = stages
        head = config.classes > 0 ? Linear(channels, config.classes, from: &source) : nil
    }

    /// `[batch, height, width, channels]` to `[batch, classes]`, or without classes to the features of the last stage.
    public func callAsFunction(_ x: Tensor) -> Tensor { answer(fromMaps: maps(of: x)) }

    /// What the last stage makes of images, `[batch, height, width, channels]` of its size.
    public func maps(of x: Tensor) -> Tensor {
        var x = stem(x).relu()
        if config.stem == .imagenet { x = MaxPool([3, 3], strides: [2, 2], padding: 1)(x) }
        for block in stages.joined() { x = block(x) }
        return x
    }

    /// What follows from ``maps(of:)``.
    public func answer(fromMaps maps: Tensor) -> Tensor {
        let features = GlobalAveragePool()(maps)
        return head.map { $0(features) } ?? features
    }
}

/// A convolution without bias and the batch normalisation that makes one useless.
public struct NormalizedConvolution: Layer {
    public let convolution: Convolution
    public let norm: BatchNorm

    init(_ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, from source: inout ParameterSource) {
        convolution = Convolution(
            .init(
                inputs: inputs, outputs: outputs, kernel: [kernel, kernel], strides: [stride],
                padding: .symmetric([kernel / 2]), hasBias: false,
                weightInitializer: .kaiming(.normal, fan: .output)), from: &source)
        norm = BatchNorm(.init(channels: outputs), from: &source)
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { norm(convolution(x)) }
}

/// Convolutions whose result is added to their input, or to what a 1×1 convolution makes of it where the shapes differ.
public struct ResidualBlock: Layer {
    public let convolutions: [NormalizedConvolution]
    public let shortcut: NormalizedConvolution?

    init(
        _ block: ResNet.Config.Block, inputs: Int, width: Int, stride: Int, from source: inout ParameterSource
    ) {
        let outputs = width * block.expansion
        convolutions =
            switch block {
            case .basic:
                [
                    NormalizedConvolution(inputs, width, kernel: 3, stride: stride, from: &source),
                    NormalizedConvolution(width, outputs, kernel: 3, from: &source),
                ]
            case .bottleneck:
                [
                    NormalizedConvolution(inputs, width, kernel: 1, from: &source),
                    NormalizedConvolution(width, width, kernel: 3, stride: stride, from: &source),
                    NormalizedConvolution(width, outputs, kernel: 1, from: &source),
                ]
            }
        shortcut =
            stride != 1 || inputs != outputs
            ? NormalizedConvolution(inputs, outputs, kernel: 1, stride: stride, from: &source) : nil
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        var y = x
        for convolution in convolutions.dropLast() { y = convolution(y).relu() }
        y = convolutions[convolutions.count - 1](y)
        return (y + (shortcut.map { $0(x) } ?? x)).relu()
    }
}
