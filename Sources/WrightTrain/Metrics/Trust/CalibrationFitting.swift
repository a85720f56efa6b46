extension Calibration {
    /// The temperature of the least log-loss, between 1/100 and 100.
    ///
    /// The log-loss is convex in 1 / temperature, so halving an interval by the sign of its slope finds the minimum.
    public static func fittedTemperature(_ predictions: Predictions, classes: Int) throws(MetricError) -> Calibration {
        var examples: [(logits: [Double], label: Int)] = []
        try predictions.forEachExample(of: "calibration", classes: classes) { probabilities, label in
            examples.append((probabilities.map { logarithm(Double($0)) }, label))
        }
        func slope(_ factor: Double) -> Double {
            examples.reduce(0) { sum, example in
                let largest = example.logits.max()! * factor
                var (weight, mean) = (0.0, 0.0)
                for logit in example.logits {
                    let power = SystemCalls.exponential(logit * factor - largest)
                    weight += power
                    mean += power * logit
                }
                return sum + mean / weight - example.logits[example.label]
            }
        }
        // In equal steps of the logarithm, so that all temperatures become equally exact.
        var (low, high) = (-4.605_170_185_988_091, 4.605_170_185_988_091)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if slope(SystemCalls.exponential(middle)) < 0 { low = middle } else { high = middle }
        }
        return .temperature(SystemCalls.exponential(-(low + high) / 2))
    }

    /// Slope and intercept of the greatest likelihood, with Platt's targets, which keep it from 0 and 1; by Newton's
    /// method with step halving (Lin, Lin & Weng, *A Note on Platt's Probabilistic Outputs*, 2007).
    public static func fittedSigmoid(_ predictions: Predictions) throws(MetricError) -> Calibration {
        var examples: [(x: Double, isPositive: Bool)] = []
        try predictions.forEachExample(of: "calibration", classes: 2) { probabilities, label in
            examples.append((logOdds(Double(probabilities[1])), label == 1))
        }
        let positives = Double(examples.count(where: \.isPositive))
        let negatives = Double(examples.count) - positives
        let (high, low) = ((positives + 1) / (positives + 2), 1 / (negatives + 2))
        func loss(_ slope: Double, _ intercept: Double) -> Double {
            examples.reduce(0) { sum, example in
                let value = slope * example.x + intercept
                let target = example.isPositive ? high : low
                // ln(1 + e^value) − (1 − target) value, written so that nothing overflows.
                let softplus = max(value, 0) + SystemCalls.naturalLogarithm(1 + SystemCalls.exponential(-abs(value)))
                return sum + softplus - (1 - target) * value
            }
        }
        var slope = 0.0
        var intercept = SystemCalls.naturalLogarithm((negatives + 1) / (positives + 1))
        var current = loss(slope, intercept)
        for _ in 0..<100 {
            // A small multiple of the unit matrix keeps the curvature invertible.
            var (h11, h22, h12, g1, g2) = (1e-12, 1e-12, 0.0, 0.0, 0.0)
            for example in examples {
                let p = 1 / (1 + SystemCalls.exponential(slope * example.x + intercept))
                let (d, curvature) = ((example.isPositive ? high : low) - p, p * (1 - p))
                h11 += example.x * example.x * curvature
                h22 += curvature
                h12 += example.x * curvature
                g1 += example.x * d
                g2 += d
            }
            guard abs(g1) > 1e-9 || abs(g2) > 1e-9 else { break }
            let determinant = h11 * h22 - h12 * h12
            let (stepA, stepB) = (-(h22 * g1 - h12 * g2) / determinant, -(h11 * g2 - h12 * g1) / determinant)
            var length = 1.0
            while length > 1e-10, loss(slope + length * stepA, intercept + length * stepB) > current { length /= 2 }
            guard length > 1e-10 else { break }
            slope += length * stepA
            intercept += length * stepB
            current = loss(slope, intercept)
        }
        return .sigmoid(slope: slope, intercept: intercept)
    }

    /// The rising steps of the least squared error, by pooling neighbours that fall (Ayer et al., 1955).
    public static func fittedIsotonic(_ predictions: Predictions) throws(MetricError) -> Calibration {
        var examples: [(x: Double, y: Double)] = []
        try predictions.forEachExample(of: "calibration", classes: 2) { probabilities, label in
            examples.append((Double(probabilities[1]), label == 1 ? 1 : 0))
        }
        examples.sort { $0.x < $1.x }
        /// Neighbours with one value: from where to where, how many, and the sum of their labels.
        struct Pool {
            var first: Double
            var last: Double
            var count: Double
            var sum: Double
            var mean: Double { sum / count }
        }
        var pools: [Pool] = []
        var start = 0
        while start < examples.count {
            // Equal probabilities cannot be told apart.
            let end = examples[start...].firstIndex { $0.x != examples[start].x } ?? examples.count
            let sum = examples[start..<end].reduce(0) { $0 + $1.y }
            pools.append(
                Pool(first: examples[start].x, last: examples[start].x, count: Double(end - start), sum: sum))
            while pools.count > 1, pools[pools.count - 2].mean >= pools[pools.count - 1].mean {
                let last = pools.removeLast()
                pools[pools.count - 1].last = last.last
                pools[pools.count - 1].count += last.count
                pools[pools.count - 1].sum += last.sum
            }
            start = end
        }
        return .isotonic(
            pools.flatMap { pool in
                pool.first == pool.last
                    ? [Knot(pool.first, pool.mean)] : [Knot(pool.first, pool.mean), Knot(pool.last, pool.mean)]
            })
    }
}
