import CWrightText

/// What tokenizers ask of a Unicode scalar. Categories are those of utf8proc's Unicode version.
struct ScalarClass: OptionSet, Sendable {
    let rawValue: UInt8

    /// The property White_Space.
    static let space = ScalarClass(rawValue: 1)
    /// Categories P, and ASCII's symbols: what BERT calls punctuation.
    static let punctuation = ScalarClass(rawValue: 2)
    /// Categories N.
    static let number = ScalarClass(rawValue: 4)
    /// Categories M.
    static let mark = ScalarClass(rawValue: 8)
    /// Category Mn.
    static let nonspacingMark = ScalarClass(rawValue: 16)
    /// Categories Cc, Cf and Co.
    static let control = ScalarClass(rawValue: 32)
    /// What `\w` matches in Rust (UTS 18, annex C).
    static let word = ScalarClass(rawValue: 64)
    /// The ranges around which BERT's normalizer puts spaces.
    static let chinese = ScalarClass(rawValue: 128)

    /// The classes of the basic plane, where nearly all text is.
    private static let table: [ScalarClass] = (0..<0x10000).map { computed(UInt32($0)) }

    @inline(__always) static func of(_ scalar: UInt32) -> ScalarClass {
        scalar < 0x10000 ? table[Int(scalar)] : computed(scalar)
    }

    private static func computed(_ scalar: UInt32) -> ScalarClass {
        var result: ScalarClass = []
        switch wright_scalar_category(scalar) {
        case 1...5: result = .word
        case 6: result = [.mark, .nonspacingMark, .word]
        case 7, 8: result = [.mark, .word]
        case 9, 10: result = [.number, .word]
        case 11: result = .number
        case 12: result = [.punctuation, .word]
        case 13...18: result = .punctuation
        case 23...25: result = .space
        case 26, 27, 29: result = .control
        default: break
        }
        switch scalar {
        case 0x09...0x0D, 0x85: result.insert(.space)
        case 0x24, 0x2B, 0x3C...0x3E, 0x5E, 0x60, 0x7C, 0x7E: result.insert(.punctuation)
        case 0x200C, 0x200D, 0x24B6...0x24E9, 0x1F130...0x1F149, 0x1F150...0x1F169, 0x1F170...0x1F189:
            // Join_Control, and the symbols that are alphabetic.
            result.insert(.word)
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            result.insert(.chinese)
        default: break
        }
        return result
    }
}
