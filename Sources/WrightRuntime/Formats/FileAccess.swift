#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
package import WrightGraph

/// The operating system's files, as far as Wright needs them: one place, so that nothing needs Foundation.
package enum FileAccess {
    /// The whole file in memory that is read when touched and shared until written (writes stay private).
    ///
    /// The file must not be shortened by others while it is mapped; Wright replaces files whole, by renaming.
    package static func map(_ path: String) throws(FileError) -> Storage {
        let reader = try FileReader(path)
        let count = try reader.regularSize()
        guard count > 0 else { return Storage(byteCount: 0) }
        guard let address = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE, reader.descriptor, 0),
            address != MAP_FAILED
        else { throw .system(Phrase("could not be mapped into memory", "无法映射到内存"), path) }
        return Storage(adopting: address, byteCount: count) { munmap($0, count) }
    }

    /// All bytes of the file.
    package static func read(_ path: String, limit: Int = 1 << 30) throws(FileError) -> [UInt8] {
        let reader = try FileReader(path)
        var bytes: [UInt8] = []
        let chunk = ReadBuffer(byteCount: 1 << 16)
        bytes.reserveCapacity(min(max(reader.sizeHint, 0), limit))
        while case let count = try reader.read(into: chunk.bytes), count > 0 {
            guard bytes.count + count <= limit else {
                throw FileError(.tooLarge, file: path, Message(.moreBytesThanRead, limit))
            }
            bytes.append(contentsOf: chunk.bytes[..<count])
        }
        return bytes
    }

    /// A file or folder inside a folder.
    package struct Entry: Hashable, Sendable {
        package var name: String
        package var isFolder: Bool
    }

    /// What a folder holds, ordered by the bytes of the names; links are followed, broken ones count as files.
    package static func entries(of folder: String) throws(FileError) -> [Entry] {
        guard let handle = opendir(folder) else {
            throw .system(Phrase("could not be opened as a folder", "无法作为文件夹打开"), folder)
        }
        defer { closedir(handle) }
        var entries: [Entry] = []
        errno = 0
        while let item = readdir(handle) {
            // Safety: d_name is a C string inside the structure that readdir returned.
            let offset = MemoryLayout<dirent>.offset(of: \.d_name)!
            let name = String(cString: UnsafeRawPointer(item).advanced(by: offset).assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." {
                entries.append(Entry(name: name, isFolder: isFolder(folder + "/" + name)))
            }
            errno = 0
        }
        guard errno == 0 else { throw .system(Phrase("could not be listed", "无法列出内容"), folder) }
        return entries.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    package static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    /// The size of a file and when it was last changed, in nanoseconds: another stamp means that it may differ.
    package static func stamp(_ path: String) -> (bytes: Int, changed: Int)? {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        #if canImport(Darwin)
            let time = information.st_mtimespec
        #else
            let time = information.st_mtim
        #endif
        return (Int(information.st_size), Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec))
    }

    /// Makes the folder and those above it; nothing happens when it is there.
    package static func createFolder(_ path: String) throws(FileError) {
        guard !isFolder(path) else { return }
        let parent = folder(of: path)
        if parent != path, !exists(parent) { try createFolder(parent) }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST && isFolder(path) else {
            throw .system(Phrase("could not be created as a folder", "无法创建文件夹"), path)
        }
    }

    package static func rename(_ path: String, to other: String) throws(FileError) {
        guard renameFile(path, other) == 0 else {
            throw .system(Phrase("could not be renamed to \(other)", "无法重命名为 \(other)"), path)
        }
        try synchronize(folder: folder(of: other))
    }

    /// Removes the file; nothing happens when it is not there.
    package static func remove(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw .system(Phrase("could not be removed", "无法删除"), path) }
    }

    /// Removes a file, or a folder with all that is in it; links are removed and not followed. Nothing happens when there is
    /// none.
    package static func removeTree(_ path: String) throws(FileError) {
        if unlink(path) == 0 || errno == ENOENT { return }
        guard isFolder(path) else { throw .system(Phrase("could not be removed", "无法删除"), path) }
        for entry in try entries(of: path) { try removeTree("\(path)/\(entry.name)") }
        guard rmdir(path) == 0 else { throw .system(Phrase("could not be removed", "无法删除"), path) }
    }

    /// The path from the root, without links; nil when there is no such file.
    package static func absolute(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    /// What leads from the folder to the file, both there; the path itself when one is not.
    package static func path(_ path: String, from folder: String) -> String {
        guard let file = absolute(path), let start = absolute(folder) else { return path }
        let (to, from) = (file.split(separator: "/"), start.split(separator: "/"))
        let shared = zip(to, from).prefix { $0 == $1 }.count
        let steps = from.dropFirst(shared).map { _ in ".." } + to.dropFirst(shared).map(String.init)
        return steps.joined(separator: "/")
    }

    /// The folder that holds `path`.
    package static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes renames in `folder` survive a power cut.
    package static func synchronize(folder: String) throws(FileError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(Phrase("could not be opened as a folder", "无法作为文件夹打开"), folder) }
        defer { close(descriptor) }
        // Some file systems have nothing to do here and say so with EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
            throw .system(Phrase("could not be written through to the disk", "无法写入磁盘"), folder)
        }
    }
}

/// A file read from front to back; also a pipe.
package final class FileReader {
    package let path: String
    package let descriptor: Int32

    package init(_ path: String) throws(FileError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(Phrase("could not be opened", "无法打开"), path) }
    }

    deinit { close(descriptor) }

    /// The next bytes of the file; 0 at its end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        while true {
            let count = readBytes(descriptor, buffer.baseAddress!, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR { throw .system(Phrase("could not be read", "无法读取"), path) }
        }
    }

    /// The size that the file system states; 0 for pipes.
    package var sizeHint: Int {
        var information = stat()
        return fstat(descriptor, &information) == 0 ? Int(information.st_size) : 0
    }

    fileprivate func regularSize() throws(FileError) -> Int {
        var information = stat()
        guard fstat(descriptor, &information) == 0 else {
            throw .system(Phrase("could not be examined", "无法查看其信息"), path)
        }
        guard information.st_mode & S_IFMT == S_IFREG else {
            let isFolder = information.st_mode & S_IFMT == S_IFDIR
            throw FileError(
                .unsupported, file: path, isFolder ? Message(.isFolder) : Message(.isNotRegular))
        }
        return Int(information.st_size)
    }
}

/// Memory to read pieces of a file into. An object, so that it is freed also when the initialiser of its owner throws.
package final class ReadBuffer {
    package let bytes: UnsafeMutableRawBufferPointer

    package init(byteCount: Int) { bytes = .allocate(byteCount: byteCount, alignment: 64) }

    deinit { bytes.deallocate() }
}

/// A file that appears at its path whole or not at all: it is written beside it, flushed to the disk and renamed.
///
/// Until `commit` returns the old file stays as it was, also when the process is killed or the disk is full. What a
/// killed process left behind (`NAME.partial`) is overwritten by the next writer of the same file.
public final class AtomicFile {
    public let path: String
    /// Where the bytes are until `commit`; the file goes when the object does.
    package let temporary: String
    private var descriptor: Int32

    /// Opens the temporary file. Throws when the folder does not take it or another process is writing the same file.
    public init(_ path: String) throws(FileError) {
        self.path = path
        temporary = path + ".partial"
        descriptor = -1
        // The lock belongs to the file behind the name, so the name is checked again once the lock is held.
        while true {
            descriptor = open(temporary, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw .system(Phrase("could not be created", "无法创建"), temporary) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
                close(descriptor)
                descriptor = -1
                throw FileError(.inputOutput, file: path, Message(.isBeingWritten))
            }
            var opened = stat()
            var named = stat()
            if fstat(descriptor, &opened) == 0, stat(temporary, &named) == 0, opened.st_ino == named.st_ino { break }
            close(descriptor)
        }
        guard ftruncate(descriptor, 0) == 0 else { throw .system(Phrase("could not be emptied", "无法清空"), temporary) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        unlink(temporary)
        close(descriptor)
    }

    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        precondition(descriptor >= 0, "\(path) was committed already")
        try writeAll(bytes, to: descriptor, path)
    }

    public func write(_ bytes: [UInt8]) throws(FileError) {
        // The closure cannot carry a typed error through `withUnsafeBytes` of an array.
        let result = bytes.withUnsafeBytes { raw in Result { () throws(FileError) in try write(raw) } }
        try result.get()
    }

    public func write(_ text: String) throws(FileError) { try write(Array(text.utf8)) }

    /// Fills `buffer` with what was written at `offset`; threads may do so at one time.
    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) {
        precondition(descriptor >= 0, "\(path) was committed already")
        var done = 0
        while done < buffer.count {
            let count = readBytes(descriptor, buffer.baseAddress! + done, buffer.count - done, at: offset + done)
            if count > 0 {
                done += count
            } else if count == 0 {
                throw FileError(.truncated, file: temporary, Message(.endedEarly, offset + buffer.count))
            } else if errno != EINTR {
                throw .system(Phrase("could not be read", "无法读取"), temporary)
            }
        }
    }

    /// Puts the file in place, on the disk.
    public func commit() throws(FileError) {
        precondition(descriptor >= 0, "\(path) was committed already")
        guard fsync(descriptor) == 0 else {
            throw .system(Phrase("could not be written through to the disk", "无法写入磁盘"), path)
        }
        guard renameFile(temporary, path) == 0 else {
            throw .system(Phrase("could not be put in place", "无法放到目标位置"), path)
        }
        close(descriptor)
        descriptor = -1
        try FileAccess.synchronize(folder: FileAccess.folder(of: path))
    }

    /// Writes all of `bytes` to the file at `path`, or leaves it as it was.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let file = try AtomicFile(path)
        try file.write(bytes)
        try file.commit()
    }
}

package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws(FileError) {
    var rest = bytes
    while !rest.isEmpty {
        let count = writeBytes(descriptor, rest.baseAddress!, min(rest.count, 1 << 30))
        if count > 0 {
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if errno != EINTR {
            throw .system(Phrase("could not be written", "无法写入"), path)
        }
    }
}

extension FileError {
    /// What could not be done and why: the operating system's last error.
    package static func system(_ trouble: Phrase, _ path: String) -> FileError {
        let code = errno
        let system = String(cString: strerror(code))
        let (reason, remedy) =
            switch code {
            case ENOENT: ("没有该文件或文件夹", Phrase("Check the path", "请检查路径"))
            case EACCES, EPERM: ("权限不够", Phrase("Check the permissions", "请检查权限"))
            case EROFS: ("文件系统只读", Phrase("Choose a folder on a writable disk", "请选择可写磁盘上的文件夹"))
            case ENOSPC, EDQUOT:
                (
                    "磁盘空间不足",
                    Phrase(
                        "Free some space, or choose another disk; what was there before is untouched",
                        "请释放空间或换用其他磁盘；原有内容未受影响")
                )
            case EMFILE, ENFILE:
                ("打开的文件过多", Phrase("Raise the limit of open files (ulimit -n)", "请提高可打开文件数的上限（ulimit -n）"))
            case EISDIR: ("这是文件夹", Phrase(""))
            case ENOTDIR: ("路径中有一项不是文件夹", Phrase(""))
            default: (system, Phrase(""))
            }
        return FileError(
            code == ENOENT ? .missing : .inputOutput, file: path,
            Message(.system, trouble, Phrase(system, reason), remedy))
    }
}

// Outside the types, where these names still mean the C library's functions.
private func readBytes(_ descriptor: Int32, _ to: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, to, count)
}
private func readBytes(_ descriptor: Int32, _ to: UnsafeMutableRawPointer, _ count: Int, at offset: Int) -> Int {
    pread(descriptor, to, count, off_t(offset))
}
private func writeBytes(_ descriptor: Int32, _ from: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, from, count)
}
private func renameFile(_ from: String, _ to: String) -> Int32 { rename(from, to) }
