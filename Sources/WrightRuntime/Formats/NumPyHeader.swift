/// What stands before the values of a `.npy` file.
struct NumPyHeader {
    var type: StoredType
    var isBigEndian: Bool
    var isFortran: Bool
    var shape: [Int]
    var dataOffset: Int
}

/// Reads the header: a magic number, a version, a length, and a Python dictionary of three known keys.
///
/// Only that dictionary is understood, nothing else of Python.
struct NumPyHeaderReader {
    let bytes: UnsafeRawBufferPointer
    let file: String
    let entry: String?
    private var index = 0
    private var end = 0

    /// NumPy itself refuses longer ones by default.
    private static let maximumHeaderBytes = 10_000

    init(bytes: UnsafeRawBufferPointer, file: String, entry: String?) {
        self.bytes = bytes
        self.file = file
        self.entry = entry
    }

    mutating func header() throws(FileError) -> NumPyHeader {
        let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
        guard bytes.count >= 10 else {
            throw damaged(
                .truncated, "an .npy file has at least 10 bytes, this has \(bytes.count)",
                ".npy 文件至少有 10 个字节，这里只有 \(bytes.count) 个")
        }
        guard bytes.starts(with: magic) else {
            throw failure(.invalid, Message(.notNumPy))
        }
        guard 1...3 ~= bytes[6] else { throw failure(.unsupported, Message(.numPyVersion, Int(bytes[6]))) }
        let isShort = bytes[6] == 1
        index = isShort ? 10 : 12
        guard bytes.count >= index else {
            throw damaged(
                .truncated, "the header's length is cut off",
                "文件头的长度不完整")
        }
        let length =
            isShort
            ? Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
            : Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
        guard length <= Self.maximumHeaderBytes else {
            throw damaged(
                .invalid, "the header has \(length) bytes, more than the \(Self.maximumHeaderBytes) allowed",
                "文件头有 \(length) 字节，超过允许的 \(Self.maximumHeaderBytes)")
        }
        end = index + length
        guard end <= bytes.count else {
            throw damaged(
                .truncated, "the header should end at byte \(end), the file at \(bytes.count)",
                "文件头应在第 \(end) 字节结束，文件却在第 \(bytes.count) 字节结束")
        }
        return try dictionary()
    }

    private mutating func dictionary() throws(FileError) -> NumPyHeader {
        var descriptor: String?
        var isFortran: Bool?
        var shape: [Int]?
        try expect("{")
        while !skip("}") {
            let key = try string()
            try expect(":")
            switch key {
            case "descr" where descriptor == nil: descriptor = try self.descriptor()
            case "fortran_order" where isFortran == nil: isFortran = try boolean()
            case "shape" where shape == nil: shape = try tuple()
            default:
                throw damaged(
                    .invalid, "the header's key \(key.readable) is unknown or occurs twice",
                    "文件头的键 \(key.readable) 未知或重复")
            }
            guard skip(",") || next == UInt8(ascii: "}") else { throw unexpected(Phrase("a comma", "逗号")) }
        }
        while index < end {
            guard next == nil else { throw unexpected(Phrase("the end of the header", "文件头的结尾")) }
        }
        guard let descriptor, let isFortran, let shape else {
            throw damaged(
                .invalid, "the header lacks one of 'descr', 'fortran_order' and 'shape'",
                "文件头缺少 'descr'、'fortran_order'、'shape' 之一")
        }
        let (type, isBigEndian) = try elementType(descriptor)
        return NumPyHeader(
            type: type, isBigEndian: isBigEndian, isFortran: isFortran, shape: shape, dataOffset: end)
    }

    private mutating func descriptor() throws(FileError) -> String {
        guard next != UInt8(ascii: "[") else {
            throw failure(.unsupported, Message(.numPyStructured, "{n: a[n] for n in a.dtype.names}"))
        }
        return try string()
    }

    private func elementType(_ text: String) throws(FileError) -> (StoredType, isBigEndian: Bool) {
        let code = text.dropFirst()
        guard let order = text.first, "<>|=".contains(order) else {
            throw damaged(
                .invalid, "element type \(text.readable) states no byte order",
                "元素类型 \(text.readable) 没有注明字节序")
        }
        let types: [Substring: StoredType] = [
            "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64,
            "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64, "b1": .bool,
        ]
        if let type = types[code] { return (type, order == ">") }
        switch code.first {
        case "O":
            throw failure(.unsupported, Message(.numPyPickled))
        case "U", "S":
            throw failure(.unsupported, Message(.numPyText, text.readable))
        default:
            throw failure(
                .unsupported,
                Message(
                    .elementType, text.readable,
                    Phrase("Convert it in Python: a.astype('float32')", "请在 Python 中转换：a.astype('float32')")))
        }
    }

    // MARK: Tokens

    /// The next byte that is not white space; nil at the header's end.
    private var next: UInt8? {
        mutating get {
            while index < end, bytes[index] == 0x20 || bytes[index] == 0x0A || bytes[index] == 0x09 { index += 1 }
            return index < end ? bytes[index] : nil
        }
    }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: scalar) else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(FileError) {
        guard skip(scalar) else { throw unexpected(Phrase(String(scalar).readable)) }
    }

    private mutating func string() throws(FileError) -> String {
        guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw unexpected(Phrase("a string", "字符串"))
        }
        let start = index + 1
        index = start
        while index < end, bytes[index] != quote { index += 1 }
        guard index < end else { throw unexpected(Phrase("the end of the string", "字符串的结尾")) }
        index += 1
        return String(decoding: bytes[start..<(index - 1)], as: UTF8.self)
    }

    private mutating func boolean() throws(FileError) -> Bool {
        for (word, value) in [("True", true), ("False", false)] where next == word.utf8.first {
            if bytes[index..<min(end, index + word.utf8.count)].elementsEqual(word.utf8) {
                index += word.utf8.count
                return value
            }
        }
        throw unexpected(Phrase("True or False", "True 或 False"))
    }

    private mutating func tuple() throws(FileError) -> [Int] {
        try expect("(")
        var extents: [Int] = []
        while !skip(")") {
            guard extents.count < 64 else {
                throw damaged(
                    .invalid, "the shape has more than 64 axes",
                    "形状超过 64 个轴")
            }
            extents.append(try number())
            guard skip(",") || next == UInt8(ascii: ")") else { throw unexpected(Phrase("a comma", "逗号")) }
        }
        return extents
    }

    private mutating func number() throws(FileError) -> Int {
        guard let first = next, 0x30...0x39 ~= first else {
            throw unexpected(Phrase("an extent that is not negative", "非负的长度"))
        }
        let start = index
        while index < end, 0x30...0x39 ~= bytes[index] { index += 1 }
        guard let value = Int(String(decoding: bytes[start..<index], as: UTF8.self)) else {
            throw damaged(
                .invalid, "an extent of the shape does not fit 64 bits",
                "形状中有一个长度超出 64 位")
        }
        // Python 2 wrote long integers with an L.
        if index < end, bytes[index] == UInt8(ascii: "L") { index += 1 }
        return value
    }

    private func unexpected(_ expected: Phrase) -> FileError {
        let place = min(index, end)
        return damaged(
            .invalid, "the header's text has no \(expected.english) at byte \(place)",
            "文件头第 \(place) 字节处缺少\(expected.chinese)")
    }

    func damaged(_ kind: FileError.Kind, _ english: String, _ chinese: String) -> FileError {
        failure(kind, Message(.numPyDamaged, Phrase(english, chinese)))
    }

    func failure(_ kind: FileError.Kind, _ message: Message) -> FileError {
        FileError(kind, file: file, at: entry.map { .entry($0) } ?? .byte(min(index, bytes.count)), message)
    }
}
