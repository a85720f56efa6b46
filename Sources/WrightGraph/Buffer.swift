/// The values of a tensor in the memory of the host: row-major elements of one type.
public struct Buffer: Sendable {
    public let type: TensorType
    public let storage: Storage
    /// Where the first element lies in `storage`, in bytes.
    public let byteOffset: Int

    public init(_ type: TensorType, storage: Storage, byteOffset: Int = 0) {
        precondition(
            byteOffset >= 0 && byteOffset + type.byteCount <= storage.byteCount,
            "a buffer of \(type) at byte \(byteOffset) does not fit a storage of \(storage.byteCount) bytes")
        self.type = type
        self.storage = storage
        self.byteOffset = byteOffset
    }

    /// A buffer of zeros.
    public init(zeros type: TensorType) { self.init(type, storage: Storage(byteCount: type.byteCount)) }

    public var pointer: UnsafeMutableRawPointer { storage.pointer + byteOffset }
    public var shape: [Int] { type.shape }
    public var dtype: DType { type.dtype }
    public var count: Int { type.count }

    /// The same values under another shape of as many elements.
    public func reshaped(_ shape: [Int]) -> Buffer {
        let other = TensorType(shape, type.dtype)
        precondition(other.count == count, "cannot see \(type) as shape \(shape): the element counts differ")
        return Buffer(other, storage: storage, byteOffset: byteOffset)
    }

    /// Rows `range` of the outermost axis, sharing this buffer's memory.
    public func rows(_ range: Range<Int>) -> Buffer {
        precondition(type.rank > 0 && range.lowerBound >= 0 && range.upperBound <= shape[0], "rows \(range) of \(type)")
        let rowBytes = type.byteCount / max(shape[0], 1)
        return Buffer(
            TensorType([range.count] + shape.dropFirst(), dtype), storage: storage,
            byteOffset: byteOffset + range.lowerBound * rowBytes)
    }
}

/// A Swift type whose values a buffer can hold.
public protocol BufferElement: Sendable {
    static var dtype: DType { get }
}

extension Float: BufferElement { public static var dtype: DType { .float32 } }
extension Double: BufferElement { public static var dtype: DType { .float64 } }
extension BFloat16: BufferElement { public static var dtype: DType { .bfloat16 } }
extension Int32: BufferElement { public static var dtype: DType { .int32 } }
extension Int64: BufferElement { public static var dtype: DType { .int64 } }
extension Int8: BufferElement { public static var dtype: DType { .int8 } }
extension UInt8: BufferElement { public static var dtype: DType { .uint8 } }
extension Bool: BufferElement { public static var dtype: DType { .bool } }

extension Buffer {
    /// Copies `values` into a new buffer; one axis when `shape` is not given.
    public init<Element: BufferElement>(_ values: [Element], shape: [Int]? = nil) {
        self.init(zeros: TensorType(shape ?? [values.count], Element.dtype))
        precondition(count == values.count, "\(values.count) values do not fill \(type)")
        values.withUnsafeBytes { if let base = $0.baseAddress { pointer.copyMemory(from: base, byteCount: $0.count) } }
    }

    /// The elements in order. Traps when `Element` is not this buffer's type.
    public func array<Element: BufferElement>(of _: Element.Type = Element.self) -> [Element] {
        withElements(of: Element.self) { Array($0) }
    }

    /// Gives `body` the elements in order without copying. Traps when `Element` is not this buffer's type.
    public func withElements<Element: BufferElement, Result, Failure>(
        of _: Element.Type, _ body: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(Element.dtype == dtype, "the elements of \(type) are not \(Element.dtype.rawValue)")
        let typed = pointer.assumingMemoryBound(to: Element.self)
        return try body(UnsafeMutableBufferPointer(start: typed, count: count))
    }

    /// The elements as doubles, whatever their type.
    public var doubles: [Double] {
        switch dtype {
        case .float32: array(of: Float.self).map(Double.init)
        case .float64: array(of: Double.self)
        case .bfloat16: array(of: BFloat16.self).map { Double($0.float) }
        case .int32: array(of: Int32.self).map(Double.init)
        case .int64: array(of: Int64.self).map(Double.init)
        case .int8: array(of: Int8.self).map(Double.init)
        case .uint8: array(of: UInt8.self).map(Double.init)
        case .bool: array(of: UInt8.self, ignoring: .bool).map { $0 == 0 ? 0 : 1 }
        }
    }

    /// A new buffer of `type` holding `values`, each stored as ``DType/normalized(_:)`` says.
    public init(_ type: TensorType, doubles values: [Double]) {
        self.init(zeros: type)
        precondition(values.count == count, "\(values.count) values do not fill \(type)")
        let dtype = type.dtype
        switch dtype {
        case .float32: fill(values) { Float($0) }
        case .float64: fill(values) { $0 }
        case .bfloat16: fill(values) { BFloat16(Float($0)) }
        case .int32: fill(values) { Int32(dtype.normalized($0)) }
        case .int64: fill(values) { Int64(exactly: dtype.normalized($0)) ?? ($0 < 0 ? .min : .max) }
        case .int8: fill(values) { Int8(dtype.normalized($0)) }
        case .uint8: fill(values) { UInt8(dtype.normalized($0)) }
        case .bool: fill(values) { UInt8(dtype.normalized($0)) }
        }
    }

    private func fill<Stored>(_ values: [Double], _ convert: (Double) -> Stored) {
        let typed = pointer.assumingMemoryBound(to: Stored.self)
        for (index, value) in values.enumerated() { typed[index] = convert(value) }
    }

    /// Booleans are read as bytes: a file may hold any non-zero byte for true.
    private func array(of _: UInt8.Type, ignoring _: DType) -> [UInt8] {
        let typed = pointer.assumingMemoryBound(to: UInt8.self)
        return Array(UnsafeBufferPointer(start: typed, count: count))
    }
}
