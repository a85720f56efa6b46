/// How a new parameter is filled. Equal seeds give equal values, on every machine and with any number of threads.
public enum Initializer: Hashable, Sendable {
    /// Which of the places that a weight connects its size is measured by.
    public enum Fan: String, Hashable, Sendable, CaseIterable { case input, output, average }
    /// The shape of a distribution whose variance is given.
    public enum Distribution: String, Hashable, Sendable, CaseIterable { case uniform, normal }

    case constant(Double)
    case uniform(ClosedRange<Double>)
    case normal(mean: Double = 0, deviation: Double = 1)
    /// Drawn again until it lies `within`.
    case truncatedNormal(mean: Double = 0, deviation: Double = 1, within: ClosedRange<Double> = -2...2)
    /// Mean 0 and a variance of `variance` divided by the fan.
    case scaled(Fan, variance: Double, Distribution)
    /// A matrix, of the first axis and all others, whose rows or columns are orthonormal, times `gain` (Saxe et al.,
    /// *Exact solutions to the nonlinear dynamics of learning*, 2014).
    case orthogonal(gain: Double = 1)

    public static let zeros = Initializer.constant(0)
    public static let ones = Initializer.constant(1)

    /// Uniform within 1 / √(fan in) of 0: PyTorch's default for the weights and biases of linear layers and convolutions.
    public static let inverseRootFan = Initializer.scaled(.input, variance: 1.0 / 3, .uniform)

    /// He et al., *Delving deep into rectifiers*, 2015, for a leaky ReLU of this slope.
    public static func kaiming(
        _ distribution: Distribution = .uniform, slope: Double = 0, fan: Fan = .input
    ) -> Initializer {
        .scaled(fan, variance: 2 / (1 + slope * slope), distribution)
    }

    /// Glorot & Bengio, *Understanding the difficulty of training deep feedforward neural networks*, 2010.
    public static func xavier(_ distribution: Distribution = .uniform, gain: Double = 1) -> Initializer {
        .scaled(.average, variance: gain * gain, distribution)
    }

    /// LeCun et al., *Efficient BackProp*, 1998.
    public static func lecun(_ distribution: Distribution = .normal) -> Initializer {
        .scaled(.input, variance: 1, distribution)
    }
}

/// How many places one element of a layer's output reads, and how many elements one place of its input reaches.
public struct Fans: Hashable, Sendable {
    public var input: Int
    public var output: Int

    public init(input: Int, output: Int) {
        self.input = input
        self.output = output
    }
}

extension Initializer {
    /// Fills `elements`, of a parameter of this shape, with the numbers that belong to `key`.
    func fill(_ elements: UnsafeMutableBufferPointer<Float>, shape: [Int], fans: Fans, key: UInt64) {
        switch self {
        case .constant(let value): elements.update(repeating: Float(value))
        case .uniform(let range): CounterRandom(key: key).fill(elements, uniform: range)
        case .normal(let mean, let deviation):
            CounterRandom(key: key).fill(elements, normal: (mean, deviation))
        case .truncatedNormal(let mean, let deviation, let range):
            CounterRandom(key: key).fill(elements, normal: (mean, deviation), within: range)
        case .scaled(let fan, let variance, let distribution):
            let size: Double =
                switch fan {
                case .input: Double(fans.input)
                case .output: Double(fans.output)
                case .average: Double(fans.input + fans.output) / 2
                }
            let deviation = (variance / max(size, 1)).squareRoot()
            switch distribution {
            case .normal: Self.normal(deviation: deviation).fill(elements, shape: shape, fans: fans, key: key)
            case .uniform:
                let bound = 3.0.squareRoot() * deviation
                Self.uniform(-bound...bound).fill(elements, shape: shape, fans: fans, key: key)
            }
        case .orthogonal(let gain):
            let rows = shape.first ?? 1
            Orthogonal.fill(elements, rows: rows, columns: elements.count / max(rows, 1), gain: gain, key: key)
        }
    }
}

/// Rows or columns, whichever are fewer, of random directions at right angles to each other.
private enum Orthogonal {
    static func fill(
        _ elements: UnsafeMutableBufferPointer<Float>, rows: Int, columns: Int, gain: Double, key: UInt64
    ) {
        guard !elements.isEmpty else { return }
        let (count, length) = (min(rows, columns), max(rows, columns))
        CounterRandom(key: key).fill(elements, normal: (0, 1))
        var vectors = elements.map(Double.init)
        vectors.withUnsafeMutableBufferPointer { vectors in
            for place in 0..<count {
                let vector = UnsafeMutableBufferPointer(rebasing: vectors[place * length..<(place + 1) * length])
                // Twice, because one pass of Gram and Schmidt leaves what rounding has left of the others.
                for _ in 0..<2 {
                    for other in 0..<place {
                        let direction = UnsafeMutableBufferPointer(
                            rebasing: vectors[other * length..<(other + 1) * length])
                        let share = dot(vector, direction)
                        for i in 0..<length { vector[i] -= share * direction[i] }
                    }
                    let scale = 1 / dot(vector, vector).squareRoot()
                    for i in 0..<length { vector[i] *= scale }
                }
            }
            for row in 0..<rows {
                for column in 0..<columns {
                    let value = rows <= columns ? vectors[row * length + column] : vectors[column * length + row]
                    elements[row * columns + column] = Float(gain * value)
                }
            }
        }
    }

    /// Eight sums side by side: one alone would wait for itself at every element.
    private static func dot(_ a: UnsafeMutableBufferPointer<Double>, _ b: UnsafeMutableBufferPointer<Double>) -> Double
    {
        var sums = SIMD8<Double>(repeating: 0)
        let whole = a.count / 8 * 8
        for start in stride(from: 0, to: whole, by: 8) {
            for lane in 0..<8 { sums[lane] += a[start + lane] * b[start + lane] }
        }
        return (whole..<a.count).reduce(sums.sum()) { $0 + a[$1] * b[$1] }
    }
}
