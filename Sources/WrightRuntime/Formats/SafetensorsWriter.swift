public import WrightGraph

extension SafetensorsFile {
    /// Writes the tensors to `path`, whole or not at all. The same tensors and metadata give the same bytes.
    ///
    /// Names must be unique and not `__metadata__`.
    public static func write(
        _ tensors: [(name: String, buffer: Buffer)], metadata: [String: String] = [:], to path: String
    ) throws(FileError) {
        let buffers = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.buffer) })
        let types = tensors.map { (name: $0.name, type: $0.buffer.type) }
        try write(types: types, metadata: metadata, to: path) { name, file throws(FileError) in
            try buffers[name]!.withBytes { bytes throws(FileError) in try file.write(bytes) }
        }
    }

    /// Writes tensors that need not be in memory at once: `body` is called for each, in the order of the file, and
    /// writes exactly its bytes.
    public static func write(
        types: [(name: String, type: TensorType)], metadata: [String: String] = [:], to path: String,
        _ body: (String, AtomicFile) throws(FileError) -> Void
    ) throws(FileError) {
        let ordered = types.sorted { (Layout($0.type), $0.name) < (Layout($1.type), $1.name) }
        let file = try AtomicFile(path)
        try file.write(header(ordered, metadata))
        for (name, _) in ordered { try body(name, file) }
        try file.commit()
    }

    private static func header(_ types: [(name: String, type: TensorType)], _ metadata: [String: String]) -> [UInt8] {
        var header = JSON.Object()
        if !metadata.isEmpty {
            var members = JSON.Object()
            for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { members[key] = .string(value) }
            header["__metadata__"] = .object(members)
        }
        var offset: Int64 = 0
        for (name, type) in types {
            precondition(name != "__metadata__" && header[name] == nil, "two tensors are named \(name.readable)")
            let end = offset + Int64(type.byteCount)
            header[name] = [
                "dtype": .string(Self.name(of: type.dtype)),
                "shape": .array(type.shape.map { .integer(Int64($0)) }),
                "data_offsets": [.integer(offset), .integer(end)],
            ]
            offset = end
        }
        var text = Array(JSON.object(header).text().utf8)
        // The data begins where a storage must: then aligned tensors can be used from the mapped file.
        while (8 + text.count) % Storage.alignment != 0 { text.append(UInt8(ascii: " ")) }
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    }

    private static func name(of dtype: DType) -> String {
        types.first { $0.value == StoredType(dtype) }!.key
    }

    /// Tensors of whole cache lines come first, then wide elements before narrow ones: as the format allows no gaps,
    /// this keeps as many tensors as possible aligned.
    private struct Layout: Comparable {
        let isWholeLines: Bool
        let elementBytes: Int

        init(_ type: TensorType) {
            isWholeLines = type.byteCount % Storage.alignment == 0
            elementBytes = type.dtype.byteCount
        }

        static func < (one: Layout, other: Layout) -> Bool {
            if one.isWholeLines != other.isWholeLines { return one.isWholeLines }
            return one.elementBytes > other.elementBytes
        }
    }
}
