public import WrightRuntime

/// Texts from a file, with what else is known of each: one row of a table, one line of plain text.
public struct TextRows: Sendable {
    public let file: String
    /// The texts of each row: one, or as many as there are text columns.
    public private(set) var texts: [[String]] = []
    /// The label of each row; empty when there is no label column.
    public private(set) var labels: [String] = []
    /// The line of the file on which each row starts.
    public private(set) var lines: [Int] = []
    /// The columns that the texts come from; empty for plain text.
    public let columns: [String]
    public private(set) var report: DropReport
    /// How the file is written, where its bytes look like it and nothing says so.
    public private(set) var guessedEncoding: TextEncoding?

    /// What people should know of how the file was read.
    public var notes: [Phrase] {
        (guessedEncoding.map { [$0.guess(of: file)] } ?? [])
            + (report.dropped > 0 ? [Phrase("\(file): ", "\(file)：") + report.phrase] : [])
    }

    public var count: Int { texts.count }

    /// Reads a table (`.csv`, `.tsv`), JSON Lines (`.jsonl`, `.ndjson`) or plain text with a text on each line, all of them plain or
    /// gzip.
    ///
    /// `columns` are the columns of texts; nil takes the one that is longest on average. Rows without a label, where `label`
    /// names a column, and rows whose texts are all empty are dropped and counted. A `.tsv` file has no quoting, as its
    /// standard says. An encoding that is not given is found out.
    public init(
        contentsOf path: String, columns: [String]? = nil, label: String? = nil, encoding: TextEncoding? = nil
    ) throws(FileError) {
        file = path
        guard Self.isTable(path) else {
            self.columns = []
            report = DropReport(unit: "line")
            try readLines(path, encoding)
            return
        }
        let table = try Self.table(path, encoding)
        let fields = try label.map { name throws(FileError) in try table.column(name) }
        let chosen = if let columns { columns } else { [try Self.longest(of: table, but: label)] }
        var parts: [[String]] = []
        for name in chosen { parts.append(try table.column(name)) }
        self.columns = chosen
        report = table.report
        guessedEncoding = table.guessedEncoding
        report.forgetKept()
        for row in 0..<table.count {
            let place = "line \(table.lines[row])"
            let texts = parts.map { $0[row] }
            if texts.allSatisfy({ $0.utf8.allSatisfy { $0 == 0x20 } }) {
                report.drop(Phrase("without a text", "没有文本"), at: place)
                continue
            }
            if let fields {
                guard !Table.missingMarks.contains(fields[row]) else {
                    report.drop(.withoutLabel, at: place)
                    continue
                }
                labels.append(fields[row])
            }
            self.texts.append(texts)
            lines.append(table.lines[row])
            report.keep()
        }
    }

    /// Whether files of this name are tables, with columns.
    public static func isTable(_ path: String) -> Bool { isDelimited(path) || isJSONLines(path) }

    private static func isDelimited(_ path: String) -> Bool {
        [".csv", ".tsv"].contains(where: Records.bareName(path).hasSuffix)
    }

    private static func isJSONLines(_ path: String) -> Bool {
        [".jsonl", ".ndjson"].contains(where: Records.bareName(path).hasSuffix)
    }

    private static func table(_ path: String, _ encoding: TextEncoding?) throws(FileError) -> Table {
        if isJSONLines(path) { return try Table(file: path, JSONRecords(path, .init(encoding: encoding))) }
        var format = CSVFormat()
        format.encoding = encoding
        format.hasQuotes = !Records.bareName(path).hasSuffix(".tsv")
        return try Table(contentsOf: path, format)
    }

    /// The column, but for the labels', whose fields are longest on average.
    private static func longest(of table: Table, but label: String?) throws(FileError) -> String {
        let sizes = zip(table.names, table.columns).filter { $0.0 != label }.map { name, fields in
            (name: name, bytes: fields.reduce(0) { $0 + $1.utf8.count })
        }
        guard let longest = sizes.max(by: { $0.bytes < $1.bytes }) else {
            throw FileError(.invalid, file: table.file, Message(.noTexts))
        }
        return longest.name
    }

    private mutating func readLines(_ path: String, _ encoding: TextEncoding?) throws(FileError) {
        let reader = try LineReader(path, encoding)
        guessedEncoding = reader.guessedEncoding
        var unread: [UInt8] = []
        while let bytes = try reader.next() {
            let text = String(decoding: bytes, as: UTF8.self)
            if text.utf8.count != bytes.count || !text.utf8.elementsEqual(bytes) {
                if unread.count < 1 << 12 { unread += bytes }
                report.drop(Phrase("that is not UTF-8", "不是 UTF-8"), at: "line \(reader.line)")
                continue
            }
            texts.append([text])
            lines.append(reader.line)
            report.keep()
        }
        // A few such lines are defects; where they are most of the file, it is written otherwise.
        guard report.dropped <= report.kept else {
            throw FileError(
                .invalid, file: path,
                Message(
                    .linesNotUTF8, report.dropped, report.kept + report.dropped, TextEncoding.remedy(for: unread)))
        }
    }
}
