/// Text as bytes: what several formats need to read it strictly and to write it back.
extension UnsafeRawBufferPointer {
    /// The offset of the first byte that is not part of well-formed UTF-8, if there is one.
    package var firstInvalidUTF8: Int? {
        var index = 0
        while index < count {
            let lead = self[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            // The second byte's range excludes overlong forms, surrogates and what lies past U+10FFFF.
            let length: Int
            var second: ClosedRange<UInt8> = 0x80...0xBF
            switch lead {
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            case 0xF1...0xF3: length = 4
            default: return index
            }
            guard index + length <= count, second.contains(self[index + 1]) else { return index }
            for offset in 2..<length where self[index + offset] & 0xC0 != 0x80 { return index }
            index += length
        }
        return nil
    }
}

extension Unicode.Scalar {
    /// The scalar as it stands in a JSON string, or in a message.
    package func escaped(asASCII: Bool) -> String {
        switch self {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case _ where value < 0x20 || value == 0x7F || asASCII && value > 0x7F || value == 0x2028 || value == 0x2029:
            return UTF16.encode(self)!.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined()
        default: return String(self)
        }
    }
}
