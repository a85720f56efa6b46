import WrightRuntime

/// Text to token numbers and back, with the exact numbers of Hugging Face's `tokenizers` for the same `tokenizer.json`.
///
/// Text is bytes: a `String`'s UTF-8 or any bytes, of which broken UTF-8 becomes U+FFFD. A tokenizer may be used from
/// many threads at once.
public struct Tokenizer: Sendable {
    public let model: TokenModel
    public let normalizer: Normalizer?
    public let preTokenizer: PreTokenizer?
    public let postProcessor: PostProcessor?
    public let decoder: TokenDecoder?
    /// Tokens that are found before the model sees the text, by number.
    public let addedTokens: [AddedToken]
    public var truncation: Truncation?
    public var padding: Padding?

    /// The model as it runs, and what comes before it.
    private let running: TokenModel
    private let cutting: Cutting
    private let rawTokens: AddedTokenMatcher
    private let normalizedTokens: AddedTokenMatcher
    private let addedForms: [Int: [UInt8]]
    private let specialTokens: Set<[UInt8]>
    private let spaces: TokenSpaces
    private let pool = ScratchPool()

    /// How pieces are made.
    private enum Cutting: Sendable {
        case whole
        case cut(PreTokenizer)
        /// For byte-level BPE on bytes.
        case bytes(before: [PreTokenizer], addsPrefixSpace: Bool, cuts: Bool)
    }

    /// A tokenizer of parts.
    ///
    /// - Throws: ``TokenizerError`` when an added token cannot be normalized.
    public init(
        model: TokenModel, normalizer: Normalizer? = nil, preTokenizer: PreTokenizer? = nil,
        postProcessor: PostProcessor? = nil, decoder: TokenDecoder? = nil, addedTokens: [AddedToken] = [],
        truncation: Truncation? = nil, padding: Padding? = nil
    ) throws(TokenizerError) {
        self.model = model
        self.normalizer = normalizer
        self.preTokenizer = preTokenizer
        self.postProcessor = postProcessor
        self.decoder = decoder
        self.addedTokens = addedTokens.sorted { $0.id < $1.id }
        self.truncation = truncation
        self.padding = padding
        if case .bytePair(let bytePair) = model, let end = preTokenizer?.withoutFinalSpelling,
            let onBytes = bytePair.onBytes
        {
            running = .bytePair(onBytes)
            cutting = .bytes(before: end.before, addsPrefixSpace: end.addsPrefixSpace, cuts: end.cuts)
        } else {
            running = model
            cutting = preTokenizer.map { .cut($0) } ?? .whole
        }
        var forms: [Int: [UInt8]] = [:]
        let searched = self.addedTokens.filter { !$0.content.isEmpty }
        var matchers = MatcherStore()
        for token in searched {
            var form = AlignedText(Array(token.content.utf8), base: 0)
            if token.isNormalized, let normalizer { try normalizer.apply(to: &form, &matchers) }
            forms[token.id] = form.bytes
        }
        addedForms = forms
        let raw = searched.filter { !$0.isNormalized }
        let normalized = searched.filter(\.isNormalized)
        rawTokens = AddedTokenMatcher(raw, forms: raw.map { Array($0.content.utf8) })
        normalizedTokens = AddedTokenMatcher(normalized, forms: normalized.map { forms[$0.id]! })
        specialTokens = Set(searched.filter(\.isSpecial).map { Array($0.content.utf8) })
        spaces = TokenSpaces(
            model.vocabulary, Dictionary(searched.map { ($0.id, Array($0.content.utf8)) }, uniquingKeysWith: { $1 }))
    }

    // MARK: Vocabulary

    /// One more than the largest number of a token: the rows that an embedding needs.
    public var rows: Int { max(model.vocabulary.rows, (addedTokens.last?.id ?? -1) + 1) }

    /// The number of a token.
    public func id(of token: String) -> Int? {
        let bytes = Array(token.utf8)
        return addedTokens.first { Array($0.content.utf8) == bytes }?.id ?? model.vocabulary.id(of: token)
    }

    /// The token with a number.
    public func token(_ id: Int) -> String? {
        addedTokens.first { $0.id == id }?.content ?? model.vocabulary.token(id)
    }

    /// The tokens of an encoding, as text.
    public func tokens(of encoding: Encoding) -> [String] {
        encoding.ids.enumerated().map { encoding.surfaces[$0] ?? token(Int($1)) ?? "" }
    }

    // MARK: Encoding

    /// The tokens of a text, or of a pair of texts.
    ///
    /// Offsets are bytes of the text's UTF-8, or of the bytes after each broken part became U+FFFD.
    ///
    /// - Throws: ``TokenizerError`` when the text has what the model cannot encode.
    public func encode(
        _ text: String, and second: String? = nil, addingSpecialTokens: Bool = true
    ) throws(TokenizerError) -> Encoding {
        try encode(wellFormed: Array(text.utf8), second.map { Array($0.utf8) }, addingSpecialTokens, padding)
    }

    /// The tokens of bytes, which need not be well-formed UTF-8.
    public func encode(bytes: [UInt8], addingSpecialTokens: Bool = true) throws(TokenizerError) -> Encoding {
        try encode(wellFormed: bytes.repairedUTF8(), nil, addingSpecialTokens, padding)
    }

    /// The tokens of many texts, on so many threads, padded to equal length when the tokenizer pads.
    public func encode(
        _ texts: [String], addingSpecialTokens: Bool = true, threads: Int = 1
    ) throws -> [Encoding] {
        var encodings: [Encoding]
        if threads <= 1 || texts.count < 2 {
            encodings = []
            encodings.reserveCapacity(texts.count)
            for text in texts {
                encodings.append(try encode(wellFormed: Array(text.utf8), nil, addingSpecialTokens, nil))
            }
        } else {
            encodings = try inParallel(texts, addingSpecialTokens, threads: min(threads, texts.count))
        }
        padding?.apply(to: &encodings)
        return encodings
    }

    private func inParallel(_ texts: [String], _ adds: Bool, threads: Int) throws -> [Encoding] {
        let results = Monitor<[Int: Result<[Encoding], any Error>]>([:])
        let chunk = (texts.count + threads - 1) / threads
        let workers = try (0..<threads).map { worker in
            try WorkerThread {
                let part = texts[min(worker * chunk, texts.count)..<min((worker + 1) * chunk, texts.count)]
                let result = Result<[Encoding], any Error> {
                    try part.map { try encode(wellFormed: Array($0.utf8), nil, adds, nil) }
                }
                results.change { $0[worker] = result }
            }
        }
        for worker in workers { worker.join() }
        let parts = results.change { $0 }
        return try (0..<threads).flatMap { try parts[$0]!.get() }
    }

    private func encode(
        wellFormed text: [UInt8], _ second: [UInt8]?, _ adds: Bool, _ padding: Padding?
    ) throws(TokenizerError) -> Encoding {
        var first = Encoding()
        var other: Encoding?
        try pool.withScratch { scratch throws(TokenizerError) in
            try append(text, type: 0, to: &first, scratch)
            if let second {
                var encoding = Encoding()
                try append(second, type: 1, to: &encoding, scratch)
                other = encoding
            }
        }
        if let truncation {
            let added = adds ? postProcessor?.addedCount(isPair: other != nil) ?? 0 : 0
            try truncation.apply(&first, &other, limit: truncation.maximumLength - added)
        }
        var result: Encoding
        if let postProcessor {
            result = postProcessor.apply(
                first, other, addingSpecialTokens: adds, spaces, texts: [text] + (second.map { [$0] } ?? []))
        } else {
            result = first
            if let other { result.append(other) }
        }
        if let padding {
            var padded = [result]
            padding.apply(to: &padded)
            result = padded[0]
        }
        return result
    }

    private func append(
        _ text: [UInt8], type: Int32, to encoding: inout Encoding, _ scratch: EncodeScratch
    ) throws(TokenizerError) {
        guard text.count < Int32.max else { throw .tooLong(bytes: text.count) }
        encoding.reserve(text.count / 3 + 8)
        var word: Int32 = 0
        var failure: TokenizerError?
        // The closures cannot carry a typed error through `withUnsafeBufferPointer`.
        text.withUnsafeBufferPointer { bytes in
            rawTokens.forEachPart(of: bytes) { range, token in
                guard failure == nil else { return }
                if let token {
                    encoding.append(id: Int32(token.id), type: type, offset: range, word: word)
                    word += 1
                } else {
                    do throws(TokenizerError) {
                        try append(section: Array(bytes[range]), range.lowerBound, type, &word, &encoding, scratch)
                    } catch {
                        failure = error
                    }
                }
            }
        }
        if let failure { throw failure }
    }

    /// The tokens of text without raw added tokens, which begins at byte `base`.
    private func append(
        section: [UInt8], _ base: Int, _ type: Int32, _ word: inout Int32, _ encoding: inout Encoding,
        _ scratch: EncodeScratch
    ) throws(TokenizerError) {
        var text = AlignedText(section, base: base)
        if let normalizer { try normalizer.apply(to: &text, &scratch.matchers) }
        guard !normalizedTokens.isEmpty else { return try append(text, type, &word, &encoding, scratch) }
        var parts: [(Range<Int>, AddedToken?)] = []
        text.bytes.withUnsafeBufferPointer { bytes in
            normalizedTokens.forEachPart(of: bytes) { parts.append(($0, $1)) }
        }
        for (range, token) in parts {
            if let token {
                encoding.append(id: Int32(token.id), type: type, offset: text.origin(of: range), word: word)
                word += 1
            } else {
                try append(
                    parts.count == 1 ? text : text.part(range), type, &word, &encoding, scratch)
            }
        }
    }

    /// Normalized text as the pieces that the model is given one by one.
    private func cut(_ text: AlignedText, _ scratch: EncodeScratch) throws(TokenizerError) -> PieceList {
        var pieces = PieceList(text)
        switch cutting {
        case .whole: break
        case .cut(let preTokenizer): try preTokenizer.apply(to: &pieces, &scratch.matchers)
        case .bytes(let before, let addsPrefixSpace, let cuts):
            for part in before { try part.apply(to: &pieces, &scratch.matchers) }
            try PreTokenizer.cutByteLevel(
                addsPrefixSpace: addsPrefixSpace, cuts: cuts, &pieces, &scratch.matchers)
        }
        return pieces
    }

    /// The tokens of normalized text.
    private func append(
        _ text: AlignedText, _ type: Int32, _ word: inout Int32, _ encoding: inout Encoding, _ scratch: EncodeScratch
    ) throws(TokenizerError) {
        let pieces = try cut(text, scratch)
        let first = encoding.count
        let result = pieces.text.bytes.withUnsafeBufferPointer { bytes in
            Result { () throws(TokenizerError) in
                for piece in pieces.pieces {
                    try append(piece, of: bytes, pieces.text, word, &encoding, scratch)
                    word += 1
                }
            }
        }
        try result.get()
        let added = encoding.count - first
        encoding.typeIDs.append(contentsOf: repeatElement(type, count: added))
        encoding.specialMask.append(contentsOf: repeatElement(0, count: added))
        encoding.attentionMask.append(contentsOf: repeatElement(1, count: added))
    }

    /// The tokens of one piece; what is the same for all tokens of a text is filled in later.
    @inline(__always) private func append(
        _ piece: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>, _ text: AlignedText, _ word: Int32,
        _ encoding: inout Encoding, _ scratch: EncodeScratch
    ) throws(TokenizerError) {
        var start = piece.lowerBound
        while start < piece.upperBound {
            let end = cutEnd(bytes, start, piece.upperBound)
            let part = bytes[part: start..<end]
            try scratch.cache.tokens(
                of: part, &scratch.tokens,
                { made throws(TokenizerError) in try running.tokenize(part, &scratch.model, into: &made) },
                { token in
                    let range = (start + Int(token.start))..<(start + Int(token.end))
                    if case .unigram(let model) = running, model.unknownID == Int(token.id) {
                        encoding.surfaces[encoding.count] = String(decoding: bytes[range], as: UTF8.self)
                    }
                    encoding.ids.append(token.id)
                    encoding.offsets.append(AlignedText.origin(of: range, bytes, text.origins, text.base))
                    encoding.words.append(word)
                })
            start = end
        }
    }

    /// Where a part of a piece ends that can be tokenized alone: before a `▁` behind something else, if the model allows.
    @inline(__always) private func cutEnd(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
    ) -> Int {
        guard case .bytePair(let model) = running, model.cutsBeforeMarks else { return end }
        var index = start
        var isMark = true
        while index < end {
            let length = bytes.scalar(at: index).length
            let isNext = length == 3 && bytes[index] == 0xE2 && bytes[index + 1] == 0x96 && bytes[index + 2] == 0x81
            if isNext, !isMark { return index }
            isMark = isNext
            index += length
        }
        return end
    }

    // MARK: Decoding

    /// The text of token numbers; unknown numbers are left out.
    public func decode(_ ids: [Int32], skippingSpecialTokens: Bool = true) throws(TokenizerError) -> String {
        var tokens: [[UInt8]] = []
        tokens.reserveCapacity(ids.count)
        for id in ids {
            guard let token = addedForms[Int(id)] ?? model.vocabulary.bytes(of: Int(id)) else { continue }
            if skippingSpecialTokens, specialTokens.contains(token) { continue }
            tokens.append(token)
        }
        guard let decoder else { return tokens.map(\.text).joined(separator: " ") }
        return try pool.withScratch { scratch throws(TokenizerError) in
            try decoder.apply(to: tokens, &scratch.matchers).flatMap(\.self).text
        }
    }

    /// Something that decodes token by token, for text that is being generated.
    public func streamingDecoder(skippingSpecialTokens: Bool = true) -> StreamingDecoder {
        StreamingDecoder(self, skippingSpecialTokens: skippingSpecialTokens)
    }

    /// The pieces that a model would see of a text, as training counts them.
    func pieces(of text: [UInt8], _ scratch: EncodeScratch, _ body: (UnsafeBufferPointer<UInt8>) -> Void)
        throws(TokenizerError)
    {
        var aligned = AlignedText(text, base: 0)
        if let normalizer { try normalizer.apply(to: &aligned, &scratch.matchers) }
        let pieces = try cut(aligned, scratch)
        pieces.text.bytes.withUnsafeBufferPointer { bytes in
            for piece in pieces.pieces { body(bytes[part: piece]) }
        }
    }

    /// Whether tokens spell bytes in GPT-2's alphabet; training such a one wants all of it.
    public var usesByteAlphabet: Bool { if case .bytes = cutting { true } else { false } }
}
