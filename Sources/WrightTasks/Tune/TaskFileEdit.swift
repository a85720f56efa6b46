import WrightData
import WrightRuntime

/// Puts settings into the text of a task file, so that its comments stay.
struct TaskFileEdit {
    private var lines: [String]
    private let file: String

    /// The text of `file` with these settings, their paths written `train.epochs`. Where an edit of the text does not come to
    /// the same as the settings say (values over several lines, say), the file is written anew, and its comments are lost.
    static func text(_ file: String, setting settings: [(path: String, value: JSON)]) throws -> String {
        let text = String(decoding: try FileAccess.read(file), as: UTF8.self)
        var node = try ConfigNode(text: text, file: file)
        for (path, value) in settings {
            do throws(ConfigOverrideProblem) {
                try node.set(path.split(separator: ".").map(String.init)[...], to: ConfigNode(value))
            } catch {
                var problems = ConfigProblems(file: file)
                problems.add(.program, path, error.message)
                throw problems
            }
        }
        var edit = TaskFileEdit(
            lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init), file: file)
        var isWhole = true
        for (path, value) in settings {
            isWhole = isWhole && edit.put(path.split(separator: ".").map(String.init), value)
        }
        let edited = edit.lines.joined(separator: "\n")
        if isWhole, Self.reads(edited, file)?.json == node.json { return edited }
        return "# Comments could not be kept.\n" + ConfigText.yaml(node.json)
    }

    private static func reads(_ text: String, _ file: String) -> ConfigNode? {
        do { return try ConfigNode(text: text, file: file) } catch {
            // Why: an edit that cannot be read is not used; the file is written anew instead.
            return nil
        }
    }

    /// Whether a place was found for the value.
    private mutating func put(_ path: [String], _ value: JSON) -> Bool {
        let text = Self.written(value)
        // An earlier edit may have gone wrong.
        guard var node = Self.reads(lines.joined(separator: "\n"), file) else { return false }
        var line: Int?
        for (depth, key) in path.enumerated() {
            if let entry = node.map?.first(where: { $0.key == key }) {
                guard case .line(let number) = entry.place else { return false }
                (node, line) = (entry.value, number - 1)
            } else if let element = node.list?.first(where: { $0["name"]?.text == key }) {
                guard case .line(let number) = element.place else { return false }
                (node, line) = (element, number - 1)
            } else {
                let entry = "\(ConfigText.scalar(key)): \(text)"
                guard depth == path.count - 1 else {
                    guard depth == 0, path.count == 2 else { return false }
                    append(key, "\(ConfigText.scalar(path[1])): \(text)")
                    return true
                }
                guard let line, let entries = node.map else { return false }
                return insert(entry, below: line, path[depth - 1], entries)
            }
        }
        guard let line, let key = path.last else { return false }
        return replace(key, in: line, text)
    }

    private static func written(_ value: JSON) -> String {
        let yaml = ConfigText.yaml(["x": value])
        return String(yaml.dropFirst(3).dropLast())
    }

    /// A section that is not there yet.
    private mutating func append(_ section: String, _ entry: String) {
        while lines.last?.isEmpty ?? false { lines.removeLast() }
        lines += ["", "\(section):", "  \(entry)", ""]
    }

    /// A new entry of a map whose key, `key`, stands on `line`.
    private mutating func insert(
        _ entry: String, below line: Int, _ key: String, _ entries: [ConfigNode.Entry]
    ) -> Bool {
        guard let first = entries.first else {
            guard let value = valueStart(key, in: lines[line]), lines[line][value...].hasPrefix("{") else {
                return false
            }
            lines[line].insert(contentsOf: entry, at: lines[line].index(after: value))
            return true
        }
        guard case .line(let number) = first.place, number - 1 >= line else { return false }
        let text = lines[number - 1]
        if let start = keyStart(first.key, in: text), let brace = text[..<start].lastIndex(where: { $0 != " " }),
            text[brace] == "{"
        {
            lines[number - 1].insert(contentsOf: "\(entry), ", at: start)
            return true
        }
        // The first entry of a list's element stands behind its dash.
        let column = text.prefix { $0 == " " || $0 == "-" }.count
        let isDashed = text.prefix(column).contains("-")
        lines.insert(String(repeating: " ", count: column) + entry, at: isDashed ? number : number - 1)
        return true
    }

    /// Another value behind a key that stands on `line`; what follows it stays.
    private mutating func replace(_ key: String, in line: Int, _ text: String) -> Bool {
        let old = lines[line]
        guard let start = valueStart(key, in: old), start < old.endIndex, !"|>&".contains(old[start]) else {
            return false
        }
        let isFlow = old[..<start].count { $0 == "{" } > old[..<start].count { $0 == "}" }
        var (end, depth, quote) = (start, 0, Character?.none)
        while end < old.endIndex {
            let character = old[end]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if "[{".contains(character) {
                depth += 1
            } else if "]}".contains(character) {
                if depth == 0 { break }
                depth -= 1
            } else if depth == 0, character == "," && isFlow || old[end...].hasPrefix(" #") {
                break
            }
            end = old.index(after: end)
        }
        while end > start, old[old.index(before: end)] == " " { end = old.index(before: end) }
        lines[line].replaceSubrange(start..<end, with: text)
        return true
    }

    /// Where the value behind a key begins.
    private func valueStart(_ key: String, in line: String) -> String.Index? {
        guard let start = keyStart(key, in: line), let colon = line[start...].firstIndex(of: ":") else { return nil }
        return line[line.index(after: colon)...].firstIndex { $0 != " " } ?? line.endIndex
    }

    private func keyStart(_ key: String, in line: String) -> String.Index? {
        for written in ["\(key):", "\"\(key)\":", "'\(key)':"] {
            for range in line.ranges(of: written)
            where line[..<range.lowerBound].last.map({ " {,-".contains($0) }) ?? true {
                return range.lowerBound
            }
        }
        return nil
    }
}
