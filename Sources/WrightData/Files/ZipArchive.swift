import CWrightImage
package import WrightGraph
package import WrightRuntime

/// A zip archive (PKWARE's APPNOTE), stored or deflated members, with 64-bit sizes where needed.
///
/// The directory is checked before any member is read; a member's sum is checked when it is.
package struct ZipArchive {
    package struct Member {
        package let name: String
        fileprivate let isDeflated: Bool
        fileprivate let sum: UInt32
        fileprivate let stored: Range<Int>
        fileprivate let byteCount: Int
    }

    package let file: String
    package let members: [Member]
    private let storage: Storage

    package init(_ path: String) throws(FileError) { try self.init(FileAccess.map(path), file: path) }

    package init(_ storage: Storage, file: String) throws(FileError) {
        self.file = file
        self.storage = storage
        members = try ZipDirectoryReader(
            bytes: UnsafeRawBufferPointer(start: storage.pointer, count: storage.byteCount), file: file
        ).members()
    }

    /// The bytes of a member: shared with the file when they are stored, else decompressed.
    package func contents(_ member: Member) throws(FileError) -> (storage: Storage, range: Range<Int>) {
        let bytes = UnsafeRawBufferPointer(
            start: storage.pointer + member.stored.lowerBound, count: member.stored.count)
        var result = (storage: storage, range: member.stored)
        if member.isDeflated {
            let inflated = try inflate(bytes, member)
            result = (inflated, 0..<member.byteCount)
        }
        let start = (result.storage.pointer + result.range.lowerBound).assumingMemoryBound(to: UInt8.self)
        guard wright_crc32(0, start, result.range.count) == member.sum else {
            throw FileError(
                .invalid, file: file, at: .entry(member.name),
                Message(.zipDamaged, Phrase("its check sum does not match", "校验和不符")))
        }
        return result
    }

    private func inflate(_ bytes: UnsafeRawBufferPointer, _ member: Member) throws(FileError) -> Storage {
        // Deflate makes at most 1032 bytes of one: a larger claim is a lie, and no memory is taken for it.
        guard member.byteCount / 1032 <= bytes.count else {
            throw FileError(
                .invalid, file: file, at: .entry(member.name),
                Message(
                    .zipDamaged,
                    Phrase(
                        "its \(bytes.count) bytes cannot hold the \(member.byteCount) that are claimed",
                        "其 \(bytes.count) 字节不可能解压出所声明的 \(member.byteCount) 字节")))
        }
        // One byte more than expected shows a member that is longer than it says.
        let output = Storage(byteCount: member.byteCount + 1)
        let step = try Inflater(.raw).run(
            bytes, into: UnsafeMutableRawBufferPointer(start: output.pointer, count: member.byteCount + 1), file: file,
            at: .entry(member.name))
        guard step.isFinished, step.written == member.byteCount, step.read == bytes.count else {
            throw FileError(
                .invalid, file: file, at: .entry(member.name),
                Message(
                    .zipDamaged,
                    Phrase(
                        "it inflates to \(step.written) bytes, \(member.byteCount) were promised",
                        "解压得到 \(step.written) 字节，声明的是 \(member.byteCount) 字节")))
        }
        return output
    }
}

/// Reads the list of members at the end of the file.
private struct ZipDirectoryReader {
    let bytes: UnsafeRawBufferPointer
    let file: String

    private func number<Word: FixedWidthInteger>(_ at: Int, _: Word.Type) throws(FileError) -> Int {
        guard at >= 0, at <= bytes.count - MemoryLayout<Word>.size else {
            throw truncated(Phrase("a record is cut off", "有一条记录不完整"))
        }
        let word = Word(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: Word.self))
        guard let value = Int(exactly: word) else {
            throw FileError(
                .invalid, file: file, at: .byte(at), Message(.zipDamaged, Phrase("a number is out of range", "有数值超出范围"))
            )
        }
        return value
    }

    func members() throws(FileError) -> [ZipArchive.Member] {
        let end = try endRecord()
        var count = try number(end + 10, UInt16.self)
        var size = try number(end + 12, UInt32.self)
        var offset = try number(end + 16, UInt32.self)
        if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF, end >= 20,
            try number(end - 20, UInt32.self) == 0x0706_4B50
        {
            let wide = try number(end - 20 + 8, UInt64.self)
            guard try number(wide, UInt32.self) == 0x0606_4B50 else {
                throw FileError(
                    .invalid, file: file, at: .byte(wide),
                    Message(.zipDamaged, Phrase("the 64-bit directory record is missing", "缺少 64 位目录记录")))
            }
            count = try number(wide + 32, UInt64.self)
            size = try number(wide + 40, UInt64.self)
            offset = try number(wide + 48, UInt64.self)
        }
        guard offset <= end, size <= end - offset, count <= size / 46 else {
            throw FileError(
                .invalid, file: file, at: .byte(end),
                Message(.zipDamaged, Phrase("the archive's directory lies outside the file", "归档目录位于文件之外")))
        }
        var members: [ZipArchive.Member] = []
        var names: Set<String> = []
        var at = offset
        for _ in 0..<count {
            let (member, next) = try member(at)
            guard names.insert(member.name).inserted else {
                throw FileError(
                    .invalid, file: file, at: .entry(member.name),
                    Message(.zipDamaged, Phrase("two members have this name", "有两个成员同名")))
            }
            members.append(member)
            at = next
        }
        return members
    }

    /// The record at the end, behind which a comment of up to 65,535 bytes may stand.
    private func endRecord() throws(FileError) -> Int {
        var at = bytes.count - 22
        while at >= 0, at >= bytes.count - 22 - 0xFFFF {
            if try number(at, UInt32.self) == 0x0605_4B50,
                try number(at + 20, UInt16.self) == bytes.count - at - 22
            {
                return at
            }
            at -= 1
        }
        throw truncated(
            Phrase("the directory at the end of a zip archive is missing", "缺少 zip 归档末尾的目录"))
    }

    private func member(_ at: Int) throws(FileError) -> (ZipArchive.Member, next: Int) {
        guard try number(at, UInt32.self) == 0x0201_4B50 else {
            throw FileError(
                .invalid, file: file, at: .byte(at),
                Message(.zipDamaged, Phrase("a directory record is missing", "缺少一条目录记录")))
        }
        let flags = try number(at + 8, UInt16.self)
        let method = try number(at + 10, UInt16.self)
        let sum = try number(at + 16, UInt32.self)
        var storedCount = try number(at + 20, UInt32.self)
        var byteCount = try number(at + 24, UInt32.self)
        let nameCount = try number(at + 28, UInt16.self)
        let extraCount = try number(at + 30, UInt16.self)
        let commentCount = try number(at + 32, UInt16.self)
        var header = try number(at + 42, UInt32.self)
        let extra = at + 46 + nameCount
        let next = extra + extraCount + commentCount
        guard next <= bytes.count else { throw truncated(Phrase("a directory record is cut off", "有一条目录记录不完整")) }
        let nameBytes = UnsafeRawBufferPointer(rebasing: bytes[(at + 46)..<extra])
        guard nameBytes.firstInvalidUTF8 == nil else {
            throw FileError(
                .invalid, file: file, at: .byte(at + 46),
                Message(.zipDamaged, Phrase("a member's name is not UTF-8", "有成员名不是 UTF-8")))
        }
        let name = String(decoding: nameBytes, as: UTF8.self)
        // Fields of all ones stand in the 64-bit extra field instead, in this order.
        var wide = try wideField(extra, extraCount)
        for field in 0..<3 {
            let value = [byteCount, storedCount, header][field]
            guard value == 0xFFFF_FFFF, let place = wide else { continue }
            let number = try number(place, UInt64.self)
            switch field {
            case 0: byteCount = number
            case 1: storedCount = number
            default: header = number
            }
            wide = place + 8
        }
        guard flags & 1 == 0 else {
            throw FileError(.unsupported, file: file, at: .entry(name), Message(.zipEncrypted))
        }
        guard method == 0 || method == 8 else {
            throw FileError(
                .unsupported, file: file, at: .entry(name), Message(.zipMethod, method))
        }
        guard try number(header, UInt32.self) == 0x0403_4B50 else {
            throw FileError(
                .invalid, file: file, at: .entry(name), Message(.zipDamaged, Phrase("its header is missing", "缺少成员头")))
        }
        let start = try header + 30 + number(header + 26, UInt16.self) + number(header + 28, UInt16.self)
        guard start <= bytes.count, storedCount <= bytes.count - start else {
            throw FileError(
                .truncated, file: file, at: .entry(name),
                Message(.zipDamaged, Phrase("its bytes lie outside the file", "其数据位于文件之外")))
        }
        guard method == 8 || storedCount == byteCount else {
            throw FileError(
                .invalid, file: file, at: .entry(name),
                Message(.zipDamaged, Phrase("its two sizes differ though it is stored", "未压缩，前后大小却不一致")))
        }
        let member = ZipArchive.Member(
            name: name, isDeflated: method == 8, sum: UInt32(sum), stored: start..<(start + storedCount),
            byteCount: byteCount)
        return (member, next)
    }

    /// Where the values of the 64-bit extra field start, if there is one.
    private func wideField(_ start: Int, _ count: Int) throws(FileError) -> Int? {
        var at = start
        while at + 4 <= start + count {
            let size = try number(at + 2, UInt16.self)
            if try number(at, UInt16.self) == 1, at + 4 + size <= start + count { return at + 4 }
            at += 4 + size
        }
        return nil
    }

    private func truncated(_ cause: Phrase) -> FileError {
        FileError(.truncated, file: file, at: .byte(bytes.count), Message(.zipDamaged, cause))
    }
}
