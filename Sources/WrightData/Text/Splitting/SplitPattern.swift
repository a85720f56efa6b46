import CWrightText
public import WrightRuntime

/// What text is cut by: a fixed text or a regular expression in the syntax of tokenizer files (Oniguruma's Ruby syntax, as
/// far as PCRE2 has the same).
public struct TextPattern: Sendable, Hashable {
    /// The pattern as it is written in a tokenizer file.
    public enum Source: Hashable, Sendable {
        case text(String)
        case expression(String)
    }

    public let source: Source
    let compiled: CompiledPattern?
    let bytes: [UInt8]

    /// A fixed text.
    public init(text: String) {
        source = .text(text)
        bytes = Array(text.utf8)
        compiled = nil
    }

    /// A regular expression.
    ///
    /// - Throws: ``FileError`` of kind `unsupported` when it cannot be compiled; `file` and `field` say where it stood.
    public init(expression: String, file: String = "pattern", field: String = "Regex") throws(FileError) {
        source = .expression(expression)
        bytes = []
        compiled = try CompiledPattern(expression, file: file, field: field)
    }

    public static func == (one: TextPattern, other: TextPattern) -> Bool { one.source == other.source }
    public func hash(into hasher: inout Hasher) { hasher.combine(source) }

    /// Calls `body` with every match in the text.
    func forEachMatch(
        in text: UnsafeBufferPointer<UInt8>, _ matchers: inout MatcherStore, _ body: (Range<Int>) -> Void
    ) throws(TokenizerError) {
        guard let compiled else {
            guard !bytes.isEmpty else { return }
            var index = 0
            while index + bytes.count <= text.count {
                if text[index] == bytes[0], bytes.indices.allSatisfy({ text[index + $0] == bytes[$0] }) {
                    body(index..<(index + bytes.count))
                    index += bytes.count
                } else {
                    index += 1
                }
            }
            return
        }
        guard let matcher = matchers.matcher(of: compiled) else { throw .noMemory }
        var search = wright_search()
        while true {
            let count = matcher.find(text, &search)
            guard count >= 0 else { throw .patternTooCostly(compiled.expression) }
            for match in 0..<count {
                body(Int(matcher.spans[2 * match])..<Int(matcher.spans[2 * match + 1]))
            }
            if count < Matcher.capacity { return }
        }
    }
}

/// A regular expression in machine code.
// Safety: PCRE2's compiled patterns are immutable and shared between threads (pcre2api, "Multithreading").
final class CompiledPattern: @unchecked Sendable {
    let expression: String
    fileprivate let pattern: OpaquePointer

    init(_ expression: String, file: String, field: String) throws(FileError) {
        self.expression = expression
        let text = Self.translated(Array(expression.utf8))
        var position = 0
        var message = [CChar](repeating: 0, count: 200)
        let pattern = text.withUnsafeBufferPointer {
            wright_pattern_compile($0.baseAddress, $0.count, &message, message.count, &position)
        }
        guard let pattern else {
            let cause = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw FileError(
                .unsupported, file: file, at: .entry(field),
                Message(.pattern, expression.readable, cause))
        }
        self.pattern = pattern
    }

    deinit { wright_pattern_free(pattern) }

    /// Classes that Oniguruma and PCRE2 define differently, written out: `\s` and `\S` by White_Space, `\w` by UTS 18,
    /// `\h` as a hexadecimal digit.
    private static func translated(_ text: [UInt8]) -> [UInt8] {
        let space = #"\t-\r \x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}"#
        let word = #"\p{L}\p{M}\p{N}\p{Pc}\x{24B6}-\x{24E9}\x{1F130}-\x{1F149}\x{1F150}-\x{1F169}\x{1F170}-\x{1F189}"#
        var result = ""
        var depth = 0
        var index = 0
        var run: [UInt8] = []
        func flush() {
            result += String(decoding: run, as: UTF8.self)
            run = []
        }
        while index < text.count {
            let byte = text[index]
            guard byte == UInt8(ascii: "\\"), index + 1 < text.count else {
                if byte == UInt8(ascii: "[") { depth += 1 }
                if byte == UInt8(ascii: "]") { depth = max(0, depth - 1) }
                run.append(byte)
                index += 1
                continue
            }
            let set: (String, isNegated: Bool)? =
                switch text[index + 1] {
                case UInt8(ascii: "s"): (space, false)
                case UInt8(ascii: "S"): (space, true)
                case UInt8(ascii: "w"): (word, false)
                case UInt8(ascii: "W"): (word, true)
                case UInt8(ascii: "h"): ("0-9a-fA-F", false)
                default: nil
                }
            // A negated class inside of brackets stays: it differs in U+180E alone.
            if let set, depth == 0 || !set.isNegated {
                flush()
                result += depth > 0 ? set.0 : set.isNegated ? "[^\(set.0)]" : "[\(set.0)]"
            } else {
                run += text[index...(index + 1)]
            }
            index += 2
        }
        flush()
        return Array(result.utf8)
    }
}

/// Where one thread's matches of one pattern are written to.
final class Matcher {
    static let capacity = 256
    private let pattern: CompiledPattern
    private let matcher: OpaquePointer
    let spans = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 2 * Matcher.capacity)

    init?(_ pattern: CompiledPattern) {
        guard let matcher = wright_matcher_make(pattern.pattern) else { return nil }
        self.pattern = pattern
        self.matcher = matcher
    }

    deinit {
        wright_matcher_free(matcher)
        spans.deallocate()
    }

    func find(_ text: UnsafeBufferPointer<UInt8>, _ search: inout wright_search) -> Int {
        guard let base = text.baseAddress else { return 0 }
        return wright_matcher_find(matcher, base, text.count, &search, spans.baseAddress, Self.capacity)
    }
}

/// The matchers of one thread.
struct MatcherStore {
    private var matchers: [(ObjectIdentifier, Matcher)] = []

    mutating func matcher(of pattern: CompiledPattern) -> Matcher? {
        let identity = ObjectIdentifier(pattern)
        if let known = matchers.first(where: { $0.0 == identity }) { return known.1 }
        guard let matcher = Matcher(pattern) else { return nil }
        matchers.append((identity, matcher))
        return matcher
    }
}
