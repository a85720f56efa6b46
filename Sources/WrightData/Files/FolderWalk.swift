import WrightRuntime

/// The files below a folder.
enum FolderWalk {
    /// Folders may lie so deep; a link that leads back up would have no end.
    private static let maximumDepth = 16

    /// The paths of all files at any depth, from the folder on, in the order of their bytes. Names that start with a point
    /// are left out.
    static func files(in folder: String) throws(FileError) -> [String] {
        var found: [String] = []
        var waiting = [(path: "", depth: 0)]
        while let (path, depth) = waiting.popLast() {
            for entry in try FileAccess.entries(of: folder + "/" + path) where !entry.name.hasPrefix(".") {
                let inner = path.isEmpty ? entry.name : "\(path)/\(entry.name)"
                guard entry.isFolder else {
                    found.append(inner)
                    continue
                }
                guard depth < maximumDepth else {
                    throw FileError(
                        .tooLarge, file: folder, at: .entry(inner), Message(.foldersTooDeep, maximumDepth))
                }
                waiting.append((inner, depth + 1))
            }
        }
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
