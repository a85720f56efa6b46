import WrightData
import WrightRuntime

/// Numbers as tables of people have them: `12`, `-1.5e3`, `1,234.50`, `1 234`, `$ 99`, `12 %`, `USD 5`, `8.5万`, `(1,200)`.
enum NumberField {
    /// What stands before the part of a number that is less than one.
    enum Mark: String, CaseIterable, Sendable {
        /// `1,234.5`
        case point
        /// `1.234,5`
        case comma

        /// What a fitted feature has as `decimal`; older ones have nothing, and points.
        init(_ state: FeatureState) throws(FileError) {
            guard state.json["decimal"] != nil else {
                self = .point
                return
            }
            self = try state.member("decimal", Phrase("one of ", "以下之一：") + Self.allCases.map(\.rawValue).phrase) {
                $0.string.flatMap(Self.init)
            }
        }
    }

    /// Before or behind a number.
    private static let currencies = [
        "US$", "HK$", "CN¥", "$", "€", "£", "¥", "￥", "₹", "USD", "EUR", "GBP", "CNY", "RMB", "JPY", "CHF", "HKD",
    ]
    private static let units: [(sign: String, factor: Double)] = [
        ("%", 1), ("％", 1), ("万元", 1e4), ("亿元", 1e8), ("元", 1), ("円", 1), ("万", 1e4), ("亿", 1e8),
    ]
    private static let blanks: Set<Unicode.Scalar> = [" ", "\u{A0}", "\u{202F}"]

    /// With a point before the part that is less than one.
    static func read(_ field: String) -> Double? { read(field, decimal: .point) }

    /// nil for what is no number. A percentage is the number before its sign; brackets stand for a minus.
    static func read(_ field: String, decimal: Mark) -> Double? {
        if decimal == .point, let value = Double(decimal: field) { return value }
        // Most fields that are no number say so at once.
        guard field.utf8.count <= 64, field.utf8.contains(where: { 0x30...0x39 ~= $0 }) else { return nil }
        var rest = trimmed(Substring(field))
        var isNegative = false
        if rest.first == "(", rest.last == ")" {
            rest = trimmed(rest.dropFirst().dropLast())
            isNegative = true
        } else if rest.first == "-" || rest.first == "−" {
            rest = trimmed(rest.dropFirst())
            isNegative = true
        }
        if let sign = currencies.first(where: rest.hasPrefix) {
            rest = trimmed(rest.dropFirst(sign.count))
        } else if let sign = currencies.first(where: rest.hasSuffix) {
            rest = trimmed(rest.dropLast(sign.count))
        }
        var factor = 1.0
        if let unit = units.first(where: { rest.hasSuffix($0.sign) }) {
            factor = unit.factor
            rest = trimmed(rest.dropLast(unit.sign.count))
        }
        return plain(rest, decimal).map { (isNegative ? -$0 : $0) * factor }
    }

    /// Digits in groups of three, where there are groups, and what follows the mark.
    private static func plain(_ text: Substring, _ decimal: Mark) -> Double? {
        let (mark, other): (Character, Character) = decimal == .point ? (".", ",") : (",", ".")
        let parts = text.split(separator: mark, omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first else { return nil }
        let groups = whole.split(omittingEmptySubsequences: false) { character in
            character == other || character == "'" || character == "’"
                || character.unicodeScalars.allSatisfy(blanks.contains)
        }
        guard
            groups.count == 1
                || (1...3).contains(groups[0].count) && groups[0].first != "0"
                    && groups.dropFirst().allSatisfy({ $0.count == 3 })
        else { return nil }
        return Double(decimal: groups.joined() + (parts.count == 2 ? "." + parts[1] : ""))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var scalars = text.unicodeScalars
        while let first = scalars.first, blanks.contains(first) { scalars.removeFirst() }
        while let last = scalars.last, blanks.contains(last) { scalars.removeLast() }
        return Substring(scalars)
    }
}
