public import WrightRuntime

/// What a ``DataCheck`` found, and what it did not look at.
public struct DataReport: Hashable, Sendable {
    /// The parts of the data with their numbers of rows.
    public struct Part: Hashable, Sendable {
        public var name: String
        public var rows: Int
    }

    public let parts: [Part]
    public let columns: Int
    /// The worst first.
    public private(set) var findings: [DataFinding] = []
    /// What was looked at only in part, a sentence each.
    public internal(set) var limits: [Phrase] = []

    init(_ parts: [TablePart]) {
        self.parts = parts.map { Part(name: $0.name, rows: $0.count) }
        columns = parts.first?.columns.count ?? 0
    }

    init(_ parts: [Part], columns: Int) {
        self.parts = parts
        self.columns = columns
    }

    /// How many findings are of this severity.
    public func count(_ severity: DataFinding.Severity) -> Int { findings.count { $0.severity == severity } }

    /// Adds what was found elsewhere; `rows` is how many rows it was looked for in.
    package mutating func add(_ finding: DataFinding, among rows: Int) {
        add([finding]) { _ in rows }
    }

    mutating func add(_ new: [DataFinding], rows parts: [TablePart]) {
        add(new) { finding in
            parts.first { $0.name == finding.part ?? parts[0].name }?.count ?? 0
        }
    }

    mutating func add(_ new: [DataFinding], _ rows: (DataFinding) -> Int) {
        let shared = new.map { finding in
            var finding = finding
            let total = rows(finding)
            if finding.count > 0, total > 0 { finding.share = Double(finding.count) / Double(total) }
            return finding
        }
        findings = (findings + shared).enumerated().sorted {
            ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
        }.map(\.element)
    }

    mutating func note(_ chosen: [TablePart], of parts: [TablePart]) {
        for (some, all) in zip(chosen, parts) where some.count < all.count {
            limits.append(
                Phrase(
                    "\(some.count) of \(all.count) rows of \(all.name) were looked at, evenly chosen; rows that repeat "
                        + "others were found among these only",
                    "\(all.name) 的 \(all.count) 行中均匀抽查了 \(some.count) 行；重复的行只在其中查找"))
        }
    }

    /// `{"parts": {NAME: rows}, "columns": …, "errors": …, "warnings": …, "notes": …, "findings": […], "limits": […]}`.
    public var json: JSON {
        var rows = JSON.Object()
        for part in parts { rows[part.name] = .integer(Int64(part.rows)) }
        return [
            "parts": .object(rows), "columns": .integer(Int64(columns)),
            "errors": .integer(Int64(count(.error))), "warnings": .integer(Int64(count(.warning))),
            "notes": .integer(Int64(count(.note))), "findings": .array(findings.map(\.json)),
            "limits": .array(limits.map { .string($0.english) }),
        ]
    }
}
