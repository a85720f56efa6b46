public import WrightGraph
public import WrightRuntime

/// Named arrays in NumPy's `.npz` format: a zip archive of `.npy` files.
public struct NumPyArchive {
    /// The names of the arrays, in the order of the file.
    public let names: [String]
    private let archive: ZipArchive

    /// Reads the list of arrays; each is read when it is asked for.
    public init(_ path: String) throws(FileError) { try self.init(ZipArchive(path)) }

    /// Reads an archive in memory; `file` is what errors call it.
    public init(_ storage: Storage, file: String) throws(FileError) {
        try self.init(ZipArchive(storage, file: file))
    }

    private init(_ archive: ZipArchive) throws(FileError) {
        self.archive = archive
        names = archive.members.map { $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : $0.name }
    }

    /// The array of this name; see ``NumPy`` for what is read.
    public func array(_ name: String) throws(FileError) -> Buffer {
        guard let index = names.firstIndex(of: name) else {
            throw FileError(
                .missing, file: archive.file, at: .entry(name), Message(.noArray, names.prefix(20).map(\.readable)))
        }
        let (storage, range) = try archive.contents(archive.members[index])
        return try NumPy.read(storage, range, file: archive.file, entry: name)
    }

    /// Writes the arrays to `path`, whole or not at all. The same arrays give the same bytes.
    public static func write(
        _ arrays: [(name: String, buffer: Buffer)], to path: String, compressed: Bool = false
    ) throws(FileError) {
        precondition(Set(arrays.map(\.name)).count == arrays.count, "two arrays have the same name")
        var writer = try ZipWriter(path)
        for (name, buffer) in arrays {
            try writer.add(name + ".npy", NumPy.bytes(of: buffer), deflate: compressed)
        }
        try writer.commit()
    }
}
