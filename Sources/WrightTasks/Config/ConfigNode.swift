public import WrightRuntime
import Yams

/// A value of a task file with its place. Scalars stay as they are written: a setting knows what it wants, so a class
/// named `no` or a column named `2010` is never mistaken for something else.
public struct ConfigNode: Sendable {
    /// The kinds of values.
    public enum Content: Sendable {
        /// `isPlain`: without quotes, so that it may be a number, a truth value or nothing.
        case scalar(String, isPlain: Bool)
        case list([ConfigNode])
        case map([Entry])
    }

    /// A key of a map with its value.
    public struct Entry: Sendable {
        public var key: String
        public var place: ConfigPlace
        public var value: ConfigNode
    }

    public var content: Content
    public var place: ConfigPlace
}

/// Where a value stands.
public enum ConfigPlace: Hashable, Sendable {
    /// Counts from 1.
    case line(Int)
    /// An argument `--set`, as it was typed.
    case override(String)
    /// Nowhere: it was made by the program.
    case program
}

// MARK: Reading

extension ConfigNode {
    private static let maximumBytes = 4 << 20
    private static let maximumNodes = 200_000
    private static let maximumDepth = 64

    /// Reads YAML 1.2, of which JSON is a part.
    ///
    /// - Throws: `FileError` with the line when the file cannot be read or its text is no YAML.
    public init(file path: String) throws(FileError) {
        guard FileAccess.exists(path), !FileAccess.isFolder(path) else {
            throw FileError(
                .missing, file: path,
                Message(
                    .noSuchFile,
                    Phrase("'wright init DATA --target COLUMN' writes one", "'wright init DATA --target COLUMN' 会生成一个"))
            )
        }
        let bytes = try FileAccess.read(path, limit: Self.maximumBytes)
        let at = bytes.withUnsafeBytes { $0.firstInvalidUTF8 }
        if let at { throw FileError(.invalid, file: path, at: .byte(at), Message(.notUTF8)) }
        try self.init(text: String(decoding: bytes, as: UTF8.self), file: path)
    }

    /// Reads text; `file` is what errors call it.
    public init(text: String, file: String) throws(FileError) {
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw Self.fileError(error, file)
        }
        guard let root else {
            throw FileError(.invalid, file: file, Message(.emptyTaskFile))
        }
        var count = 0
        self = try Self.node(root, file, depth: 0, &count)
    }

    private static func fileError(_ error: any Error, _ file: String) -> FileError {
        func at(_ mark: Mark, _ problem: Phrase) -> FileError {
            FileError(
                .invalid, file: file, at: .line(mark.line, column: mark.column), Message(.yaml, problem))
        }
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return at(mark, .yaml(problem))
        case .duplicatedKeysInMapping(let keys, let context):
            return at(
                context.mark,
                Phrase("the map here has ", "此处的映射多次写了 ") + keys.map(\.readable).phrase
                    + Phrase(" more than once", ""))
        case .reader(let problem, let offset?, _, let yaml):
            // `offset` counts characters.
            let lines = yaml.prefix(offset).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            return FileError(
                .invalid, file: file, at: .line(lines.count, column: lines.last!.utf8.count + 1),
                Message(.notYAML, Phrase.yaml(problem)))
        default: return FileError(.invalid, file: file, Message(.notYAML, "\(error)"))
        }
    }

    private static func node(_ node: Node, _ file: String, depth: Int, _ count: inout Int) throws(FileError) -> Self {
        count += 1
        let line = node.mark?.line ?? 1
        let column = node.mark?.column ?? 1
        guard count <= maximumNodes, depth <= maximumDepth else {
            throw FileError(
                .tooLarge, file: file, at: .line(line, column: column),
                Message(.taskFileTooLarge))
        }
        let place = ConfigPlace.line(line)
        switch node {
        case .scalar(let scalar):
            return Self(content: .scalar(scalar.string, isPlain: scalar.style == .plain), place: place)
        case .sequence(let sequence):
            var values: [Self] = []
            for value in sequence { values.append(try Self.node(value, file, depth: depth + 1, &count)) }
            return Self(content: .list(values), place: place)
        case .mapping(let mapping):
            var entries: [Entry] = []
            for (key, value) in mapping {
                guard case .scalar(let name) = key else {
                    throw FileError(
                        .invalid, file: file, at: .line(line, column: column), Message(.keyNotText))
                }
                entries.append(
                    Entry(
                        key: name.string, place: .line(key.mark?.line ?? line),
                        value: try Self.node(value, file, depth: depth + 1, &count)))
            }
            return Self(content: .map(entries), place: place)
        // Composing puts what an anchor names in the place of its aliases, and refuses those that name nothing.
        case .alias: preconditionFailure("an alias in line \(line) was left over by the reader of YAML")
        }
    }

    /// What the program itself has as JSON.
    public init(_ json: JSON, place: ConfigPlace = .program) {
        self.place = place
        switch json {
        case .string(let text): content = .scalar(text, isPlain: false)
        case .array(let values): content = .list(values.map { Self($0, place: place) })
        case .object(let object):
            content = .map(object.map { Entry(key: $0.key, place: place, value: Self($0.value, place: place)) })
        case .null, .bool, .integer, .number: content = .scalar(json.text(), isPlain: true)
        }
    }
}

// MARK: Values

extension ConfigNode {
    /// The text, with or without quotes; nil when it is a list or a map.
    public var text: String? { if case .scalar(let text, _) = content { text } else { nil } }
    public var list: [ConfigNode]? { if case .list(let values) = content { values } else { nil } }
    public var map: [Entry]? { if case .map(let entries) = content { entries } else { nil } }

    private var plain: String? { if case .scalar(let text, true) = content { text } else { nil } }

    public var isNull: Bool { plain.map { ["", "~", "null", "Null", "NULL"].contains($0) } ?? false }
    public var bool: Bool? { plain.flatMap { ["true": true, "false": false][$0.lowercased()] } }
    public var integer: Int? { plain.flatMap { Int($0) } }
    public var double: Double? { plain.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil } }

    /// The same as if it stood elsewhere.
    public func moved(to place: ConfigPlace) -> ConfigNode {
        let moved: Content =
            switch content {
            case .scalar: content
            case .list(let values): .list(values.map { $0.moved(to: place) })
            case .map(let entries):
                .map(entries.map { Entry(key: $0.key, place: place, value: $0.value.moved(to: place)) })
            }
        return ConfigNode(content: moved, place: place)
    }

    public subscript(key: String) -> ConfigNode? { map?.first { $0.key == key }?.value }

    /// What it is, for messages.
    var words: Phrase {
        switch content {
        case .scalar: isNull ? Phrase("nothing", "空值") : Phrase(text!.readable, " \(text!.readable)")
        case .list(let values): Phrase("a list of \(values.count)", " \(values.count) 项的列表")
        case .map: Phrase("a map", "映射")
        }
    }

    /// Puts `value` in at a path of keys; a list is entered by an element's `name`, or its number from 0.
    ///
    /// - Throws: what is wrong with the path, in words.
    mutating func set(_ path: ArraySlice<String>, to value: ConfigNode) throws(ConfigOverrideProblem) {
        guard let key = path.first else {
            self = value
            return
        }
        switch content {
        case .map(var entries):
            if let index = entries.firstIndex(where: { $0.key == key }) {
                try entries[index].value.set(path.dropFirst(), to: value)
            } else {
                var inner = ConfigNode(content: .map([]), place: value.place)
                try inner.set(path.dropFirst(), to: value)
                entries.append(Entry(key: key, place: value.place, value: inner))
            }
            content = .map(entries)
        case .list(var values):
            let names = values.compactMap { $0["name"]?.text }
            guard let index = values.firstIndex(where: { $0["name"]?.text == key }) ?? Int(key),
                values.indices.contains(index)
            else {
                throw ConfigOverrideProblem(
                    message: Message(.noSuchElement, key.readable, Suggestion.phrase(for: key, among: names)))
            }
            try values[index].set(path.dropFirst(), to: value)
            content = .list(values)
        case .scalar: throw ConfigOverrideProblem(message: Message(.nothingInside, words, key.readable))
        }
    }
}

/// Why `--set` could not be followed.
struct ConfigOverrideProblem: Error { var message: Message }
