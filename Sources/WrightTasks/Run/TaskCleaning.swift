import WrightData
import WrightRuntime
import WrightTrain

/// Follows a task's cleaning rules, row after row, and counts what they did.
struct TaskCleaning {
    /// How many fields a rule changed.
    struct Change: Hashable, Sendable {
        var column: String
        var rule: String
        var count: Int
    }

    private let maps: [(column: Int, values: [String: String?])]
    private let redacted: [Int]
    private let needed: [Int]
    private let limits: [(column: Int, limits: CleaningConfig.Limits)]
    private let names: [String]
    private var seen: Set<[UInt64]>?
    private var mapped: [Int: Int] = [:]
    private var hidden: [Int: Int] = [:]

    /// Columns that are not there have no rules. `dropsRows` is false where every row needs an answer.
    init(_ config: CleaningConfig, columns: [String], dropsRows: Bool) {
        names = columns
        func place(_ name: String) -> Int? { columns.firstIndex(of: name) }
        maps = config.map.sorted { $0.key < $1.key }.compactMap { name, values in
            place(name).map { ($0, values.mapValues { $0.isEmpty ? nil : $0 }) }
        }
        redacted = config.redact.compactMap(place)
        needed = dropsRows ? config.dropMissing.compactMap(place) : []
        limits =
            dropsRows
            ? config.range.sorted { $0.key < $1.key }.compactMap { name, limits in place(name).map { ($0, limits) } }
            : []
        seen = dropsRows && config.dropDuplicates ? [] : nil
    }

    /// Changes the fields of a row; gives the reason when the row is to be left out.
    mutating func clean(_ fields: inout [String?]) -> Phrase? {
        for (column, values) in maps {
            guard let field = fields[column], let value = values[field] else { continue }
            fields[column] = value
            mapped[column, default: 0] += 1
        }
        for column in redacted {
            guard let field = fields[column] else { continue }
            let text = PersonalData.redacted(field)
            if text != field {
                fields[column] = text
                hidden[column, default: 0] += 1
            }
        }
        if let column = needed.first(where: { fields[$0] == nil }) {
            return .withoutValue.inColumn(names[column])
        }
        for (column, limits) in limits {
            guard let number = fields[column].flatMap(NumberField.read) else { continue }
            let name = names[column].readable
            if let low = limits.low, number < low {
                return Phrase("with a \(name) below \(Self.text(low))", "\(name) 小于 \(Self.text(low))")
            }
            if let high = limits.high, number > high {
                return Phrase("with a \(name) above \(Self.text(high))", "\(name) 大于 \(Self.text(high))")
            }
        }
        guard seen != nil else { return nil }
        // Two numbers of 64 bits: that two different rows share both will not be met.
        var key: [UInt64] = [0, 1]
        for index in key.indices {
            for field in fields { key[index] = stableHash(field ?? "\u{0}", salt: key[index]) }
        }
        return seen!.insert(key).inserted ? nil : Phrase("that are the same as an earlier one", "与先前的行相同")
    }

    private static func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? number.short }

    /// What was changed up to now.
    var changes: [Change] {
        func list(_ counts: [Int: Int], _ rule: String) -> [Change] {
            counts.sorted { $0.key < $1.key }.map { Change(column: names[$0.key], rule: rule, count: $0.value) }
        }
        return list(mapped, "mapped") + list(hidden, "redacted")
    }
}
