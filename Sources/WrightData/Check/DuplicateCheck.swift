import WrightRuntime

/// Rows that occur more than once, exactly or nearly, inside of a part and in several parts; and equal rows that want
/// different answers.
struct DuplicateCheck {
    private let targets: [Int]
    /// Columns of texts, whose rows are compared for being nearly the same.
    private let texts: [Int]
    private let similarity: Double
    private let maximumTexts: Int

    init(_ profiles: [ColumnProfile], targets: [String], similarity: Double, maximumTexts: Int) {
        self.targets = profiles.indices.filter { targets.contains(profiles[$0].name) }
        texts = profiles.indices.filter { profiles[$0].isText && !targets.contains(profiles[$0].name) }
        self.similarity = similarity
        self.maximumTexts = maximumTexts
    }

    /// What to say when not all texts are compared.
    func limit(_ parts: [TablePart]) -> Phrase? {
        guard !texts.isEmpty, parts.contains(where: { $0.count > maximumTexts }) else { return nil }
        return Phrase(
            "texts that are nearly the same were looked for among \(maximumTexts) rows of a part, evenly chosen",
            "近似重复的文本只在每部分均匀抽取的 \(maximumTexts) 行中查找")
    }

    /// A row of a part.
    private struct Row: Hashable {
        var part: Int
        var index: Int
    }

    func findings(_ parts: [TablePart]) -> [DataFinding] {
        let whole = groups(parts) { _ in true }
        var findings = report(whole, parts, .duplicates, .overlap, Phrase("the same", "相同"))
        let alike = targets.isEmpty ? [] : groups(parts) { !targets.contains($0) }
        for target in targets {
            let answers = parts.map { $0.fields[target] }
            let conflicts = alike.filter { group in
                Set(group.compactMap { answers[$0.part][$0.index] }).count > 1
            }
            let rows = conflicts.flatMap(\.self).filter { $0.part == 0 }
            if !rows.isEmpty {
                findings.append(
                    DataFinding(
                        .contradictions, .warning, column: parts[0].columns[target], part: parts[0].name,
                        lines: rows.map { parts[0].lines[$0.index] },
                        Phrase(
                            "\(rows.count) rows are equal but for \(parts[0].columns[target].readable)",
                            "有 \(rows.count) 行除 \(parts[0].columns[target].readable) 外完全相同"),
                        advice: Phrase(
                            "At most one of equal rows can be right: look at how they were labelled",
                            "相同的行至多一个标签是对的：请检查标注")))
            }
        }
        guard !texts.isEmpty else { return findings }
        let exact = Set(whole.flatMap { $0.dropFirst() })
        return findings
            + report(
                similarGroups(parts, leavingOut: exact), parts, .nearDuplicates, .nearOverlap,
                Phrase("nearly the same", "近似"))
    }

    /// Rows whose columns, of those that count, are equal, in order.
    private func groups(_ parts: [TablePart], _ isCounted: (Int) -> Bool) -> [[Row]] {
        let columns = parts[0].columns.indices.filter(isCounted)
        var places: [UInt64: [[Row]]] = [:]
        var hashes: [UInt64] = []
        for (number, part) in parts.enumerated() {
            for index in 0..<part.count {
                var hash: UInt64 = 0
                for column in columns { hash = stableHash(part.fields[column][index] ?? "\u{0}", salt: hash) }
                let row = Row(part: number, index: index)
                // Equal hashes are not yet equal rows.
                let place = places[hash]?.firstIndex { group in
                    columns.allSatisfy { parts[group[0].part].fields[$0][group[0].index] == part.fields[$0][index] }
                }
                if let place {
                    places[hash]![place].append(row)
                } else {
                    if places[hash] == nil { hashes.append(hash) }
                    places[hash, default: []].append([row])
                }
            }
        }
        return hashes.flatMap { places[$0]! }.filter { $0.count > 1 }
    }

    private func similarGroups(_ parts: [TablePart], leavingOut exact: Set<Row>) -> [[Row]] {
        var rows: [Row] = []
        var sketches: [TextSketch] = []
        for (number, part) in parts.enumerated() {
            let count = min(part.count, maximumTexts)
            for index in (0..<count).map({ $0 * part.count / count })
            where !exact.contains(Row(part: number, index: index)) {
                let text = texts.compactMap { part.fields[$0][index] }.joined(separator: " ")
                guard let sketch = TextSketch(text) else { continue }
                rows.append(Row(part: number, index: index))
                sketches.append(sketch)
            }
        }
        return TextSketch.groups(sketches, atLeast: similarity).map { $0.map { rows[$0] } }
    }

    private func report(
        _ groups: [[Row]], _ parts: [TablePart], _ inside: DataFinding.Kind, _ across: DataFinding.Kind, _ word: Phrase
    ) -> [DataFinding] {
        var findings: [DataFinding] = []
        for (number, part) in parts.enumerated() {
            let repeated = groups.flatMap { $0.filter { $0.part == number }.dropFirst() }.map(\.index).sorted()
            if !repeated.isEmpty {
                findings.append(
                    DataFinding(
                        inside, 20 * repeated.count >= part.count ? .warning : .note, part: part.name,
                        lines: repeated.map { part.lines[$0] },
                        Phrase(
                            "\(repeated.count) of \(part.count) rows of \(part.name) are \(word.english) as an earlier one",
                            "\(Phrase.part(part.name).chinese)的 \(part.count) 行中有 \(repeated.count) 行与先前的行\(word.chinese)"
                        ),
                        advice: Phrase("Leave them out, unless things really happen that often", "除非确实如此频繁，否则请去掉")))
            }
            guard number > 0 else { continue }
            let shared = groups.filter { $0[0].part == 0 }.flatMap { $0.filter { $0.part == number } }.map(\.index)
                .sorted()
            if !shared.isEmpty {
                findings.append(
                    DataFinding(
                        across, .error, part: part.name, lines: shared.map { part.lines[$0] },
                        Phrase(
                            "\(shared.count) of \(part.count) rows of \(part.name) are \(word.english) as rows of "
                                + parts[0].name,
                            "\(Phrase.part(part.name).chinese)的 \(part.count) 行中有 \(shared.count) 行与"
                                + "\(Phrase.part(parts[0].name).chinese)的行\(word.chinese)"),
                        advice: .leaveOut(of: parts[0].name)))
            }
        }
        return findings
    }
}
