/// Every family of primitives: the one list. Adding a family adds a case here, and the compiler asks for its arms.
public enum Op: Hashable, Sendable {
    case source(Source)
    case unary(Unary)
    case binary(Binary)
    case compare(Compare)
    case select(Select)
    case cast(Cast)
    case broadcast(Broadcast)
    case reduce(Reduce)
    case reshape(Reshape)
    case permute(Permute)
    case matrixMultiply(MatrixMultiply)
    case iota(Iota)
    case random(Random)
    case slice(Slice)
    case pad(Pad)
    case concatenate(Concatenate)
    case flip(Flip)
    case convolution(Convolve)
    case window(Window)
    case argReduce(ArgReduce)
    case gather(Gather)
    case scatterAdd(ScatterAdd)
    case updateSlice(UpdateSlice)
    case softmaxCrossEntropy(SoftmaxCrossEntropy)
    case argSort(ArgSort)
    case cumulativeSum(CumulativeSum)
    case recurrent(Recurrent)
    case recurrentGradient(RecurrentGradient)
    case attention(Attention)

    public var primitive: any Primitive {
        switch self {
        case .source(let op): op
        case .unary(let op): op
        case .binary(let op): op
        case .compare(let op): op
        case .select(let op): op
        case .cast(let op): op
        case .broadcast(let op): op
        case .reduce(let op): op
        case .reshape(let op): op
        case .permute(let op): op
        case .matrixMultiply(let op): op
        case .iota(let op): op
        case .random(let op): op
        case .slice(let op): op
        case .pad(let op): op
        case .concatenate(let op): op
        case .flip(let op): op
        case .convolution(let op): op
        case .window(let op): op
        case .argReduce(let op): op
        case .gather(let op): op
        case .scatterAdd(let op): op
        case .updateSlice(let op): op
        case .softmaxCrossEntropy(let op): op
        case .argSort(let op): op
        case .cumulativeSum(let op): op
        case .recurrent(let op): op
        case .recurrentGradient(let op): op
        case .attention(let op): op
        }
    }

    /// The families, for graph text and for conformance tests; a test holds it against the cases above.
    public static let families: [any Primitive.Type] = [
        Source.self, Unary.self, Binary.self, Compare.self, Select.self, Cast.self, Broadcast.self, Reduce.self,
        Reshape.self, Permute.self, MatrixMultiply.self, Iota.self, Random.self, Slice.self, Pad.self, Concatenate.self,
        Flip.self, Convolve.self, Window.self, ArgReduce.self, Gather.self, ScatterAdd.self, UpdateSlice.self,
        SoftmaxCrossEntropy.self,
        ArgSort.self, CumulativeSum.self, Recurrent.self, RecurrentGradient.self, Attention.self,
    ]

    public static var samples: [Sample] { families.flatMap { $0.samples } }
}
