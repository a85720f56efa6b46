import CWrightImage
import WrightRuntime

/// Writes a zip archive from front to back. Times are left at the format's earliest, so that the same members give the
/// same bytes.
struct ZipWriter {
    private let file: AtomicFile
    private var offset = 0
    private var directory: [UInt8] = []
    private var count = 0

    init(_ path: String) throws(FileError) { file = try AtomicFile(path) }

    /// Adds a member, deflated or as it is.
    mutating func add(_ name: String, _ contents: [UInt8], deflate: Bool) throws(FileError) {
        let sum = wright_crc32(0, contents, contents.count)
        let stored = deflate ? contents.withUnsafeBytes { deflated($0, .raw) } : contents
        let nameBytes = Array(name.utf8)
        // Version 4.5 has 64-bit sizes; bit 11 says that names are UTF-8; 0x21 is 1 January 1980.
        let common: [UInt8] =
            Self.bytes(45 as UInt16) + Self.bytes(0x800 as UInt16) + Self.bytes(UInt16(deflate ? 8 : 0))
            + Self.bytes(0 as UInt16) + Self.bytes(0x21 as UInt16) + Self.bytes(sum)
            + Self.bytes(UInt32.max) + Self.bytes(UInt32.max) + Self.bytes(UInt16(nameBytes.count))
        let sizes = Self.bytes(UInt64(contents.count)) + Self.bytes(UInt64(stored.count))
        let extra = Self.bytes(1 as UInt16) + Self.bytes(16 as UInt16) + sizes
        let header = Self.bytes(0x0403_4B50 as UInt32) + common + Self.bytes(UInt16(extra.count)) + nameBytes + extra
        let wide = Self.bytes(1 as UInt16) + Self.bytes(24 as UInt16) + sizes + Self.bytes(UInt64(offset))
        directory += Self.bytes(0x0201_4B50 as UInt32) + Self.bytes(45 as UInt16) + common
        directory += Self.bytes(UInt16(wide.count)) + [UInt8](repeating: 0, count: 10) + Self.bytes(UInt32.max)
        directory += nameBytes + wide
        try file.write(header)
        try file.write(stored)
        offset += header.count + stored.count
        count += 1
    }

    /// Writes the directory and puts the file in place.
    mutating func commit() throws(FileError) {
        let entries = Self.bytes(UInt64(count)) + Self.bytes(UInt64(count))
        let place = Self.bytes(UInt64(directory.count)) + Self.bytes(UInt64(offset))
        var end = Self.bytes(0x0606_4B50 as UInt32) + Self.bytes(44 as UInt64) + Self.bytes(45 as UInt16)
        end += Self.bytes(45 as UInt16) + Self.bytes(0 as UInt64) + entries + place
        end += Self.bytes(0x0706_4B50 as UInt32) + Self.bytes(0 as UInt32)
        end += Self.bytes(UInt64(offset + directory.count)) + Self.bytes(1 as UInt32)
        end += Self.bytes(0x0605_4B50 as UInt32) + Self.bytes(0 as UInt32) + Self.bytes(UInt16.max)
        end += Self.bytes(UInt16.max) + Self.bytes(UInt32.max) + Self.bytes(UInt32.max) + Self.bytes(0 as UInt16)
        try file.write(directory + end)
        try file.commit()
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
