import WrightRuntime

/// Looks for what spoils a model before one is trained: in each column, between columns, between rows, and between the
/// parts of the data.
public struct DataCheck: Hashable, Sendable {
    /// The column that a model is to predict, if there is one.
    public var target: String?
    /// Texts that share at least this part of their runs of five letters are nearly the same.
    public var similarity = 0.8
    /// A column that explains so much of what is not known of the target gives it away.
    public var leakage = 0.95

    public init(target: String? = nil) { self.target = target }

    /// All findings, the worst first. Columns are judged on the first part, which is that for training.
    public func findings(_ parts: [TablePart]) -> [DataFinding] {
        guard let first = parts.first else { return [] }
        var findings: [DataFinding] = []
        let common = first.columns.filter { name in parts.allSatisfy { $0.columns.contains(name) } }
        for part in parts {
            let foreign = Set(part.columns + first.columns).subtracting(common).sorted()
            guard !foreign.isEmpty, part.name != first.name else { continue }
            findings.append(
                DataFinding(
                    .columns, .error, part: part.name,
                    "\(first.name) and \(part.name) do not have the same columns: "
                        + "\(foreign.map(\.readable).joined(separator: ", ")) is not in both",
                    advice: "Give both files the same columns; the others are not compared"))
        }
        let parts = parts.map { $0.selecting(common) }
        let profiles = zip(common, parts[0].fields).map { ColumnProfile($0, $1) }
        for profile in profiles {
            findings += profile.findings(isTarget: profile.name == target, parts[0])
            findings += PersonalData.findings(profile, parts[0])
        }
        findings += DuplicateCheck(profiles, target: target, similarity: similarity).findings(parts)
        if let target, let goal = profiles.first(where: { $0.name == target }) {
            findings += profiles.filter { $0.name != target }.compactMap { $0.leak(into: goal, atLeast: leakage) }
        }
        for part in parts.dropFirst() {
            findings += zip(profiles, part.fields).compactMap { $0.shift(to: $1, part.name) }
        }
        return findings.enumerated().sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .map(\.element)
    }
}
