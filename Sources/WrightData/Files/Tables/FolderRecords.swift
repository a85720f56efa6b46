public import WrightRuntime

/// The pictures and sounds below a folder as rows of a table: `file` is the path from the folder on, `label` the folder that
/// it lies in. Where the outermost folders are called train, validation and test, `split` says in which a file is. The line
/// of a record is its number.
public struct FolderRecords: RecordReader {
    public let columns: [String]
    public private(set) var report = DropReport(unit: "file")
    private let rows: [[String?]]

    /// What parts of data sets are called, and what they are called here.
    private static let parts = [
        "train": "train", "training": "train", "val": "validation", "valid": "validation", "validation": "validation",
        "dev": "validation", "test": "test", "testing": "test",
    ]

    public init(_ folder: String) throws(FileError) {
        var files: [[Substring]] = []
        for path in try FolderWalk.files(in: folder) {
            if PictureSource.isPicture(path) || SoundFile.isSound(path) {
                files.append(path.split(separator: "/"))
            } else {
                report.drop(Phrase("neither PNG, JPEG, WAV nor FLAC", "不是 PNG、JPEG、WAV 或 FLAC"), at: path)
            }
        }
        guard !files.isEmpty else {
            throw FileError(
                .missing, file: folder, Message(.noPictureNoSound, report))
        }
        func isPart(_ file: [Substring]) -> Bool { file.count > 1 && Self.parts[file[0].lowercased()] != nil }
        let hasParts = files.allSatisfy(isPart)
        let depth = hasParts ? 1 : 0
        let hasLabels = files.contains { $0.count > depth + 1 }
        columns = ["file"] + (hasLabels ? ["label"] : []) + (hasParts ? ["split"] : [])
        rows = files.map { file in
            [file.joined(separator: "/")] + (hasLabels ? [file.count > depth + 1 ? String(file[depth]) : nil] : [])
                + (hasParts ? [Self.parts[file[0].lowercased()]] : [])
        }
    }

    public mutating func next() throws(FileError) -> Record? {
        guard report.kept < rows.count else { return nil }
        report.keep()
        return Record(line: report.kept, fields: rows[report.kept - 1])
    }

    /// The table beside the files that says more of them than their folders do; nil when there is none.
    static func metadata(in folder: String) -> String? {
        ["metadata.csv", "metadata.jsonl"].map { "\(folder)/\($0)" }.first { FileAccess.exists($0) }
    }
}
