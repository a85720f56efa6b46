import WrightGraph
public import WrightRuntime

/// A table in memory, as text: one array of fields for each column.
public struct Table: Sendable {
    public let file: String
    public let names: [String]
    public private(set) var columns: [[String]]
    /// The line of the file on which each row starts.
    public private(set) var lines: [Int]
    /// What was left out when the file was read.
    public private(set) var report: DropReport
    /// How the file is written, where its bytes look like it and nothing says so.
    public let guessedEncoding: TextEncoding?

    /// Reads the whole file.
    public init(contentsOf path: String, _ format: CSVFormat = CSVFormat()) throws(FileError) {
        let reader = try CSVReader(path, format)
        file = path
        names = reader.names
        columns = names.map { _ in [] }
        lines = []
        while let row = try reader.next() {
            for (column, field) in row.fields.enumerated() { columns[column].append(field) }
            lines.append(row.line)
        }
        report = reader.report
        guessedEncoding = reader.guessedEncoding
    }

    /// Reads all rows; what has no value becomes an empty text.
    public init(file: String, _ reader: some RecordReader) throws(FileError) {
        var reader = reader
        self.file = file
        names = reader.columns
        columns = names.map { _ in [] }
        lines = []
        while let row = try reader.next() {
            for (column, field) in row.fields.enumerated() { columns[column].append(field ?? "") }
            lines.append(row.line)
        }
        report = reader.report
        guessedEncoding = reader.guessedEncoding
    }

    public var count: Int { lines.count }

    /// The fields of the column of this name.
    public func column(_ name: String) throws(FileError) -> [String] {
        guard let index = names.firstIndex(of: name) else {
            throw FileError(
                .missing, file: file, at: .entry(name), Message(.noColumn, names.prefix(20).map(\.readable)))
        }
        return columns[index]
    }

    /// Fields that stand for a value that is not there.
    public static let missingMarks: Set<String> = ["", "?", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"]

    /// Whether every field of the column is a number or missing, and at least one a number.
    public func isNumeric(_ name: String) throws(FileError) -> Bool {
        let fields = try column(name)
        return fields.contains { Double(decimal: $0) != nil }
            && fields.allSatisfy { Double(decimal: $0) != nil || Self.missingMarks.contains($0) }
    }

    /// The field as a finite float32.
    private static func number(_ field: String) -> Float? {
        Double(decimal: field).flatMap { Float($0).isFinite ? Float($0) : nil }
    }

    /// Numbers float32 [rows, features] with a target from another column.
    public struct Numbers: Sendable {
        public let dataset: ArrayDataset
        public let features: [String]
        /// The classes; nil when the target is a number.
        public let labels: LabelNames?
        public let report: DropReport
    }

    /// The table as numbers: `features` (all numeric columns but the target when nil) as the input, and the target as
    /// class numbers int32 [N], or as float32 [N] when `isRegression`.
    ///
    /// Rows with a missing or unreadable value are dropped and counted. Columns that are not numeric need an encoding
    /// and are refused when asked for by name. `labels` keeps the numbers of classes known from elsewhere (the training
    /// table); rows of other classes are dropped.
    public func numbers(
        features: [String]? = nil, target: String, isRegression: Bool = false, labels: LabelNames? = nil
    ) throws(FileError) -> Numbers {
        let targets = try column(target)
        var chosen: [String] = features ?? []
        if features == nil {
            for name in names where name != target { if try isNumeric(name) { chosen.append(name) } }
        }
        guard !chosen.isEmpty else {
            throw FileError(.unsupported, file: file, Message(.noNumbers, target.readable))
        }
        var parsed: [[Float?]] = []
        for name in chosen { parsed.append(try column(name).map { Self.number($0) }) }
        let names = labels ?? LabelNames(collecting: targets.filter { !Self.missingMarks.contains($0) })
        var report = DropReport(unit: report.unit)
        report.addDropped(self.report)
        var values: [Float] = []
        var classes: [Int32] = []
        var numbers: [Float] = []
        rows: for row in 0..<count {
            let place = "line \(lines[row])"
            for (feature, column) in parsed.enumerated() where column[row] == nil {
                report.drop(.withoutNumber(in: chosen[feature]), at: place)
                continue rows
            }
            if isRegression {
                guard let number = Self.number(targets[row]) else {
                    report.drop(.withoutNumber(in: target), at: place)
                    continue
                }
                numbers.append(number)
            } else {
                guard let number = names.number(of: targets[row]) else {
                    let isMissing = Self.missingMarks.contains(targets[row])
                    report.drop(isMissing ? .withoutLabel : .ofUnknownClass, at: place)
                    continue
                }
                classes.append(number)
            }
            for column in parsed { values.append(column[row]!) }
            report.keep()
        }
        let input = Buffer(values, shape: [report.kept, chosen.count])
        let output = isRegression ? Buffer(numbers) : Buffer(classes)
        return Numbers(
            dataset: ArrayDataset(Samples(inputs: [input], targets: [output])), features: chosen,
            labels: isRegression ? nil : names, report: report)
    }
}

extension Double {
    /// The number that a field of a table holds: decimal digits, a point, an exponent; blanks around it are allowed.
    ///
    /// Unlike `Double(_:)` it takes no hexadecimal numbers, infinities or NaN, which in a table are text.
    package init?(decimal field: String) {
        let bytes = field.utf8
        guard let first = bytes.firstIndex(where: { $0 != 0x20 }), let last = bytes.lastIndex(where: { $0 != 0x20 })
        else { return nil }
        let digits = field[first...last]
        let isDecimal = digits.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard isDecimal, let value = Double(digits), value.isFinite else { return nil }
        self = value
    }
}
