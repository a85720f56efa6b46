extension BLEU {
    /// What counts as a word, named as in sacrebleu.
    public enum Segmentation: String, Hashable, Sendable, CaseIterable {
        /// That of the script mteval-v13a, for languages with spaces: punctuation stands alone, except inside numbers.
        case v13a = "13a"
        /// As `v13a`, and every Chinese character and full-width sign stands alone.
        case chinese = "zh"
        /// Every scalar that is no white space.
        case characters = "char"

        func words(of text: Word) -> [Word] {
            switch self {
            case .v13a: Self.separated([" "] + Self.cleaned(text) + [" "]).words
            case .chinese:
                Self.separated(text.trimmed.setApart { Self.isChinese($0.value) }).words
            case .characters: text.filter { !$0.isSpace }.map { [$0] }
            }
        }

        /// Marks of the file format that the script was written for.
        private static func cleaned(_ text: Word) -> Word {
            var text = text
            for (mark, meaning) in [("<skipped>", ""), ("-\n", ""), ("\n", " ")] { text.replace(mark, by: meaning) }
            for (entity, meaning) in [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")] {
                text.replace(entity, by: meaning)
            }
            return text
        }

        /// Puts blanks around what stands alone: punctuation; points and commas that do not touch a digit on both
        /// sides; a dash behind a digit.
        private static func separated(_ text: Word) -> Word {
            var text = text.setApart { standsAlone($0.value) }
            text.replacePairs {
                !$0.isDigit && $1.isPointOrComma
            } by: {
                [$0, " ", $1, " "]
            }
            text.replacePairs {
                $0.isPointOrComma && !$1.isDigit
            } by: {
                [" ", $0, " ", $1]
            }
            text.replacePairs {
                $0.isDigit && $1 == "-"
            } by: {
                [$0, " ", $1, " "]
            }
            return text
        }

        private static func standsAlone(_ scalar: UInt32) -> Bool {
            switch scalar {
            case 0x20...0x26, 0x28...0x2B, 0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
            default: false
            }
        }

        /// The ranges of sacrebleu. Its two rows beyond the basic plane are misspelt there and mean U+2001 to U+2A6D; they
        /// are kept, for scores are compared across papers.
        private static func isChinese(_ scalar: UInt32) -> Bool {
            switch scalar {
            case 0x2001...0x2A6D, 0x2E80...0x2FDF, 0x2FF0...0x303F, 0x3100...0x312F, 0x31A0...0x31BF, 0x31C0...0x31EF,
                0x3200...0x4DB5, 0x4E00...0x9FBB, 0xF900...0xFA2D, 0xFA30...0xFA6A, 0xFA70...0xFAD9, 0xFE10...0xFE1F,
                0xFE30...0xFE4F, 0xFF00...0xFFEF:
                true
            default: false
            }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isPointOrComma: Bool { self == "." || self == "," }
}

extension Word {
    /// Replaces every occurrence, from the left.
    fileprivate mutating func replace(_ part: String, by other: String) {
        let (part, other) = (Word(part.unicodeScalars), Word(other.unicodeScalars))
        guard contains(part[0]) else { return }
        var result = Word()
        var index = 0
        while index < count {
            if self[index...].starts(with: part) {
                result += other
                index += part.count
            } else {
                result.append(self[index])
                index += 1
            }
        }
        self = result
    }

    /// Replaces neighbours that match, from the left; a scalar takes part in one pair only.
    fileprivate mutating func replacePairs(
        _ matches: (Unicode.Scalar, Unicode.Scalar) -> Bool, by replacement: (Unicode.Scalar, Unicode.Scalar) -> Word
    ) {
        var result = Word()
        result.reserveCapacity(count + 8)
        var index = 0
        while index < count {
            if index + 1 < count, matches(self[index], self[index + 1]) {
                result += replacement(self[index], self[index + 1])
                index += 2
            } else {
                result.append(self[index])
                index += 1
            }
        }
        self = result
    }
}
