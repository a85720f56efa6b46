import Wright

extension Double {
    /// A share as a percentage: `91.3%`.
    func percent(_ digits: Int = 1) -> String { isFinite ? (self * 100).fixed(digits) + "%" : "–" }
}
