public import WrightRuntime

extension Table {
    /// Reads JSON Lines: an object on every line, whose members are the columns. Texts are taken as they are, numbers and
    /// truth values as they are written, `null` and what is missing as nothing. Lines that are no object are dropped and
    /// counted; blank lines are no rows.
    ///
    /// - Throws: `FileError` when the file cannot be read or holds no object at all.
    public init(jsonLines path: String) throws(FileError) {
        let reader = try LineReader(path)
        var report = DropReport(unit: "row")
        var names: [String] = []
        var places: [String: Int] = [:]
        var columns: [[String]] = []
        var lines: [Int] = []
        while let bytes = try reader.next() {
            guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { continue }
            let place = "line \(reader.line)"
            let object: JSON.Object
            do {
                guard let found = try JSON(parsing: bytes, file: path).object else {
                    report.drop("that is no JSON object", at: place)
                    continue
                }
                object = found
            } catch {
                report.drop("that is not valid JSON", at: place)
                continue
            }
            for (name, value) in object {
                if places[name] == nil {
                    places[name] = names.count
                    names.append(name)
                    columns.append([String](repeating: "", count: lines.count))
                }
                columns[places[name]!].append(Self.text(of: value))
            }
            lines.append(reader.line)
            for index in columns.indices where columns[index].count < lines.count { columns[index].append("") }
            report.keep()
        }
        guard !lines.isEmpty else {
            throw FileError(
                .invalid, file: path, "it holds no JSON object", remedy: "JSON Lines have an object on every line")
        }
        self.init(file: path, names: names, columns: columns, lines: lines, report: report)
    }

    private static func text(of value: JSON) -> String {
        switch value {
        case .string(let text): text
        case .null: ""
        default: value.text()
        }
    }
}
