public import WrightGraph

/// A safetensors file: named tensors whose header was checked in full before any of them is touched.
///
/// The format (github.com/huggingface/safetensors): the header's length in 8 bytes, little-endian; a JSON header
/// `{name: {"dtype", "shape", "data_offsets"}, "__metadata__": {…}}`; then the tensors' bytes, without gaps.
/// The file is mapped: a tensor is read from the disk when its values are.
public struct SafetensorsFile: Sendable {
    /// What the header says of one tensor.
    public struct Entry: Sendable {
        public let name: String
        /// As written in the file: `F32`, `BF16` …
        public let storedType: String
        public let shape: [Int]
        /// Where its bytes lie, counted from the end of the header.
        public let bytes: Range<Int>
    }

    /// Longer headers are refused; the reference implementation has the same bound.
    public static let maximumHeaderBytes = 100_000_000

    public let file: String
    /// The tensors in the order of their bytes.
    public let entries: [Entry]
    public let metadata: [String: String]
    private let indices: [String: Int]
    private let storage: Storage
    private let dataOffset: Int

    /// Maps the file and checks its header.
    public init(_ path: String) throws(FileError) { try self.init(FileAccess.map(path), file: path) }

    /// Checks the header of a file in memory; `file` is what errors call it.
    public init(_ storage: Storage, file: String) throws(FileError) {
        let bytes = UnsafeRawBufferPointer(start: storage.pointer, count: storage.byteCount)
        guard bytes.count >= 8 else {
            throw FileError(
                .truncated, file: file, at: .byte(bytes.count),
                Message(
                    .safetensorsDamaged, Phrase("a safetensors file has at least 8 bytes", "safetensors 文件至少有 8 个字节")))
        }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(Self.maximumHeaderBytes) else {
            throw FileError(
                .invalid, file: file, at: .byte(0),
                Message(.notSafetensors, "\(length)", Self.maximumHeaderBytes))
        }
        guard 8 + Int(length) <= bytes.count else {
            throw FileError(
                .truncated, file: file, at: .byte(8),
                Message(
                    .safetensorsDamaged,
                    Phrase(
                        "the header should have \(length) bytes, and \(bytes.count - 8) are left",
                        "文件头应有 \(length) 字节，只剩 \(bytes.count - 8) 字节")))
        }
        let header = UnsafeRawBufferPointer(rebasing: bytes[8..<(8 + Int(length))])
        guard header.first == UInt8(ascii: "{") else {
            throw FileError(
                .invalid, file: file, at: .byte(8),
                Message(.safetensorsDamaged, Phrase("the header does not start with a brace", "文件头不以花括号开头")))
        }
        var limits = JSON.Limits()
        limits.depth = 4
        limits.values = 4_000_000
        let members = try JSON(parsing: header, file: "\(file), header", limits: limits).object!
        var entries: [Entry] = []
        var metadata: [String: String] = [:]
        for (name, value) in members {
            if name == "__metadata__" {
                metadata = try Self.metadata(value, file)
            } else {
                entries.append(try Self.entry(name, value, file))
            }
        }
        entries.sort { ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound) }
        dataOffset = 8 + Int(length)
        try Self.checkCoverage(entries, dataBytes: bytes.count - dataOffset, file)
        self.file = file
        self.entries = entries
        self.metadata = metadata
        self.storage = storage
        indices = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
    }

    public func contains(_ name: String) -> Bool { indices[name] != nil }

    /// The type that ``tensor(_:alignment:)`` will give; nil for names that are not there and types that are not read.
    public func type(of name: String) -> TensorType? {
        guard let entry = indices[name].map({ entries[$0] }), let stored = Self.types[entry.storedType] else {
            return nil
        }
        return TensorType(entry.shape, stored.dtype)
    }

    /// The tensor of this name. It shares the mapped file where its bytes are aligned as asked, else it is a copy.
    /// float16 is read as float32, and 16- and unsigned integers as wider ones (see ``notices``).
    public func tensor(_ name: String, alignment: Int = Storage.alignment) throws(FileError) -> Buffer {
        guard let index = indices[name] else {
            throw FileError(
                .missing, file: file, at: .entry(name), Message(.noTensor, nearby(name)))
        }
        let entry = entries[index]
        guard let stored = Self.types[entry.storedType] else {
            throw FileError(
                .unsupported, file: file, at: .entry(name),
                Message(
                    .elementType, entry.storedType.readable,
                    Phrase("Save it as one of ", "请保存为以下类型之一：") + Self.types.keys.sorted().phrase))
        }
        return try stored.buffer(
            entry.shape, storage: storage, offset: dataOffset + entry.bytes.lowerBound, alignment: alignment,
            file: file, position: .entry(name))
    }

    /// One sentence for each tensor whose type in memory is not the one in the file.
    public var notices: [String] {
        entries.compactMap { entry in Self.types[entry.storedType]?.notice(entry.name.readable) }
    }

    private func nearby(_ name: String) -> Phrase {
        guard !entries.isEmpty else { return Phrase("no tensors", "没有张量") }
        let last = name.split(separator: ".").last.map(String.init) ?? name
        let similar = entries.map(\.name).filter { $0.hasSuffix(last) }
        let shown = (similar.isEmpty ? entries.map(\.name) : similar).prefix(5).map(\.readable)
        return Array(shown).phrase + (entries.count > shown.count ? Phrase(" and others", "等") : Phrase(""))
    }
}

// MARK: The header

extension SafetensorsFile {
    static let types: [String: StoredType] = [
        "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64, "I32": .int32,
        "I16": .int16, "I8": .int8, "U64": .uint64, "U32": .uint32, "U16": .uint16, "U8": .uint8, "BOOL": .bool,
    ]

    /// Bits of one element of the types that exist in the format and are not read.
    private static let otherTypes = [
        "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "F4": 4, "F6_E2M3": 6,
        "F6_E3M2": 6, "C64": 64,
    ]

    private static func metadata(_ value: JSON, _ file: String) throws(FileError) -> [String: String] {
        var metadata: [String: String] = [:]
        guard let members = value.object else {
            throw .header(file, "__metadata__", Phrase("is not an object", "不是对象"))
        }
        for (key, value) in members {
            guard let text = value.string else {
                throw .header(
                    file, "__metadata__",
                    Phrase("holds \(key.readable), whose value is not a string", "其中 \(key.readable) 的值不是字符串"))
            }
            metadata[key] = text
        }
        return metadata
    }

    private static func entry(_ name: String, _ value: JSON, _ file: String) throws(FileError) -> Entry {
        guard value.object != nil else {
            throw .header(file, name, Phrase("is not described by an object", "没有用对象来描述"))
        }
        guard let type = value["dtype"]?.string else { throw .header(file, name, Phrase("has no dtype", "缺少 dtype")) }
        guard let bits = types[type].map({ $0.byteCount * 8 }) ?? otherTypes[type] else {
            throw .header(file, name, Phrase("has the unknown dtype \(type.readable)", "dtype \(type.readable) 未知"))
        }
        guard let shape = value["shape"]?.wholeNumbers else {
            throw .header(
                file, name, Phrase("has no shape of whole numbers, none of them negative", "缺少由非负整数组成的 shape"))
        }
        guard let offsets = value["data_offsets"]?.wholeNumbers, offsets.count == 2, offsets[0] <= offsets[1] else {
            throw .header(
                file, name,
                Phrase(
                    "has no data_offsets [begin, end] with begin ≤ end", "缺少满足 begin ≤ end 的 data_offsets [begin, end]")
            )
        }
        guard let total = shape.byteCount(elementBytes: bits), total % 8 == 0 else {
            throw .header(
                file, name,
                Phrase(
                    "has a shape of more elements than can be counted in bytes: \(shape)", "形状 \(shape) 的元素过多，字节数无法计算"))
        }
        guard total / 8 == offsets[1] - offsets[0] else {
            let length = offsets[1] - offsets[0]
            throw .header(
                file, name,
                Phrase(
                    "should have \(total / 8) bytes (\(type), \(shape)), its data_offsets say \(length)",
                    "应有 \(total / 8) 字节（\(type)，\(shape)），data_offsets 却是 \(length)"))
        }
        return Entry(name: name, storedType: type, shape: shape, bytes: offsets[0]..<offsets[1])
    }

    private static func checkCoverage(_ entries: [Entry], dataBytes: Int, _ file: String) throws(FileError) {
        var end = 0
        for entry in entries {
            guard entry.bytes.lowerBound == end else {
                let problem =
                    entry.bytes.lowerBound < end
                    ? Phrase("overlaps the one before it", "与前一个张量重叠")
                    : Phrase("leaves a gap before it", "与前一个张量之间有空隙")
                let begin = entry.bytes.lowerBound
                throw .header(
                    file, entry.name,
                    problem + Phrase(": it begins at \(begin), not at \(end)", "：起始于 \(begin)，而不是 \(end)"))
            }
            guard entry.bytes.upperBound <= dataBytes else {
                throw FileError(
                    .truncated, file: file, at: .entry(entry.name),
                    Message(
                        .safetensorsDamaged,
                        Phrase(
                            "its bytes end at \(entry.bytes.upperBound), and the file holds \(dataBytes)",
                            "其数据到第 \(entry.bytes.upperBound) 字节为止，文件只有 \(dataBytes) 字节")))
            }
            end = entry.bytes.upperBound
        }
        guard end == dataBytes else {
            throw FileError(
                .invalid, file: file,
                Message(
                    .safetensorsDamaged,
                    Phrase(
                        "\(dataBytes - end) bytes after the last tensor belong to none",
                        "最后一个张量之后还有 \(dataBytes - end) 个多余字节")))
        }
    }
}

extension FileError {
    fileprivate static func header(_ file: String, _ name: String, _ cause: Phrase) -> FileError {
        FileError(.invalid, file: file, at: .entry(name), Message(.safetensorsEntry, cause))
    }
}

extension JSON {
    fileprivate var wholeNumbers: [Int]? {
        guard let array else { return nil }
        let numbers = array.compactMap { if case .integer(let value) = $0, value >= 0 { Int(value) } else { nil } }
        return numbers.count == array.count ? numbers : nil
    }
}
