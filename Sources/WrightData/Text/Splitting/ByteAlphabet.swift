/// GPT-2's way to write any byte as a visible character (Radford et al., 2019): printable Latin-1 as itself, the others
/// from U+0100 on.
enum ByteAlphabet {
    /// The scalar of each byte.
    static let scalars: [UInt32] = {
        var next: UInt32 = 0x100
        return (0..<256).map { (byte: UInt32) in
            if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE { return byte }
            defer { next += 1 }
            return next
        }
    }()

    /// The byte of each scalar below U+0144, or −1.
    private static let bytes: [Int16] = {
        var result = [Int16](repeating: -1, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { result[Int(scalar)] = Int16(byte) }
        return result
    }()

    @inline(__always) static func byte(of scalar: UInt32) -> UInt8? {
        guard scalar < 0x144, case let byte = bytes[Int(scalar)], byte >= 0 else { return nil }
        return UInt8(byte)
    }

    /// The bytes that a token spells, or nil if it has other characters.
    static func decoded(_ token: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(token.count)
        for scalar in token.scalars {
            guard let byte = byte(of: scalar) else { return nil }
            result.append(byte)
        }
        return result
    }

    /// Bytes as characters.
    static func spelled(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes { result.append(scalar: scalars[Int(byte)]) }
        return result
    }

    static func spelled(_ text: AlignedText) -> AlignedText {
        var builder = AlignedTextBuilder(base: text.base)
        for (index, byte) in text.bytes.enumerated() { builder.append(spelled([byte]), like: index, of: text) }
        return builder.text
    }
}
