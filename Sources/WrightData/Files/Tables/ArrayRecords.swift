import WrightGraph
public import WrightRuntime

/// The pictures in an archive of NumPy arrays as rows of a table: `image` names one (`train_images[17]`, as
/// ``PictureSource`` reads it), `label` its class, and `split` the part where there are several. The line of a record is its
/// number.
public struct ArrayRecords: RecordReader {
    public let columns: [String]
    public private(set) var report = DropReport(unit: "row")
    private var rows: [[String?]] = []

    public init(_ path: String) throws(FileError) {
        let archive = try NumPyArchive(path)
        let parts = NumPyArchive.Part.allCases.compactMap { part in archive.pair(part).map { (part, $0) } }
        guard !parts.isEmpty else {
            throw FileError(
                .invalid, file: path, Message(.noExamples, archive.names))
        }
        columns = ["image", "label"] + (parts.count > 1 ? ["split"] : [])
        for (part, names) in parts {
            let labels = try archive.array(names.labels)
            let shape = try archive.array(names.values).shape
            guard [3, 4].contains(shape.count), labels.count == shape[0] else {
                throw FileError(
                    .unsupported, file: path, at: .entry(names.values),
                    Message(.unfitArrays, "\(shape)", labels.count))
            }
            for (row, label) in labels.doubles.enumerated() {
                let name = Int64(exactly: label).map { "\($0)" } ?? "\(label)"
                rows.append(["\(names.values)[\(row)]", name] + (parts.count > 1 ? [part.rawValue] : []))
            }
        }
    }

    public mutating func next() throws(FileError) -> Record? {
        guard report.kept < rows.count else { return nil }
        report.keep()
        return Record(line: report.kept, fields: rows[report.kept - 1])
    }
}

extension NumPyArchive {
    /// What a pair of arrays is for.
    package enum Part: String, CaseIterable, Sendable {
        case train, validation, test

        fileprivate var names: [(values: String, labels: String)] {
            switch self {
            case .train:
                [
                    ("x_train", "y_train"), ("train_images", "train_labels"), ("images", "labels"), ("x", "y"),
                    ("X", "y"), ("data", "labels"),
                ]
            case .validation: [("x_val", "y_val"), ("val_images", "val_labels")]
            case .test: [("x_test", "y_test"), ("test_images", "test_labels")]
            }
        }
    }

    /// The arrays of examples and of their labels, by the names that data sets use; nil when there are none.
    package func pair(_ part: Part) -> (values: String, labels: String)? {
        part.names.first { names.contains($0.values) && names.contains($0.labels) }
    }

    /// What to call arrays so that they are found.
    package var pairRemedy: String {
        "It has \(names.joined(separator: ", ")); name them x_train and y_train, train_images and train_labels, images and "
            + "labels, or x and y"
    }
}
