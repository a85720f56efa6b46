import Wright

extension Double {
    /// A share as a percentage: `91.3%`.
    func percent(_ digits: Int = 1) -> String { isFinite ? (self * 100).fixed(digits) + "%" : "–" }
}

extension Int {
    /// A number of bytes for people: `13.4 MiB`.
    var bytes: String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        guard self >= 1024 else { return "\(self) bytes" }
        var value = Double(self) / 1024
        var unit = 0
        while value >= 1024, unit + 1 < units.count { (value, unit) = (value / 1024, unit + 1) }
        return "\(value.fixed(value < 10 ? 1 : 0)) \(units[unit])"
    }

    /// `1 image`, `3 images`.
    func counted(_ singular: String, _ plural: String? = nil) -> String {
        "\(grouped) \(self == 1 ? singular : plural ?? singular + "s")"
    }
}
