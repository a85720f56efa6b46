import CWrightImage
import WrightRuntime

/// A deflate stream that is decompressed piece by piece.
final class Inflater {
    private let handle: OpaquePointer

    init(_ format: wright_deflate_format) {
        // Why: it asks for a few kilobytes; a program that cannot have them cannot go on.
        handle = wright_inflater_create(format)!
    }

    deinit { wright_inflater_destroy(handle) }

    struct Step {
        var read: Int
        var written: Int
        /// Whether a stream ended; what follows belongs to the next one.
        var isFinished: Bool
    }

    /// Decompresses until the input is used, the output is full, or the stream ends.
    func run(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, file: String,
        at position: FileError.Position
    ) throws(FileError) -> Step {
        var next = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var left = input.count
        var written = 0
        var finished: Int32 = 0
        var problem = wright_codec_problem()
        let status = wright_inflater_run(
            handle, &next, &left, output.baseAddress!.assumingMemoryBound(to: UInt8.self), output.count, &written,
            &finished, &problem)
        guard status == .ok else {
            throw FileError(
                .invalid, file: file, at: position, Message(.compressedData, Phrase.codec(problem.text)))
        }
        return Step(read: input.count - left, written: written, isFinished: finished != 0)
    }
}

extension wright_codec_problem {
    /// The message as a string.
    var text: String {
        withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// Compresses the bytes.
func deflated(_ bytes: UnsafeRawBufferPointer, _ format: wright_deflate_format) -> [UInt8] {
    var encoded: UnsafeMutablePointer<UInt8>?
    var count = 0
    var problem = wright_codec_problem()
    let status = wright_deflate(
        format, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, &encoded, &count, &problem)
    // Compressing memory fails only for want of memory.
    precondition(status == .ok, problem.text)
    defer { wright_codec_free(encoded) }
    return Array(UnsafeBufferPointer(start: encoded, count: count))
}

/// A file's bytes from front to back, decompressed on the way when it is a gzip file (whatever its name says).
final class InflatingReader {
    let path: String
    private let reader: FileReader
    private let inflater: Inflater?
    private let buffer = ReadBuffer(byteCount: 1 << 16)
    private var input: UnsafeMutableRawBufferPointer { buffer.bytes }
    private var pending = 0..<0
    /// How many bytes of the file were read, for errors.
    private var consumed = 0
    private var isAtStreamEnd = false

    init(_ path: String) throws(FileError) {
        self.path = path
        reader = try FileReader(path)
        // A short first read is filled up, so that the two bytes of the signature are seen.
        var count = 0
        while count < 2 {
            let more = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[count...]))
            if more == 0 { break }
            count += more
        }
        pending = 0..<count
        inflater = count >= 2 && buffer.bytes[0] == 0x1F && buffer.bytes[1] == 0x8B ? Inflater(.gzip) : nil
    }

    /// No file of this size can hold more: deflate makes at most 1032 bytes of one. Pipes state no size.
    var largestContent: Int {
        let size = reader.sizeHint
        return size == 0 ? 1 << 30 : inflater == nil ? size : min(size, 1 << 48) * 1032
    }

    /// The next `count` bytes, fewer at the end of the file.
    func read(_ count: Int) throws(FileError) -> [UInt8] {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 1)
        defer { bytes.deallocate() }
        return Array(bytes[..<(try read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<count])))])
    }

    /// Fills the buffer as far as the file goes; fewer bytes than asked for mean its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        var written = 0
        while written < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[written...])
            if pending.isEmpty {
                pending = 0..<(try reader.read(into: input))
                if pending.isEmpty {
                    guard inflater == nil || isAtStreamEnd else {
                        throw FileError(
                            .truncated, file: path, at: .byte(consumed), Message(.gzipEnds))
                    }
                    return written
                }
            }
            let bytes = UnsafeRawBufferPointer(rebasing: input[pending])
            if let inflater {
                isAtStreamEnd = false
                let step = try inflater.run(bytes, into: rest, file: path, at: .byte(consumed))
                consumed += step.read
                pending = (pending.lowerBound + step.read)..<pending.upperBound
                written += step.written
                isAtStreamEnd = step.isFinished
            } else {
                let count = min(bytes.count, rest.count)
                rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                consumed += count
                pending = (pending.lowerBound + count)..<pending.upperBound
                written += count
            }
        }
        return written
    }
}
