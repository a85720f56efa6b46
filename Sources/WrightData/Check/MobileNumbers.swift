/// Whether bare numbers are telephone numbers: a column's name need not say so, and measurements, prices, dates and keys must
/// not be taken for them. A single number says nothing; a column of them does, when nearly all have the form of a mobile
/// number somewhere and they lie apart as numbers of subscribers do, and not in a row as keys do.
enum MobileNumbers {
    /// Fewer different numbers may have the form by chance.
    private static let leastNumbers = 20
    /// Keys that are counted up lie closer together, on average, than this.
    private static let leastGap = 50

    static func fill(_ profile: ColumnProfile) -> Bool {
        let values = profile.counts.keys
        guard values.count >= leastNumbers, 2 * values.count >= profile.present else { return false }
        let found = values.filter { matches(Array($0.utf8)) }
        guard 20 * found.count >= 19 * values.count else { return false }
        let numbers = found.compactMap { Int($0) }
        guard let low = numbers.min(), let high = numbers.max() else { return false }
        return (high - low) / numbers.count >= leastGap
    }

    /// A country's calling code, the digits that its mobile numbers begin with, and how many there are behind the code
    /// (national numbering plans, ITU-T E.164).
    private static let plans: [(code: String, starts: [String], digits: ClosedRange<Int>)] = [
        ("86", ["13", "14", "15", "16", "17", "18", "19"], 11...11), ("44", ["7"], 10...10),
        ("49", ["15", "16", "17"], 10...11), ("33", ["6", "7"], 9...9), ("39", ["3"], 9...10),
        ("34", ["6", "7"], 9...9),
        ("91", ["6", "7", "8", "9"], 10...10), ("81", ["70", "80", "90"], 10...10), ("82", ["10"], 10...10),
        ("7", ["9"], 10...10), ("55", ["1", "2", "3", "4", "5", "6", "7", "8", "9"], 10...11), ("61", ["4"], 9...9),
        ("852", ["5", "6", "7", "9"], 8...8), ("886", ["9"], 9...9), ("65", ["8", "9"], 8...8), ("62", ["8"], 9...12),
    ]

    /// A mobile number without signs: Chinese, North American with or without its 1, or with a calling code.
    static func matches(_ digits: [UInt8]) -> Bool {
        guard (10...15).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        if digits.count == 11, digits[0] == UInt8(ascii: "1"), digits[1] >= UInt8(ascii: "3") { return true }
        if digits.count == 10 { return isNorthAmerican(digits[...]) }
        if digits.count == 11, digits[0] == UInt8(ascii: "1") { return isNorthAmerican(digits.dropFirst()) }
        return plans.contains { plan in
            digits.starts(with: plan.code.utf8) && plan.digits.contains(digits.count - plan.code.utf8.count)
                && plan.starts.contains { digits.dropFirst(plan.code.utf8.count).starts(with: $0.utf8) }
        }
    }

    /// An area code and an exchange, neither of which begins with 0 or 1 or is a service such as 911, and four digits.
    private static func isNorthAmerican(_ digits: ArraySlice<UInt8>) -> Bool {
        func isOffice(_ start: Int) -> Bool {
            let (first, second, third) = (digits[start], digits[start + 1], digits[start + 2])
            return first >= UInt8(ascii: "2") && !(second == UInt8(ascii: "1") && third == UInt8(ascii: "1"))
        }
        let start = digits.startIndex
        return isOffice(start) && digits[start + 1] != UInt8(ascii: "9") && isOffice(start + 3)
    }
}
