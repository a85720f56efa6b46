public import WrightGraph

/// One array in NumPy's `.npy` format, versions 1 to 3
/// (numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
///
/// Arrays of Python objects are refused: they are pickled, and reading a pickle runs code.
public enum NumPy {
    /// Reads the array in the file at `path`. Shares the mapped file where types and order allow.
    ///
    /// float16 becomes float32, and 16-bit and unsigned integers wider ones; Fortran order becomes row-major.
    public static func load(_ path: String) throws(FileError) -> Buffer {
        let storage = try FileAccess.map(path)
        return try read(storage, 0..<storage.byteCount, file: path)
    }

    /// Reads an array that fills `range` of `storage`; `file` and `entry` are what errors call it.
    public static func read(
        _ storage: Storage, _ range: Range<Int>, file: String, entry: String? = nil
    ) throws(FileError) -> Buffer {
        let bytes = UnsafeRawBufferPointer(start: storage.pointer + range.lowerBound, count: range.count)
        var reader = NumPyHeaderReader(bytes: bytes, file: file, entry: entry)
        let header = try reader.header()
        guard let expected = header.shape.byteCount(elementBytes: header.type.byteCount) else {
            throw reader.damaged(
                .invalid, "shape \(header.shape) has more elements than can be counted in bytes",
                "形状 \(header.shape) 的元素过多，字节数无法计算")
        }
        let available = bytes.count - header.dataOffset
        guard available >= expected else {
            throw reader.damaged(
                .truncated, "the values should have \(expected) bytes, and \(available) are left",
                "数值应有 \(expected) 字节，只剩 \(available) 字节")
        }
        guard available == expected else {
            throw reader.damaged(
                .invalid, "\(available - expected) bytes follow the values",
                "数值之后还有 \(available - expected) 个多余字节")
        }
        let isFortran = header.isFortran && header.shape.count > 1
        let buffer = try header.type.buffer(
            isFortran ? header.shape.reversed() : header.shape, storage: storage,
            offset: range.lowerBound + header.dataOffset, bigEndian: header.isBigEndian, file: file,
            position: entry.map { .entry($0) } ?? .byte(header.dataOffset))
        return isFortran ? transposed(buffer) : buffer
    }

    /// Writes the array to `path`, whole or not at all.
    public static func write(_ buffer: Buffer, to path: String) throws(FileError) {
        let file = try AtomicFile(path)
        try file.write(header(of: buffer.type))
        try contents(of: buffer).withBytes { bytes throws(FileError) in try file.write(bytes) }
        try file.commit()
    }

    /// The array as the bytes of a `.npy` file.
    public static func bytes(of buffer: Buffer) -> [UInt8] {
        header(of: buffer.type) + contents(of: buffer).withBytes { Array($0) }
    }

    /// NumPy has no bfloat16: it is written as float32, which holds it exactly.
    private static func contents(of buffer: Buffer) -> Buffer {
        guard buffer.dtype == .bfloat16 else { return buffer }
        return Buffer(TensorType(buffer.shape, .float32), doubles: buffer.doubles)
    }

    private static func header(of type: TensorType) -> [UInt8] {
        let descriptor =
            switch type.dtype {
            case .float32, .bfloat16: "<f4"
            case .float64: "<f8"
            case .int32: "<i4"
            case .int64: "<i8"
            case .int8: "|i1"
            case .uint8: "|u1"
            case .bool: "|b1"
            }
        let extents = type.shape.map(String.init).joined(separator: ", ") + (type.rank == 1 ? "," : "")
        var text = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(extents)), }"
        // The values begin at a multiple of 64 bytes, as NumPy writes them.
        while (10 + text.utf8.count + 1) % 64 != 0 { text += " " }
        text += "\n"
        let count = text.utf8.count
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)] + Array(text.utf8)
    }

    /// Row-major values of an array whose axes lie in memory in reversed order.
    private static func transposed(_ reversed: Buffer) -> Buffer {
        let shape: [Int] = reversed.shape.reversed()
        let result = Buffer(zeros: TensorType(shape, reversed.dtype))
        let size = reversed.dtype.byteCount
        let strides: [Int] = TensorType.strides(of: reversed.shape).reversed()
        var index = [Int](repeating: 0, count: shape.count)
        var source = 0
        for target in 0..<result.count {
            (result.pointer + target * size).copyMemory(from: reversed.pointer + source * size, byteCount: size)
            for axis in shape.indices.reversed() {
                index[axis] += 1
                source += strides[axis]
                if index[axis] < shape[axis] { break }
                source -= strides[axis] * shape[axis]
                index[axis] = 0
            }
        }
        return result
    }
}
