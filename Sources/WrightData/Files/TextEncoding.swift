public import WrightRuntime

/// How the characters of a file are written.
public enum TextEncoding: String, Hashable, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    /// China's standard, which holds GBK and GB2312.
    case gb18030

    /// By a name that programs use, in upper or lower case; nil for one that is not read here.
    public init?(name: String) {
        switch name.lowercased() {
        case "utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii": self = .utf8
        case "utf-16le", "utf-16-le", "utf16le": self = .utf16LittleEndian
        case "utf-16be", "utf-16-be", "utf16be": self = .utf16BigEndian
        case "gb18030", "gbk", "gb2312", "cp936", "gb-18030": self = .gb18030
        default: return nil
        }
    }

    /// What stands at the beginning of a file to say how it is written.
    var byteOrderMark: [UInt8] {
        switch self {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        case .gb18030: [0x84, 0x31, 0x95, 0x33]
        }
    }

    /// What a file's first bytes say, and whether that is a guess: a byte order mark is none. Zeros beside ASCII speak for
    /// UTF-16, which has them where the text holds commas and line ends; what is not UTF-8 and reads as common Chinese
    /// characters is GB18030.
    static func detect(_ start: some Collection<UInt8>) -> (encoding: TextEncoding, isGuessed: Bool) {
        if let marked = allCases.first(where: { start.starts(with: $0.byteOrderMark) }) { return (marked, false) }
        let bytes = Array(start)
        var (little, big) = (0, 0)
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            let (first, second) = (bytes[index], bytes[index + 1])
            if second == 0, (0x09...0x7E).contains(first) { little += 1 }
            if first == 0, (0x09...0x7E).contains(second) { big += 1 }
        }
        if little > 4 * big { return (.utf16LittleEndian, true) }
        if big > 4 * little { return (.utf16BigEndian, true) }
        // The last character may be cut.
        let whole = bytes[..<((bytes.lastIndex { $0 < 0x80 } ?? -1) + 1)]
        guard String(validating: whole, as: UTF8.self) == nil, GB18030.isLikely(whole) else { return (.utf8, false) }
        return (.gb18030, true)
    }

    /// What people should know when a file was read in an encoding that only its bytes speak for.
    public func guess(of file: String) -> Phrase {
        Phrase(
            "\(file): read as \(rawValue), which its bytes look like; name the encoding if it is another",
            "\(file)：按其字节判断，以 \(rawValue) 编码读取；若不是，请指明编码")
    }

    /// What to do about bytes that are not UTF-8, as a sentence: most pairs of large bytes speak for Chinese.
    static func remedy(for bytes: some Collection<UInt8>) -> Phrase {
        var (pairs, large, previous) = (0, 0, UInt8(0))
        for byte in bytes {
            if byte >= 0xA1 { large += 1 }
            if byte >= 0xA1, (0xB0...0xF7).contains(previous) {
                pairs += 1
                previous = 0
            } else {
                previous = byte
            }
        }
        return pairs > 0 && 4 * pairs >= large
            ? Phrase(
                "It looks like GB18030 (GBK): name the encoding gb18030, or save the file as UTF-8",
                "它像是 GB18030（GBK）编码：请指定编码 gb18030，或另存为 UTF-8")
            : Phrase(
                "Save the file as UTF-8, or name its encoding if it is one of ",
                "请另存为 UTF-8；若是以下编码之一，请指定编码：") + allCases.map(\.rawValue).phrase
    }
}
