public import WrightNN
public import WrightRuntime

/// The settings of an architecture: the schema, the defaults and the builder of its models.
public protocol ModelConfig: Sendable {
    associatedtype Model: Module

    /// The name that a saved model is rebuilt by.
    static var architecture: String { get }
    /// What it is, in a few words.
    static var summary: String { get }
    /// What its models read.
    static var input: ModelInput { get }
    /// Every setting by its name in files.
    static var fields: [ConfigField<Self>] { get }

    /// Every setting at its default.
    init()
    /// What is wrong with how the settings go together; empty if a model can be built.
    var problems: [Phrase] { get }
    /// A new model. Settings with ``problems`` trap.
    func model(from source: inout ParameterSource) -> Model
    /// The same settings for images of this size, and this many classes.
    func adapted(image: [Int], channels: Int, classes: Int) -> Self
}

extension Phrase {
    /// What is wrong when one setting, by name and value, does not divide another; nil when it does.
    static func undivided(_ part: (name: String, value: Int), _ whole: (name: String, value: Int)) -> Phrase? {
        whole.value % part.value == 0
            ? nil
            : Phrase(
                "'\(part.name)' (\(part.value)) must divide '\(whole.name)' (\(whole.value))",
                "'\(whole.name)'（\(whole.value)）必须是 '\(part.name)'（\(part.value)）的倍数")
    }

    /// What is wrong with an odd setting; nil when it is even.
    static func odd(_ name: String, _ value: Int) -> Phrase? {
        value % 2 == 0 ? nil : Phrase("'\(name)' (\(value)) must be even", "'\(name)'（\(value)）必须是偶数")
    }
}

/// The settings of a network that reads rows of numbers.
public protocol RowModelConfig: ModelConfig {
    /// Numbers in a row.
    var inputs: Int { get set }
    /// Numbers in an answer.
    var outputs: Int { get set }
}

extension RowModelConfig {
    /// An image is a row of all its numbers.
    public func adapted(image: [Int], channels: Int, classes: Int) -> Self {
        var config = self
        config.inputs = image.reduce(channels, *)
        config.outputs = classes
        return config
    }
}

/// What a model reads.
public enum ModelInput: Hashable, Sendable {
    /// Numbers: `[batch, height, width, channels]` or `[batch, columns]`.
    case numbers
    /// Whole numbers that stand for words or parts of them: `[batch, time]`.
    case tokens
    /// Two sequences of such numbers: what is read, and what is written so far.
    case pairs

    /// For people.
    public var words: Phrase {
        switch self {
        case .numbers: Phrase("images or rows of numbers", "图像或数值行")
        case .tokens: Phrase("texts", "文本")
        case .pairs: Phrase("pairs of texts", "成对文本")
        }
    }
}

extension ModelConfig {
    public static var input: ModelInput { .numbers }
    public var problems: [Phrase] { [] }

    /// The settings as they stand in a file.
    public var json: JSON {
        var object = JSON.Object()
        for field in Self.fields { object[field.name] = field.read(self) }
        return .object(object)
    }

    /// Settings from a file: what it leaves out stays at its default.
    ///
    /// - Throws: ``ModelConfigError`` with every unknown name, every value of a wrong type and every ``problems``.
    public init(json: JSON) throws(ModelConfigError) {
        self.init()
        guard let object = json.object else {
            throw ModelConfigError(
                [Phrase("the settings must be an object of names and values", "设置必须是由名字和值组成的对象")], in: Self.architecture
            )
        }
        var found: [Phrase] = []
        let known = Self.fields.map(\.name)
        for (key, value) in object {
            guard let field = Self.fields.first(where: { $0.name == key }) else {
                found.append(
                    Phrase("there is no setting '\(key)'; there are ", "没有设置 '\(key)'；可用的有 ") + known.sorted().phrase)
                continue
            }
            if let problem = field.write(&self, value) {
                found.append(
                    Phrase("'\(key)' must be ", "'\(key)' 应为") + problem
                        + Phrase(", not \(value.text())", "，而不是 \(value.text())"))
            }
        }
        if found.isEmpty { found = problems }
        guard found.isEmpty else { throw ModelConfigError(found, in: Self.architecture) }
    }
}

/// Everything that is wrong with the description of a model.
public struct ModelConfigError: CataloguedError, Hashable, Sendable {
    public var architecture: String
    public var problems: [Phrase]

    public init(_ problems: [Phrase], in architecture: String) {
        self.architecture = architecture
        self.problems = problems
    }

    public var message: Message { Message(.modelSettings, architecture, problems.joined()) }
}

/// One setting: its name in files, and how it is read from and written into a config.
public struct ConfigField<Config>: Sendable {
    public let name: String
    let read: @Sendable (Config) -> JSON
    /// Sets the value, or says what it must be.
    let write: @Sendable (inout Config, JSON) -> Phrase?

    /// A whole number.
    public static func integer(
        _ name: String, _ path: any WritableKeyPath<Config, Int> & Sendable, atLeast least: Int = 1
    ) -> ConfigField {
        ConfigField(name: name, read: { .integer(Int64($0[keyPath: path])) }) { config, json in
            guard let value = json.integer, value >= least else {
                return Phrase("a whole number of at least \(least)", "不小于 \(least) 的整数")
            }
            config[keyPath: path] = value
            return nil
        }
    }

    /// A list of whole numbers.
    public static func integers(
        _ name: String, _ path: any WritableKeyPath<Config, [Int]> & Sendable, atLeast least: Int = 1
    ) -> ConfigField {
        ConfigField(name: name, read: { .array($0[keyPath: path].map { .integer(Int64($0)) }) }) { config, json in
            guard let values = json.array?.map(\.integer), values.allSatisfy({ ($0 ?? .min) >= least }) else {
                return Phrase("a list of whole numbers of at least \(least)", "由不小于 \(least) 的整数组成的列表")
            }
            config[keyPath: path] = values.compactMap { $0 }
            return nil
        }
    }

    /// A number within a range.
    public static func number(
        _ name: String, _ path: any WritableKeyPath<Config, Double> & Sendable, in range: Range<Double>
    ) -> ConfigField {
        ConfigField(name: name, read: { .number($0[keyPath: path]) }) { config, json in
            guard let value = json.double, range.contains(value) else {
                return Phrase(
                    "a number from \(range.lowerBound) to below \(range.upperBound)",
                    "不小于 \(range.lowerBound)、小于 \(range.upperBound) 的数")
            }
            config[keyPath: path] = value
            return nil
        }
    }

    /// A list of numbers, each within a range.
    public static func numbers(
        _ name: String, _ path: any WritableKeyPath<Config, [Double]> & Sendable, in range: Range<Double>
    ) -> ConfigField {
        ConfigField(name: name, read: { .array($0[keyPath: path].map { .number($0) }) }) { config, json in
            guard let values = json.array?.map(\.double),
                values.allSatisfy({ $0.map(range.contains) ?? false })
            else {
                return Phrase(
                    "a list of numbers from \(range.lowerBound) to below \(range.upperBound)",
                    "由不小于 \(range.lowerBound)、小于 \(range.upperBound) 的数组成的列表")
            }
            config[keyPath: path] = values.compactMap { $0 }
            return nil
        }
    }

    /// True or false.
    public static func flag(_ name: String, _ path: any WritableKeyPath<Config, Bool> & Sendable) -> ConfigField {
        ConfigField(name: name, read: { .bool($0[keyPath: path]) }) { config, json in
            guard let value = json.bool else { return Phrase("true or false", " true 或 false") }
            config[keyPath: path] = value
            return nil
        }
    }

    /// One of the words of an enumeration.
    public static func choice<Choice: RawRepresentable<String> & CaseIterable & SendableMetatype>(
        _ name: String, _ path: any WritableKeyPath<Config, Choice> & Sendable
    ) -> ConfigField {
        ConfigField(name: name, read: { .string($0[keyPath: path].rawValue) }) { config, json in
            guard let value = json.string.flatMap(Choice.init(rawValue:)) else {
                return Phrase("one of ", "以下之一：") + Choice.allCases.map(\.rawValue).phrase
            }
            config[keyPath: path] = value
            return nil
        }
    }
}
