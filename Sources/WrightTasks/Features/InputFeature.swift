import WrightData
public import WrightRuntime

/// How an input column is read, as a task file says it.
public protocol InputSettings: ConfigSection {
    associatedtype Feature: InputFeature

    /// Its name in task files.
    static var type: String { get }
    /// What such columns hold, in a few words.
    static var summary: Phrase { get }
    /// Whether fields are paths of files; they are then given as such, from the folder of the program.
    static var namesFiles: Bool { get }

    /// Learns what encoding needs from the fields of the rows to train on; nil is a missing one.
    ///
    /// - Throws: ``FeatureProblem`` when the column does not hold what the type says.
    func fit(_ fields: [String?]) throws -> Feature
}

extension InputSettings {
    public static var namesFiles: Bool { false }
}

/// A column's encoding, fitted: the same for training, evaluation and prediction, and saved with the model.
public protocol InputFeature: Sendable {
    var shape: InputShape { get }
    /// The fields as numbers; missing and unseen ones have a place in them.
    func encode(_ fields: [String?]) throws -> EncodedInput
    /// The fields that are there and that encoding takes for missing ones, because they are not what the type says.
    func unread(_ fields: [String?]) -> [String]
    /// What of a field each step of its text or sequence stands for, in order.
    func pieces(_ field: String) throws -> [String]
    /// What ``init(_:)`` reads back.
    var state: JSON { get }
    init(_ state: FeatureState) throws
}

extension InputFeature {
    public func unread(_ fields: [String?]) -> [String] { [] }
    public func pieces(_ field: String) throws -> [String] { [] }
}

/// What an encoded column is for a network: any of the kinds, or several at once.
public struct InputShape: Hashable, Sendable {
    /// Numbers on a continuous scale.
    var continuous = 0
    /// Numbers that are taken as they are: flags, parts of dates, vectors.
    var plain = 0
    /// How many whole numbers, from 0, each category has.
    var categories: [Int] = []
    var texts: [Text] = []
    var pictures: [Picture] = []
    var sequences: [Sequence] = []
    /// How many rows each series sees.
    var series: [Int] = []

    /// Token numbers below `vocabulary`, 0 for padding, at most `maximum` of them.
    struct Text: Hashable, Sendable {
        var vocabulary: Int
        var maximum: Int
    }

    /// Item numbers below `vocabulary`, one for each of at most `maximum` steps, 0 after the end.
    struct Sequence: Hashable, Sendable {
        var vocabulary: Int
        var maximum: Int
        /// Whether a step may know of later ones.
        var looksAhead: Bool
    }

    /// Pixels, or the numbers of a spectrogram, `[height, width, channels]`.
    struct Picture: Hashable, Sendable {
        var height: Int
        var width: Int
        var channels: Int
        /// What bytes become in the network; nil for float32, which is seen as it is.
        var normalisation: Normalisation?
        /// What training does to it.
        var augmentation: InputAugmentation?
    }
}

/// An encoded column, row after row; each part is there as its ``InputShape`` says.
public struct EncodedInput: Sendable {
    var continuous: [Float] = []
    var plain: [Float] = []
    var categories: [[Int32]] = []
    var texts: [TokenSequences] = []
    var pictures: [EncodedPictures] = []
    var sequences: [TokenSequences] = []
    /// Steps of each row before it was cut; nil for what has none.
    var lengths: [Int]?
    var series: [EncodedSeries] = []
    /// Rows that nothing can be said of, and why.
    var defects: [Int: Phrase] = [:]
}

/// Why a feature cannot be fitted to its column.
public struct FeatureProblem: CataloguedError, Hashable {
    public let message: Message
    init(_ code: MessageCode, _ arguments: any MessageArgument...) { self.init(Message(code, about: arguments)) }
    init(_ message: Message) { self.message = message }
}

/// The input types: the one list.
enum InputTypes {
    static let all: [any InputSettings.Type] = [
        NumberInput.Settings.self, BinaryInput.Settings.self, CategoryInput.Settings.self, SetInput.Settings.self,
        DateInput.Settings.self, VectorInput.Settings.self, TextInput.Settings.self, ImageInput.Settings.self,
        AudioInput.Settings.self, SequenceInput.Settings.self, SeriesInput.Settings.self,
    ]
}

/// A fitted feature as a file has it.
public struct FeatureState {
    let json: JSON
    let file: String
    /// The column.
    let name: String

    func member<Value>(_ key: String, _ words: Phrase, _ read: (JSON) -> Value?) throws(FileError) -> Value {
        guard let value = json[key].flatMap(read) else {
            throw failure("'\(key)' must be \(words.english)", "'\(key)' 应为\(words.chinese)")
        }
        return value
    }

    func failure(_ english: String, _ chinese: String) -> FileError {
        FileError(.invalid, file: file, at: .entry(name), Message(.savedFeature, Phrase(english, chinese)))
    }

    func positive(_ key: String) throws(FileError) -> Double {
        try member(key, Phrase("a number above zero", "大于零的数")) { $0.double.flatMap { $0 > 0 ? $0 : nil } }
    }

    func count(_ key: String) throws(FileError) -> Int {
        try member(key, Phrase("a whole number above zero", "大于零的整数")) {
            $0.integer.flatMap { (1...100_000_000) ~= $0 ? Int($0) : nil }
        }
    }

    func number(_ key: String) throws(FileError) -> Double { try member(key, Phrase("a number", "数"), \.double) }
    func flag(_ key: String) throws(FileError) -> Bool {
        try member(key, Phrase("true or false", " true 或 false"), \.bool)
    }
    func text(_ key: String) throws(FileError) -> String { try member(key, Phrase("a text", "文本"), \.string) }

    func numbers(_ key: String) throws(FileError) -> [Double] {
        try member(key, Phrase("a list of numbers", "数值列表")) { json in
            let values = (json.array ?? []).compactMap(\.double)
            return values.count == json.array?.count ? values : nil
        }
    }

    func texts(_ key: String) throws(FileError) -> [String] {
        try member(key, Phrase("a list of texts", "文本列表")) { json in
            let values = (json.array ?? []).compactMap(\.string)
            return values.count == json.array?.count ? values : nil
        }
    }
}

extension JSON {
    static func numbers(_ values: [Double]) -> JSON { .array(values.map { .number($0) }) }
    static func texts(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }
}

extension [String?] {
    /// A few different fields that `isWrong` is true of, for messages.
    func examples(_ isWrong: (String) -> Bool) -> String {
        var found: [String] = []
        for case let field? in self where isWrong(field) && !found.contains(field) {
            found.append(field)
            if found.count == 3 { break }
        }
        return found.map(\.readable).joined(separator: ", ")
    }

    /// The present fields with their counts, the most frequent first, equally frequent ones by their bytes.
    var ranked: [(value: String, count: Int)] {
        var counts: [String: Int] = [:]
        for case let field? in self { counts[field, default: 0] += 1 }
        return counts.sorted { one, other in
            one.value != other.value
                ? one.value > other.value : one.key.utf8.lexicographicallyPrecedes(other.key.utf8)
        }.map { (value: $0.key, count: $0.value) }
    }
}
