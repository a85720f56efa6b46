import WrightGraph
import WrightNN

/// The next numbers of a series as a linear function of the last ones (Zeng et al., *Are transformers effective for time
/// series forecasting?*, 2023), the same for all series: `[n, lookback]` to `[n, horizon]`.
struct Forecaster: Module {
    /// Linear in what the kind makes of the last numbers.
    enum Kind: String, CaseIterable, Sendable {
        /// Of their distances from the last one, which is added again: follows a level that moves.
        case nlinear
        /// Of their moving mean and of what is left over it, apart.
        case dlinear
    }

    let linear: Linear
    /// Of the moving mean; nil where there is none.
    let trend: Linear?
    private let lookback: Int

    /// Rows in a moving mean; the paper's.
    private static let window = 25

    init(_ kind: Kind, lookback: Int, horizon: Int, from source: inout ParameterSource) {
        linear = Linear(lookback, horizon, from: &source)
        trend = kind == .dlinear ? Linear(lookback, horizon, from: &source) : nil
        self.lookback = lookback
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        guard let trend else {
            let last = x.sliced(from: [0, lookback - 1], sizes: [x.shape[0], 1])
            return linear(x - last) + last
        }
        // The first and the last number stand for those beyond the ends.
        let half = (min(Self.window, lookback) - 1) / 2
        let first = x.sliced(from: [0, 0], sizes: [x.shape[0], 1]).repeated(half, along: 1)
        let last = x.sliced(from: [0, lookback - 1], sizes: [x.shape[0], 1]).repeated(half, along: 1)
        let padded = half > 0 ? Tensor.concatenated([first, x, last], along: 1) : x
        let mean = padded.expandedAxis(at: 2).averagePooled(size: [2 * half + 1], strides: [1]).squeezed(along: [2])
        return linear(x - mean) + trend(mean)
    }
}
