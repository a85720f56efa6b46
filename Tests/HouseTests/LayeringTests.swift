import Testing

/// The table of targets in `docs/how-wright-works.md` is the law; the imports must keep it.
struct LayeringTests {
    struct Row {
        let target: String
        /// Our own targets that it may import, each with all that they may.
        let direct: [String]
        /// Modules from outside this package.
        let outside: [String]
    }

    /// Modules of the toolchain that cost nothing and that every target may use.
    static let always: Set<String> = ["Swift", "Synchronization", "Glibc", "Musl", "Darwin"]

    static func table() throws -> [String: Row] {
        let page = try #require(Repository.text(of: "docs/how-wright-works.md"))
        var rows: [String: Row] = [:]
        for line in Repository.lines(of: page) where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingPrefix(" ") }
            guard cells.count == 3 else { continue }
            let names = cells.map { cell in
                cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                    .filter { $0.offset % 2 == 1 }.map { String($0.element) }
            }
            for target in names[0] {
                rows[target] = Row(target: target, direct: names[1], outside: names[2])
            }
        }
        return rows
    }

    /// All of our targets that `target` may import, directly or through another.
    static func reachable(from target: String, in table: [String: Row]) -> Set<String> {
        var reached: Set<String> = []
        var pending = table[target]?.direct ?? []
        while let next = pending.popLast() {
            if reached.insert(next).inserted { pending += table[next]?.direct ?? [] }
        }
        return reached
    }

    @Test("Every target has its row in the table of docs/how-wright-works.md")
    func everyTargetHasARow() throws {
        let table = try Self.table()
        let missing = Set(Repository.sources.map(\.target)).subtracting(table.keys).sorted()
        #expect(missing.isEmpty, "add a row for \(missing.joined(separator: ", "))")
    }

    @Test("A target imports only what its row allows")
    func importsKeepTheTable() throws {
        let table = try Self.table()
        var findings: [Finding] = []
        for file in Repository.sources where file.path.hasSuffix(".swift") {
            let allowed = Self.reachable(from: file.target, in: table)
                .union(table[file.target]?.outside ?? []).union(Self.always)
            for (index, line) in file.lines.enumerated() {
                guard let module = importedModule(line), !allowed.contains(module) else { continue }
                findings.append(
                    Finding(file: file.path, line: index + 1, what: "\(file.target) may not import \(module)"))
            }
        }
        #expect(findings.isEmpty, "\(findings.report)")
    }

    /// `WrightGraph` of `public import WrightGraph`; nil for a line that imports nothing.
    func importedModule(_ line: String) -> String? {
        var words = line.split(separator: " ").map(String.init)
        let modifiers: Set = [
            "public", "internal", "package", "private", "fileprivate", "@testable", "@preconcurrency",
        ]
        while let first = words.first, modifiers.contains(first) { words.removeFirst() }
        guard words.first == "import", words.count >= 2 else { return nil }
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
        return name.split(separator: ".").first.map(String.init)
    }
}
