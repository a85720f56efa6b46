import WrightData
import WrightRuntime
import WrightTrain

/// The values that a search chooses from: a dimension for each setting, in which every value has a place from 0 to 1.
struct TuneSpace {
    struct Dimension {
        var path: String
        var range: TuneRange
    }

    let dimensions: [Dimension]

    /// In the order of the names, so that the same space is searched the same way.
    init(_ ranges: [String: TuneRange]) {
        dimensions = ranges.sorted { $0.key < $1.key }.map { Dimension(path: $0.key, range: $0.value) }
    }

    /// The values at some places.
    func settings(at places: [Double]) -> JSON.Object {
        zip(dimensions, places).reduce(into: JSON.Object()) { $0[$1.0.path] = $1.0.range.value(at: $1.1) }
    }

    /// The places of values; nil when one is not in the space.
    func places(of settings: JSON.Object) -> [Double]? {
        let places = dimensions.compactMap { dimension in settings[dimension.path].flatMap(dimension.range.place) }
        return places.count == dimensions.count ? places : nil
    }

    /// Places by lot.
    func draw(_ random: inout KeyedRandom) -> [Double] { dimensions.map { _ in random.uniform() } }

    /// Ranges that suit what most of a task's work is.
    static func usual(for config: TaskConfig) -> [String: TuneRange] {
        func numbers(_ values: Int...) -> TuneRange { .choice(values.map { .integer(Int64($0)) }) }
        let common: [String: TuneRange] = [
            "train.weight_decay": .log(low: 0.001, high: 0.3),
            "model.dropout": .range(low: 0, high: 0.6, step: 0.1),
        ]
        let own: [String: TuneRange]
        switch config.work {
        case .numbers:
            own = [
                "train.learning_rate": .log(low: 0.0005, high: 0.01), "model.hidden": numbers(32, 64, 128, 192),
                "model.layers": numbers(1, 2, 3), "model.frequencies": numbers(0, 8, 16, 32),
                "model.category_dimension": numbers(4, 8, 16), "model.network": .choice(["mlp", "resnet"]),
            ]
        case .texts:
            own = [
                "train.learning_rate": .log(low: 0.0003, high: 0.005), "model.word_dimension": numbers(100, 200, 300),
                "model.filters": numbers(50, 100, 200),
            ]
        case .pictures:
            own = [
                "train.learning_rate": .log(low: 0.0005, high: 0.01), "model.blocks": numbers(1, 2),
                "model.channels": .choice([[16, 32, 64], [32, 64, 128], [64, 128, 256]]),
            ]
        case .sequences:
            own = [
                "train.learning_rate": .log(low: 0.0005, high: 0.01), "model.memory": numbers(64, 128, 256),
                "model.item_dimension": numbers(32, 64, 128),
            ]
        case .series:
            // Linear forecasters have nothing to drop out.
            return [
                "train.learning_rate": .log(low: 0.0001, high: 0.01), "train.batch_size": numbers(16, 32, 64),
                "train.weight_decay": .log(low: 0.001, high: 0.3),
                "model.forecaster": .choice(Forecaster.Kind.allCases.map { .string($0.rawValue) }),
            ]
        }
        return common.merging(own) { $1 }
    }
}

extension TuneRange {
    /// How many values there are; nil for more than can be counted.
    var count: Int? {
        switch self {
        case .choice(let values): values.count
        case .range(let low, let high, let step?): Int(((high - low) / step + 1e-9).rounded(.down)) + 1
        case .range, .log: nil
        }
    }

    /// The value at a place from 0 to below 1. Numbers have four digits: more decide nothing, and files stay legible.
    func value(at place: Double) -> JSON {
        let index = count.map { min(Int(place * Double($0)), $0 - 1) } ?? 0
        switch self {
        case .choice(let values): return values[index]
        case .range(let low, _, let step?):
            let value = low + Double(index) * step
            let isWhole = low == low.rounded() && step == step.rounded()
            return isWhole ? .integer(Int64(value)) : .number(Self.rounded(value))
        case .range(let low, let high, nil): return .number(Self.rounded(low + place * (high - low)))
        case .log(let low, let high):
            let (start, end) = (SystemCalls.naturalLogarithm(low), SystemCalls.naturalLogarithm(high))
            return .number(Self.rounded(SystemCalls.exponential(start + place * (end - start))))
        }
    }

    /// Where a value lies; nil when it is none of the range. Of values that can be counted, the middle of their stretch.
    func place(of value: JSON) -> Double? {
        switch self {
        case .choice(let values):
            return values.firstIndex(of: value).map { (Double($0) + 0.5) / Double(values.count) }
        case .range(let low, let high, let step):
            guard let number = value.double, (low...high).contains(number) else { return nil }
            guard let step, let count else { return (number - low) / (high - low) }
            return (((number - low) / step).rounded() + 0.5) / Double(count)
        case .log(let low, let high):
            guard let number = value.double, number > 0 else { return nil }
            let start = SystemCalls.naturalLogarithm(low)
            let place = (SystemCalls.naturalLogarithm(number) - start) / (SystemCalls.naturalLogarithm(high) - start)
            // Rounding to four digits may lead a little outside.
            return place > -0.001 && place < 1.001 ? min(max(place, 0), 1) : nil
        }
    }

    private static func rounded(_ value: Double) -> Double {
        guard value != 0 else { return 0 }
        let exponent = (SystemCalls.naturalLogarithm(abs(value)) / SystemCalls.naturalLogarithm(10)).rounded(.down)
        // Dividing by a power of ten gives the number that the digits are read as.
        let scale = SystemCalls.power(10, abs(3 - exponent))
        return exponent <= 3 ? (value * scale).rounded() / scale : (value / scale).rounded() * scale
    }
}
