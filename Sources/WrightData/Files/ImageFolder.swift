public import WrightRuntime

/// A folder of pictures: one folder for each class with PNG and JPEG files at any depth, or files beside a
/// `metadata.csv` or `metadata.jsonl` that has their `file_name` and label.
///
/// The order is that of the paths' bytes (of the metadata's rows, where there are any), the same on every machine.
public struct ImageFolder: Sendable {
    /// One picture.
    public struct Entry: Hashable, Sendable {
        /// The path, from the folder on.
        public let path: String
        /// The number of its class; nil when there are none.
        public let label: Int32?
    }

    public let folder: String
    public let entries: [Entry]
    /// The classes; nil when neither folders nor metadata name any.
    public let labels: LabelNames?
    /// What was left out up to now: files that are no images, rows without a file, classes that are not known.
    public let report: DropReport

    /// Lists the folder. No picture is opened.
    ///
    /// `labels` keeps the numbers of classes known from elsewhere (the training folder); `labelColumn` is the column of
    /// the metadata that names the class, if there is one.
    public init(_ folder: String, labels: LabelNames? = nil, labelColumn: String = "label") throws(FileError) {
        var report = DropReport(unit: "image")
        let found: [(path: String, label: String?)]
        if FileAccess.exists(folder + "/metadata.csv") {
            found = try Self.listed(csv: folder + "/metadata.csv", labelColumn, &report)
        } else if FileAccess.exists(folder + "/metadata.jsonl") {
            found = try Self.listed(jsonl: folder + "/metadata.jsonl", labelColumn, &report)
        } else {
            found = try Self.walked(folder, &report)
        }
        let names = labels ?? LabelNames(collecting: found.compactMap(\.label))
        let hasLabels = labels != nil || found.contains { $0.label != nil }
        var entries: [Entry] = []
        for (path, label) in found {
            let number = label.flatMap { names.number(of: $0) }
            if hasLabels, number == nil {
                report.drop(label == nil ? .withoutLabel : .ofUnknownClass, at: path)
            } else {
                entries.append(Entry(path: path, label: number))
            }
        }
        self.folder = folder
        self.entries = entries
        self.labels = hasLabels ? names : nil
        self.report = report
    }

    public var count: Int { entries.count }

    /// Where an entry's file is.
    public func file(_ entry: Entry) -> String { folder + "/" + entry.path }

    private static func isImage(_ name: String) -> Bool {
        let name = name.lowercased()
        return [".png", ".jpg", ".jpeg"].contains { name.hasSuffix($0) }
    }

    private static func walked(
        _ folder: String, _ report: inout DropReport
    ) throws(FileError) -> [(path: String, label: String?)] {
        var found: [(path: String, label: String?)] = []
        for path in try FolderWalk.files(in: folder) {
            if isImage(path) {
                found.append((path, path.contains("/") ? String(path.prefix { $0 != "/" }) : nil))
            } else {
                report.drop(Phrase("neither PNG nor JPEG", "不是 PNG 或 JPEG"), at: path)
            }
        }
        return found
    }

    private static func listed(
        csv path: String, _ labelColumn: String, _ report: inout DropReport
    ) throws(FileError) -> [(path: String, label: String?)] {
        let reader = try CSVReader(path)
        guard let nameIndex = reader.names.firstIndex(of: "file_name") else {
            throw FileError(.invalid, file: path, at: .line(1, column: 1), Message(.needsColumn, "\"file_name\""))
        }
        let labelIndex = reader.names.firstIndex(of: labelColumn)
        var found: [(path: String, label: String?)] = []
        while let row = try reader.next() {
            let label = labelIndex.map { row.fields[$0] }
            accept(row.fields[nameIndex], label == "" ? nil : label, path, "line \(row.line)", &found, &report)
        }
        report.addDropped(reader.report)
        return found
    }

    private static func listed(
        jsonl path: String, _ labelColumn: String, _ report: inout DropReport
    ) throws(FileError) -> [(path: String, label: String?)] {
        let lines = try FileAccess.read(path).split(separator: 0x0A, omittingEmptySubsequences: false)
        var found: [(path: String, label: String?)] = []
        for (index, line) in lines.enumerated() where line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) {
            let row = try JSON(parsing: Array(line), file: "\(path), row \(index + 1)")
            let label = row[labelColumn].flatMap { $0.string ?? $0.integer.map(String.init) }
            accept(row["file_name"]?.string ?? "", label, path, "line \(index + 1)", &found, &report)
        }
        return found
    }

    /// Takes a row of the metadata when its file is there and inside the folder.
    private static func accept(
        _ name: String, _ label: String?, _ metadata: String, _ place: String,
        _ found: inout [(path: String, label: String?)], _ report: inout DropReport
    ) {
        if name.isEmpty {
            report.drop(Phrase("without a file_name", "没有 file_name"), at: place)
        } else if name.hasPrefix("/") || name.split(separator: "/").contains("..") {
            report.drop(Phrase("outside the folder", "位于文件夹之外"), at: place)
        } else if !FileAccess.exists(FileAccess.folder(of: metadata) + "/" + name) {
            report.drop(Phrase("named in the metadata but not there", "元数据中列出但文件不存在"), at: place)
        } else {
            found.append((name, label))
        }
    }
}
