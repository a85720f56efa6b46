import Testing

/// Rules that a reader of the sources relies on.
struct SourceTests {
    @Test("Files stay under 400 lines, or their first line says why not")
    func filesStayShort() {
        let findings = Repository.sources.filter { $0.lines.count > 401 && !saysWhy($0.lines[0]) }.map {
            Finding(
                file: $0.path, line: 1,
                what: "\($0.lines.count - 1) lines; split it, or start it with a comment that has the word 'because'")
        }
        #expect(findings.isEmpty, "\(findings.report)")
    }

    private func saysWhy(_ line: String) -> Bool {
        (line.hasPrefix("//") || line.hasPrefix("/*")) && (line.contains("because") || line.contains("Why:"))
    }

    @Test("Nothing is unfinished or swallowed without a reason", arguments: ["TO" + "DO", "FIX" + "ME", "try" + "?"])
    func nothingUnexplained(word: String) {
        expectReason("Why:", for: { $0.contains(word) }, what: "\(word) without a '// Why:'")
    }

    @Test("The process is ended on purpose only")
    func nothingAborts() {
        expectReason("Why:", for: { $0.contains("fatal" + "Error(") }, what: "ends the process without a '// Why:'")
        expectReason("Why:", for: { $0.contains("abort" + "()") }, what: "ends the process without a '// Why:'")
        expectReason(
            "Why:", for: { $0.replacing(" ", with: "").contains("catch{" + "}") },
            what: "swallows an error without a '// Why:'")
    }

    @Test("What the compiler cannot check about threads says why it is safe")
    func uncheckedSaysSafety() {
        for word in ["@unchecked" + " Sendable", "nonisolated" + "(unsafe)"] {
            expectReason("Safety:", for: { $0.contains(word) }, what: "\(word) without a '// Safety:'")
        }
    }

    /// Lines that match need `reason` in a comment on the line itself or in the comment right above it.
    private func expectReason(_ reason: String, for matches: (String) -> Bool, what: String) {
        var findings: [Finding] = []
        for file in Repository.sources {
            for (index, line) in file.lines.enumerated() where matches(line) && !line.contains(reason) {
                if commentAbove(index, in: file.lines).contains(reason) { continue }
                findings.append(Finding(file: file.path, line: index + 1, what: what))
            }
        }
        #expect(findings.isEmpty, "\(findings.report)")
    }

    /// The comment lines that end right above line `index`, attributes between them passed over.
    private func commentAbove(_ index: Int, in lines: [String]) -> String {
        var comment = ""
        for line in lines[..<index].reversed() {
            let text = line.drop { $0 == " " }
            guard text.hasPrefix("//") || text.hasPrefix("@") || text.hasPrefix("*") else { break }
            comment = text + "\n" + comment
        }
        return comment
    }

    @Test("Every public type has a sentence that says what it is")
    func publicTypesAreDocumented() {
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "actor"]
        var findings: [Finding] = []
        for file in Repository.sources where file.path.hasSuffix(".swift") {
            for (index, line) in file.lines.enumerated() {
                let words = line.split(separator: " ")
                guard words.first == "public" else { continue }
                let rest = words.dropFirst().drop { $0 == "final" || $0 == "indirect" }
                guard let kind = rest.first, kinds.contains(kind), rest.count > 1 else { continue }
                if commentAbove(index, in: file.lines).contains("///") { continue }
                let name = rest[rest.startIndex + 1]
                findings.append(
                    Finding(file: file.path, line: index + 1, what: "\(kind) \(name) has no '///' sentence"))
            }
        }
        #expect(findings.isEmpty, "\(findings.report)")
    }

    @Test("Files are named for what is in them")
    func fileNamesSaySomething() {
        let vague = ["utilities", "utils", "helper", "helpers", "common", "misc", "manager"]
        let findings = (Repository.sources + Repository.swift).filter { file in
            let name = file.path.split(separator: "/").last?.split(separator: ".").first ?? ""
            return vague.contains { name.lowercased().hasSuffix($0) }
        }
        #expect(findings.isEmpty, "\(findings.map(\.path))")
    }

    @Test("No path of one person's machine is written down")
    func noMachinePaths() throws {
        let pattern = try Regex("(^|[^A-Za-z0-9_.~])/(home|Users|root|work|mnt|media)/")
        let files =
            Repository.files(
                in: ["Sources", "Tests", "Examples", "Benchmarks", "docs", "scripts"],
                suffixes: [".swift", ".c", ".h", ".cpp", ".hpp", ".md", ".py", ".sh", ".json", ".txt"])
            + Repository.pages
        var findings: [Finding] = []
        for file in files {
            for (index, line) in file.lines.enumerated() where line.contains(pattern) {
                findings.append(Finding(file: file.path, line: index + 1, what: "a path that only one machine has"))
            }
        }
        #expect(findings.isEmpty, "\(findings.report)")
    }

    @Test("A file of tests expects something")
    func testsExpectSomething() {
        let silent = Repository.files(in: ["Tests"], suffixes: [".swift"]).filter { file in
            file.lines.contains { $0.contains("@" + "Test") }
                && !file.lines.contains { $0.contains("#expect") || $0.contains("#require") || $0.contains("expect") }
        }
        #expect(silent.isEmpty, "\(silent.map(\.path))")
    }
}
