package import WrightGraph

/// An element type as files know it: more types than Wright computes with.
package enum StoredType: String, CaseIterable {
    case float16, bfloat16, float32, float64
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case bool

    package var byteCount: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64, .uint64: 8
        }
    }

    /// The type that holds all its values in memory; uint64 beyond the range of int64 is refused when met.
    package var dtype: DType {
        switch self {
        case .float16, .float32: .float32
        case .bfloat16: .bfloat16
        case .float64: .float64
        case .int8: .int8
        case .int16, .uint16, .int32: .int32
        case .uint32, .uint64, .int64: .int64
        case .uint8: .uint8
        case .bool: .bool
        }
    }

    package init(_ dtype: DType) {
        self =
            switch dtype {
            case .float32: .float32
            case .float64: .float64
            case .bfloat16: .bfloat16
            case .int32: .int32
            case .int64: .int64
            case .int8: .int8
            case .uint8: .uint8
            case .bool: .bool
            }
    }

    /// A sentence about values that are wider in memory than in the file; nil when they are the same.
    package func notice(_ name: String) -> String? {
        self == StoredType(dtype) ? nil : "\(name) is stored as \(rawValue) and was read as \(dtype.rawValue)"
    }

    /// The elements at `offset` of `storage`: shared when the memory is as the engine wants it, else a copy.
    ///
    /// The caller has checked that they lie inside. `alignment` is that of the first element.
    package func buffer(
        _ shape: [Int], storage: Storage, offset: Int, bigEndian: Bool = false, alignment: Int = Storage.alignment,
        file: String, position: FileError.Position
    ) throws(FileError) -> Buffer {
        let type = TensorType(shape, dtype)
        let source = UnsafeRawBufferPointer(start: storage.pointer + offset, count: type.count * byteCount)
        let swaps = bigEndian && byteCount > 1
        let isAligned = Int(bitPattern: source.baseAddress) % alignment == 0
        if self == StoredType(dtype), !swaps, isAligned, self != .bool || source.allSatisfy({ $0 <= 1 }) {
            return Buffer(type, storage: storage, byteOffset: offset)
        }
        let buffer = Buffer(zeros: type)
        let target = buffer.pointer
        switch self {
        case .float32, .int32: copy(UInt32.self, source, to: target, swaps) { $0 }
        case .float64, .int64: copy(UInt64.self, source, to: target, swaps) { $0 }
        case .bfloat16: copy(UInt16.self, source, to: target, swaps) { $0 }
        case .int8, .uint8: copy(UInt8.self, source, to: target, swaps) { $0 }
        case .bool: copy(UInt8.self, source, to: target, swaps) { $0 == 0 ? 0 : 1 as UInt8 }
        case .float16: copy(UInt16.self, source, to: target, swaps) { Self.float(half: $0) }
        case .int16: copy(UInt16.self, source, to: target, swaps) { Int32(Int16(bitPattern: $0)) }
        case .uint16: copy(UInt16.self, source, to: target, swaps) { Int32($0) }
        case .uint32: copy(UInt32.self, source, to: target, swaps) { Int64($0) }
        case .uint64:
            var largest: UInt64 = 0
            copy(UInt64.self, source, to: target, swaps) {
                largest = max(largest, $0)
                return Int64(truncatingIfNeeded: $0)
            }
            guard largest <= UInt64(Int64.max) else {
                throw FileError(
                    .unsupported, file: file, at: position, Message(.beyondInt64, "\(largest)"))
            }
        }
        return buffer
    }

    private func copy<Word: FixedWidthInteger, Element>(
        _: Word.Type, _ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer, _ swaps: Bool,
        _ convert: (Word) -> Element
    ) {
        let elements = target.assumingMemoryBound(to: Element.self)
        for index in 0..<(source.count / MemoryLayout<Word>.size) {
            let word = source.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self)
            elements[index] = convert(swaps ? word.byteSwapped : word)
        }
    }

    /// IEEE half precision to single, exactly.
    package static func float(half: UInt16) -> Float {
        let sign = UInt32(half & 0x8000) << 16
        let exponent = UInt32(half >> 10 & 0x1F)
        let fraction = UInt32(half & 0x3FF)
        switch exponent {
        case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        case 0:
            // Zero and subnormal numbers are whole multiples of 2⁻²⁴.
            let magnitude = Float(fraction) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}

extension [Int] {
    /// The number of bytes of so many elements; nil when it does not fit an Int or an extent is negative.
    ///
    /// A zero extent makes the product zero, but the other extents must still be countable: strides are made of them.
    package func byteCount(elementBytes: Int) -> Int? {
        var total = elementBytes
        for extent in self where extent != 0 {
            let (product, overflow) = total.multipliedReportingOverflow(by: extent)
            guard extent > 0, !overflow else { return nil }
            total = product
        }
        return contains(0) ? 0 : total
    }
}

extension Buffer {
    /// The elements' bytes in order; the buffer lives as long as `body` runs, also when it is a temporary value.
    package func withBytes<Result, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(storage) {} }
        return try body(UnsafeRawBufferPointer(start: pointer, count: type.byteCount))
    }
}
