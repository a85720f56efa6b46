import WrightRuntime

extension Tokenizer {
    /// Reads a SentencePiece `.model` (sentencepiece_model.proto): unigram and BPE models, with the numbers that
    /// SentencePiece's own library gives.
    ///
    /// - Throws: ``FileError`` when the file is damaged or of a kind that is not read.
    public init(sentencePiece path: String) throws {
        let bytes = try FileAccess.read(path)
        try self.init(sentencePiece: bytes, file: path)
    }

    /// Reads the content of a `.model`; `file` is what errors call it.
    public init(sentencePiece bytes: [UInt8], file: String) throws {
        let content = try SentencePieceFile(bytes, file: file)
        try self.init(
            model: content.tokenModel(), normalizer: .sentencePiece(content.normalizer()),
            decoder: .sentencePiece(content.decoder()))
    }
}

/// What a SentencePiece model file says.
struct SentencePieceFile {
    /// The types of pieces.
    private enum Kind: UInt64 {
        case normal = 1
        case unknown, control, userDefined, unused, byte
    }

    private let file: String
    private var pieces: [(text: [UInt8], score: Double, kind: Kind)] = []
    private var modelType: UInt64 = 1
    private var map: [UInt8] = []
    private(set) var addsDummyPrefix = true
    private(set) var treatsWhitespaceAsSuffix = false
    private var removesExtraWhitespace = true
    private var escapesWhitespace = true
    private var fallsBackToBytes = false
    private var unknownSurface: String?

    init(_ bytes: [UInt8], file: String) throws(FileError) {
        self.file = file
        var reader = ProtocolBuffer(bytes[...], file: file, field: "model")
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .bytes(let part)): try readPiece(part)
            case (2, .bytes(let part)): try readTrainer(part)
            case (3, .bytes(let part)): try readNormalizer(part)
            default: break
            }
        }
        guard !pieces.isEmpty else {
            throw FileError(
                .invalid, file: file, at: .entry("pieces"),
                Message(.sentencePiece, Phrase("there are no pieces in this file", "文件中没有子词")))
        }
    }

    private mutating func readPiece(_ part: ArraySlice<UInt8>) throws(FileError) {
        var reader = ProtocolBuffer(part, file: file, field: "pieces[\(pieces.count)]")
        var text: [UInt8] = []
        var score = 0.0
        var kind = Kind.normal
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .bytes(let content)): text = Array(content).repairedUTF8()
            case (2, .word(let bits)): score = Double(Float(bitPattern: bits))
            case (3, .number(let number)):
                guard let known = Kind(rawValue: number) else {
                    throw reader.failure("there is no piece of type \(number)", "没有类型为 \(number) 的子词")
                }
                kind = known
            default: break
            }
        }
        guard score.isFinite else { throw reader.failure("the score is no number", "分数不是数") }
        pieces.append((text, score, kind))
    }

    private mutating func readTrainer(_ part: ArraySlice<UInt8>) throws(FileError) {
        var reader = ProtocolBuffer(part, file: file, field: "trainer_spec")
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (3, .number(let number)): modelType = number
            case (24, .number(let number)): treatsWhitespaceAsSuffix = number != 0
            case (35, .number(let number)): fallsBackToBytes = number != 0
            case (44, .bytes(let text)): unknownSurface = Array(text).repairedUTF8().text
            default: break
            }
        }
    }

    private mutating func readNormalizer(_ part: ArraySlice<UInt8>) throws(FileError) {
        var reader = ProtocolBuffer(part, file: file, field: "normalizer_spec")
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (2, .bytes(let content)): map = Array(content)
            case (3, .number(let number)): addsDummyPrefix = number != 0
            case (4, .number(let number)): removesExtraWhitespace = number != 0
            case (5, .number(let number)): escapesWhitespace = number != 0
            default: break
            }
        }
    }

    private func ids(_ kinds: Kind...) -> [Int] { pieces.indices.filter { kinds.contains(pieces[$0].kind) } }

    func normalizer() throws(FileError) -> SentencePieceNormalizer {
        var normalizer = SentencePieceNormalizer(
            map: try CharacterMap(map, file: file, field: "normalizer_spec.precompiled_charsmap"))
        normalizer.addsDummyPrefix = addsDummyPrefix
        normalizer.removesExtraWhitespace = removesExtraWhitespace
        normalizer.escapesWhitespace = escapesWhitespace
        normalizer.treatsWhitespaceAsSuffix = treatsWhitespaceAsSuffix
        normalizer.userDefined = ids(.userDefined).map { pieces[$0].text.text }
        return normalizer
    }

    func decoder() -> SentencePieceDecoder {
        var decoder = SentencePieceDecoder()
        decoder.removesFirst = addsDummyPrefix || removesExtraWhitespace
        decoder.removesAllLeading = removesExtraWhitespace
        decoder.unknown = ids(.unknown).first.map { pieces[$0].text.text }
        if let unknownSurface { decoder.unknownSurface = unknownSurface }
        decoder.controls = Set(ids(.control).map { pieces[$0].text.text })
        return decoder
    }

    func tokenModel() throws(FileError) -> TokenModel {
        switch modelType {
        case 1: return .unigram(unigram())
        case 2: return .bytePair(try bytePair())
        default:
            throw FileError(
                .unsupported, file: file, at: .entry("trainer_spec.model_type"),
                Message(.sentencePieceType, "\(modelType)"))
        }
    }

    private func unigram() -> UnigramModel {
        let normal = ids(.normal).map { pieces[$0].score }
        let highest = normal.max() ?? 0
        return UnigramModel(
            pieces: pieces.map { piece in
                // What the user wants whole must win over everything that it could be cut into.
                piece.kind == .userDefined
                    ? (piece.text, Double(piece.text.count) * highest - 0.1) : (piece.text, piece.score)
            }, unknownID: ids(.unknown).first, fallsBackToBytes: fallsBackToBytes,
            unmatched: Set(ids(.unknown, .control, .unused, .byte)), lowest: normal.min())
    }

    /// Any two neighbours join whose text is a piece; of several the piece with the highest score.
    private func bytePair() throws(FileError) -> BytePairModel {
        let vocabulary = try Vocabulary(
            pieces.enumerated().map { ($1.text, $0) }, file: file, field: "pieces")
        let joinable = ids(.normal).sorted {
            pieces[$0].score != pieces[$1].score ? pieces[$0].score > pieces[$1].score : $0 < $1
        }
        var merges: [(Int32, Int32)] = []
        var joined: [Int32] = []
        var ranks: [Int32] = []
        let usable = Set(ids(.normal).map { Int32($0) })
        for (rank, id) in joinable.enumerated() {
            let text = pieces[id].text
            for cut in text.indices.dropFirst() where text[cut] & 0xC0 != 0x80 {
                guard let left = vocabulary.id(of: Array(text[..<cut])), usable.contains(left),
                    let right = vocabulary.id(of: Array(text[cut...])), usable.contains(right)
                else { continue }
                merges.append((left, right))
                joined.append(Int32(id))
                ranks.append(Int32(rank))
            }
        }
        var config = BytePairModel.Config()
        config.unknownToken = ids(.unknown).first.map { pieces[$0].text.text }
        config.fusesUnknown = true
        config.fallsBackToBytes = fallsBackToBytes
        return BytePairModel(
            vocabulary: vocabulary, merges: merges, joined: joined, ranks: ranks, config: config,
            worksOnBytes: false, wholes: ids(.userDefined).map { (pieces[$0].text, $0) })
    }
}

/// The wire format of Protocol Buffers, as far as model files need it.
private struct ProtocolBuffer {
    enum Value {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
        case word(UInt32)
        case other
    }

    private var rest: ArraySlice<UInt8>
    private let file: String
    private let field: String

    init(_ bytes: ArraySlice<UInt8>, file: String, field: String) {
        rest = bytes
        self.file = file
        self.field = field
    }

    func failure(_ english: String, _ chinese: String) -> FileError {
        FileError(.invalid, file: file, at: .entry(field), Message(.sentencePiece, Phrase(english, chinese)))
    }

    private mutating func number() throws(FileError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw failure("the file ends inside of a number", "文件在一个数中途结束") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw failure("a number has more than ten bytes", "有一个数超过十个字节")
    }

    private mutating func take(_ count: UInt64) throws(FileError) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else {
            throw failure("\(count) bytes are stated, \(rest.count) are left", "声明了 \(count) 字节，只剩 \(rest.count) 字节")
        }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    /// The next field; nil at the end.
    mutating func next() throws(FileError) -> (field: UInt64, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let key = try number()
        switch key & 7 {
        case 0: return (key >> 3, .number(try number()))
        case 1:
            _ = try take(8)
            return (key >> 3, .other)
        case 2: return (key >> 3, .bytes(try take(number())))
        case 5: return (key >> 3, .word(try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }))
        default: throw failure("there is no wire type \(key & 7)", "没有编号为 \(key & 7) 的编码类型")
        }
    }
}
