public import WrightRuntime

/// What was read and what was left out, and why. Nothing that touches data may leave something out without it.
public struct DropReport: Hashable, Sendable, CustomStringConvertible {
    /// One cause of leaving something out, and where it was met.
    public struct Reason: Hashable, Sendable {
        /// For example "with 3 fields instead of 4".
        public let phrase: Phrase
        public internal(set) var count = 0
        /// The first few places, for example "train.csv, line 17".
        public internal(set) var placePhrases: [Phrase] = []

        /// In English.
        public var text: String { phrase.english }
        public var places: [String] { placePhrases.map(\.english) }

        init(_ phrase: Phrase) { self.phrase = phrase }
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

    public mutating func drop(_ reason: Phrase, at place: Phrase) { drop(reason) { place } }

    /// ``drop(_:at:)`` of a place that needs no words but "line" and a number.
    public mutating func drop(_ reason: Phrase, at place: String) { drop(reason) { .place(place) } }

    /// The words of a place are made only where it is kept.
    private mutating func drop(_ reason: Phrase, _ place: () -> Phrase) {
        let index = index(of: reason)
        reasons[index].count += 1
        if reasons[index].placePhrases.count < Self.placesKept { reasons[index].placePhrases.append(place()) }
    }

    /// The index of a reason among ``reasons``, where it is put if it is new.
    private mutating func index(of reason: Phrase) -> Int {
        if let index = reasons.firstIndex(where: { $0.phrase == reason }) { return index }
        reasons.append(Reason(reason))
        return reasons.count - 1
    }

    /// Adds what another part of the same data reported.
    public mutating func add(_ other: DropReport) {
        kept += other.kept
        addDropped(other)
    }

    /// Adds only what an earlier stage dropped: what it kept is judged once more. With `file` its name stands before places.
    package mutating func addDropped(_ other: DropReport, in file: String? = nil) {
        for var reason in other.reasons {
            if let file { reason.placePhrases = reason.placePhrases.map { Phrase("\(file), ", "\(file)，") + $0 } }
            let index = index(of: reason.phrase)
            reasons[index].count += reason.count
            reasons[index].placePhrases += reason.placePhrases.prefix(
                Self.placesKept - reasons[index].placePhrases.count)
        }
    }

    /// A sentence, for example "Kept 8 of 10 rows; dropped 2: 2 with an empty label (train.csv, line 3; …)."
    public var description: String {
        let total = kept + dropped
        guard total > 0 else { return "There is no \(unit)." }
        guard dropped > 0 else { return "Kept all \(amount(kept))." }
        let parts = reasons.map { reason in
            let more = reason.count > reason.places.count ? "; …" : ""
            return "\(reason.count) \(reason.text) (\(reason.places.joined(separator: "; "))\(more))"
        }
        return "Kept \(kept) of \(amount(total)); dropped \(dropped): \(parts.joined(separator: ", "))."
    }

    /// The same in every language.
    public var phrase: Phrase {
        let word = ["row": "行", "line": "行", "image": "张", "pair": "对"][unit] ?? "个"
        guard kept + dropped > 0 else { return Phrase(description, "没有任何内容。") }
        guard dropped > 0 else { return Phrase(description, "全部 \(kept) \(word)均已使用。") }
        let parts = reasons.map { reason in
            let more = reason.count > reason.placePhrases.count ? "；…" : ""
            let places = reason.placePhrases.map(\.chinese).joined(separator: "；")
            return "\(reason.count) \(word)\(reason.phrase.chinese)（\(places)\(more)）"
        }
        return Phrase(
            description,
            "共 \(kept + dropped) \(word)，使用 \(kept) \(word)；舍弃 \(dropped) \(word)：\(parts.joined(separator: "，"))。")
    }

    public var json: JSON {
        [
            "unit": .string(unit), "kept": .integer(Int64(kept)), "dropped": .integer(Int64(dropped)),
            "reasons": .array(
                reasons.map {
                    [
                        "reason": .string($0.text), "reason_zh": .string($0.phrase.chinese),
                        "count": .integer(Int64($0.count)), "places": .array($0.places.map { .string($0) }),
                        "places_zh": .array($0.placePhrases.map { .string($0.chinese) }),
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
            var reason = Reason(Phrase(text, item["reason_zh"]?.string ?? text))
            reason.count = Int(count)
            let chinese = (item["places_zh"]?.array ?? []).compactMap(\.string)
            reason.placePhrases = places.compactMap(\.string).enumerated().map { index, place in
                chinese.indices.contains(index) ? Phrase(place, chinese[index]) : .place(place)
            }
            reasons.append(reason)
        }
    }

    private func amount(_ count: Int) -> String { "\(count) \(unit)\(count == 1 ? "" : "s")" }
}

extension DropReport: MessageArgument {}

/// Reasons that several readers have.
extension Phrase {
    static let withoutLabel = Phrase("without a label", "没有标签")
    package static let ofUnknownClass = Phrase("of a class that is not known", "类别未知")
    package static let withoutValue = Phrase("without a value", "没有值")
    package static let withoutNumber = Phrase("without a number", "没有数值")

    static func withoutNumber(in column: String) -> Phrase { withoutNumber.inColumn(column) }

    /// What is wrong, and the column that it is in.
    package func inColumn(_ name: String) -> Phrase { self + Phrase(" in \(name.readable)", "（列 \(name.readable)）") }

    /// A place of a file whose only word is "line": `train.csv, line 17`.
    package static func place(_ text: String) -> Phrase {
        Phrase(text, text.replacing(#/(, )?line (\d+)/#) { ($0.1 == nil ? "" : "，") + "第 \($0.2) 行" })
    }
}
