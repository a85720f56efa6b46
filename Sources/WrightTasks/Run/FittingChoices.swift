extension FittingConfig {
    /// With everything chosen that the rows decide.
    func resolved(rows: Int, work: TaskWork, split: SplitConfig.Kind) -> FittingConfig {
        var config = self
        let canFold = split != .time && split != .column
        let isLong = work != .numbers || rows < 20
        config.folds = canFold ? folds ?? (isLong ? 1 : rows <= 2000 ? 10 : rows <= 100_000 ? 5 : 1) : 1
        switch work {
        case .numbers:
            config.batchSize = batchSize ?? (rows <= 2000 ? 32 : rows <= 10_000 ? 64 : rows <= 50_000 ? 128 : 512)
            config.epochs =
                epochs ?? (rows <= 10_000 ? 60 : rows <= 100_000 ? 20 : max(1, min(10, 10_000_000 / rows)))
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
