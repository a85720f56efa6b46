public import WrightNN
public import WrightRuntime

/// Every architecture by name, so that a saved model can be rebuilt from data alone: no code is read from a file.
///
/// A description is `{"architecture": "convnet", "settings": {"filters": [16, 32]}}`; settings left out are at their
/// defaults. A preset's name stands for an architecture with some settings: `resnet18`.
public enum Catalog {
    /// The architectures: the one list.
    static let architectures: [any ModelConfig.Type] = [
        MLP.Config.self, TabularResNet.Config.self, FTTransformer.Config.self, ConvNet.Config.self, ResNet.Config.self,
        LSTMClassifier.Config.self, TextCNN.Config.self, LSTMLanguageModel.Config.self,
        TransformerClassifier.Config.self, GPT.Config.self,
        Translator.Config.self,
    ]

    /// Architectures with some settings, by their usual names.
    static let presets: [(name: String, config: any ModelConfig)] = [
        ("lenet5", ConvNet.Config(filters: [6, 16], kernel: 5, hidden: [120, 84], activation: .tanh)),
        ("cifar-cnn", ConvNet.Config.cifar()),
        ("resnet18", ResNet.Config.resnet18()), ("resnet34", ResNet.Config.resnet34()),
        ("resnet50", ResNet.Config.resnet50()), ("resnet101", ResNet.Config.resnet101()),
        ("resnet152", ResNet.Config.resnet152()),
        ("gpt-mini", GPT.Config(vocabulary: 65, places: 128, layers: 6, dimension: 192, heads: 6)),
    ]

    /// The names that ``config(named:)`` knows, with what they are.
    public static var names: [(name: String, summary: String)] {
        architectures.map { ($0.architecture, $0.summary) }
            + presets.map { ($0.name, type(of: $0.config).summary) }
    }

    /// The names of networks that read this.
    public static func names(reading input: ModelInput) -> [(name: String, summary: String)] {
        architectures.filter { $0.input == input }.map { ($0.architecture, $0.summary) }
            + presets.filter { type(of: $0.config).input == input }.map { ($0.name, type(of: $0.config).summary) }
    }

    /// The settings that an architecture or a preset stands for.
    public static func config(named name: String) throws(ModelConfigError) -> any ModelConfig {
        if let preset = presets.first(where: { $0.name == name }) { return preset.config }
        return try architecture(name).init()
    }

    /// The settings that a description holds.
    public static func config(_ description: JSON) throws(ModelConfigError) -> any ModelConfig {
        guard let object = description.object, let name = object["architecture"]?.string else {
            throw ModelConfigError(
                [
                    Phrase("a description needs \"architecture\": one of ", "描述中缺少 \"architecture\"，应为以下之一：")
                        + architectures.map { $0.architecture }.phrase
                ], in: "?")
        }
        let architecture = try architecture(name)
        let extra = object.map(\.key).filter { $0 != "architecture" && $0 != "settings" }
        guard extra.isEmpty else {
            throw ModelConfigError(
                extra.map {
                    Phrase(
                        "unknown key '\($0)' beside \"architecture\" and \"settings\"",
                        "除 \"architecture\" 和 \"settings\" 外有未知的键 '\($0)'")
                }, in: name)
        }
        return try architecture.init(json: object["settings"] ?? [:])
    }

    /// What ``config(_:)`` reads back.
    public static func description(of config: some ModelConfig) -> JSON {
        ["architecture": .string(type(of: config).architecture), "settings": config.json]
    }

    /// A new model from its settings.
    public static func module(_ config: some ModelConfig, from source: inout ParameterSource) -> any Module {
        config.model(from: &source)
    }

    /// A new model that reads one tensor. Traps on settings of one that reads ``ModelInput/pairs``.
    public static func model(_ config: some ModelConfig, from source: inout ParameterSource) -> any Layer {
        guard let layer = config.model(from: &source) as? any Layer else {
            preconditionFailure(
                "Catalog: a model of \(type(of: config).input.words.english) reads more than one tensor; use module")
        }
        return layer
    }

    private static func architecture(_ name: String) throws(ModelConfigError) -> any ModelConfig.Type {
        if let found = architectures.first(where: { $0.architecture == name }) { return found }
        throw ModelConfigError(
            [Phrase("there is no such architecture; there are ", "没有这种网络；可用的有 ") + names.map(\.name).phrase], in: name)
    }
}
