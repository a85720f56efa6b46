import WrightRuntime

/// Splits a file that is one JSON array into its elements, a chunk at a time: the array may be larger than the memory.
///
/// It knows strings and brackets; whether an element is valid JSON is for its reader to say.
final class JSONArrayReader: JSONObjects {
    let path: String
    var guessedEncoding: TextEncoding? { reader.guessedEncoding }
    private let reader: TextFileReader
    private var chunk: [UInt8] = []
    private var index = 0
    private var line = 1
    private var isAtEnd = false
    /// Larger elements are refused: they come from a bracket that is never closed.
    private let longest = 64 << 20

    init(_ path: String, _ encoding: TextEncoding?) throws(FileError) {
        self.path = path
        reader = try TextFileReader(path, encoding)
        guard try skipSpace() == UInt8(ascii: "[") else {
            throw failure(.invalid, Phrase("the file does not start with [", "文件不以 [ 开头"))
        }
        index += 1
    }

    /// The next element, without the comma after it; nil behind the closing bracket.
    func next() throws(FileError) -> JSONElement? {
        guard !isAtEnd else { return nil }
        if try skipSpace() == UInt8(ascii: "]") {
            index += 1
            try finish()
            return nil
        }
        var element = JSONElement(line: line, bytes: [])
        var depth = 0
        var (isText, isEscaped) = (false, false)
        while let byte = try peek() {
            if !isText, depth == 0, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") {
                index += 1
                if byte == UInt8(ascii: "]") { try finish() }
                return element
            }
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isText = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                default: break
                }
                guard depth >= 0 else {
                    throw failure(.invalid, Phrase("a bracket is closed that was not opened", "有多余的右括号"))
                }
            }
            if byte == 0x0A { line += 1 }
            element.bytes.append(byte)
            index += 1
            guard element.bytes.count <= longest else {
                throw failure(
                    .tooLarge,
                    Phrase(
                        "the element of line \(element.line) has more than \(longest) bytes",
                        "第 \(element.line) 行的元素超过 \(longest) 字节"))
            }
        }
        throw failure(
            .truncated,
            Phrase("the file ends inside of the element of line \(element.line)", "文件在第 \(element.line) 行的元素中途结束"))
    }

    private func finish() throws(FileError) {
        isAtEnd = true
        guard try skipSpace() == nil else {
            throw failure(.invalid, Phrase("there is more text behind the array", "数组之后还有多余的文本"))
        }
    }

    /// The next byte that is no white space, left in place.
    private func skipSpace() throws(FileError) -> UInt8? {
        while let byte = try peek(), [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
            if byte == 0x0A { line += 1 }
            index += 1
        }
        return try peek()
    }

    private func peek() throws(FileError) -> UInt8? {
        if index == chunk.count {
            chunk = try reader.read(1 << 18)
            index = 0
            if chunk.isEmpty { return nil }
        }
        return chunk[index]
    }

    private func failure(_ kind: FileError.Kind, _ cause: Phrase) -> FileError {
        FileError(kind, file: path, at: .line(line, column: 1), Message(.jsonArray, cause))
    }
}
