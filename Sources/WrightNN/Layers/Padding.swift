/// What surrounds an image or sequence before a window slides over it: `padding: 1` pads one place on every side,
/// `padding: .same` as many as keep the size.
public enum Padding: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// As many places as keep the size at a stride of 1; the odd one out comes at the end.
    case same
    /// So many places before and after, one number for each spatial axis or one for all.
    case symmetric([Int])
    /// So many places before and after, one number for each spatial axis.
    case sides(begin: [Int], end: [Int])

    public static let none = Padding.symmetric([0])

    public init(integerLiteral value: Int) { self = .symmetric([value]) }

    /// What it means for windows of this size.
    func amounts(kernel: [Int], dilation: [Int], strides: [Int], layer: String) -> [(begin: Int, end: Int)] {
        switch self {
        case .same:
            precondition(
                strides.allSatisfy { $0 == 1 },
                "\(layer): padding .same needs strides of 1, not \(strides); give numbers instead")
            return zip(kernel, dilation).map { kernel, dilation in
                let total = dilation * (kernel - 1)
                return (total / 2, total - total / 2)
            }
        case .symmetric(let amounts):
            return amounts.perAxis(kernel.count, "\(layer): padding").map { ($0, $0) }
        case .sides(let begin, let end):
            return zip(
                begin.perAxis(kernel.count, "\(layer): padding"), end.perAxis(kernel.count, "\(layer): padding")
            ).map { ($0, $1) }
        }
    }
}

extension [Int] {
    /// One number for each of `count` axes; a single one stands for all.
    func perAxis(_ count: Int, _ what: @autoclosure () -> String) -> [Int] {
        precondition(
            self.count == count || self.count == 1,
            "\(what()) \(self): needs one number for each of the \(count) spatial axes, or one for all")
        return self.count == count ? self : Array(repeating: self[0], count: count)
    }
}
