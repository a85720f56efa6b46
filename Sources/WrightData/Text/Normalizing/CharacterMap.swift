import CWrightText
public import WrightRuntime

/// SentencePiece's compiled replacements (`precompiled_charsmap`): a double-array trie (Darts) and the texts that its
/// values point to, each ended by a zero byte.
public struct CharacterMap: Hashable, Sendable {
    /// The bytes as they stand in files.
    public let bytes: [UInt8]
    private let units: [UInt32]
    private let textStart: Int

    /// Reads the map. Empty bytes are the map that changes nothing.
    ///
    /// - Throws: ``FileError`` when the size that the bytes state is not theirs.
    public init(_ bytes: [UInt8], file: String, field: String) throws(FileError) {
        self.bytes = bytes
        guard !bytes.isEmpty else {
            (units, textStart) = ([], 0)
            return
        }
        func word(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) } }
        guard bytes.count >= 4, case let size = Int(word(0)), size % 4 == 0, size >= 4, size <= bytes.count - 4 else {
            throw FileError(
                .invalid, file: file, at: .entry(field),
                Message(.characterMap, bytes.count))
        }
        units = (0..<(size / 4)).map { word(4 + 4 * $0) }
        textStart = 4 + size
    }

    /// The longest prefix of the text from `index` on that has a replacement: its length, and where the replacement lies.
    func longestPrefix(of text: UnsafeBufferPointer<UInt8>, from index: Int, to end: Int) -> (Int, Range<Int>)? {
        var found: (Int, Range<Int>)?
        walk(text, index, end) { length, value in
            if let range = replacement(value) { found = (length, range) }
            return true
        }
        return found
    }

    /// The replacement that the reference library finds: that of the shortest prefix that has one.
    private func shortestPrefix(of text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Range<Int>? {
        var found: Range<Int>?
        walk(text, range.lowerBound, range.upperBound) { _, value in
            found = replacement(value)
            return false
        }
        return found
    }

    /// Follows the trie; `body` says whether to go on.
    private func walk(
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ body: (Int, Int) -> Bool
    ) {
        guard !units.isEmpty else { return }
        var position = Self.offset(units[0])
        for index in start..<end {
            let byte = text[index]
            guard byte != 0 else { return }
            position ^= Int(byte)
            guard position < units.count else { return }
            let unit = units[position]
            guard unit & (1 << 31 | 0xFF) == UInt32(byte) else { return }
            position ^= Self.offset(unit)
            guard position < units.count else { return }
            if unit >> 8 & 1 == 1, !body(index + 1 - start, Int(units[position] & 0x7FFF_FFFF)) { return }
        }
    }

    private static func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & (1 << 9)) >> 6) }

    private func replacement(_ value: Int) -> Range<Int>? {
        let start = textStart + value
        guard start < bytes.count else { return nil }
        var end = start
        while end < bytes.count, bytes[end] != 0 { end += 1 }
        let isText = bytes.withUnsafeBytes {
            UnsafeRawBufferPointer(rebasing: $0[start..<end]).firstInvalidUTF8 == nil
        }
        return isText ? start..<end : nil
    }

    /// Replaces grapheme clusters of up to five bytes as a whole where the map has them, and else scalar by scalar.
    func applyToGraphemes(of text: inout AlignedText) {
        guard !units.isEmpty else { return }
        var changes: [AlignedText.Change] = []
        changes.reserveCapacity(text.bytes.count)
        var isModified = false
        text.bytes.withUnsafeBufferPointer { source in
            func replace(_ range: Range<Int>) -> Bool {
                guard let replacement = shortestPrefix(of: source, range) else { return false }
                isModified = true
                let new = Array(bytes[replacement]).scalars
                let old = Array(source[range]).scalars.count
                changes += new.map { .init($0) }
                if new.count > old {
                    for back in 1...(new.count - old) { changes[changes.count - back].change = 1 }
                } else if new.count < old, !changes.isEmpty {
                    changes[changes.count - 1].change += Int32(new.count - old)
                }
                return true
            }
            var start = 0
            while start < source.count {
                let end = Self.graphemeEnd(source, from: start)
                if end - start >= 6 || !replace(start..<end) {
                    var index = start
                    while index < end {
                        let (scalar, length) = source.scalar(at: index)
                        if !replace(index..<(index + length)) { changes.append(.init(scalar)) }
                        index += length
                    }
                }
                start = end
            }
        }
        if isModified { text.replace(by: changes) }
    }

    private static func graphemeEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var (before, length) = text.scalar(at: start)
        var end = start + length
        var state: Int32 = 0
        while end < text.count {
            let (after, length) = text.scalar(at: end)
            if before < 0x80, after < 0x80, !(before == 0x0D && after == 0x0A) { return end }
            if wright_grapheme_ends(before, after, &state) != 0 { return end }
            before = after
            end += length
        }
        return end
    }
}
