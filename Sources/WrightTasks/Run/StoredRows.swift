import WrightData
import WrightGraph
import WrightRuntime

/// Encoded rows on a disk, for tables that are larger than the memory.
///
/// Each row goes to one of several files by lot, so that a file holds a fair sample of the table whatever its order, and
/// reading one file after the other, each in an order of its own, is nearly as good as shuffling all rows.
struct StoredRows: Dataset {
    let inputTypes: [TensorType]
    let targetTypes: [TensorType]
    private let layout: RowLayout
    private let widths: [PaddedWidths]
    private let files: [RowFile]
    /// The first row of each file, and how many there are.
    private let starts: [Int]
    private let tokens: RowFile
    private let folder: RowFolder

    fileprivate init(_ writer: StoredRowsWriter) {
        folder = writer.folder
        layout = writer.layout
        inputTypes = writer.inputTypes
        targetTypes = writer.targetTypes
        widths = writer.widths
        files = writer.files
        tokens = writer.tokens
        var start = 0
        starts =
            [0]
            + files.map { [layout] file in
                start += file.byteCount / layout.byteCount
                return start
            }
    }

    var count: Int { starts[files.count] }

    /// Rows that are read together: as many as a file holds.
    var order: Sampler.Order { .blocks(max(1, (count + files.count - 1) / files.count)) }

    func samples(_ rows: [Int]) throws -> Samples {
        let types = layout.fixed.map { TensorType([rows.count] + $0.shape, $0.dtype) }
        let buffers = types.map { Buffer(zeros: $0) }
        var texts = widths.map { _ in TokenSequences() }
        let record = ReadBuffer(byteCount: layout.byteCount)
        for (index, row) in rows.enumerated() {
            let file = fileIndex(of: row)
            try files[file].read(at: (row - starts[file]) * layout.byteCount, into: record.bytes)
            var place = 0
            for (type, buffer) in zip(layout.fixed, buffers) {
                // Safety: the buffers were made above with a place for each row, and nobody else has them.
                (buffer.pointer + index * type.byteCount).copyMemory(
                    from: record.bytes.baseAddress! + place, byteCount: type.byteCount)
                place += type.byteCount
            }
            for text in texts.indices {
                let offset = Int(record.bytes.loadUnaligned(fromByteOffset: place, as: Int64.self))
                let count = Int(record.bytes.loadUnaligned(fromByteOffset: place + 8, as: Int32.self))
                texts[text].append(try tokens.numbers(at: offset, count: count))
                place += RowLayout.textByteCount
            }
        }
        let padded = zip(texts, widths).map { $0.padded(Array(rows.indices), to: $1, padding: 0) }
        return Samples(
            inputs: Array(buffers[..<layout.inputs]) + padded, targets: Array(buffers[layout.inputs...]))
    }

    private func fileIndex(of row: Int) -> Int {
        precondition(row >= 0 && row < count, "there is no row \(row) of \(count)")
        var range = 0..<files.count
        while range.count > 1 {
            let middle = range.lowerBound + range.count / 2
            range = starts[middle] <= row ? middle..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}

/// Where the parts of a row lie among its bytes: inputs and targets of fixed sizes, and then for each text the place and
/// the number of its tokens in a file of their own.
private struct RowLayout {
    static let textByteCount = 12

    let fixed: [TensorType]
    /// How many of `fixed` are inputs.
    let inputs: Int
    let byteCount: Int

    init(inputs: [TensorType], targets: [TensorType], texts: Int) {
        fixed = inputs + targets
        self.inputs = inputs.count
        byteCount = fixed.reduce(0) { $0 + $1.byteCount } + texts * Self.textByteCount
    }
}

/// Writes rows for ``StoredRows``.
final class StoredRowsWriter {
    fileprivate let folder: RowFolder
    fileprivate let layout: RowLayout
    fileprivate let inputTypes: [TensorType]
    fileprivate let targetTypes: [TensorType]
    fileprivate let widths: [PaddedWidths]
    fileprivate let files: [RowFile]
    fileprivate let tokens: RowFile
    private var random = KeyedRandom(seed: 0, stream: .shuffle)

    /// About what a file should hold: the system keeps that much of a disk in spare memory with ease.
    private static let fileBytes = 64 << 20
    private static let mostFiles = 128

    /// Files in the folder, which is emptied, for about `expected` rows like `example`, whose inputs must be numbers,
    /// categories and texts alone.
    init(in path: String, like example: TaskRows, expected: Int) throws(FileError) {
        folder = try RowFolder(path)
        widths = example.texts.isEmpty ? [] : example.widths
        inputTypes = example.inputTypes
        targetTypes = example.targetTypes
        layout = RowLayout(
            inputs: inputTypes.dropLast(widths.count), targets: targetTypes, texts: widths.count)
        let count = min(max(expected * layout.byteCount / Self.fileBytes, 1), Self.mostFiles)
        var files: [RowFile] = []
        for number in 0..<count { files.append(try RowFile("\(path)/rows-\(number)")) }
        self.files = files
        tokens = try RowFile("\(path)/tokens")
    }

    func append(_ rows: TaskRows, chosen: [Int]) throws {
        let samples = try rows.fixedSamples(chosen)
        let buffers = samples.inputs + samples.targets
        for (index, row) in chosen.enumerated() {
            let file = files[random.integer(below: files.count)]
            for (type, buffer) in zip(layout.fixed, buffers) {
                // Safety: the buffer holds a sample of `type` for each chosen row.
                try file.append(
                    UnsafeRawBufferPointer(
                        start: buffer.pointer + index * type.byteCount, count: type.byteCount))
            }
            for text in rows.texts {
                let numbers = Array(text[row])
                try withUnsafeBytes(of: Int64(tokens.byteCount)) { try file.append($0) }
                try withUnsafeBytes(of: Int32(numbers.count)) { try file.append($0) }
                try numbers.withUnsafeBytes { try tokens.append($0) }
            }
        }
    }

    func finish() throws(FileError) -> StoredRows {
        for file in files + [tokens] { try file.flush() }
        return StoredRows(self)
    }
}

/// A folder that goes when the object does.
private final class RowFolder: Sendable {
    private let path: String

    init(_ path: String) throws(FileError) {
        self.path = path
        try FileAccess.removeTree(path)
        try FileAccess.createFolder(path)
    }

    deinit {
        // Why: rows that are left on the disk are in nobody's way, and the next run takes their place.
        try? FileAccess.removeTree(path)
    }
}

/// A file that is written to its end and then read at any place; it goes when the object does.
///
/// Safety: nothing is written once rows are read, and reading at a place changes nothing, so threads may share it.
private final class RowFile: @unchecked Sendable {
    private let file: AtomicFile
    private var waiting: [UInt8] = []
    private(set) var byteCount = 0

    private static let bufferBytes = 1 << 17

    init(_ path: String) throws(FileError) { file = try AtomicFile(path) }

    func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        waiting.append(contentsOf: bytes)
        byteCount += bytes.count
        if waiting.count >= Self.bufferBytes { try flush() }
    }

    func flush() throws(FileError) {
        try file.write(waiting)
        waiting.removeAll(keepingCapacity: true)
    }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) {
        try file.read(at: offset, into: buffer)
    }

    func numbers(at offset: Int, count: Int) throws -> [Int32] {
        guard count > 0 else { return [] }
        return try [Int32](unsafeUninitializedCapacity: count) { buffer, filled in
            try file.read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
            filled = count
        }
    }
}
