extension PersonalData {
    /// All places, from left to right, that do not overlap.
    static func matches(_ text: [Unicode.Scalar]) -> [Match] {
        var matches: [Match] = []
        var index = 0
        while index < text.count {
            let match =
                text[index] == "@" ? email(text, at: index) : numberStarts(text, index) ? number(text, at: index) : nil
            if let match, match.range.lowerBound >= matches.last?.range.upperBound ?? 0 {
                matches.append(match)
                index = match.range.upperBound
            } else if isDigit(text[index]) {
                while index < text.count, isDigit(text[index]) { index += 1 }
            } else {
                index += 1
            }
        }
        return matches
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isPart(ofName scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            || "._%+-".unicodeScalars.contains(scalar)
    }

    private static func email(_ text: [Unicode.Scalar], at sign: Int) -> Match? {
        var (start, end) = (sign, sign + 1)
        while start > 0, isPart(ofName: text[start - 1]) { start -= 1 }
        while end < text.count, isPart(ofName: text[end]), text[end] != "%", text[end] != "+" { end += 1 }
        while end > sign + 1, text[end - 1] == "." || text[end - 1] == "-" { end -= 1 }
        let domain = text[(sign + 1)..<end]
        guard start < sign, let point = domain.lastIndex(of: "."), point > sign + 1, end - point > 2,
            !domain[(point + 1)...].contains(where: isDigit)
        else { return nil }
        return Match(kind: .email, range: start..<end)
    }

    /// A number stands alone: no letter, digit or point touches it.
    private static func numberStarts(_ text: [Unicode.Scalar], _ index: Int) -> Bool {
        guard isDigit(text[index]) || text[index] == "+" || text[index] == "(" else { return false }
        return index == 0 || !touches(text[index - 1])
    }

    private static func touches(_ scalar: Unicode.Scalar) -> Bool { isPart(ofName: scalar) || scalar == "@" }

    /// Digits with at most one blank, dash or bracket between them.
    private static func number(_ text: [Unicode.Scalar], at start: Int) -> Match? {
        var digits: [Int] = []
        var groups: [Int] = []
        var (index, end) = (start, start)
        let isInternational = text[start] == "+"
        if isInternational { index += 1 }
        while index < text.count, digits.count <= 19 {
            if isDigit(text[index]) {
                if groups.isEmpty || index > end { groups.append(0) }
                digits.append(Int(text[index].value) - 0x30)
                groups[groups.count - 1] += 1
                index += 1
                end = index
            } else if " -()".unicodeScalars.contains(text[index]), index - end < 2 {
                index += 1
            } else {
                break
            }
        }
        if digits.count == 17, end < text.count, text[end] == "X" || text[end] == "x" {
            digits.append(10)
            end += 1
        }
        guard
            end == text.count || !touches(text[end])
                || text[end] == "." && (end + 1 == text.count || !isDigit(text[end + 1]))
        else { return nil }
        return kind(digits, groups, isInternational).map { Match(kind: $0, range: start..<end) }
    }

    private static func kind(_ digits: [Int], _ groups: [Int], _ isInternational: Bool) -> PersonalData? {
        if digits.count == 18, groups.count == 1, isIdentity(digits) { return .identity }
        if isInternational { return (8...15).contains(digits.count) ? .phone : nil }
        if digits.count == 11, digits[0] == 1, digits[1] >= 3, groups.count == 1 || groups == [3, 4, 4] {
            return .phone
        }
        if groups == [3, 3, 4] || groups == [3, 8] && digits[0] == 0 || groups == [4, 8] && digits[0] == 0 {
            return .phone
        }
        if (13...19).contains(digits.count), (3...6).contains(digits[0]), hasLuhnDigit(digits),
            groups.count == 1 || groups.dropLast().allSatisfy({ $0 >= 4 })
        {
            return .card
        }
        return nil
    }

    private static func hasLuhnDigit(_ digits: [Int]) -> Bool {
        let sum = digits.reversed().enumerated().reduce(0) { sum, item in
            let doubled = item.offset % 2 == 1 ? 2 * item.element : item.element
            return sum + (doubled > 9 ? doubled - 9 : doubled)
        }
        return sum % 10 == 0
    }

    private static func isIdentity(_ digits: [Int]) -> Bool {
        let year = digits[6..<10].reduce(0) { $0 * 10 + $1 }
        let (month, day) = (digits[10] * 10 + digits[11], digits[12] * 10 + digits[13])
        guard (1850...2100).contains(year), (1...12).contains(month), (1...31).contains(day),
            !digits.dropLast().contains(10)
        else { return false }
        // The weights are powers of two modulo 11, and ten is written X.
        let sum = digits.reversed().enumerated().reduce(0) { sum, item in
            sum + item.element * ((0..<item.offset).reduce(1) { power, _ in power * 2 % 11 })
        }
        return sum % 11 == 1
    }
}
