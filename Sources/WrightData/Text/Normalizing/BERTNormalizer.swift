/// The normalization of BERT (Devlin et al., 2019): clean, space out Chinese characters, strip accents, lower case.
public struct BERTNormalizer: Hashable, Sendable {
    /// Removes control characters and makes every white space a space.
    public var cleansText = true
    public var spacesChineseCharacters = true
    /// As `lowercases` when nil.
    public var stripsAccents: Bool?
    public var lowercases = true

    public init() {}

    func apply(to text: inout AlignedText) {
        if text.bytes.allSatisfy({ $0 < 0x7F && ($0 >= 0x20 || $0 == 0x0A || $0 == 0x09 || $0 == 0x0D) }) {
            let lowercases = lowercases
            let cleansText = cleansText
            text.mapASCII { byte in
                if byte < 0x20 { return cleansText ? 0x20 : byte }
                return lowercases && byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            }
            return
        }
        if cleansText {
            text.filter({ !Self.isRemoved($0) }, { ScalarClass.of($0).contains(.space) ? 0x20 : $0 })
        }
        if spacesChineseCharacters { Self.space(&text) }
        if stripsAccents ?? lowercases {
            NormalizationForm.nfd.apply(to: &text)
            text.filter { $0 < 0x300 || !ScalarClass.of($0).contains(.nonspacingMark) }
        }
        if lowercases { text.lowercase() }
    }

    private static func isRemoved(_ scalar: UInt32) -> Bool {
        if scalar < 0x7F { return scalar < 0x20 && scalar != 0x09 && scalar != 0x0A && scalar != 0x0D }
        return scalar == 0xFFFD || ScalarClass.of(scalar).contains(.control)
    }

    private static func space(_ text: inout AlignedText) {
        let scalars = text.bytes.scalars
        guard scalars.contains(where: { $0 >= 0x3400 && ScalarClass.of($0).contains(.chinese) }) else { return }
        var changes: [AlignedText.Change] = []
        changes.reserveCapacity(scalars.count * 3)
        for scalar in scalars {
            if scalar >= 0x3400, ScalarClass.of(scalar).contains(.chinese) {
                changes.append(.init(0x20))
                changes.append(.init(scalar, 1))
                changes.append(.init(0x20, 1))
            } else {
                changes.append(.init(scalar))
            }
        }
        text.replace(by: changes)
    }
}
