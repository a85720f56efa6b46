/// A text as numbers, with what each stands for. All arrays have one element for each token.
public struct Encoding: Hashable, Sendable {
    public var ids: [Int32] = []
    /// Which part a token belongs to, as models with pairs of texts want it.
    public var typeIDs: [Int32] = []
    /// The bytes of the original text (well-formed, see ``Tokenizer/encode(_:and:addingSpecialTokens:)``); empty for tokens that were added.
    public var offsets: [Range<Int>] = []
    /// 1 for tokens that were added around the text.
    public var specialMask: [Int32] = []
    /// 0 for padding.
    public var attentionMask: [Int32] = []
    /// The piece of text, counted from 0, or −1 for added tokens.
    public var words: [Int32] = []
    /// What stood in the text where a unigram model had no piece, by the token's place.
    var surfaces: [Int: String] = [:]

    public init() {}

    public var count: Int { ids.count }

    mutating func reserve(_ count: Int) {
        ids.reserveCapacity(count)
        typeIDs.reserveCapacity(count)
        offsets.reserveCapacity(count)
        specialMask.reserveCapacity(count)
        attentionMask.reserveCapacity(count)
        words.reserveCapacity(count)
    }

    @inline(__always) mutating func append(
        id: Int32, type: Int32 = 0, offset: Range<Int> = 0..<0, special: Int32 = 0, attention: Int32 = 1,
        word: Int32 = -1
    ) {
        ids.append(id)
        typeIDs.append(type)
        offsets.append(offset)
        specialMask.append(special)
        attentionMask.append(attention)
        words.append(word)
    }

    mutating func append(_ other: Encoding, type: Int32? = nil) {
        for (place, surface) in other.surfaces { surfaces[count + place] = surface }
        ids += other.ids
        typeIDs += type.map { [Int32](repeating: $0, count: other.count) } ?? other.typeIDs
        offsets += other.offsets
        specialMask += other.specialMask
        attentionMask += other.attentionMask
        words += other.words
    }

    /// The tokens in `range` alone.
    func part(_ range: Range<Int>) -> Encoding {
        var result = Encoding()
        result.ids = Array(ids[range])
        result.typeIDs = Array(typeIDs[range])
        result.offsets = Array(offsets[range])
        result.specialMask = Array(specialMask[range])
        result.attentionMask = Array(attentionMask[range])
        result.words = Array(words[range])
        for (place, surface) in surfaces where range.contains(place) {
            result.surfaces[place - range.lowerBound] = surface
        }
        return result
    }
}
