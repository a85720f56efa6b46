/// Text under normalization: its bytes, and for each byte which bytes of the original it stands for.
struct AlignedText: Sendable {
    /// A range of bytes of the original.
    struct Origin: Hashable, Sendable {
        var start: Int32
        var end: Int32
    }

    /// A scalar of new text and how it relates to the old: 0 takes the place of one scalar, 1 is put between, −n takes
    /// the place of one scalar and removes the n after it.
    struct Change {
        var scalar: UInt32
        var change: Int32

        init(_ scalar: UInt32, _ change: Int = 0) {
            self.scalar = scalar
            self.change = Int32(truncatingIfNeeded: change)
        }
    }

    private(set) var bytes: [UInt8]
    /// Empty while the bytes stand where they stood.
    private(set) var origins: [Origin]
    /// Where the text begins in the original.
    let base: Int

    /// Text as it stands in the original from byte `base` on.
    init(_ bytes: [UInt8], base: Int) {
        self.bytes = bytes
        self.base = base
        origins = []
    }

    private init(_ bytes: [UInt8], _ origins: [Origin], base: Int) {
        self.bytes = bytes
        self.origins = origins
        self.base = base
    }

    var isUnchanged: Bool { origins.isEmpty }

    /// What the bytes in `range` stand for, in the original.
    func origin(of range: Range<Int>) -> Range<Int> {
        bytes.withUnsafeBufferPointer { Self.origin(of: range, $0, origins, base) }
    }

    /// The same for borrowed bytes, where it is asked for every token.
    @inline(__always) static func origin(
        of range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>, _ origins: [Origin], _ base: Int
    ) -> Range<Int> {
        if range.isEmpty { return base..<base }
        if origins.isEmpty {
            return (base + bytes.scalarStart(range.lowerBound))..<(base + bytes.scalarEnd(range.upperBound))
        }
        let start = Int(origins[range.lowerBound].start)
        return start..<max(start, Int(origins[range.upperBound - 1].end))
    }

    private func origin(ofByte index: Int) -> Origin {
        guard origins.isEmpty else { return origins[min(index, origins.count - 1)] }
        let range = origin(of: index..<min(index + 1, bytes.count))
        return Origin(start: Int32(range.lowerBound), end: Int32(range.upperBound))
    }

    /// A part of the text with its own beginning.
    func part(_ range: Range<Int>) -> AlignedText {
        if origins.isEmpty { return AlignedText(Array(bytes[range]), base: base + range.lowerBound) }
        return AlignedText(Array(bytes[range]), Array(origins[range]), base: base)
    }

    /// Puts new text in the place of the old one; `dropping` scalars at the beginning go away.
    mutating func replace(by changes: some Sequence<Change>, dropping: Int = 0) {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 16)
        var newOrigins: [Origin] = []
        var isSame = origins.isEmpty && dropping == 0
        var offset = 0
        for _ in 0..<dropping { offset += lengthOfScalar(at: offset) }
        for change in changes {
            let oldLength = change.change > 0 ? 0 : lengthOfScalar(at: offset)
            let length = utf8Length(change.scalar)
            if isSame, change.change != 0 || length != oldLength {
                isSame = false
                newOrigins = (0..<result.count).map { origin(ofByte: $0) }
            }
            if !isSame {
                let origin: Origin =
                    change.change > 0
                    ? offset == 0 ? Origin(start: Int32(base), end: Int32(base)) : origin(ofByte: offset - 1)
                    : origin(ofByte: offset)
                for _ in 0..<length { newOrigins.append(origin) }
            }
            result.append(scalar: change.scalar)
            offset += oldLength
            if change.change < 0 {
                for _ in 0..<(-change.change) { offset += lengthOfScalar(at: offset) }
            }
        }
        if isSame, result.count != bytes.count { newOrigins = (0..<result.count).map { origin(ofByte: $0) } }
        bytes = result
        origins = newOrigins
    }

    private func lengthOfScalar(at offset: Int) -> Int {
        guard offset < bytes.count else { return 0 }
        let lead = bytes[offset]
        return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    }

    /// Keeps the scalars for which `keep` holds and maps them.
    mutating func filter(_ keep: (UInt32) -> Bool, _ map: (UInt32) -> UInt32 = { $0 }) {
        var changes: [Change] = []
        changes.reserveCapacity(bytes.count)
        var removed = 0
        var dropping = 0
        var isChanged = false
        for scalar in bytes.scalars {
            if keep(scalar) {
                if changes.isEmpty {
                    dropping = removed
                } else {
                    changes[changes.count - 1].change = Int32(-removed)
                }
                removed = 0
                let mapped = map(scalar)
                if mapped != scalar { isChanged = true }
                changes.append(Change(mapped))
            } else {
                removed += 1
                isChanged = true
            }
        }
        guard isChanged else { return }
        if !changes.isEmpty { changes[changes.count - 1].change = Int32(-removed) }
        replace(by: changes, dropping: dropping)
    }

    /// Replaces the bytes in place by as many others, scalar by scalar.
    mutating func mapASCII(_ map: (UInt8) -> UInt8) {
        for index in bytes.indices { bytes[index] = map(bytes[index]) }
    }

    /// Puts text before the first scalar, whose origin it takes.
    mutating func prepend(_ text: [UInt8]) {
        guard !bytes.isEmpty else { return }
        var builder = AlignedTextBuilder(base: base)
        builder.append(text, like: 0, of: self)
        builder.append(0..<bytes.count, of: self)
        self = builder.text
    }

    /// Replaces ranges, which ascend and do not overlap, by one text; it stands for the last byte of each range.
    mutating func replace(_ ranges: [Range<Int>], by text: [UInt8]) {
        guard !ranges.isEmpty else { return }
        var builder = AlignedTextBuilder(base: base)
        var last = 0
        for range in ranges {
            builder.append(last..<range.lowerBound, of: self)
            builder.append(text, like: range.upperBound - 1, of: self)
            last = range.upperBound
        }
        builder.append(last..<bytes.count, of: self)
        self = builder.text
    }

    fileprivate init(builder: AlignedTextBuilder) {
        self.init(builder.bytes, builder.origins, base: builder.base)
    }
}

/// Makes text from parts of other text.
struct AlignedTextBuilder {
    fileprivate var bytes: [UInt8] = []
    fileprivate var origins: [AlignedText.Origin] = []
    fileprivate let base: Int

    init(base: Int) { self.base = base }

    var count: Int { bytes.count }
    var text: AlignedText { AlignedText(builder: self) }

    /// Removes what was appended after the first `count` bytes.
    mutating func keep(first count: Int) {
        bytes.removeSubrange(count...)
        origins.removeSubrange(count...)
    }

    /// Appends a part as it is.
    mutating func append(_ range: Range<Int>, of text: AlignedText) {
        bytes.append(contentsOf: text.bytes[range])
        if text.isUnchanged {
            var index = range.lowerBound
            while index < range.upperBound {
                let origin = text.origin(of: index..<(index + 1))
                let count = min(origin.upperBound - text.base, range.upperBound) - index
                for _ in 0..<count {
                    origins.append(.init(start: Int32(origin.lowerBound), end: Int32(origin.upperBound)))
                }
                index += count
            }
        } else {
            origins.append(contentsOf: text.origins[range])
        }
    }

    /// Appends new bytes that stand for what the byte at `index` stands for.
    mutating func append(_ new: some Collection<UInt8>, like index: Int, of text: AlignedText) {
        guard !text.bytes.isEmpty else { return }
        bytes.append(contentsOf: new)
        let range = text.origin(of: index..<(index + 1))
        let origin = AlignedText.Origin(start: Int32(range.lowerBound), end: Int32(range.upperBound))
        for _ in 0..<new.count { origins.append(origin) }
    }
}
