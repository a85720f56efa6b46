/// The cross-entropy of classes under the softmax of each row, and its gradient; a backend needs no second matrix of
/// probabilities.
///
/// Of logits `[rows, classes]` and labels `[rows]` (int32) ``Role/forward`` makes the losses `[rows]`,
/// −Σ t · log softmax, where the target t has 1 − smoothing at the label and smoothing / classes more everywhere (Szegedy et
/// al., *Rethinking the Inception architecture*, 2016). ``Role/gradient`` also takes the gradients of the losses, `[rows]`,
/// and makes those of the logits. The label `ignored` gives zeros, any other outside of the classes NaN.
public struct SoftmaxCrossEntropy: Primitive {
    /// Which of the two this is.
    public enum Role: String, Hashable, Sendable, CaseIterable { case forward, gradient }

    public var role: Role
    /// Which share of the target is spread evenly over all classes.
    public var smoothing: Double
    /// The label whose rows count nothing; ``nothingIgnored`` for none.
    public var ignored: Int

    /// No label that anybody gives.
    public static let nothingIgnored = -Int(Int32.max)

    public init(_ role: Role = .forward, smoothing: Double = 0, ignored: Int = nothingIgnored) {
        self.role = role
        self.smoothing = smoothing
        self.ignored = ignored
    }

    public static var names: [String] { Role.allCases.map(name) }
    private static func name(_ role: Role) -> String {
        role == .forward ? "softmax_cross_entropy" : "softmax_cross_entropy_gradient"
    }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        guard let role = Role.allCases.first(where: { Self.name($0) == name }) else {
            throw .invalidAttribute(op: name, reason: "is no cross-entropy")
        }
        self.init(
            role, smoothing: try attributes.double("smoothing", of: name),
            ignored: try attributes.int("ignored", of: name))
    }

    public var op: Op { .softmaxCrossEntropy(self) }
    public var name: String { Self.name(role) }
    public var attributes: Attributes { ["smoothing": .double(smoothing), "ignored": .int(ignored)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(role == .forward ? 2 : 3, operands)
        let (logits, labels) = (operands[0], operands[1])
        guard logits.rank == 2, labels.shape == [logits.shape[0]], operands.last?.shape == labels.shape else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "needs logits [rows, classes] and, for each row, one of the others")
        }
        guard logits.dtype.isFloatingPoint, labels.dtype == .int32,
            role == .forward || operands[2].dtype == logits.dtype
        else {
            throw .dtypeMismatch(
                op: name, operands: operands, reason: "needs floating-point logits and int32 labels; cast(to: .int32)")
        }
        guard (0...1).contains(smoothing), Int32(exactly: ignored) != nil else {
            throw .invalidAttribute(
                op: name, reason: "smoothing \(smoothing) must be in 0 ... 1, and \(ignored) an int32")
        }
        return role == .forward ? TensorType(labels.shape, logits.dtype) : logits
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        let (logits, labels) = (operands[0], operands[1])
        guard role == .gradient else {
            let gradient = SoftmaxCrossEntropy(.gradient, smoothing: smoothing, ignored: ignored)
            return [Tensor(gradient, logits, labels, cotangent), nil]
        }
        // Rows of another label than a class have no slope of their own: zeros, or NaN that stays NaN.
        let isClass = labels.isGreaterOrEqual(to: 0).and(labels.isLess(than: Double(logits.shape[1])))
        let counts = isClass.and(labels.isEqual(to: Double(ignored)).not()).expandedAxis(at: 1)
        let probabilities = logits.softmax()
        let across = (probabilities * cotangent).sum(along: [1], keepingAxes: true)
        let slope = probabilities * (cotangent - across) * operands[2].expandedAxis(at: 1)
        let unit = Tensor(
            SoftmaxCrossEntropy(.gradient, smoothing: smoothing, ignored: ignored), logits, labels,
            Tensor.constant(1, logits.dtype).broadcast(to: labels.shape))
        return [
            Tensor.select(counts, slope, .constant(0, logits.dtype)), nil, (unit * cotangent).sum(along: [1]),
        ]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let (rows, classes) = (types[0].shape[0], types[0].shape[1])
        var values: [Double] = []
        values.reserveCapacity(result.count)
        for row in 0..<rows {
            let label = operands[1][row]
            guard label != Double(ignored), label >= 0, label < Double(classes) else {
                let value = label == Double(ignored) ? 0.0 : .nan
                values += [Double](repeating: value, count: role == .forward ? 1 : classes)
                continue
            }
            let logits = operands[0][row * classes..<(row + 1) * classes]
            let largest = logits.reduce(-.infinity) { $0 > $1 || $0.isNaN ? $0 : $1 }
            let logarithm = largest + Math.log(logits.reduce(0) { $0 + Math.exp($1 - largest) })
            let even = smoothing / Double(classes)
            if role == .forward {
                let chosen = (1 - smoothing) * (logarithm - logits[logits.startIndex + Int(label)])
                values.append(smoothing == 0 ? chosen : chosen + logits.reduce(0) { $0 + even * (logarithm - $1) })
            } else {
                for (place, logit) in logits.enumerated() {
                    let target = even + (place == Int(label) ? 1 - smoothing : 0)
                    values.append((Math.exp(logit - logarithm) - target) * operands[2][row])
                }
            }
        }
        return values
    }

    public static var samples: [Sample] {
        let cases: [(rows: Int, classes: Int, smoothing: Double, ignored: Int)] = [
            (3, 4, 0, nothingIgnored), (2, 7, 0.1, nothingIgnored), (4, 3, 0.1, 0), (5, 2, 0, 1),
            (1, 1, 0, nothingIgnored),
            (0, 3, 0, nothingIgnored), (2, 65, 0.2, 64), (70, 9, 0, nothingIgnored),
        ]
        return Role.allCases.flatMap { role in
            cases.map { rows, classes, smoothing, ignored in
                let each = TensorType([rows])
                return Sample(
                    SoftmaxCrossEntropy(role, smoothing: smoothing, ignored: ignored),
                    [TensorType([rows, classes]), TensorType([rows], .int32)] + (role == .gradient ? [each] : []),
                    ranges: [-4...4, 0...Double(classes - 1)] + (role == .gradient ? [-1...1] : []))
            }
        }
    }
}
