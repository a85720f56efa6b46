import WrightRuntime

/// Looks for what spoils a model before one is trained: in each column, between columns, between rows, and between the
/// parts of the data.
public struct DataCheck: Hashable, Sendable {
    /// The columns that a model is to predict.
    public var targets: [String]
    /// Texts that share at least this part of their runs of five letters are nearly the same.
    public var similarity = 0.8
    /// A column that explains so much of what is not known of a target gives it away.
    public var leakage = 0.95
    /// Of a larger part so many rows are looked at, evenly chosen.
    public var maximumRows = 1_000_000
    /// So many texts of a part are compared with each other, evenly chosen.
    public var maximumTexts = 100_000

    public init(targets: [String] = []) { self.targets = targets }

    /// Looks at all parts. Columns are judged on the first one, which is that for training.
    public func report(_ parts: [TablePart]) -> DataReport {
        var report = DataReport(parts)
        guard let first = parts.first else { return report }
        var findings: [DataFinding] = []
        let common = first.columns.filter { name in parts.allSatisfy { $0.columns.contains(name) } }
        for part in parts {
            let foreign = Set(part.columns + first.columns).subtracting(common).sorted()
            guard !foreign.isEmpty, part.name != first.name else { continue }
            findings.append(
                DataFinding(
                    .columns, .error, part: part.name,
                    Phrase(
                        "\(first.name) and \(part.name) do not have the same columns: "
                            + "\(foreign.map(\.readable).joined(separator: ", ")) is not in both",
                        "\(Phrase.part(first.name).chinese)与\(Phrase.part(part.name).chinese)的列不同："
                            + "\(foreign.map(\.readable).joined(separator: "、")) 不是两者都有"),
                    advice: Phrase(
                        "Give both files the same columns; the others are not compared", "请使两个文件的列一致；其余的列不作比较")))
        }
        let chosen = parts.map { $0.selecting(common).sampled(maximumRows) }
        report.note(chosen, of: parts)
        let profiles = zip(common, chosen[0].fields).map { ColumnProfile($0, $1) }
        for profile in profiles {
            findings += profile.findings(isTarget: targets.contains(profile.name), chosen[0])
            findings += PersonalData.findings(profile, chosen[0])
        }
        let duplicates = DuplicateCheck(
            profiles, targets: targets, similarity: similarity, maximumTexts: maximumTexts)
        findings += duplicates.findings(chosen)
        if let limit = duplicates.limit(chosen) { report.limits.append(limit) }
        for target in profiles where targets.contains(target.name) {
            findings += profiles.filter { !targets.contains($0.name) }.compactMap {
                $0.leak(into: target, atLeast: leakage)
            }
        }
        for part in chosen.dropFirst() {
            findings += zip(profiles, part.fields).compactMap { $0.shift(to: $1, part.name) }
        }
        report.add(findings, rows: chosen)
        return report
    }
}
