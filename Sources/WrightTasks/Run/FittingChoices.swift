extension FittingConfig {
    /// So many steps at least learn a number from a small table, whose epochs have few. Classes are learned in fewer, and
    /// more of them learn small tables by heart.
    private static let leastSteps = 500
    /// A fold has two rows or more.
    private static let fewestFoldedRows = 8

    /// With everything chosen that the rows decide. `learnsNumbers` says that every output is a number.
    func resolved(rows: Int, work: TaskWork, split: SplitConfig.Kind, learnsNumbers: Bool = false) -> FittingConfig {
        var config = self
        let canFold = split != .time && split != .column
        let isOne = work != .numbers || rows < Self.fewestFoldedRows
        config.folds = canFold ? folds ?? (isOne ? 1 : rows <= 2000 ? min(10, rows / 2) : rows <= 100_000 ? 5 : 1) : 1
        switch work {
        case .numbers:
            let batch = batchSize ?? (rows <= 2000 ? 32 : rows <= 10_000 ? 64 : rows <= 50_000 ? 128 : 512)
            config.batchSize = batch
            let least = learnsNumbers ? Self.leastSteps / ((rows + batch - 1) / batch) : 0
            config.epochs =
                epochs
                ?? (rows <= 10_000 ? max(60, least) : rows <= 100_000 ? 20 : max(1, min(10, 10_000_000 / rows)))
        case .texts:
            config.batchSize = batchSize ?? 64
            config.epochs = epochs ?? 10
        case .pictures:
            config.batchSize = batchSize ?? (rows <= 1000 ? 16 : 64)
            config.epochs = epochs ?? min(30, max(10, 300_000 / max(rows, 1)))
        case .sequences:
            config.batchSize = batchSize ?? 32
            config.epochs = epochs ?? min(40, max(10, 40_000 / max(rows, 1)))
        case .series:
            config.batchSize = batchSize ?? 32
            config.epochs = epochs ?? 12
        }
        config.learningRate = learningRate ?? (work == .texts ? 1e-3 : work == .series ? 5e-4 : 2e-3)
        config.patience = patience ?? max(3, (config.epochs ?? 1) / 4)
        return config
    }
}
