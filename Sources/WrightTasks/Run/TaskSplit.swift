import WrightData
import WrightRuntime

/// Which rows train, tell when to stop, and measure.
struct TaskSplit {
    var test: [Int] = []
    /// For each network its rows to train on and to validate with.
    var members: [(training: [Int], validation: [Int])] = []

    /// Rows whose values may be learned from where windows of rows, and not rows, are the examples.
    private var known: [Int]?

    /// Windows of rows in the order of time. Each ends with one of `rows`, has the `horizon` rows after it as its answer, and
    /// belongs to the part of `count` rows in which that answer lies whole; what is standardised is so by the first part.
    ///
    /// - Throws: ``FeatureProblem`` when no window is left to train on.
    init(windowsEndingWith rows: [Int], of count: Int, horizon: Int, _ config: SplitConfig) throws {
        let testStart = count - Int((Double(count) * config.test).rounded())
        let validationStart = testStart - Int((Double(count) * config.validation).rounded())
        func ending(_ range: Range<Int>) -> [Int] {
            rows.filter { $0 + 1 >= range.lowerBound && $0 + horizon < range.upperBound }
        }
        test = ending(testStart..<count)
        members = [(ending(0..<validationStart), ending(validationStart..<testStart))]
        known = Array(0..<validationStart)
        guard !members[0].training.isEmpty else {
            throw FeatureProblem(.noWindow, validationStart, count, horizon)
        }
    }

    /// `rows` are those that can be learned from; `strata` the classes of all rows; `column` the fields of the column that
    /// the kind looks at.
    ///
    /// - Throws: ``FeatureProblem`` when a part that is needed is empty.
    init(_ config: SplitConfig, rows: [Int], strata: [Int32]?, column: [String?]?, folds: Int, seed: UInt64) throws {
        var remaining = rows
        func labels(_ rows: [Int]) -> [Int32] {
            rows.map { config.kind == .random ? 0 : strata?[$0] ?? 0 }
        }
        switch config.kind {
        case .column:
            let parts = Dictionary(grouping: rows) { column?[$0]?.lowercased() ?? "" }
            let unknown = parts.keys.filter { !["train", "validation", "test"].contains($0) }.sorted()
            guard unknown.isEmpty else {
                throw FeatureProblem(.splitColumn, unknown.prefix(3).map(\.readable))
            }
            test = parts["test"] ?? []
            members = [(parts["train"] ?? [], parts["validation"] ?? [])]
        case .time:
            let times = rows.map { row in
                column?[row].flatMap { DateField.read($0)?.days ?? NumberField.read($0) }
            }
            guard times.allSatisfy({ $0 != nil }) else {
                throw FeatureProblem(.splitTime)
            }
            let order = rows.indices.sorted { (times[$0]!, $0) < (times[$1]!, $1) }.map { rows[$0] }
            let testStart = order.count - Int((Double(order.count) * config.test).rounded())
            let validationStart = testStart - Int((Double(order.count) * config.validation).rounded())
            test = Array(order[testStart...])
            members = [(Array(order[..<validationStart]), Array(order[validationStart..<testStart]))]
        case .group:
            let keys = rows.map { column?[$0] ?? "" }
            let whole = Self.withoutTest(keys, config, seed: seed)
            test = whole.test.map { rows[$0] }
            remaining = whole.train.map { rows[$0] }
            let part = Self.groupParts(whole.train.map { keys[$0] }, config, folds: folds, seed: seed)
            members = (0..<folds).map { Self.parting(remaining, part, $0) }
        case .stratified, .random:
            if config.test > 0 {
                let whole = Split(
                    stratifying: labels(rows), .init(train: 1 - config.test, validation: 0, test: config.test),
                    seed: seed)
                test = whole.test.map { rows[$0] }
                remaining = whole.train.map { rows[$0] }
            }
            if folds > 1 {
                let part = Split.parts(folds, stratifying: labels(remaining), seed: seed &+ 1)
                members = (0..<folds).map { Self.parting(remaining, part, $0) }
            } else {
                let two = Split(
                    stratifying: labels(remaining),
                    .init(train: 1 - config.validation, validation: config.validation, test: 0), seed: seed &+ 1)
                members = [(two.train.map { remaining[$0] }, two.validation.map { remaining[$0] })]
            }
        }
        guard members.allSatisfy({ !$0.training.isEmpty }) else {
            throw FeatureProblem(.splitLeavesNoRow, rows.count)
        }
    }

    private static func withoutTest(_ keys: [String], _ config: SplitConfig, seed: UInt64) -> Split {
        Split(hashing: keys, .init(train: 1 - config.test, validation: 0, test: config.test), salt: seed)
    }

    /// For each group the network that it validates; without folds, 0 validates and all others train.
    private static func groupParts(_ keys: [String], _ config: SplitConfig, folds: Int, seed: UInt64) -> [Int] {
        let parts = folds > 1 ? folds : max(2, Int((1 / max(config.validation, 0.01)).rounded()))
        return keys.map { Int(stableHash($0, salt: seed &+ 1) % UInt64(parts)) }
    }

    /// Which rows belong to groups that train, without folds; the same group trains whatever rows there are.
    static func trainingGroups(_ config: SplitConfig, _ fields: [String?], seed: UInt64) -> [Bool] {
        let keys = fields.map { $0 ?? "" }
        var trains = groupParts(keys, config, folds: 1, seed: seed).map { $0 != 0 }
        for row in withoutTest(keys, config, seed: seed).test { trains[row] = false }
        return trains
    }

    /// Leaves rows out of all parts.
    mutating func leaveOut(_ rows: Set<Int>) {
        test.removeAll(where: rows.contains)
        for index in members.indices {
            members[index].training.removeAll(where: rows.contains)
            members[index].validation.removeAll(where: rows.contains)
        }
    }

    private static func parting(_ rows: [Int], _ part: [Int], _ left: Int) -> (training: [Int], validation: [Int]) {
        (
            rows.indices.filter { part[$0] != left }.map { rows[$0] },
            rows.indices.filter { part[$0] == left }.map { rows[$0] }
        )
    }

    /// Every row that is not kept for measuring, in order.
    var fitting: [Int] { known ?? Set(members.flatMap { $0.training + $0.validation }).sorted() }
}
