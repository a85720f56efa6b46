public import WrightGraph

/// Parameters side by side in one block of memory, so that an optimizer updates all of them in one launch.
///
/// Each parameter starts at a multiple of 16 elements, a cache line of float32; the gaps between them hold zeros and stay
/// zero, because their gradient is zero. Moments lie in arenas of the same layout (``sibling(_:)``).
public struct ParameterArena: Sendable {
    /// Where one parameter lies.
    public struct Entry: Hashable, Sendable {
        public var path: String
        /// Elements before its first.
        public var offset: Int
        public var shape: [Int]
        public var count: Int { shape.reduce(1, *) }
    }

    /// Elements that the start of each parameter is a multiple of.
    public static let alignment = 16

    /// All parameters as one vector.
    public let variable: Variable
    public let layout: [Entry]
    public let parameters: [Parameter]

    /// Moves `parameters`, all of one floating-point type, into a new block. Graphs traced before keep the old places,
    /// so make the arena before compiling anything.
    public init(_ parameters: [(path: String, parameter: Parameter)], name: String = "parameters") {
        precondition(!parameters.isEmpty, "an arena of no parameters: every parameter is frozen or the model has none")
        let dtype = parameters[0].parameter.type.dtype
        var layout: [Entry] = []
        var end = 0
        for (path, parameter) in parameters {
            precondition(
                dtype.isFloatingPoint && parameter.type.dtype == dtype,
                "\(path) is \(parameter.type), but one arena holds one floating-point type, here \(dtype.rawValue)")
            layout.append(Entry(path: path, offset: end, shape: parameter.shape))
            end += Self.aligned(parameter.count)
        }
        precondition(
            Set(parameters.map { ObjectIdentifier($0.parameter) }).count == parameters.count,
            "a parameter stands twice in one arena; Module.parameters lists a shared one once")
        self.layout = layout
        self.parameters = parameters.map(\.parameter)
        variable = Variable(name, Buffer(zeros: TensorType([end], dtype)))
        let flat = Tensor(variable)
        for (entry, parameter) in zip(layout, self.parameters) {
            parameter.move(
                to: Self.view(entry, of: variable.buffer),
                value: flat.sliced(from: [entry.offset], sizes: [entry.count]).reshaped(entry.shape))
        }
    }

    private static func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

    /// The number of elements, gaps included.
    public var count: Int { variable.type.count }

    /// All parameters as one vector of a graph.
    public var value: Tensor { Tensor(variable) }

    /// Gradients, one for each parameter in order, as one vector of this arena's layout.
    public func flattened(_ gradients: [Tensor]) -> Tensor {
        precondition(
            gradients.count == layout.count, "\(gradients.count) gradients for \(layout.count) parameters")
        var parts: [Tensor] = []
        for (entry, gradient) in zip(layout, gradients) {
            precondition(
                gradient.type == TensorType(entry.shape, variable.type.dtype),
                "the gradient of \(entry.path) is \(gradient.type), the parameter \(entry.shape)")
            parts.append(gradient.reshaped([entry.count]))
            let gap = Self.aligned(entry.count) - entry.count
            if gap > 0 { parts.append(Tensor.constant(0, gradient.dtype).broadcast(to: [gap])) }
        }
        return Tensor.concatenated(parts)
    }

    /// A vector of zeros of this layout: an optimizer's moments.
    public func sibling(_ name: String) -> Variable { Variable(name, Buffer(zeros: variable.type)) }

    /// The part of `variable`, which has this arena's layout, that belongs to `entry`; it shares the memory.
    public func view(_ entry: Entry, of variable: Variable) -> Buffer {
        precondition(variable.type == self.variable.type, "\(variable) has not the layout of \(self.variable)")
        return Self.view(entry, of: variable.buffer)
    }

    private static func view(_ entry: Entry, of buffer: Buffer) -> Buffer {
        Buffer(
            TensorType(entry.shape, buffer.dtype), storage: buffer.storage,
            byteOffset: buffer.byteOffset + entry.offset * buffer.dtype.byteCount)
    }
}
