extension ConfusionMatrix {
    /// The mean recall of the classes that occur: what accuracy would be if all were equally frequent.
    public var balancedAccuracy: Double {
        let present = zip(recall, support).filter { $0.1 > 0 }
        return present.reduce(0) { $0 + $1.0 } / Double(present.count)
    }

    /// The correlation of truth and prediction, from −1 to 1; 0 when either knows one class only (Gorodkin, *Comparing two
    /// K-category assignments by a K-category correlation coefficient*, 2004; of two classes Matthews', 1975).
    public var matthewsCorrelation: Double {
        let (total, chance) = (Double(total), chance)
        let spread = Self.spread(support, total) * Self.spread(predicted, total)
        return spread == 0 ? 0 : (accuracy * total * total - chance) / spread.squareRoot()
    }

    /// How much of the agreement that chance does not explain there is; NaN when chance explains all (Cohen, *A coefficient
    /// of agreement for nominal scales*, 1960).
    public var cohensKappa: Double {
        let expected = chance / Double(total) / Double(total)
        return (accuracy - expected) / (1 - expected)
    }

    /// Σ support · predictions: the number of hits of a prediction by lot, times the number of examples.
    private var chance: Double { zip(support, predicted).reduce(0) { $0 + Double($1.0) * Double($1.1) } }

    private static func spread(_ counts: [Int], _ total: Double) -> Double {
        total * total - counts.reduce(0) { $0 + Double($1) * Double($1) }
    }
}
