public import WrightRuntime

/// Texts and what each becomes, such as its translation.
public struct TextPairs: Sendable {
    public private(set) var sources: [String] = []
    public private(set) var targets: [String] = []
    /// The columns that both come from; nil for plain text.
    public let columns: (source: String, target: String)?
    public private(set) var report: DropReport

    /// What people should know of how the files were read, beside what was dropped.
    public let notes: [Phrase]

    public var count: Int { sources.count }

    /// Reads two files of plain text, each line of one belonging to the same line of the other, both plain or gzip.
    ///
    /// Lines that are blank, or not UTF-8, in either file are dropped from both and counted. Files of different numbers of
    /// lines are refused.
    public init(source: String, target: String, encoding: TextEncoding? = nil) throws(FileError) {
        columns = nil
        report = DropReport(unit: "pair")
        let first = try TextRows(contentsOf: source, encoding: encoding)
        let second = try TextRows(contentsOf: target, encoding: encoding)
        for (path, rows) in [(source, first), (target, second)] where !rows.columns.isEmpty {
            throw FileError(
                .unsupported, file: path, Message(.tableForText))
        }
        notes = [first, second].compactMap { rows in rows.guessedEncoding?.guess(of: rows.file) }
        let lines = (first.report.kept + first.report.dropped, second.report.kept + second.report.dropped)
        guard lines.0 == lines.1 else {
            throw FileError(
                .invalid, file: target, Message(.unpairedLines, lines.1, source, lines.0))
        }
        let translations = Dictionary(uniqueKeysWithValues: zip(second.lines, second.texts))
        var unread = Set(1...max(lines.0, 1)).subtracting(first.lines)
        for (line, texts) in zip(first.lines, first.texts) {
            guard let translation = translations[line] else {
                unread.insert(line)
                continue
            }
            add(texts[0], translation[0], at: "line \(line)")
        }
        if lines.0 > 0 {
            for line in unread.sorted() { report.drop(Self.unread, at: "line \(line)") }
        }
    }

    /// Reads two columns of a table (see ``TextRows``); nil for `source` takes the longest column beside the target.
    public init(
        contentsOf path: String, source: String?, target: String, encoding: TextEncoding? = nil
    ) throws(FileError) {
        let rows = try TextRows(contentsOf: path, columns: source.map { [$0] }, label: target, encoding: encoding)
        columns = (rows.columns[0], target)
        notes = rows.guessedEncoding.map { [$0.guess(of: path)] } ?? []
        report = rows.report
        report.forgetKept()
        for (index, texts) in rows.texts.enumerated() {
            add(texts[0], rows.labels[index], at: "line \(rows.lines[index])")
        }
    }

    private mutating func add(_ source: String, _ target: String, at place: String) {
        guard !Self.isBlank(source), !Self.isBlank(target) else {
            report.drop(Phrase("with nothing on one side", "有一侧为空"), at: place)
            return
        }
        sources.append(source)
        targets.append(target)
        report.keep()
    }

    private static let unread = Phrase("that is not UTF-8 on one side", "有一侧不是 UTF-8")

    private static func isBlank(_ text: String) -> Bool { text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
}
