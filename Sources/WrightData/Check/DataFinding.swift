public import WrightRuntime

/// Something about data that a model would suffer from, or that should not be in it: which rows, and what to do.
public struct DataFinding: Hashable, Sendable {
    /// What was found.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case columns, missing, constant, identifier, imbalance, outliers, spelling
        case duplicates, nearDuplicates = "near_duplicates", contradictions, overlap, nearOverlap = "near_overlap"
        case leakage, shift, personalData = "personal_data", labelErrors = "label_errors", unreadable
    }

    /// How much it matters.
    public enum Severity: String, Hashable, Sendable, Comparable, CaseIterable {
        /// Good to know.
        case note
        /// Results will probably be worse than they could be.
        case warning
        /// Results will be wrong, or data is used that should not be.
        case error

        public static func < (one: Self, other: Self) -> Bool {
            allCases.firstIndex(of: one)! < allCases.firstIndex(of: other)!
        }
    }

    /// So many rows are named.
    public static let rowsKept = 1000

    public var kind: Kind
    public var severity: Severity
    /// The column and the part of the data it is about, where it is about one.
    public var column: String?
    public var part: String?
    /// How many rows it is about, and the lines of the first of them.
    public var count: Int
    public var lines: [Int]
    /// The first of the files, where it is about files.
    public private(set) var paths: [String] = []
    /// The part of all rows of ``part`` that ``count`` is; nil where it is about no rows.
    public internal(set) var share: Double?
    /// What is so, and what to do about it: a sentence each.
    public let phrase: Phrase
    public let advicePhrase: Phrase
    /// The same in English.
    public var text: String { phrase.english }
    public var advice: String { advicePhrase.english }

    package init(
        _ kind: Kind, _ severity: Severity, column: String? = nil, part: String? = nil, lines: [Int] = [],
        _ phrase: Phrase,
        advice: Phrase
    ) {
        self.kind = kind
        self.severity = severity
        self.column = column
        self.part = part
        count = lines.count
        self.lines = Array(lines.prefix(Self.rowsKept))
        self.phrase = phrase
        advicePhrase = advice
    }

    /// About files.
    init(
        _ kind: Kind, _ severity: Severity, part: String, paths: [String], count: Int, _ phrase: Phrase, advice: Phrase
    ) {
        self.init(kind, severity, part: part, phrase, advice: advice)
        self.count = count
        self.paths = Array(paths.prefix(Self.rowsKept))
    }

    public var json: JSON {
        [
            "kind": .string(kind.rawValue), "severity": .string(severity.rawValue),
            "column": column.map { .string($0) } ?? .null, "part": part.map { .string($0) } ?? .null,
            "count": .integer(Int64(count)), "share": share.map { .number($0) } ?? .null,
            "lines": .array(lines.map { .integer(Int64($0)) }), "files": .array(paths.map { .string($0) }),
            "text": .string(phrase.english), "advice": .string(advicePhrase.english),
            "text_zh": .string(phrase.chinese), "advice_zh": .string(advicePhrase.chinese),
        ]
    }
}

/// The rows of one part of the data, such as those for training, as columns of text.
public struct TablePart: Sendable {
    public let name: String
    public let columns: [String]
    /// By column; nil where there is no value.
    public let fields: [[String?]]
    /// The line of the file on which each row starts.
    public let lines: [Int]

    public init(_ name: String, columns: [String], fields: [[String?]], lines: [Int]) {
        precondition(
            columns.count == fields.count && fields.allSatisfy { $0.count == lines.count },
            "\(columns.count) columns of \(lines.count) rows")
        self.name = name
        self.columns = columns
        self.fields = fields
        self.lines = lines
    }

    /// Reads all rows. Fields that are one of `missing` are taken for no value.
    public init(
        _ name: String, _ reader: some RecordReader, missing: Set<String> = Table.missingMarks
    ) throws(FileError) {
        var reader = reader
        var fields = reader.columns.map { _ in [String?]() }
        var lines: [Int] = []
        while let row = try reader.next() {
            for (column, field) in row.fields.enumerated() {
                fields[column].append(field.flatMap { missing.contains($0) ? nil : $0 })
            }
            lines.append(row.line)
        }
        self.init(name, columns: reader.columns, fields: fields, lines: lines)
    }

    public var count: Int { lines.count }

    /// At most so many of its rows, evenly chosen.
    func sampled(_ limit: Int) -> TablePart {
        guard count > limit else { return self }
        let rows = (0..<limit).map { $0 * count / limit }
        return TablePart(
            name, columns: columns, fields: fields.map { column in rows.map { column[$0] } },
            lines: rows.map { lines[$0] })
    }

    /// Only these columns, in this order.
    func selecting(_ names: [String]) -> TablePart {
        let places = names.map { columns.firstIndex(of: $0)! }
        return TablePart(name, columns: names, fields: places.map { fields[$0] }, lines: lines)
    }
}
