#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import WrightRuntime

/// A file of lines or records that grows while training runs; each write is whole in the file when it returns.
final class LogFile {
    let path: String
    private let descriptor: Int32

    /// Opens the file to add to it; when `kept` is given, after replacing what it holds.
    init(_ path: String, replacingWith kept: [UInt8]? = nil) throws(FileError) {
        self.path = path
        try FileAccess.createFolder(FileAccess.folder(of: path))
        if let kept { try AtomicFile.write(kept, to: path) }
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw FileError.system(Phrase("could not be opened", "无法打开"), path)
        }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws(FileError) {
        let result = bytes.withUnsafeBytes { raw in
            Result { () throws(FileError) in try writeAll(raw, to: descriptor, path) }
        }
        try result.get()
    }

    /// The lines of the file at `path`; none if there is no file.
    static func lines(of path: String) throws(FileError) -> [String] {
        guard FileAccess.exists(path) else { return [] }
        return String(decoding: try FileAccess.read(path), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
