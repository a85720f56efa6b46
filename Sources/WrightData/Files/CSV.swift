public import WrightRuntime

/// The rows of a CSV or TSV file, plain or gzip, one after the other: files may be larger than the memory.
///
/// Rows that do not fit are dropped and counted in ``report``, or thrown when the format is strict. Text that is not
/// UTF-8 and quotes that are never closed are always thrown, for what follows them cannot be trusted. Blank lines are
/// no rows.
public final class CSVReader {
    /// One row that fits the header.
    public struct Row: Sendable {
        /// The line, from 1, on which the row starts.
        public let line: Int
        /// As many as there are columns.
        public let fields: [String]
    }

    public let path: String
    /// The names of the columns, all different.
    public let names: [String]
    /// What was kept and dropped up to now.
    public private(set) var report = DropReport(unit: "row")
    private let scanner: CSVScanner
    private let format: CSVFormat
    private var hasPending: Bool

    public init(_ path: String, _ format: CSVFormat = CSVFormat()) throws(FileError) {
        self.path = path
        self.format = format
        scanner = try CSVScanner(path, format)
        guard try scanner.next() else {
            throw FileError(.truncated, file: path, Message(.noRows))
        }
        let hasHeader = format.hasHeader && format.columns == nil
        hasPending = !hasHeader
        let row = scanner.row
        try Self.checkText(row, path)
        if let columns = format.columns, columns.count != row.count {
            throw FileError(
                .invalid, file: path, at: .line(row.line, column: 1),
                Message(.namedColumns, row.count, columns.count))
        }
        names = (0..<row.count).map { field in
            let name = format.columns?[field] ?? (hasHeader ? row.text(field) : "")
            return name.isEmpty ? "column \(field + 1)" : name
        }
        var seen: Set<String> = []
        for (field, name) in names.enumerated() where !seen.insert(name).inserted {
            throw FileError(
                .invalid, file: path, at: .line(row.line, column: row.range(field).lowerBound + 1),
                Message(.columnTwice, name.readable))
        }
    }

    /// What separates the fields.
    public var delimiter: Unicode.Scalar { Unicode.Scalar(scanner.delimiter) }

    /// How the file is written, where its bytes look like it and nothing says so.
    public var guessedEncoding: TextEncoding? { scanner.guessedEncoding }

    /// The next row; nil at the end of the file.
    public func next() throws(FileError) -> Row? {
        guard try advance() else { return nil }
        let row = scanner.row
        return Row(line: row.line, fields: (0..<row.count).map { row.text($0) })
    }

    /// Moves to the next row that fits.
    private func advance() throws(FileError) -> Bool {
        while true {
            if hasPending {
                hasPending = false
            } else {
                guard try scanner.next() else { return false }
            }
            let row = scanner.row
            try Self.checkText(row, path)
            guard let defect = defect(row) else {
                report.keep()
                return true
            }
            if format.isStrict {
                throw FileError(
                    .invalid, file: path, at: .line(row.line, column: 1), Message(.unfitRow, defect))
            }
            report.drop(defect, at: "line \(row.line)")
        }
    }

    private func defect(_ row: CSVScanner.Row) -> Phrase? {
        if let defect = row.defect { return defect }
        guard row.count != names.count else { return nil }
        return Phrase(
            "with \(row.count) field\(row.count == 1 ? "" : "s") instead of \(names.count)",
            "有 \(row.count) 个字段，应为 \(names.count) 个")
    }

    /// Each field by itself: two halves of a character in neighbouring fields are no character.
    private static func checkText(_ row: CSVScanner.Row, _ path: String) throws(FileError) {
        let invalid: (Int, Int)? = row.bytes.withUnsafeBytes { bytes in
            guard bytes.contains(where: { $0 >= 0x80 }) else { return nil }
            for field in 0..<row.count {
                let range = row.range(field)
                if let at = UnsafeRawBufferPointer(rebasing: bytes[range]).firstInvalidUTF8 { return (field, at) }
            }
            return nil
        }
        guard let (field, at) = invalid else { return }
        throw FileError(
            .invalid, file: path, at: .line(row.line, column: row.range(field).lowerBound + field + at + 1),
            Message(.fieldNotUTF8, at + 1, field + 1, TextEncoding.remedy(for: row.bytes)))
    }
}
