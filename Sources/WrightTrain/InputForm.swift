public import WrightData
public import WrightGraph
public import WrightRuntime

/// What a model is given, and what is done to it before the first layer. Saved with the model, so that predicting does
/// exactly what training did.
public struct InputForm: Sendable, Hashable {
    /// `[height, width, channels]` for images, `[columns]` for rows of a table.
    public var shape: [Int]
    /// The columns of a table, in order; empty for images.
    public var features: [String]
    /// The column that held the classes; nil for images.
    public var target: String?
    /// For each channel or column, of pixels from 0 to 1 or of the numbers as they are.
    public var normalisation: Normalisation

    public init(shape: [Int], features: [String] = [], target: String? = nil, normalisation: Normalisation) {
        self.shape = shape
        self.features = features
        self.target = target
        self.normalisation = normalisation
    }

    public var isImage: Bool { shape.count == 3 }

    /// Height and width; nothing for rows, whose columns are channels.
    public var image: [Int] { Array(shape.dropLast()) }

    /// float32, less the mean and divided by the deviation: written into the graph, so that batches stay bytes.
    public func prepared(_ x: Tensor) -> Tensor { normalisation(x) }

    /// Why examples of this type cannot be given to the model; nil when they can.
    public func problem(with type: TensorType) -> Phrase? {
        guard type.shape != shape else { return nil }
        let (expected, received) = (Self.words(shape), Self.words(type.shape))
        return Phrase(
            "the model expects \(isImage ? "images" : "rows") of \(expected), the data has \(received)",
            "模型需要 \(expected) 的\(isImage ? "图像" : "行")，数据为 \(received)")
    }

    /// `28 × 28 × 1`.
    public static func words(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " × ") }
}

extension InputForm {
    public var json: JSON {
        var object = JSON.Object()
        object["kind"] = .string(isImage ? "image" : "table")
        object["shape"] = .array(shape.map { JSON($0) })
        if !features.isEmpty { object["features"] = .array(features.map { .string($0) }) }
        if let target { object["target"] = .string(target) }
        object["means"] = .array(normalisation.means.map { .number(Double($0)) })
        object["deviations"] = .array(normalisation.deviations.map { .number(Double($0)) })
        return .object(object)
    }

    /// Reads what ``json`` wrote.
    ///
    /// - Throws: every member that is missing or something else, in words.
    public init(json: JSON) throws(Problems) {
        var problems: [Phrase] = []
        func member<Value>(_ name: String, _ what: String, _ chinese: String, _ read: (JSON) -> Value?) -> Value? {
            let value = json[name].flatMap(read)
            if value == nil {
                let received = String((json[name]?.text() ?? "nothing").prefix(80))
                problems.append(
                    Phrase("'\(name)' must be \(what), not \(received)", "'\(name)' 应为\(chinese)，而不是 \(received)"))
            }
            return value
        }
        let shape = member("shape", "1 or 3 whole numbers above zero", "1 个或 3 个大于零的整数") { json in
            json.array.flatMap { array in
                let numbers = array.compactMap(\.integer)
                let isSound = numbers.count == array.count && numbers.allSatisfy { $0 > 0 && $0 < 1 << 20 }
                return isSound && [1, 3].contains(numbers.count) ? numbers : nil
            }
        }
        let means = member("means", "a list of numbers, one or one for each channel", "数的列表：一个，或每个通道一个") { json in
            json.floats.flatMap { $0.count == 1 || $0.count == shape?.last ?? $0.count ? $0 : nil }
        }
        let deviations = member("deviations", "as many numbers above zero as there are means", "与 means 一样多的大于零的数") {
            json in
            json.floats.flatMap { $0.count == means?.count ?? $0.count && $0.allSatisfy { $0 > 0 } ? $0 : nil }
        }
        guard let shape, let means, let deviations else { throw Problems(problems: problems) }
        self.init(
            shape: shape, features: json["features"]?.array?.compactMap(\.string) ?? [], target: json["target"]?.string,
            normalisation: Normalisation(means: means, deviations: deviations))
    }

    /// What is wrong with a description.
    public struct Problems: Error, Hashable, CustomStringConvertible {
        public var problems: [Phrase]
        public var description: String { problems.joined().english }
    }
}

extension JSON {
    fileprivate var floats: [Float]? {
        guard let array, !array.isEmpty else { return nil }
        let numbers = array.compactMap(\.double).map { Float($0) }
        return numbers.count == array.count && numbers.allSatisfy(\.isFinite) ? numbers : nil
    }
}
