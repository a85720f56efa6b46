/// The element type of a tensor.
public enum DType: String, Hashable, Sendable, CaseIterable {
    case float32, float64, bfloat16, int32, int64, int8, uint8, bool

    /// Bytes of one element in memory.
    public var byteCount: Int {
        switch self {
        case .bool, .int8, .uint8: 1
        case .bfloat16: 2
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }

    /// Whether gradients flow through values of this type.
    public var isFloatingPoint: Bool {
        switch self {
        case .float32, .float64, .bfloat16: true
        case .int32, .int64, .int8, .uint8, .bool: false
        }
    }

    /// Whether values of this type are whole numbers (booleans are not numbers).
    public var isInteger: Bool { !isFloatingPoint && self != .bool }

    /// The value that `x` becomes when stored in this type: integers wrap like two's complement, `bool` is 0 or 1 and
    /// bfloat16 rounds to nearest even. float32 and float64 keep the interpreter's double precision.
    public func normalized(_ x: Double) -> Double {
        switch self {
        case .float32, .float64: return x
        case .bfloat16: return Double(BFloat16(Float(x)).float)
        case .bool: return x == 0 ? 0 : 1
        case .int8: return Double(Int8(truncatingIfNeeded: integer(x)))
        case .uint8: return Double(UInt8(truncatingIfNeeded: integer(x)))
        case .int32: return Double(Int32(truncatingIfNeeded: integer(x)))
        case .int64: return Double(integer(x))
        }
    }

    /// `x` towards zero, saturating at the ends of Int64; NaN becomes 0.
    private func integer(_ x: Double) -> Int64 {
        if x.isNaN { return 0 }
        if x >= 0x1p63 { return .max }
        if x <= -0x1p63 { return .min }
        return Int64(x)
    }
}

/// The upper half of a float32: 8 bits of exponent, 7 of fraction.
public struct BFloat16: Hashable, Sendable {
    public var bits: UInt16

    public init(bits: UInt16) { self.bits = bits }

    /// Rounds to nearest, ties to even; NaN stays a NaN.
    public init(_ value: Float) {
        let pattern = value.bitPattern
        guard !value.isNaN else {
            bits = UInt16(truncatingIfNeeded: pattern >> 16) | 0x40
            return
        }
        bits = UInt16(truncatingIfNeeded: (pattern &+ 0x7FFF &+ ((pattern >> 16) & 1)) >> 16)
    }

    public var float: Float { Float(bitPattern: UInt32(bits) << 16) }
}
