import WrightRuntime

/// What a column's fields look like, counted once for all checks.
struct ColumnProfile {
    let name: String
    let fields: [String?]
    /// How often each value occurs.
    let counts: [String: Int]
    /// Where every value is a number.
    let numbers: [Double?]?
    let present: Int
    /// Whether the values are texts for reading: long ones, nearly all different.
    let isText: Bool

    init(_ name: String, _ fields: [String?]) {
        self.name = name
        self.fields = fields
        var counts: [String: Int] = [:]
        var numbers: [Double?]? = []
        var (present, bytes) = (0, 0)
        for field in fields {
            guard let field else {
                numbers?.append(nil)
                continue
            }
            present += 1
            bytes += field.utf8.count
            counts[field, default: 0] += 1
            if let number = Double(decimal: field), number.isFinite { numbers?.append(number) } else { numbers = nil }
        }
        self.counts = counts
        self.numbers = present > 0 ? numbers : nil
        self.present = present
        isText = self.numbers == nil && present > 0 && bytes >= 25 * present && 2 * counts.count > present
    }

    /// Whether a model would be asked for one of a few values.
    var isCategorical: Bool { !isText && (numbers == nil || counts.count <= 20) }

    func findings(isTarget: Bool, _ part: TablePart) -> [DataFinding] {
        var findings: [DataFinding] = []
        let label = name.readable
        func lines(_ isMeant: (Int) -> Bool) -> [Int] { fields.indices.filter(isMeant).map { part.lines[$0] } }
        if present < fields.count {
            let missing = lines { fields[$0] == nil }
            let share = Double(missing.count) / Double(fields.count)
            findings.append(
                DataFinding(
                    .missing, isTarget || present == 0 ? .error : share >= 0.05 ? .warning : .note, column: name,
                    part: part.name, lines: missing,
                    Phrase(
                        "\(label) has no value in \(missing.count) of \(fields.count) rows",
                        "\(label) 在 \(fields.count) 行中有 \(missing.count) 行缺失"),
                    advice: isTarget
                        ? Phrase(
                            "Rows without a target teach nothing: fill them in or leave them out",
                            "没有目标的行学不到东西：请补全或去掉")
                        : present == 0
                            ? Self.leaveOut
                            : Phrase(
                                "Find out why: a value that is missing for a reason should stay visible as missing",
                                "请查明原因：有缘由的缺失应保持为缺失")))
        }
        if present > 1, counts.count == 1 {
            findings.append(
                DataFinding(
                    .constant, isTarget ? .error : .warning, column: name, part: part.name,
                    Phrase(
                        "\(label) is \(counts.first!.key.readable) in every row that has a value",
                        "\(label) 在所有有值的行中都是 \(counts.first!.key.readable)"),
                    advice: isTarget
                        ? Phrase("There is nothing to predict: add rows of other values", "没有可预测的内容：请加入取其他值的行")
                        : Self.leaveOut)
            )
        }
        if !isTarget, isIdentifier {
            findings.append(
                DataFinding(
                    .identifier, .warning, column: name, part: part.name,
                    Phrase(
                        "\(label) has another value in every row, as an identifier does", "\(label) 每行取值都不同，像是编号"),
                    advice: Phrase("Leave the column out, or a model learns rows by heart", "请去掉该列，否则模型会死记每一行")))
        }
        if isTarget, isCategorical, counts.count > 1,
            let rarest = counts.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }),
            let commonest = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }),
            commonest.value >= 10 * rarest.value
        {
            findings.append(
                DataFinding(
                    .imbalance, .warning, column: name, part: part.name, lines: lines { fields[$0] == rarest.key },
                    Phrase(
                        "\(label) is \(commonest.key.readable) in \(commonest.value) rows and \(rarest.key.readable) in "
                            + "\(rarest.value)",
                        "\(label) 有 \(commonest.value) 行为 \(commonest.key.readable)，只有 \(rarest.value) 行为 "
                            + rarest.key.readable),
                    advice: .weighClasses))
        }
        if let spelling = spelling(part) { findings.append(spelling) }
        if let (low, high) = fences {
            let wild = lines { numbers![$0].map { $0 < low || $0 > high } ?? false }
            if !wild.isEmpty, 100 * wild.count <= present {
                let examples = Set(
                    fields.indices.compactMap { row in
                        numbers![row].flatMap { $0 < low || $0 > high ? fields[row] : nil }
                    }
                ).sorted().prefix(3)
                findings.append(
                    DataFinding(
                        .outliers, .warning, column: name, part: part.name, lines: wild,
                        Phrase(
                            "\(label) is far from all others in \(wild.count) row\(wild.count == 1 ? "" : "s"): "
                                + examples.joined(separator: ", "),
                            "\(label) 有 \(wild.count) 行远离其余各行：\(examples.joined(separator: "、"))"),
                        advice: Phrase(
                            "Mend what was typed wrong; name numbers that mean \"unknown\" as missing values",
                            "请改正录入错误；表示“未知”的数应列为缺失值")))
            }
        }
        return findings
    }

    /// Values that are one but for capitals and blanks.
    private func spelling(_ part: TablePart) -> DataFinding? {
        guard numbers == nil, !isText, counts.count > 1, 2 * counts.count <= present else { return nil }
        let groups = Dictionary(grouping: counts.keys) { $0.lowercased().filter { !$0.isWhitespace } }
            .values.filter { $0.count > 1 }
            .map { $0.sorted { (counts[$1]!, $0) < (counts[$0]!, $1) } }.sorted { $0[0] < $1[0] }
        guard let first = groups.first else { return nil }
        let rare = Set(groups.flatMap { $0.dropFirst() })
        return DataFinding(
            .spelling, .warning, column: name, part: part.name,
            lines: fields.indices.filter { row in fields[row].map(rare.contains) ?? false }.map { part.lines[$0] },
            Phrase("\(name.readable) writes the same value in several ways, such as ", "\(name.readable) 中同一取值有多种写法，如 ")
                + first.map(\.readable).phrase,
            advice: Phrase("Make them one with 'map' under data.clean", "请用 data.clean 下的 'map' 统一写法"))
    }

    private static let leaveOut = Phrase("Leave the column out", "请去掉该列")

    private var isIdentifier: Bool {
        guard present >= 20, counts.count == present, !isText else { return false }
        guard let numbers = numbers?.compactMap(\.self) else {
            // Every picture has a path of its own, and what is learnt from is the picture.
            if counts.keys.allSatisfy({ PictureSource.isPicture($0) || SoundFile.isSound($0) }) { return false }
            return counts.keys.allSatisfy { $0.utf8.count <= 64 && !$0.utf8.contains(0x20) }
        }
        guard numbers.allSatisfy({ $0.rounded() == $0 }) else { return false }
        // Numbers that rise with the rows, or fill a range, were given and not measured.
        let isRising = zip(numbers, numbers.dropFirst()).allSatisfy(<)
        return isRising || numbers.max()! - numbers.min()! < 2 * Double(present)
    }

    /// Ten times the middle half's width beyond it: skewed columns stay inside, and 999999 does not.
    private var fences: (low: Double, high: Double)? {
        guard let sorted = numbers?.compactMap(\.self).sorted(), sorted.count >= 20 else { return nil }
        let (low, high) = (sorted[sorted.count / 4], sorted[3 * sorted.count / 4])
        return high > low ? (low - 10 * (high - low), high + 10 * (high - low)) : nil
    }
}

/// Values of a column put into a few numbered groups, as another part of the data would be too.
struct ColumnGroups {
    /// Where each group of numbers ends.
    private let ends: [Double]?
    private let values: [String: Int]
    let count: Int

    /// - Parameter limit: at most so many groups of numbers, equally large, or of frequent values.
    init(_ profile: ColumnProfile, limit: Int) {
        if let numbers = profile.numbers, profile.counts.count > limit {
            let sorted = numbers.compactMap(\.self).sorted()
            var ends: [Double] = []
            for group in 1..<limit {
                let end = sorted[group * sorted.count / limit]
                if ends.last.map({ $0 < end }) ?? (sorted[0] < end) { ends.append(end) }
            }
            self.ends = ends
            values = [:]
            count = ends.count + 2
        } else {
            ends = nil
            let frequent = profile.counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit)
            values = Dictionary(uniqueKeysWithValues: frequent.enumerated().map { ($1.key, $0 + 2) })
            count = frequent.count + 2
        }
    }

    /// The group of a field; 0 for none, and 1 for a value without a group of its own (of numbers, the lowest group).
    func group(of field: String?) -> Int {
        guard let field else { return 0 }
        guard let ends else { return values[field] ?? 1 }
        guard let number = Double(decimal: field) else { return 0 }
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if number >= ends[middle] { low = middle + 1 } else { high = middle }
        }
        return low + 1
    }
}
