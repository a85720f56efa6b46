import Foundation
import Testing

/// What the README and the pages in `docs/` promise must be there.
struct PageTests {
    @Test("Links between pages lead somewhere", arguments: Repository.pages)
    func linksResolve(page: Repository.File) throws {
        let link = try Regex(#"\]\(([^)\s]+)\)"#)
        var findings: [Finding] = []
        let folder = page.path.split(separator: "/").dropLast().joined(separator: "/")
        for (index, line) in page.lines.enumerated() {
            for match in line.matches(of: link) {
                guard let target = match.output[1].substring, !target.contains("://"), !target.hasPrefix("mailto:")
                else {
                    continue
                }
                let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let path = parts[0].isEmpty ? page.path : resolve(String(parts[0]), from: folder)
                guard Repository.exists(path) else {
                    findings.append(Finding(file: page.path, line: index + 1, what: "no such file: \(path)"))
                    continue
                }
                if parts.count == 2, !anchors(of: path).contains(String(parts[1])) {
                    findings.append(
                        Finding(file: page.path, line: index + 1, what: "no heading #\(parts[1]) in \(path)"))
                }
            }
        }
        #expect(findings.isEmpty, "\(findings.report)")
    }

    /// `docs/../README.md` → `README.md`.
    private func resolve(_ target: String, from folder: String) -> String {
        var parts: [Substring] = target.hasPrefix("/") ? [] : folder.split(separator: "/")
        for part in target.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// The names that a heading can be linked by: `## The two commands` is `the-two-commands`.
    private func anchors(of path: String) -> Set<String> {
        let lines = Repository.lines(of: Repository.text(of: path) ?? "")
        return Set(
            lines.filter { $0.hasPrefix("#") }.map { heading in
                heading.drop { $0 == "#" || $0 == " " }.lowercased()
                    .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                    .replacing(" ", with: "-")
            })
    }

    /// Swift in a page is a copy of Swift that is compiled: of an example, a test or the sources.
    @Test("Swift code in pages stands in a file that is compiled", arguments: Repository.pages)
    func snippetsAreCompiled(page: Repository.File) {
        let compiled = Repository.swift.map { trimmed($0.lines) }
        for (line, block) in swiftBlocks(of: page) {
            let wanted = trimmed(block)
            #expect(
                compiled.contains { contains($0, wanted) },
                "\(page.path):\(line): these lines stand in no Swift file; copy them from one that is compiled")
        }
    }

    private func swiftBlocks(of page: Repository.File) -> [(line: Int, block: [String])] {
        var blocks: [(line: Int, block: [String])] = []
        var current: [String]?
        for (index, line) in page.lines.enumerated() {
            if line.hasPrefix("```swift") {
                current = []
            } else if line.hasPrefix("```"), let block = current {
                blocks.append((index + 1 - block.count, block))
                current = nil
            } else {
                current?.append(line)
            }
        }
        return blocks
    }

    /// The lines without indentation, blank ones left out.
    private func trimmed(_ lines: [String]) -> [String] {
        lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private func contains(_ lines: [String], _ block: [String]) -> Bool {
        guard let first = block.first, lines.count >= block.count else { return block.isEmpty }
        return lines.indices.dropLast(block.count - 1).contains { start in
            lines[start] == first && Array(lines[start..<start + block.count]) == block
        }
    }

    @Test(
        "The house is furnished",
        arguments: ["README.md", "CONTRIBUTING.md", "LICENSE", "docs/how-wright-works.md", ".ci/run"])
    func furnished(path: String) {
        #expect(Repository.exists(path))
    }
}
