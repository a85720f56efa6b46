/// What tells GB18030 from other encodings of bytes that are not UTF-8, where nothing in the file says which it is.
enum GB18030 {
    /// Fewer Chinese characters say too little.
    private static let leastCharacters = 6

    /// Whether the bytes are well-formed GB18030 and read so are mostly common Chinese characters and their punctuation.
    ///
    /// Level 1 of GB 2312 holds the 3,755 characters that make up 99 % of Chinese text, ordered by their sound, so texts
    /// have them from all over it. Korean (EUC-KR) lies in its first half alone, Japanese has its syllables elsewhere, and
    /// in Big5 and western encodings most pairs fall outside of it or are no characters at all.
    static func isLikely(_ bytes: some Collection<UInt8>) -> Bool {
        var (common, late, punctuation, others) = (0, 0, 0, 0)
        var iterator = bytes.makeIterator()
        while let first = iterator.next() {
            guard first >= 0x80 else { continue }
            guard (0x81...0xFE).contains(first), let second = iterator.next() else {
                return false
            }
            if (0x30...0x39).contains(second) {
                guard let third = iterator.next(), (0x81...0xFE).contains(third), let fourth = iterator.next(),
                    (0x30...0x39).contains(fourth)
                else { return false }
                // Rare characters, and well-formed ones of four bytes are hardly chance.
                continue
            }
            guard second >= 0x40, second != 0x7F, second != 0xFF else { return false }
            switch (first, second) {
            case (0xB0...0xD7, 0xA1...):
                common += 1
                if first >= 0xC9 { late += 1 }
            case (0xA1, 0xA1...), (0xA3, 0xA1...): punctuation += 1
            default: others += 1
            }
        }
        return common >= leastCharacters && 5 * late >= common
            && 4 * (common + punctuation) >= 3 * (common + punctuation + others)
    }
}
