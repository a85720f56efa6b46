public import WrightRuntime

/// A column of dates: the time that passes, and where in the year, the week and the day it stands.
public struct DateInput: InputFeature {
    /// How a column of dates is read.
    public struct Settings: InputSettings {
        var dayFirst = false

        public init() {}
        public static var type: String { "date" }
        public static var summary: Phrase { Phrase("dates, with or without a time", "日期，可带时间") }
        public static var settings: [Setting<Self>] {
            [
                .value(
                    "day_first", \.dayFirst, .flag,
                    Phrase(
                        "Whether 3/4/2024 is the third of April, not the fourth of March",
                        "3/4/2024 是 4 月 3 日（是）还是 3 月 4 日（否）"))
            ]
        }

        public func fit(_ fields: [String?]) throws -> DateInput {
            let dates = fields.map { $0.flatMap { DateField.read($0, dayFirst: dayFirst) } }
            let found = dates.compactMap(\.self)
            let present = fields.count { $0 != nil }
            guard found.count * 2 >= present, !found.isEmpty else {
                throw FeatureProblem(
                    .notDates, present - found.count, present,
                    fields.examples { DateField.read($0, dayFirst: dayFirst) == nil })
            }
            return DateInput(
                dayFirst: dayFirst, scale: NumberScale(.standard, fitting: found.map(\.days)),
                hasTime: found.contains { $0.secondOfDay != 0 }, flagsMissing: found.count < fields.count)
        }
    }

    private let dayFirst: Bool
    private let scale: NumberScale
    private let hasTime: Bool
    private let flagsMissing: Bool

    private init(dayFirst: Bool, scale: NumberScale, hasTime: Bool, flagsMissing: Bool) {
        self.dayFirst = dayFirst
        self.scale = scale
        self.hasTime = hasTime
        self.flagsMissing = flagsMissing
    }

    private var plainCount: Int { 4 + (hasTime ? 2 : 0) + (flagsMissing ? 1 : 0) }
    public var shape: InputShape { InputShape(continuous: 1, plain: plainCount) }

    public func encode(_ fields: [String?]) -> EncodedInput {
        let dates = fields.map { $0.flatMap { DateField.read($0, dayFirst: dayFirst) } }
        var plain: [Float] = []
        plain.reserveCapacity(fields.count * plainCount)
        for date in dates {
            let turns = date.map { [$0.shareOfYear, $0.shareOfWeek] + (hasTime ? [$0.shareOfDay] : []) }
            for turn in turns ?? [] {
                let (sine, cosine) = Circle.point(turn)
                plain += [Float(sine), Float(cosine)]
            }
            if turns == nil { plain += [Float](repeating: 0, count: hasTime ? 6 : 4) }
            if flagsMissing { plain.append(date == nil ? 1 : 0) }
        }
        return EncodedInput(continuous: dates.map { $0.map { scale($0.days) } ?? 0 }, plain: plain)
    }

    public func unread(_ fields: [String?]) -> [String] {
        fields.compactMap(\.self).filter { DateField.read($0, dayFirst: dayFirst) == nil }
    }

    public var state: JSON {
        [
            "day_first": .bool(dayFirst), "scale": scale.json, "has_time": .bool(hasTime),
            "flags_missing": .bool(flagsMissing),
        ]
    }

    public init(_ state: FeatureState) throws {
        dayFirst = try state.flag("day_first")
        scale = try NumberScale(state, "scale")
        hasTime = try state.flag("has_time")
        flagsMissing = try state.flag("flags_missing")
    }
}
