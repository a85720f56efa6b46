import WrightTrain

/// The parts that a column cuts rows into: its values where they are few, else fifths of its numbers, else thirds by the
/// length of its texts.
enum SliceColumn {
    static let missing = "(missing)"
    private static let mostValues = 30

    /// The name of each row's part.
    static func parts(_ fields: [String?]) -> [String] {
        var known = Set<String>()
        for case let field? in fields where known.count <= mostValues { known.insert(field) }
        guard known.count > mostValues else { return fields.map { $0 ?? missing } }
        let numbers = fields.map { $0.flatMap(NumberField.read) }
        let (found, present) = (numbers.count { $0 != nil }, fields.count { $0 != nil })
        guard found * 10 < present * 9 else {
            return ranges(numbers, parts: 5) { Int(exactly: $0).map(\.grouped) ?? $0.short }
        }
        // Most values come again: the frequent ones by name, and the rest together.
        let ranked = fields.ranked
        if ranked.count * 4 < present {
            let frequent = Set(ranked.prefix(mostValues).map(\.value))
            return fields.map { field in field.map { frequent.contains($0) ? $0 : "(other)" } ?? missing }
        }
        return ranges(fields.map { $0.map { Double($0.unicodeScalars.count) } }, parts: 3) { $0.fixed(0) }.map {
            $0 == missing ? $0 : "\($0) letters"
        }
    }

    /// Ranges that hold about equally many numbers, named by their first and last.
    private static func ranges(_ numbers: [Double?], parts: Int, _ text: (Double) -> String) -> [String] {
        let sorted = numbers.compactMap(\.self).sorted()
        var edges: [Double] = []
        for part in 1..<parts {
            let edge = sorted[part * sorted.count / parts]
            if edge > edges.last ?? sorted[0] { edges.append(edge) }
        }
        let bounds = [sorted[0]] + edges
        let names = bounds.indices.map { part -> String in
            let last = part + 1 < bounds.count ? sorted.last { $0 < bounds[part + 1] } ?? bounds[part] : sorted.last!
            return last == bounds[part] ? text(last) : "\(text(bounds[part])) to \(text(last))"
        }
        return numbers.map { number in
            number.map { number in names[edges.count { $0 <= number }] } ?? missing
        }
    }
}
