package import WrightRuntime

/// Numbers as progress lines, reports and tables show them.
extension Double {
    /// Four significant digits: `0.03125`, `12.34`, `1.2e-05`.
    package var short: String {
        guard isFinite else { return isNaN ? "nan" : (self < 0 ? "-inf" : "inf") }
        let magnitude = abs(self)
        guard magnitude != 0 else { return "0" }
        guard magnitude >= 1e-3, magnitude < 1e6 else {
            var exponent = Int(
                (SystemCalls.naturalLogarithm(magnitude) / SystemCalls.naturalLogarithm(10)).rounded(.down))
            var digits = (self / SystemCalls.power(10, Double(exponent)) * 100).rounded() / 100
            if abs(digits) >= 10 {
                digits /= 10
                exponent += 1
            }
            return "\(digits)e\(exponent)"
        }
        let decimals = magnitude >= 1000 ? 0 : magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : magnitude >= 0.1 ? 4 : 5
        return fixed(decimals)
    }

    /// The number with so many digits after the point; what is not finite or too large as Swift prints it.
    package func fixed(_ decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1) { value, _ in value * 10 }
        guard abs(self) * Double(scale) < 9e18 else { return "\(self)" }
        let scaled = Int((abs(self) * Double(scale)).rounded())
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % scale)
        return "\(sign)\(scaled / scale).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
    }

    /// Seconds as `0.8 s`, `42 s`, `3:07` or `1:02:03`.
    package var clock: String {
        guard isFinite, self < 1e9 else { return "?" }
        if self < 10 { return fixed(1) + " s" }
        let seconds = Int(rounded())
        if seconds < 60 { return "\(seconds) s" }
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return seconds < 3600
            ? "\(seconds / 60):\(two(seconds % 60))"
            : "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }
}

extension Int {
    /// With commas between groups of three digits.
    package var grouped: String {
        let digits = Array(String(magnitude))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return (self < 0 ? "-" : "") + text
    }

    /// A number of bytes for people: `13.4 MiB`.
    package var bytes: String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        guard self >= 1024 else { return "\(self) bytes" }
        var value = Double(self) / 1024
        var unit = 0
        while value >= 1024, unit + 1 < units.count { (value, unit) = (value / 1024, unit + 1) }
        return "\(value.fixed(value < 10 ? 1 : 0)) \(units[unit])"
    }

    /// `1 image`, `3 images`.
    package func counted(_ singular: String, _ plural: String? = nil) -> String {
        "\(grouped) \(self == 1 ? singular : plural ?? singular + "s")"
    }
}

extension Phrase {
    /// What people should know although nothing failed.
    package static func note(_ text: Phrase) -> Phrase { Phrase("note: ", "注意：") + text }

    /// `3 images` and `3 张图像`: the Chinese word with its measure.
    package static func counted(_ count: Int, _ singular: String, _ chinese: String) -> Phrase {
        Phrase(count.counted(singular), "\(count.grouped) \(chinese)")
    }
}
