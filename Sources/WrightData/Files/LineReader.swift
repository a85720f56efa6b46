import WrightRuntime

/// The lines of a file, plain or gzip, one after the other. LF and CRLF end a line and nothing else does: other line
/// separators of Unicode may stand inside of texts.
final class LineReader {
    let path: String
    private let reader: TextFileReader
    private let chunkSize = 1 << 18
    private var chunk: [UInt8] = []
    private var index = 0
    /// The line that ``next()`` gave last, from 1.
    private(set) var line = 0
    /// Longer lines are refused: they come from files that are no text.
    private let longest: Int

    /// Opens the file. A byte order mark is skipped; an encoding that is not given is found out.
    init(_ path: String, _ encoding: TextEncoding? = nil, longest: Int = 64 << 20) throws(FileError) {
        self.path = path
        self.longest = longest
        reader = try TextFileReader(path, encoding)
    }

    var guessedEncoding: TextEncoding? { reader.guessedEncoding }

    /// The next line without its end; nil at the end of the file.
    func next() throws(FileError) -> [UInt8]? {
        var bytes: [UInt8] = []
        var isStarted = false
        while true {
            if index == chunk.count {
                chunk = try reader.read(chunkSize)
                index = 0
                if chunk.isEmpty { break }
            }
            isStarted = true
            let rest = chunk[index...]
            guard let end = rest.firstIndex(of: 0x0A) else {
                bytes += rest
                index = chunk.count
                guard bytes.count <= longest else {
                    throw FileError(
                        .tooLarge, file: path, at: .line(line + 1, column: 1), Message(.lineTooLong, longest))
                }
                continue
            }
            bytes += chunk[index..<end]
            index = end + 1
            break
        }
        guard isStarted else { return nil }
        line += 1
        if bytes.last == 0x0D { bytes.removeLast() }
        return bytes
    }
}
