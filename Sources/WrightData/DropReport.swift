public import WrightRuntime

/// What was read and what was left out, and why. Nothing that touches data may leave something out without it.
public struct DropReport: Hashable, Sendable, CustomStringConvertible {
    /// One cause of leaving something out, and where it was met.
    public struct Reason: Hashable, Sendable {
        /// For example "with 3 fields instead of 4".
        public let text: String
        public internal(set) var count = 0
        /// The first few places, for example "train.csv, line 17".
        public internal(set) var places: [String] = []
    }

    /// So many places are kept for each reason.
    public static let placesKept = 5

    /// What is counted, in the singular: "row", "image".
    public let unit: String
    public private(set) var kept = 0
    /// In the order in which they first occurred.
    public private(set) var reasons: [Reason] = []

    public init(unit: String) { self.unit = unit }

    public var dropped: Int { reasons.reduce(0) { $0 + $1.count } }

    public mutating func keep(_ count: Int = 1) { kept += count }

    /// Counts what was kept anew: a later stage judges it once more.
    mutating func forgetKept() { kept = 0 }

    public mutating func drop(_ reason: String, at place: String) {
        var index = reasons.firstIndex { $0.text == reason }
        if index == nil {
            reasons.append(Reason(text: reason))
            index = reasons.count - 1
        }
        reasons[index!].count += 1
        if reasons[index!].places.count < Self.placesKept { reasons[index!].places.append(place) }
    }

    /// Adds what another part of the same data reported.
    public mutating func add(_ other: DropReport) {
        kept += other.kept
        addDropped(other)
    }

    /// Adds only what an earlier stage dropped: what it kept is judged once more. With `file` its name stands before places.
    package mutating func addDropped(_ other: DropReport, in file: String? = nil) {
        for var reason in other.reasons {
            if let file { reason.places = reason.places.map { "\(file), \($0)" } }
            let index = reasons.firstIndex { $0.text == reason.text } ?? reasons.count
            if index == reasons.count { reasons.append(Reason(text: reason.text)) }
            reasons[index].count += reason.count
            reasons[index].places += reason.places.prefix(Self.placesKept - reasons[index].places.count)
        }
    }

    /// A sentence, for example "Kept 8 of 10 rows; dropped 2: 2 with an empty label (train.csv, line 3; …)."
    public var description: String {
        let total = kept + dropped
        guard dropped > 0 else { return "Kept all \(amount(kept))." }
        let parts = reasons.map { reason in
            let more = reason.count > reason.places.count ? "; …" : ""
            return "\(reason.count) \(reason.text) (\(reason.places.joined(separator: "; "))\(more))"
        }
        return "Kept \(kept) of \(amount(total)); dropped \(dropped): \(parts.joined(separator: ", "))."
    }

    /// The same in every language; what a reason says of a row stays as it is.
    public var phrase: Phrase {
        guard dropped > 0 else { return Phrase(description, "全部 \(kept) 个样本均已使用。") }
        let parts = reasons.map { reason in
            let more = reason.count > reason.places.count ? "；…" : ""
            let places = reason.places.map { $0.replacing(#/line (\d+)/#) { "第 \($0.1) 行" }.replacing(", ", with: "，") }
            return "\(reason.count) 个 \(reason.text)（\(places.joined(separator: "；"))\(more)）"
        }
        return Phrase(
            description, "共 \(kept + dropped) 个，使用 \(kept) 个；舍弃 \(dropped) 个：\(parts.joined(separator: "，"))。")
    }

    public var json: JSON {
        [
            "unit": .string(unit), "kept": .integer(Int64(kept)), "dropped": .integer(Int64(dropped)),
            "reasons": .array(
                reasons.map {
                    [
                        "reason": .string($0.text), "count": .integer(Int64($0.count)),
                        "places": .array($0.places.map { .string($0) }),
                    ]
                }),
        ]
    }

    /// Reads what ``json`` wrote; nil when it is something else.
    public init?(json: JSON) {
        guard let unit = json["unit"]?.string, let kept = json["kept"]?.integer, let list = json["reasons"]?.array
        else {
            return nil
        }
        self.init(unit: unit)
        self.kept = kept
        for item in list {
            guard let text = item["reason"]?.string, let count = item["count"]?.integer,
                let places = item["places"]?.array
            else { return nil }
            reasons.append(Reason(text: text, count: count, places: places.compactMap(\.string)))
        }
    }

    private func amount(_ count: Int) -> String { "\(count) \(unit)\(count == 1 ? "" : "s")" }
}

extension DropReport: MessageArgument {}
