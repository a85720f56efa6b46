#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A point in time of the proleptic Gregorian calendar, as it is written: time zones are left out.
struct DateField: Hashable, Sendable {
    /// Since 1970-01-01, the part of the day included.
    let days: Double
    let shareOfYear: Double
    /// From Monday on.
    let shareOfWeek: Double
    let secondOfDay: Double

    var shareOfDay: Double { secondOfDay / 86_400 }

    private init?(year: Int, month: Int, day: Int, second: Double) {
        guard (1...9999).contains(year), (1...12).contains(month), (0..<86_401).contains(second) else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[month - 1]).contains(day) else { return nil }
        let dayOfYear = lengths[..<(month - 1)].reduce(0, +) + day - 1
        let before = year - 1
        let count = before * 365 + before / 4 - before / 100 + before / 400 + dayOfYear - 719_162
        days = Double(count) + second / 86_400
        shareOfYear = (Double(dayOfYear) + second / 86_400) / (isLeap ? 366 : 365)
        // 1970-01-01 was a Thursday.
        shareOfWeek = Double(((count + 3) % 7 + 7) % 7) / 7
        secondOfDay = second
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// Reads `2024-03-05`, `2024/3/5`, `20240305`, `2024年3月5日`, `5.3.2024`, `3/5/2024`, `5 March 2024`, `Mar 5, 2024`,
    /// `05-Mar-24`, each with or without a time (`14:30`, `2:30 PM`, `T14:30:05.25Z`), and seconds since 1970 of ten
    /// digits. With points the day comes first; with slashes `dayFirst` decides, unless only one order is a date. Years of
    /// two digits are of 1970 to 2069. nil for anything else.
    static func read(_ field: String, dayFirst: Bool = false) -> DateField? {
        var numbers: [(value: Int, digits: Int)] = []
        var month: Int?
        var monthPlace = 0
        var marks: [UInt8] = []
        var isAfternoon: Bool?
        var fraction = 0.0
        var bytes = Array(field.utf8)[...]
        // Chinese dates: year, month and day have their own signs.
        if field.contains("年") || field.contains("月") {
            var plain = field.replacing("年", with: "-").replacing("月", with: "-").replacing("日", with: " ")
            plain = plain.replacing("时", with: ":").replacing("分", with: ":").replacing("秒", with: "")
            while let last = plain.last, ":- ".contains(last) { plain.removeLast() }
            bytes = Array(plain.utf8)[...]
        }
        guard bytes.count >= 6, bytes.count <= 40 else { return nil }
        while let byte = bytes.first {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                guard digits.count <= 10 else {
                    // Fractions of a second may have any number of digits.
                    guard marks.last == UInt8(ascii: "."), numbers.count >= 5 else { return nil }
                    bytes = bytes.dropFirst(digits.count)
                    continue
                }
                numbers.append((Int(String(decoding: digits, as: UTF8.self))!, digits.count))
                bytes = bytes.dropFirst(digits.count)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                let letters = bytes.prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
                let word = String(decoding: letters, as: UTF8.self).lowercased()
                bytes = bytes.dropFirst(letters.count)
                if let index = months.firstIndex(where: { word.hasPrefix($0) }), month == nil {
                    month = index + 1
                    monthPlace = numbers.count
                } else if word == "am" || word == "pm" {
                    isAfternoon = word == "pm"
                } else if ![
                    "t", "z", "utc", "gmt", "st", "nd", "rd", "th", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
                ]
                .contains(where: { word == $0 || ($0.count == 3 && word.hasPrefix($0) && word.hasSuffix("day")) }) {
                    return nil
                }
            default:
                // What follows a sign behind a time is its zone.
                if numbers.count >= 5, byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
                    bytes = []
                    break
                }
                guard "-/. :,".utf8.contains(byte) else { return nil }
                marks.append(byte)
                bytes = bytes.dropFirst()
            }
        }
        // Seconds since 1970.
        if numbers.count == 1, numbers[0].digits == 10, month == nil, marks.isEmpty {
            let seconds = numbers[0].value
            return moved(days: seconds / 86_400, second: Double(seconds % 86_400))
        }
        if numbers.count == 1, numbers[0].digits == 8, month == nil {
            let value = numbers[0].value
            numbers = [(value / 10_000, 4), (value / 100 % 100, 2), (value % 100, 2)]
        }
        guard numbers.count >= (month == nil ? 3 : 2) else { return nil }
        var second = 0.0
        let time = numbers.dropFirst(month == nil ? 3 : 2).map(\.value)
        if !time.isEmpty {
            guard (2...4).contains(time.count), time[1] < 60 else { return nil }
            var hour = time[0]
            if let isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
            guard hour < 24, time.count < 3 || time[2] < 61 else { return nil }
            if time.count == 4, let last = numbers.last {
                fraction = Double(last.value) / (0..<last.digits).reduce(1.0) { value, _ in value * 10 }
            }
            second = Double(hour * 3600 + time[1] * 60 + (time.count > 2 ? time[2] : 0)) + fraction
        }
        func year(_ number: (value: Int, digits: Int)) -> Int? {
            number.digits == 4
                ? number.value : number.digits <= 2 ? number.value + (number.value < 70 ? 2000 : 1900) : nil
        }
        if let month {
            // The longer number is the year; of two short ones the one behind the month.
            let (first, other) = (numbers[0], numbers[1])
            if first.digits == 4 {
                return DateField(year: first.value, month: month, day: other.value, second: second)
            }
            guard monthPlace <= 1, let year = year(other) else { return nil }
            return DateField(year: year, month: month, day: first.value, second: second)
        }
        let date = numbers[..<3]
        guard let mark = marks.first ?? (date[0].digits == 4 ? UInt8(ascii: "-") : nil),
            marks.count < 2 || marks[1] == mark
        else { return nil }
        if date[0].digits == 4 {
            return DateField(year: date[0].value, month: date[1].value, day: date[2].value, second: second)
        }
        guard let year = year(date[2]), date[2].digits == 4 || date[2].digits == 2 else { return nil }
        let orders = mark == UInt8(ascii: ".") || dayFirst ? [(1, 0), (0, 1)] : [(0, 1), (1, 0)]
        return orders.lazy.compactMap {
            DateField(year: year, month: date[$0.0].value, day: date[$0.1].value, second: second)
        }.first
    }

    /// The date so many days after 1970-01-01 (Hinnant, *chrono-compatible low-level date algorithms*, 2013).
    private static func moved(days: Int, second: Double) -> DateField? {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        return DateField(
            year: yearOfEra + era * 400 + (month < 10 ? 0 : 1), month: month < 10 ? month + 3 : month - 9,
            day: dayOfYear - (153 * month + 2) / 5 + 1, second: second)
    }
}

/// Places on a circle.
enum Circle {
    /// Sine and cosine of a share of a full turn.
    static func point(_ turn: Double) -> (sine: Double, cosine: Double) {
        (sin(2 * .pi * turn), cos(2 * .pi * turn))
    }
}

extension DateField {
    /// `2024-03-05`, or with the time `2024-03-05 14:30:00`, to the second, of days since 1970-01-01 (Hinnant, *chrono-
    /// compatible low-level date algorithms*, 2013).
    static func text(days: Double, hasTime: Bool) -> String {
        let seconds = Int((days * 86_400).rounded())
        let whole = seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400)
        let shifted = whole + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let place = (5 * dayOfYear + 2) / 153
        let month = place < 10 ? place + 3 : place - 9
        func padded(_ number: Int, _ width: Int = 2) -> String {
            String(repeating: "0", count: max(0, width - "\(number)".count)) + "\(number)"
        }
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let date = "\(padded(year, 4))-\(padded(month))-\(padded(dayOfYear - (153 * place + 2) / 5 + 1))"
        let second = seconds - whole * 86_400
        return hasTime
            ? "\(date) \(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))" : date
    }
}
