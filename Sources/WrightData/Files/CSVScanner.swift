import WrightRuntime

/// Splits the bytes of a table into rows and fields, a chunk of the file at a time.
///
/// It knows quotes and line ends (LF, CR, CRLF) and nothing of headers or types.
final class CSVScanner {
    /// The fields of one row in memory that the next row reuses.
    struct Row {
        fileprivate(set) var bytes: [UInt8] = []
        /// Where each field ends in `bytes`.
        fileprivate(set) var ends: [Int] = []
        /// The line, from 1, on which the row starts.
        fileprivate(set) var line = 0
        /// What breaks the rules of quoting, if anything does.
        fileprivate(set) var defect: Phrase?

        var count: Int { ends.count }

        func range(_ field: Int) -> Range<Int> { (field == 0 ? 0 : ends[field - 1])..<ends[field] }

        func text(_ field: Int) -> String { String(decoding: bytes[range(field)], as: UTF8.self) }
    }

    let path: String
    let delimiter: UInt8
    private(set) var row = Row()
    private let format: CSVFormat
    private let reader: TextFileReader
    private let buffer = ReadBuffer(byteCount: 1 << 18)
    private var chunk: UnsafeMutableRawBufferPointer { buffer.bytes }
    private var count = 0
    private var index = 0
    private var line = 1

    /// Opens the file, plain or gzip, and finds its delimiter. A byte order mark is skipped.
    init(_ path: String, _ format: CSVFormat) throws(FileError) {
        self.path = path
        self.format = format
        reader = try TextFileReader(path, format.encoding)
        count = try reader.read(into: buffer.bytes)
        let start = buffer.bytes[..<count]
        if let given = format.delimiter {
            precondition(
                given.isASCII && !["\"", "\n", "\r"].contains(given),
                "\(given.escaped(asASCII: true)) cannot separate fields")
            delimiter = UInt8(ascii: given)
        } else if Records.bareName(path).hasSuffix(".tsv") {
            delimiter = UInt8(ascii: "\t")
        } else {
            delimiter = CSVFormat.detectDelimiter(start[..<min(count, 1 << 16)], hasQuotes: format.hasQuotes)
        }
    }

    var guessedEncoding: TextEncoding? { reader.guessedEncoding }

    /// Reads the next row that is not blank into `row`; false at the end of the file.
    func next() throws(FileError) -> Bool {
        while try readRow() {
            if row.count > 1 || !row.bytes.isEmpty || wasQuoted { return true }
        }
        return false
    }

    /// Whether the last field that was read stood in quotes.
    private var wasQuoted = false

    private func readRow() throws(FileError) -> Bool {
        row.bytes.removeAll(keepingCapacity: true)
        row.ends.removeAll(keepingCapacity: true)
        row.defect = nil
        row.line = line
        guard try peek() != nil else { return false }
        while true {
            try readField()
            row.ends.append(row.bytes.count)
            guard let byte = try peek() else { return true }
            index += 1
            if byte == delimiter { continue }
            // The end of the line: a CR may be followed by its LF.
            if byte == 0x0D, try peek() == 0x0A { index += 1 }
            line += 1
            return true
        }
    }

    /// Reads up to the delimiter, line end or file end that ends the field, and leaves that in place.
    private func readField() throws(FileError) {
        let start = row.bytes.count
        wasQuoted = false
        if format.trims { try skipBlanks() }
        if format.hasQuotes, try peek() == UInt8(ascii: "\"") {
            wasQuoted = true
            index += 1
            try readQuoted(start)
            if format.trims { try skipBlanks() }
            guard let byte = try peek(), !isEnd(byte) else { return }
            row.defect = Phrase("with text after a closing quote", "在右引号之后还有文本")
        }
        if !wasQuoted, takeWholeField() { return }
        while let byte = try peek(), !isEnd(byte) {
            if byte == UInt8(ascii: "\""), format.hasQuotes, row.defect == nil, format.isStrict {
                row.defect = Phrase(
                    "with a quote inside a field that does not start with one", "在不以引号开头的字段中有引号")
            }
            try appendRun(start) { self.isEnd($0) }
        }
        if format.trims, !wasQuoted {
            while row.bytes.count > start, isBlank(row.bytes.last!) { row.bytes.removeLast() }
        }
    }

    /// Takes a field without quotes that lies whole in the chunk, as nearly all do, in one pass; false where there is none.
    private func takeWholeField() -> Bool {
        let (bytes, begin, limit, delimiter) = (chunk, index, min(count, index + format.maximumFieldBytes), delimiter)
        let allowsQuotes = !format.hasQuotes || !format.isStrict
        var end = begin
        while end < limit {
            let byte = bytes[end]
            if byte == delimiter || byte == 0x0A || byte == 0x0D { break }
            guard allowsQuotes || byte != UInt8(ascii: "\"") else { return false }
            end += 1
        }
        guard end < limit else { return false }
        index = end
        if format.trims { while end > begin, isBlank(bytes[end - 1]) { end -= 1 } }
        row.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[begin..<end]))
        return true
    }

    private func readQuoted(_ start: Int) throws(FileError) {
        let opened = line
        while true {
            try appendRun(start) { $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D }
            guard let byte = try peek() else {
                throw FileError(
                    .truncated, file: path, at: .line(opened, column: 1), Message(.unclosedQuote))
            }
            index += 1
            if byte == UInt8(ascii: "\"") {
                guard try peek() == UInt8(ascii: "\"") else { return }
                index += 1
            } else {
                // A CRLF is one line.
                let follower = try peek()
                if byte == 0x0A || follower != 0x0A { line += 1 }
            }
            row.bytes.append(byte)
        }
    }

    /// Appends bytes to the field until one is met that `ends` it, or the chunk is used up.
    private func appendRun(_ start: Int, until ends: (UInt8) -> Bool) throws(FileError) {
        while try peek() != nil {
            let begin = index
            while index < count, !ends(chunk[index]) { index += 1 }
            row.bytes.append(contentsOf: chunk[begin..<index])
            guard row.bytes.count - start <= format.maximumFieldBytes else {
                throw FileError(
                    .tooLarge, file: path, at: .line(row.line, column: 1),
                    Message(.fieldTooLarge, format.maximumFieldBytes))
            }
            if index < count { return }
        }
    }

    private func isEnd(_ byte: UInt8) -> Bool { byte == delimiter || byte == 0x0A || byte == 0x0D }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 && delimiter != 0x09 }

    private func skipBlanks() throws(FileError) {
        while let byte = try peek(), isBlank(byte) { index += 1 }
    }

    /// The next byte, from the next chunk when this one is used up; nil at the end of the file.
    private func peek() throws(FileError) -> UInt8? {
        if index == count {
            count = try reader.read(into: chunk)
            index = 0
            if count == 0 { return nil }
        }
        return chunk[index]
    }
}
