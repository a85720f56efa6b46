extension Character {
    /// Whether a terminal gives it two cells, as it does Chinese characters and full-width punctuation (Unicode Standard
    /// Annex 11, classes W and F).
    package var isWide: Bool {
        guard let scalar = unicodeScalars.first?.value else { return false }
        return Self.wide.contains { $0.contains(scalar) }
    }

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
        0x20000...0x3FFFD,
    ]
}

extension StringProtocol {
    /// How many cells of a terminal the text takes.
    package var cells: Int { reduce(0) { $0 + ($1.isWide ? 2 : 1) } }

    /// The beginning of the text that fits into so many cells.
    package func prefix(cells: Int) -> SubSequence {
        var rest = cells
        return prefix { character in
            rest -= character.isWide ? 2 : 1
            return rest >= 0
        }
    }
}
