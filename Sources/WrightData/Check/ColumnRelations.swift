import WrightRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension ColumnProfile {
    /// Whether this column alone gives the target away: what half of the rows teach is tried on the others.
    func leak(into target: ColumnProfile, atLeast threshold: Double) -> DataFinding? {
        let rows = fields.indices.filter { target.fields[$0] != nil }
        guard rows.count >= 40, counts.count > 1, target.counts.count > 1, !isText else { return nil }
        let groups = ColumnGroups(self, limit: min(100, max(rows.count / 8, 2)))
        // By lot, for rows may have a rhythm.
        var random = KeyedRandom(seed: 0, stream: .split)
        let isLearnt = rows.map { _ in random.next() & 1 == 0 }
        let learnt = zip(rows, isLearnt).filter(\.1).map(\.0)
        let tried = zip(rows, isLearnt).filter { !$0.1 }.map(\.0)
        let explained =
            target.isCategorical
            ? explainedClasses(of: target, groups, learnt, tried) : explainedNumbers(of: target, groups, learnt, tried)
        guard let explained, explained >= threshold else { return nil }
        return DataFinding(
            .leakage, .error, column: name,
            Phrase(
                "\(name.readable) alone tells \(Int((explained * 100).rounded())) % of what is not known of "
                    + target.name.readable,
                "仅凭 \(name.readable) 就能说出 \(target.name.readable) 未知部分的 \(Int((explained * 100).rounded()))%"),
            advice: Phrase(
                "Ask whether it is known before \(target.name.readable) is; if not, leave the column out",
                "若在知道 \(target.name.readable) 之前尚不可得，请去掉该列"))
    }

    /// The share of mistakes that the commonest class of each group avoids.
    private func explainedClasses(
        of target: ColumnProfile, _ groups: ColumnGroups, _ learnt: [Int], _ tried: [Int]
    ) -> Double? {
        var counts = [[String: Int]](repeating: [:], count: groups.count)
        var all: [String: Int] = [:]
        for row in learnt {
            counts[groups.group(of: fields[row])][target.fields[row]!, default: 0] += 1
            all[target.fields[row]!, default: 0] += 1
        }
        func commonest(_ counts: [String: Int]) -> String? {
            counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
        }
        let base = commonest(all)
        let answers = counts.map { commonest($0) ?? base }
        let baseline = tried.count { target.fields[$0] == base }
        let right = tried.count { target.fields[$0] == answers[groups.group(of: fields[$0])] }
        guard baseline < tried.count else { return nil }
        return Double(right - baseline) / Double(tried.count - baseline)
    }

    /// R² of the mean of each group.
    private func explainedNumbers(
        of target: ColumnProfile, _ groups: ColumnGroups, _ learnt: [Int], _ tried: [Int]
    ) -> Double? {
        guard let numbers = target.numbers else { return nil }
        var sums = [(sum: Double, count: Double)](repeating: (0, 0), count: groups.count)
        var all = (sum: 0.0, count: 0.0)
        for row in learnt {
            let group = groups.group(of: fields[row])
            sums[group].sum += numbers[row]!
            sums[group].count += 1
            all.sum += numbers[row]!
            all.count += 1
        }
        let mean = all.sum / all.count
        let means = sums.map { $0.count == 0 ? mean : $0.sum / $0.count }
        var (errors, spread) = (0.0, 0.0)
        for row in tried {
            let number = numbers[row]!
            errors += (number - means[groups.group(of: fields[row])]) * (number - means[groups.group(of: fields[row])])
            spread += (number - mean) * (number - mean)
        }
        return spread == 0 ? nil : 1 - errors / spread
    }

    /// Whether the column looks different in another part: the population stability index, Σ (q − p) ln(q / p) over tenths
    /// of the training data or its frequent values. Above 0.2 is called a shift; what chance alone gives to parts of this
    /// size comes on top.
    func shift(to other: [String?], _ part: String) -> DataFinding? {
        guard present >= 50, other.count >= 50, !isText, counts.count < max(present / 2, 2) || numbers != nil else {
            return nil
        }
        let groups = ColumnGroups(self, limit: 10)
        func shares(_ fields: [String?]) -> [Double] {
            var counts = [Double](repeating: 0, count: groups.count)
            for field in fields { counts[groups.group(of: field)] += 1 }
            // Half a row everywhere keeps empty groups from being infinitely surprising.
            return counts.map { ($0 + 0.5) / (Double(fields.count) + 0.5 * Double(groups.count)) }
        }
        let index = zip(shares(fields), shares(other)).reduce(0) { sum, pair in
            sum + (pair.1 - pair.0) * log(pair.1 / pair.0)
        }
        let chance = Double(groups.count) * (1 / Double(fields.count) + 1 / Double(other.count))
        guard index > 0.2 + 2 * chance else { return nil }
        let rounded = "\((index * 100).rounded() / 100)"
        return DataFinding(
            .shift, index > 1 ? .error : .warning, column: name, part: part,
            Phrase(
                "\(name.readable) is distributed differently in \(part) (population stability index \(rounded))",
                "\(name.readable) 在\(Phrase.part(part).chinese)中的分布不同（群体稳定性指数 \(rounded)）")
                + (numbers.map { _ in medians(other) } ?? Phrase("")),
            advice: Phrase(
                "Results on \(part) say little of training data like this: find out what changed, or split anew",
                "\(Phrase.part(part).chinese)上的结果说明不了这样的训练数据：请查明变化，或重新划分"))
    }

    private func medians(_ other: [String?]) -> Phrase {
        func median(_ values: [Double]) -> String? { values.isEmpty ? nil : "\(values.sorted()[values.count / 2])" }
        guard let here = median(numbers!.compactMap(\.self)),
            let there = median(other.compactMap { $0.flatMap { Double(decimal: $0) } })
        else { return Phrase("") }
        return Phrase(": the median is \(there) instead of \(here)", "：中位数由 \(here) 变为 \(there)")
    }
}
