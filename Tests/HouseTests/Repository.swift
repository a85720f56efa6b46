import Foundation
import Testing

/// The files of this repository, as the house tests see them.
enum Repository {
    static let root: URL = {
        var folder = URL(filePath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder
    }()

    struct File: Sendable, CustomTestStringConvertible {
        /// Path from the root: `Sources/WrightGraph/Tensor.swift`.
        let path: String
        let lines: [String]

        var testDescription: String { path }
        /// The folder below `Sources` or `Tests`: `WrightGraph`.
        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    }

    /// Every text file below `folders` whose name ends with one of `suffixes`, sorted by path.
    static func files(in folders: [String], suffixes: [String]) -> [File] {
        var found: [File] = []
        for folder in folders {
            let base = root.appending(path: folder)
            guard let walk = FileManager.default.enumerator(atPath: base.path) else { continue }
            for case let name as String in walk {
                if name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) { continue }
                guard suffixes.contains(where: name.hasSuffix), let text = text(of: folder + "/" + name) else {
                    continue
                }
                found.append(File(path: folder + "/" + name, lines: lines(of: text)))
            }
        }
        return found.sorted { $0.path < $1.path }
    }

    /// The content of the file at `path` from the root, or nil if it cannot be read as text.
    static func text(of path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: root.appending(path: path).path) else { return nil }
        return String(data: data, encoding: .utf8)
    }

    static func lines(of text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// Swift, C and C++ of the product itself.
    static let sources = files(in: ["Sources"], suffixes: [".swift", ".c", ".h", ".cpp", ".hpp"])
    /// Swift of everything, tests and examples included.
    static let swift = files(in: ["Sources", "Tests", "Examples", "Benchmarks"], suffixes: [".swift"])
    /// The pages that people read.
    static let pages: [File] =
        ["README.md", "CONTRIBUTING.md"].compactMap { path in
            text(of: path).map { File(path: path, lines: lines(of: $0)) }
        }
        + files(in: ["docs"], suffixes: [".md"])
}

/// One place that breaks a house rule, as an editor can open it.
struct Finding: CustomStringConvertible {
    let file: String
    let line: Int
    let what: String
    var description: String { "\(file):\(line): \(what)" }
}

extension [Finding] {
    /// One finding a line, for a test's message.
    var report: String { "\n" + map(\.description).joined(separator: "\n") }
}
