#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import WrightRuntime

/// A folder of checkpoints, one subfolder each, with the links `last` and `best`.
///
/// A checkpoint is written beside, flushed to the disk, and then renamed; only then the links are moved, each in one
/// step, and what no link names is removed. So whenever the process is killed or the disk is full, `last` and `best` name
/// whole checkpoints.
final class CheckpointFolder {
    let path: String
    private let lock: Int32

    static let last = "last"
    static let best = "best"
    private static let partial = "writing"

    /// Takes the folder for this process, and makes it if there is none.
    init(_ path: String) throws {
        self.path = path
        try FileAccess.createFolder(path)
        lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard lock >= 0 else {
            throw FileError.system(Phrase("could not be created", "无法创建"), path + "/lock")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw TrainingError.checkpoint(path: path, Message(.folderInUse))
        }
    }

    deinit { close(lock) }

    /// The checkpoint that `link` names; nil when there is none.
    func checkpoint(_ link: String) -> String? {
        guard let name = target(link), FileAccess.exists("\(path)/\(name)/\(Checkpoint.stateFile)") else { return nil }
        return "\(path)/\(name)"
    }

    /// The newest whole checkpoint: what `last` names or, should the link be lost, the one of the most steps.
    var newest: String? {
        get throws {
            if let last = checkpoint(Self.last) { return last }
            let names = try checkpoints.sorted { ($0.count, $0) < ($1.count, $1) }
            return names.last { FileAccess.exists("\(path)/\($0)/\(Checkpoint.stateFile)") }.map { "\(path)/\($0)" }
        }
    }

    /// Writes a checkpoint with `body`, which fills the folder it is given, and lets `last`, and `best` if asked, name it.
    func write(step: Int, isBest: Bool, _ body: (_ folder: String) throws -> Void) throws -> String {
        let partial = "\(path)/\(Self.partial)"
        do {
            try FileAccess.removeTree(partial)
            try FileAccess.createFolder(partial)
            try body(partial)
            try FileAccess.synchronize(folder: partial)
            let name = try freeName(step)
            try FileAccess.rename(partial, to: "\(path)/\(name)")
            try link(Self.last, to: name)
            if isBest { try link(Self.best, to: name) }
            try removeUnnamed()
            return "\(path)/\(name)"
        } catch {
            // Why: the error that matters is the first one; what cannot be removed now is removed by the next write.
            try? FileAccess.removeTree(partial)
            throw error
        }
    }

    /// Removes all checkpoints, the links first.
    func removeAll() throws {
        for link in [Self.last, Self.best] { try FileAccess.remove("\(path)/\(link)") }
        try removeUnnamed()
    }

    private func freeName(_ step: Int) throws -> String {
        let taken = Set(try checkpoints)
        let name = "step-" + String(repeating: "0", count: max(0, 8 - String(step).count)) + String(step)
        if !taken.contains(name) { return name }
        return (2...).lazy.map { "\(name).\($0)" }.first { !taken.contains($0) }!
    }

    /// Names of the folders of checkpoints, whole or not.
    private var checkpoints: [String] {
        get throws { try FileAccess.entries(of: path).filter { $0.isFolder && $0.name.hasPrefix("step-") }.map(\.name) }
    }

    private func removeUnnamed() throws {
        let named = Set([Self.last, Self.best].compactMap(target))
        for name in try checkpoints where !named.contains(name) { try FileAccess.removeTree("\(path)/\(name)") }
    }

    private func target(_ link: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = bytes.withUnsafeMutableBytes { readlink("\(path)/\(link)", $0.baseAddress!, $0.count) }
        guard count > 0 else { return nil }
        let name = String(decoding: bytes[..<count], as: UTF8.self)
        // Only what this type made is followed.
        return name.hasPrefix("step-") && !name.contains("/") ? name : nil
    }

    /// Moves a link in one step.
    private func link(_ link: String, to name: String) throws {
        let fresh = "\(path)/\(link).new"
        try FileAccess.remove(fresh)
        guard symlink(name, fresh) == 0 else {
            throw FileError.system(Phrase("could not be linked", "无法建立链接"), fresh)
        }
        try FileAccess.rename(fresh, to: "\(path)/\(link)")
    }
}
