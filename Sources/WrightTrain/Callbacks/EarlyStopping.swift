public import WrightRuntime

/// Ends training when the monitored value has not become better for some validations in a row (Prechelt, *Early
/// Stopping — But When?*, 1998).
public final class EarlyStopping: Callback {
    /// Validations without a new best before training ends.
    public let patience: Int
    /// Validations since the best one.
    public private(set) var waited = 0

    public init(patience: Int) {
        precondition(patience >= 1, "early stopping with a patience of \(patience) would never train")
        self.patience = patience
    }

    public func received(_ event: TrainingEvent) -> Directive {
        switch event {
        case .started: break
        case .validated(let report): waited = report.isBest ? 0 : waited + 1
        default: return .proceed
        }
        guard waited >= patience else { return .proceed }
        return .stop(
            reason: Phrase(
                "no better value in \(waited) validation\(waited == 1 ? "" : "s")", "早停：连续 \(waited) 次验证没有改善"))
    }

    public var savedState: JSON? { ["waited": .integer(Int64(waited))] }

    public func restore(_ saved: JSON) { waited = saved["waited"]?.integer ?? 0 }
}
