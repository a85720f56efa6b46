import WrightNN

extension Trainer.Monitor {
    /// Values that are better when they are low; all others of this library's metrics are better when they are high.
    private static let lowIsBetter: Set<String> = [
        "loss", "mse", "rmse", "mae", "mape", "smape", "mase", "median_absolute_error", "log_loss", "brier_score",
        "mse_standardized", "mae_standardized", "calibration_error", "hamming_loss", "wer", "cer", "perplexity",
    ]

    /// The goal for a metric by its name: errors and losses are to be low, the rest is to be high.
    public init(judging metric: String) {
        self.init(metric, goal: Self.lowIsBetter.contains(metric) ? .lowest : .highest)
    }

    /// How much worse the second value is.
    package func worsening(from value: Double, to other: Double) -> Double {
        goal == .lowest ? other - value : value - other
    }
}
