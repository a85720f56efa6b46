public import WrightGraph
import Synchronization

/// A named place of a model that training changes: the only mutable thing in a module.
///
/// It starts with memory of its own; a ``ParameterArena`` may move it into memory shared with other parameters, so that
/// an optimizer updates all of them in one launch.
public final class Parameter: Sendable {
    private struct Place {
        var value: Tensor
        var buffer: Buffer
        var isTrainable: Bool
    }

    private let place: Mutex<Place>
    public let type: TensorType

    /// A parameter that starts as `buffer` and from now on owns its memory.
    public init(_ buffer: Buffer, isTrainable: Bool = true) {
        type = buffer.type
        place = Mutex(Place(value: Tensor(Variable("parameter", buffer)), buffer: buffer, isTrainable: isTrainable))
    }

    public var shape: [Int] { type.shape }
    public var count: Int { type.count }

    /// This parameter in a graph: the value that it has when the graph runs.
    public var value: Tensor { place.withLock { $0.value } }

    /// The present values, in the memory that running graphs read and write.
    public var buffer: Buffer { place.withLock { $0.buffer } }

    /// Whether an optimizer changes it; false freezes it (transfer learning).
    public var isTrainable: Bool {
        get { place.withLock { $0.isTrainable } }
        set { place.withLock { $0.isTrainable = newValue } }
    }

    /// Copies `values` in; the type must be this parameter's.
    public func assign(_ values: Buffer) {
        precondition(values.type == type, "a parameter of \(type) cannot take values of \(values.type)")
        buffer.pointer.copyMemory(from: values.pointer, byteCount: type.byteCount)
    }

    /// Moves the values to `buffer`, where `value` refers to them in graphs. Graphs traced before keep the old place.
    func move(to buffer: Buffer, value: Tensor) {
        precondition(buffer.type == type && value.type == type, "a parameter of \(type) cannot move to \(buffer.type)")
        place.withLock { place in
            buffer.pointer.copyMemory(from: place.buffer.pointer, byteCount: type.byteCount)
            place.buffer = buffer
            place.value = value
        }
    }
}
