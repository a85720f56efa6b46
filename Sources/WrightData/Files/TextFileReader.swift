import CWrightText
import WrightRuntime

/// A text file's bytes from front to back as UTF-8, whatever it is written in, decompressed on the way. A byte order mark
/// is skipped.
///
/// Bytes of a file in UTF-8 are handed on as they are: those who read them know the line of what is not well-formed.
final class TextFileReader {
    let path: String
    let encoding: TextEncoding
    /// The encoding where the file's bytes look like it and nothing says so.
    let guessedEncoding: TextEncoding?
    private let reader: InflatingReader
    private let decoder: OpaquePointer?
    /// Bytes of the file that were read and not handed on, and where they begin in it.
    private var pending: [UInt8]
    private var offset = 0
    private let chunkSize = 1 << 16

    /// - Parameter encoding: nil to find out by the first bytes.
    init(_ path: String, _ encoding: TextEncoding? = nil) throws(FileError) {
        self.path = path
        reader = try InflatingReader(path)
        pending = try reader.read(chunkSize)
        let detected = TextEncoding.detect(pending)
        self.encoding = encoding ?? detected.encoding
        guessedEncoding = encoding == nil && detected.isGuessed ? detected.encoding : nil
        if pending.starts(with: self.encoding.byteOrderMark) {
            offset = self.encoding.byteOrderMark.count
            pending.removeFirst(offset)
        }
        guard self.encoding != .utf8 else {
            decoder = nil
            return
        }
        decoder = wright_decoder_make(self.encoding.rawValue)
        guard decoder != nil else {
            throw FileError(
                .unsupported, file: path, Message(.noEncoding, self.encoding.rawValue))
        }
    }

    deinit { wright_decoder_free(decoder) }

    /// The next bytes, at most `count`; none at the end of the file.
    func read(_ count: Int) throws(FileError) -> [UInt8] {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { bytes.deallocate() }
        return Array(bytes[..<(try read(into: bytes))])
    }

    /// Fills the buffer, which has room for a character at least, or a part of it; 0 at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        guard let decoder else { return try readUTF8(into: buffer) }
        var written = 0
        var isComplete = true
        while written + 4 <= buffer.count {
            if pending.isEmpty || !isComplete {
                let more = try reader.read(chunkSize)
                if more.isEmpty {
                    guard pending.isEmpty else {
                        throw failure(.truncated, Phrase("the file ends inside of a character", "文件在一个字符中途结束"))
                    }
                    return written
                }
                pending += more
            }
            var used = 0
            var count = 0
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[written...])
            let status = pending.withUnsafeBufferPointer { bytes in
                var next = bytes.baseAddress
                var left = bytes.count
                defer { used = bytes.count - left }
                return wright_decoder_run(
                    decoder, &next, &left, rest.baseAddress!.assumingMemoryBound(to: UInt8.self), rest.count, &count)
            }
            pending.removeFirst(used)
            offset += used
            written += count
            isComplete = status != WRIGHT_DECODING_INCOMPLETE
            if status == WRIGHT_DECODING_INVALID {
                let byte = String(pending[0], radix: 16, uppercase: true)
                throw failure(
                    .invalid, Phrase("byte 0x\(byte) begins no character", "字节 0x\(byte) 不是字符的开头"))
            }
            if status == WRIGHT_DECODING_FULL { break }
        }
        return written
    }

    private func readUTF8(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        guard !pending.isEmpty else { return try reader.read(into: buffer) }
        let count = min(pending.count, buffer.count)
        buffer.copyBytes(from: pending[..<count])
        pending.removeFirst(count)
        return count
    }

    private func failure(_ kind: FileError.Kind, _ cause: Phrase) -> FileError {
        FileError(kind, file: path, at: .byte(offset), Message(.undecodable, cause, encoding.rawValue))
    }
}
