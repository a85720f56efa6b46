/// How a table of text is written: RFC 4180 and what is met in practice.
public struct CSVFormat: Hashable, Sendable {
    /// What stands between fields, an ASCII character; nil to find out (comma, tab, semicolon or bar).
    public var delimiter: Unicode.Scalar?
    /// Whether fields may stand in double quotes; a doubled quote inside stands for one. Off for files where quotes
    /// are ordinary text.
    public var hasQuotes = true
    /// Whether the first row names the columns; else they are named "column 1" and so on.
    public var hasHeader = true
    /// The names of the columns of a file that has no header; nil to take them from the first row.
    public var columns: [String]?
    /// How the characters are written; nil to find out.
    public var encoding: TextEncoding?
    /// Whether blanks around a field without quotes are left out.
    public var trims = true
    /// Whether a row that does not fit is an error; else it is dropped and counted.
    public var isStrict = false
    /// Longer fields are refused: they come from a quote that was never closed.
    public var maximumFieldBytes = 16 << 20

    public init() {}

    /// Finds the delimiter in the first bytes of a file: the one that splits its lines into the same number of parts,
    /// more than one; the comma when there is none.
    static func detectDelimiter(_ bytes: some Collection<UInt8>, hasQuotes: Bool) -> UInt8 {
        let candidates = [",", "\t", ";", "|"].map { UInt8(ascii: $0 as Unicode.Scalar) }
        var counts: [[Int]] = []
        var line = [Int](repeating: 0, count: candidates.count)
        var isQuoted = false
        var isBlank = true
        for byte in bytes {
            if hasQuotes, byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if !isQuoted, byte == 0x0A || byte == 0x0D {
                if !isBlank { counts.append(line) }
                line = [Int](repeating: 0, count: candidates.count)
                isBlank = true
                if counts.count == 100 { break }
                continue
            } else if !isQuoted, let index = candidates.firstIndex(of: byte) {
                line[index] += 1
            }
            isBlank = false
        }
        // The last line may be cut off by the end of the sample; it counts only when it is all there is.
        if counts.isEmpty { counts = [line] }
        let steady = candidates.indices.filter { index in
            counts[0][index] > 0 && counts.allSatisfy { $0[index] == counts[0][index] }
        }
        let best = (steady.isEmpty ? Array(candidates.indices) : steady).max { one, other in
            // The header decides; of equals the first wins.
            counts[0][one] < counts[0][other] || counts[0][one] == counts[0][other] && one > other
        }!
        return counts[0][best] > 0 ? candidates[best] : candidates[0]
    }
}
