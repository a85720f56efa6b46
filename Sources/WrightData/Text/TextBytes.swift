import WrightRuntime

extension UnsafeBufferPointer<UInt8> {
    /// The scalar at `index` and its length in bytes. The bytes must be well-formed UTF-8 from there.
    @inline(__always) func scalar(at index: Int) -> (value: UInt32, length: Int) {
        let lead = UInt32(self[index])
        if lead < 0x80 { return (lead, 1) }
        let second = UInt32(self[index + 1]) & 0x3F
        if lead < 0xE0 { return ((lead & 0x1F) << 6 | second, 2) }
        let third = UInt32(self[index + 2]) & 0x3F
        if lead < 0xF0 { return ((lead & 0x0F) << 12 | second << 6 | third, 3) }
        return ((lead & 0x07) << 18 | second << 12 | third << 6 | UInt32(self[index + 3]) & 0x3F, 4)
    }

    /// The start of the scalar that holds the byte at `index`.
    @inline(__always) func scalarStart(_ index: Int) -> Int {
        var index = index
        while index > 0, index < count, self[index] & 0xC0 == 0x80 { index -= 1 }
        return index
    }

    /// The end of the scalar that the byte before `index` belongs to.
    @inline(__always) func scalarEnd(_ index: Int) -> Int {
        var index = index
        while index < count, self[index] & 0xC0 == 0x80 { index += 1 }
        return index
    }

    @inline(__always) subscript(part range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: self[range])
    }
}

extension [UInt8] {
    /// Appends a scalar as UTF-8.
    @inline(__always) mutating func append(scalar: UInt32) {
        switch scalar {
        case ..<0x80: append(UInt8(truncatingIfNeeded: scalar))
        case ..<0x800:
            append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
            append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        case ..<0x10000:
            append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
            append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
            append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        default:
            append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
            append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
            append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
            append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        }
    }

    /// The bytes as they are when they are well-formed UTF-8; else each maximal part of a broken sequence becomes one
    /// U+FFFD, as Unicode recommends (section 3.9) and as Rust's `from_utf8_lossy` does.
    func repairedUTF8() -> [UInt8] {
        withUnsafeBytes { $0.firstInvalidUTF8 } == nil ? self : Array(String(decoding: self, as: UTF8.self).utf8)
    }

    /// The scalars of well-formed UTF-8.
    var scalars: [UInt32] {
        withUnsafeBufferPointer { bytes in
            var result: [UInt32] = []
            result.reserveCapacity(bytes.count)
            var index = 0
            while index < bytes.count {
                let (value, length) = bytes.scalar(at: index)
                result.append(value)
                index += length
            }
            return result
        }
    }

    /// Every occurrence of `part` replaced, from the left.
    func replacing(_ part: [UInt8], by other: [UInt8]) -> [UInt8] {
        guard !part.isEmpty, count >= part.count else { return self }
        var result: [UInt8] = []
        var index = 0
        while index < count {
            if self[index] == part[0], index + part.count <= count, self[index..<(index + part.count)] == part[...] {
                result += other
                index += part.count
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }

    /// The bytes as text, which they must be.
    var text: String { String(decoding: self, as: UTF8.self) }
}

/// The length of a scalar as UTF-8.
@inline(__always) func utf8Length(_ scalar: UInt32) -> Int {
    scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4
}
