public import WrightGraph
public import WrightRuntime

/// Writes a dataset row by row to one file that ``ArrayDataset/init(contentsOf:)`` maps: for data that does not fit
/// the memory, or that is costly to make. The file appears whole or not at all.
public final class DatasetWriter {
    private struct Column {
        let name: String
        let type: TensorType
        let spool: AtomicFile
    }

    private let path: String
    private let columns: [Column]
    private let inputs: Int
    private let targets: Int
    public private(set) var count = 0

    /// `inputs` and `targets` are the types of one sample.
    public init(
        _ path: String, inputs: [TensorType], targets: [TensorType], hasWeights: Bool = false
    ) throws(FileError) {
        self.path = path
        self.inputs = inputs.count
        self.targets = targets.count
        let types =
            inputs.enumerated().map { (ArrayDataset.inputName($0), $1) }
            + targets.enumerated().map { (ArrayDataset.targetName($0), $1) }
            + (hasWeights ? [(ArrayDataset.weightName, TensorType([], .float32))] : [])
        // The format holds one array after the other, so each waits in a file of its own until all rows are known.
        var columns: [Column] = []
        for (name, type) in types {
            columns.append(Column(name: name, type: type, spool: try AtomicFile("\(path).\(name)")))
        }
        self.columns = columns
    }

    /// Adds rows. Traps when their types are not the ones that were announced.
    public func append(_ samples: Samples) throws(FileError) {
        let buffers = samples.inputs + samples.targets + (samples.weights.map { [$0] } ?? [])
        precondition(
            buffers.count == columns.count && samples.inputs.count == inputs && samples.targets.count == targets,
            "the samples have other inputs, targets or weights than announced")
        for (column, buffer) in zip(columns, buffers) {
            precondition(
                buffer.sampleType == column.type, "\(column.name) is \(column.type), not \(buffer.sampleType)")
            try buffer.withBytes { bytes throws(FileError) in try column.spool.write(bytes) }
        }
        count += samples.count
    }

    /// Puts the file together and in place, and maps it.
    public func finish(metadata: [String: String] = [:]) throws(FileError) -> ArrayDataset {
        let types = columns.map { (name: $0.name, type: TensorType([count] + $0.type.shape, $0.type.dtype)) }
        try SafetensorsFile.write(types: types, metadata: metadata, to: path) { name, file throws(FileError) in
            let spool = columns.first { $0.name == name }!.spool
            let reader = try FileReader(spool.temporary)
            let buffer = ReadBuffer(byteCount: 1 << 20)
            while case let read = try reader.read(into: buffer.bytes), read > 0 {
                try file.write(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<read]))
            }
        }
        return try ArrayDataset(contentsOf: path)
    }
}

extension Dataset {
    /// The rows of this dataset from a file that is made at the first call and mapped later.
    ///
    /// `key` says what the rows are made from; when it is not the one in the file, the file is made again.
    public func cached(at path: String, key: String) throws -> ArrayDataset {
        if let found = try CachedDataset(path, key: key) { return found.dataset }
        let writer = try DatasetWriter(path, inputs: inputTypes, targets: targetTypes)
        for start in stride(from: 0, to: count, by: 64) {
            try writer.append(try samples(Array(start..<min(start + 64, count))))
        }
        return try writer.finish(metadata: [CachedDataset.keyName: key])
    }
}

/// A dataset in a file, if the file is there and was made from the same things.
struct CachedDataset {
    static let keyName = "made from"

    let dataset: ArrayDataset
    let metadata: [String: String]

    init?(_ path: String, key: String) throws(FileError) {
        guard FileAccess.exists(path) else { return nil }
        let file: SafetensorsFile
        do {
            file = try SafetensorsFile(path)
            guard file.metadata[Self.keyName] == key else { return nil }
            dataset = try ArrayDataset(file)
        } catch {
            // A damaged cache is made again; only the system's refusals are the user's to mend.
            if error.kind == .inputOutput { throw error }
            return nil
        }
        metadata = file.metadata
    }
}
