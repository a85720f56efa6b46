import WrightTrain

/// How many labels are wrong beyond what hard rows explain.
///
/// Where a network is unsure it is often contradicted, and nothing is wrong with the labels. The surer it is, the rarer
/// that becomes, but labels that are wrong are contradicted wherever it is sure: contradictions end on a floor, which is
/// the share of wrong labels, as that of anchor points is (Liu & Tao, *Classification with Noisy Labels by Importance
/// Reweighting*, 2016). The floor is that of a logistic regression of contradiction on sureness with some labels replaced
/// (the contaminated model of Copas, *Binary Regression Models for Contaminated Data*, 1988). Sureness counts by rank, for
/// a network that learned from wrong labels never says that it is surer than they let it be.
struct LabelNoise {
    /// The share of labels that are wrong, by the greatest likelihood.
    let rate: Double
    /// Twice how much better the logarithm of the likelihood is with this share than with none.
    let evidence: Double
    /// How many of the contradictions this share explains; the others are hard rows.
    let explained: Double

    /// Whether wrong labels are worth looking for. Where they explain few contradictions, those that are surest are mostly
    /// hard rows too.
    var isTold: Bool { evidence >= Self.leastEvidence && explained >= Self.leastExplained }

    /// Chance exceeds it once in 200 sets without a wrong label: half of a χ² with one degree of freedom, because a share
    /// cannot be below zero (Self & Liang, 1987).
    private static let leastEvidence = 6.63
    /// Sound sets of customers, incomes, loans and reviews were found to reach up to 0.13, and those with one to five wrong labels
    /// of a hundred 0.22 and more.
    private static let leastExplained = 1.0 / 6

    private static let largestRate = 0.45
    private static let firstRates = [0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.25]

    /// - Parameters:
    ///   - sureness: of each row, a number that is larger where the network is surer of its answer.
    ///   - isContradicted: whether the row's label is another class than the answer.
    ///   - classes: a wrong label is any of the others.
    init(sureness: [Double], isContradicted: [Bool], classes: Int) {
        var curve = Curve(Self.ranked(sureness), isContradicted, classes: classes)
        let without = curve.fit(rate: 0)
        var tried = [(rate: 0.0, likelihood: without)]
        tried += Self.firstRates.map { ($0, curve.fit(rate: $0)) }
        let best = tried.indices.max { tried[$0].likelihood < tried[$1].likelihood }!
        // The maximum lies between the neighbours of the best: thirds of that interval find it.
        var (low, high) = (
            best == 0 ? 0 : tried[best - 1].rate, best + 1 < tried.count ? tried[best + 1].rate : Self.largestRate
        )
        for _ in 0..<16 {
            let third = (high - low) / 3
            if curve.fit(rate: low + third) < curve.fit(rate: high - third) { low += third } else { high -= third }
        }
        rate = (low + high) / 2
        evidence = 2 * (curve.fit(rate: rate) - without)
        let contradicted = isContradicted.count { $0 }
        explained = contradicted == 0 ? 0 : rate * Double(sureness.count) / Double(contradicted)
    }

    /// −ln(1 − rank): the surest rows lie far apart and the others close together. Equal numbers share a rank.
    private static func ranked(_ sureness: [Double]) -> [Double] {
        let order = sureness.indices.sorted { sureness[$0] < sureness[$1] }
        var ranked = [Double](repeating: 0, count: order.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, sureness[order[end]] == sureness[order[start]] { end += 1 }
            let rank = Double(start + 1 + end) / 2 / Double(order.count + 1)
            for place in start..<end { ranked[order[place]] = -SystemCalls.naturalLogarithm(1 - rank) }
            start = end
        }
        return ranked
    }
}

/// How often rows are contradicted by how sure the network is, with some labels wrong.
private struct Curve {
    private let sureness: [Double]
    private let isContradicted: [Bool]
    /// What a wrong label adds to contradictions: it may also be the answer where the truth is not.
    private let reach: Double
    private var intercept = 0.0
    private var slope = -1.0

    init(_ sureness: [Double], _ isContradicted: [Bool], classes: Int) {
        self.sureness = sureness
        self.isContradicted = isContradicted
        reach = Double(classes) / Double(classes - 1)
    }

    /// Fits the line by Fisher scoring with step halving, from where the last fit ended, and gives the logarithm of the
    /// likelihood.
    mutating func fit(rate: Double) -> Double {
        var current = likelihood(intercept, slope, rate)
        for _ in 0..<30 {
            // A small multiple of the unit matrix keeps the curvature invertible.
            var (h11, h12, h22, g1, g2) = (1e-9, 0.0, 1e-9, 0.0, 0.0)
            for (x, isContradicted) in zip(sureness, isContradicted) {
                let hard = Self.logistic(intercept + slope * x)
                let mean = Self.bounded(hard + rate * (1 - reach * hard))
                let rise = (1 - rate * reach) * hard * (1 - hard)
                let weight = rise / (mean * (1 - mean))
                let pull = weight * ((isContradicted ? 1 : 0) - mean)
                g1 += pull
                g2 += pull * x
                h11 += weight * rise
                h12 += weight * rise * x
                h22 += weight * rise * x * x
            }
            let determinant = h11 * h22 - h12 * h12
            guard determinant > 0 else { break }
            let (first, second) = ((h22 * g1 - h12 * g2) / determinant, (h11 * g2 - h12 * g1) / determinant)
            var length = 1.0
            var next = likelihood(intercept + first, slope + second, rate)
            while next < current, length > 1e-4 {
                length /= 2
                next = likelihood(intercept + length * first, slope + length * second, rate)
            }
            guard next > current else { break }
            intercept += length * first
            slope += length * second
            let gain = next - current
            current = next
            guard gain > 1e-6 else { break }
        }
        return current
    }

    private func likelihood(_ intercept: Double, _ slope: Double, _ rate: Double) -> Double {
        var sum = 0.0
        for (x, isContradicted) in zip(sureness, isContradicted) {
            let hard = Self.logistic(intercept + slope * x)
            let mean = Self.bounded(hard + rate * (1 - reach * hard))
            sum += SystemCalls.naturalLogarithm(isContradicted ? mean : 1 - mean)
        }
        return sum
    }

    private static func logistic(_ x: Double) -> Double { 1 / (1 + SystemCalls.exponential(-x)) }
    private static func bounded(_ share: Double) -> Double { min(max(share, 1e-12), 1 - 1e-12) }
}
