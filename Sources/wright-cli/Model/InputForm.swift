import Wright

/// What a model is given, and what is done to it before the first layer. Saved with the model, so that predicting does
/// exactly what training did.
struct InputForm: Sendable, Hashable {
    /// `[height, width, channels]` for images, `[columns]` for rows of a table.
    var shape: [Int]
    /// The columns of a table, in order; empty for images.
    var features: [String]
    /// The column that held the classes; nil for images.
    var target: String?
    /// For each channel or column, of pixels from 0 to 1 or of the numbers as they are.
    var normalisation: Normalisation

    var isImage: Bool { shape.count == 3 }

    /// float32, less the mean and divided by the deviation: written into the graph, so that batches stay bytes.
    func prepared(_ x: Tensor) -> Tensor {
        let unit: Float = x.dtype == .uint8 ? 255 : 1
        let scale = normalisation.deviations.map { 1 / ($0 * unit) }
        let offset = zip(normalisation.means, normalisation.deviations).map { -$0 / $1 }
        return x.cast(to: .float32) * Tensor(scale) + Tensor(offset)
    }

    /// Why examples of this type cannot be given to the model; nil when they can.
    func problem(with type: TensorType) -> String? {
        guard type.shape != shape else { return nil }
        return "the model expects \(isImage ? "images" : "rows") of \(Self.words(shape)), the data has "
            + Self.words(type.shape)
    }

    /// `28 × 28 × 1`.
    static func words(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " × ") }
}

extension InputForm {
    /// Measured on the data that a model is about to be trained on.
    init(measuring part: DataSource.Part, of source: DataSource, target: String?) throws {
        shape = source.inputType.shape
        features = source.features
        self.target = source.features.isEmpty ? nil : target
        normalisation = try Normalisation(measuring: part.data)
    }

    var json: JSON {
        var object = JSON.Object()
        object["kind"] = .string(isImage ? "image" : "table")
        object["shape"] = .array(shape.map { .integer(Int64($0)) })
        if !features.isEmpty { object["features"] = .array(features.map { .string($0) }) }
        if let target { object["target"] = .string(target) }
        object["means"] = .array(normalisation.means.map { .number(Double($0)) })
        object["deviations"] = .array(normalisation.deviations.map { .number(Double($0)) })
        return .object(object)
    }

    /// Reads what ``json`` wrote; nil when it is something else.
    init?(json: JSON) {
        guard let shape = json["shape"]?.array?.compactMap(\.integer), [1, 3].contains(shape.count),
            shape.allSatisfy({ $0 > 0 && $0 < 1 << 20 }),
            let means = json["means"]?.array?.compactMap(\.double), !means.isEmpty,
            let deviations = json["deviations"]?.array?.compactMap(\.double), deviations.count == means.count,
            deviations.allSatisfy({ $0 > 0 }), means.count == 1 || means.count == shape.last
        else { return nil }
        self.shape = shape
        features = json["features"]?.array?.compactMap(\.string) ?? []
        target = json["target"]?.string
        normalisation = Normalisation(means: means.map { Float($0) }, deviations: deviations.map { Float($0) })
    }
}
