import WrightData

/// Numbers as tables of people have them: `12`, `-1.5e3`, `1,234.50`, `$ 99`, `12 %`.
enum NumberField {
    /// nil for what is no number. A percentage is the number before its sign.
    static func read(_ field: String) -> Double? {
        if let value = Double(decimal: field) { return value }
        var scalars = field.unicodeScalars.filter { $0 != " " && $0 != "\u{A0}" && $0 != "_" }
        let signs: [Unicode.Scalar] = ["$", "€", "£", "¥", "￥"]
        let isNegative = scalars.first == "-"
        if isNegative { scalars.removeFirst() }
        if let first = scalars.first, signs.contains(first) { scalars.removeFirst() }
        if let last = scalars.last, last == "%" || signs.contains(last) { scalars.removeLast() }
        let parts = scalars.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first else { return nil }
        let groups = whole.split(separator: ",", omittingEmptySubsequences: false)
        // Commas stand before groups of three digits only.
        guard groups.count == 1 || (1...3).contains(groups[0].count) && groups.dropFirst().allSatisfy({ $0.count == 3 })
        else { return nil }
        let digits =
            groups.map { String(String.UnicodeScalarView($0)) }.joined()
            + (parts.count == 2 ? "." + String(String.UnicodeScalarView(parts[1])) : "")
        return Double(decimal: digits).map { isNegative ? -$0 : $0 }
    }
}
