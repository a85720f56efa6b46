import CWrightImage
public import WrightGraph
public import WrightRuntime

/// Arrays in the IDX format of the MNIST family (yann.lecun.com/exdb/mnist), plain or compressed with gzip.
public enum IDX {
    /// Reads the array. int16 becomes int32.
    ///
    /// Memory is taken for what the header promises and for nothing more: a small file that would inflate to more is
    /// refused when it does.
    public static func load(_ path: String) throws(FileError) -> Buffer {
        let reader = try InflatingReader(path)
        let header = try header(4, from: reader, Phrase("the magic number", "文件标识"))
        let types: [UInt8: StoredType] = [
            0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
        ]
        guard header[0] == 0, header[1] == 0, let type = types[header[2]] else {
            throw FileError(
                .invalid, file: path, at: .byte(0), Message(.notIDX))
        }
        guard 1...8 ~= header[3] else {
            throw FileError(
                .invalid, file: path, at: .byte(3),
                Message(
                    .idxDamaged,
                    Phrase("it states \(header[3]) axes; 1 to 8 are read", "声明了 \(header[3]) 个轴，只能读取 1 到 8 个")))
        }
        let extents = try self.header(4 * Int(header[3]), from: reader, Phrase("the extents", "各轴长度"))
        let shape = stride(from: 0, to: extents.count, by: 4).map { at in
            extents[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        guard let byteCount = shape.byteCount(elementBytes: type.byteCount), byteCount <= maximumBytes else {
            throw FileError(
                .tooLarge, file: path, at: .byte(4), Message(.shapeTooLarge, "\(shape)", maximumBytes))
        }
        let values = try readValues(byteCount, from: reader)
        return try type.buffer(
            shape, storage: values, offset: 0, bigEndian: true, file: path, position: .byte(4 + extents.count))
    }

    /// Larger arrays are refused: a header of a few bytes must not take all memory.
    public static let maximumBytes = 1 << 36

    /// Writes the array to `path`, whole or not at all; names that end in `.gz` are compressed.
    ///
    /// Traps for types that the format does not have: bfloat16, int64 and bool.
    public static func write(_ buffer: Buffer, to path: String) throws(FileError) {
        let codes: [DType: UInt8] = [.uint8: 0x08, .int8: 0x09, .int32: 0x0C, .float32: 0x0D, .float64: 0x0E]
        guard let code = codes[buffer.dtype], 1...8 ~= buffer.type.rank else {
            preconditionFailure("IDX has no place for \(buffer.type)")
        }
        var bytes: [UInt8] = [0, 0, code, UInt8(buffer.type.rank)]
        for extent in buffer.shape { bytes += withUnsafeBytes(of: UInt32(extent).bigEndian) { Array($0) } }
        let size = buffer.dtype.byteCount
        buffer.withBytes { raw in
            for start in stride(from: 0, to: raw.count, by: size) { bytes += raw[start..<(start + size)].reversed() }
        }
        if path.hasSuffix(".gz") { bytes = bytes.withUnsafeBytes { deflated($0, .gzip) } }
        try AtomicFile.write(bytes, to: path)
    }

    private static func header(
        _ count: Int, from reader: InflatingReader, _ what: Phrase
    ) throws(FileError) -> [UInt8] {
        let bytes = try reader.read(count)
        guard bytes.count == count else {
            throw FileError(
                .truncated, file: reader.path, Message(.idxDamaged, Phrase("it ends within ", "文件的结尾处于") + what))
        }
        return bytes
    }

    private static func readValues(_ byteCount: Int, from reader: InflatingReader) throws(FileError) -> Storage {
        let limit = reader.largestContent
        guard byteCount <= limit else {
            throw tooShort(byteCount, Phrase("the file can hold \(limit) at most", "文件最多能容纳 \(limit) 字节"), reader)
        }
        // Not touched before it is read into: a false promise takes addresses, not memory.
        let values = Buffer(uninitialised: TensorType([byteCount], .uint8)).storage
        let count = try reader.read(into: UnsafeMutableRawBufferPointer(start: values.pointer, count: byteCount))
        guard count == byteCount else {
            throw tooShort(byteCount, Phrase("there are \(count)", "实际只有 \(count) 字节"), reader)
        }
        // Reading on also checks the sum at the end of a gzip stream.
        guard try reader.read(1).isEmpty else {
            throw FileError(
                .invalid, file: reader.path,
                Message(
                    .idxDamaged,
                    Phrase(
                        "more bytes follow the \(byteCount) that its header promises", "文件头声明的 \(byteCount) 字节之后还有多余字节")
                ))
        }
        return values
    }

    private static func tooShort(_ byteCount: Int, _ truth: Phrase, _ reader: InflatingReader) -> FileError {
        FileError(
            .truncated, file: reader.path,
            Message(
                .idxDamaged,
                Phrase("the header promises \(byteCount) bytes of values, and ", "文件头声明有 \(byteCount) 字节的数值，") + truth))
    }
}

extension ArrayDataset {
    /// The images and labels of one part of an MNIST-like folder, for example `train` or `t10k`: the files
    /// `PART-images-idx3-ubyte` and `PART-labels-idx1-ubyte`, with or without `.gz`. Images get an axis of one channel.
    public static func idx(folder: String, part: String) throws(FileError) -> ArrayDataset {
        func path(_ name: String) throws(FileError) -> String {
            let plain = "\(folder)/\(part)-\(name)"
            for candidate in [plain, plain + ".gz"] where FileAccess.exists(candidate) { return candidate }
            throw FileError(
                .missing, file: plain, Message(.noIDXFile))
        }
        let imagePath = try path("images-idx3-ubyte")
        let labelPath = try path("labels-idx1-ubyte")
        let images = try IDX.load(imagePath)
        let labels = try IDX.load(labelPath)
        guard images.type.rank == 3, images.dtype == .uint8 else {
            throw FileError(
                .invalid, file: imagePath, Message(.idxKind, Phrase("images", "图片"), "[N, H, W]", "\(images.type)"))
        }
        guard labels.type.rank == 1, labels.dtype == .uint8 else {
            throw FileError(
                .invalid, file: labelPath, Message(.idxKind, Phrase("labels", "标签"), "[N]", "\(labels.type)"))
        }
        guard images.shape[0] == labels.shape[0] else {
            throw FileError(
                .invalid, file: labelPath, Message(.labelCount, labels.shape[0], images.shape[0]))
        }
        return ArrayDataset(
            images: images.reshaped(images.shape + [1]), labels: Buffer(labels.array(of: UInt8.self).map(Int32.init)))
    }
}
