/// What every threshold on a score would find: the points of the ROC curve and of the precision–recall curve.
public struct ThresholdCurve: Hashable, Sendable {
    /// What a threshold at `score` selects: all examples whose score is at least that.
    public struct Point: Hashable, Sendable {
        public var score: Float
        /// Examples of the class, and others, that are selected.
        public var hits: Int
        public var falseAlarms: Int

        /// Of the selected examples, the share that is of the class.
        public var precision: Double { Double(hits) / Double(hits + falseAlarms) }
    }

    /// One for each score that occurs, the highest first: equal scores cannot be told apart.
    public let points: [Point]
    /// Examples of the class, and others.
    public let positives: Int
    public let negatives: Int

    /// Sorts the examples by their scores.
    public init(scores: [Float], isPositive: [Bool]) {
        precondition(scores.count == isPositive.count, "\(scores.count) scores of \(isPositive.count) examples")
        // Whole numbers sort several times faster than pairs.
        let keys = zip(scores, isPositive).map { UInt64($0.descendingKey) << 1 | ($1 ? 1 : 0) }.sorted()
        var points: [Point] = []
        var (hits, falseAlarms) = (0, 0)
        for (index, key) in keys.enumerated() {
            if key & 1 == 1 { hits += 1 } else { falseAlarms += 1 }
            guard index + 1 == keys.count || keys[index + 1] >> 1 != key >> 1 else { continue }
            points.append(
                Point(score: Float(descendingKey: UInt32(key >> 1)), hits: hits, falseAlarms: falseAlarms))
        }
        self.points = points
        (positives, negatives) = (hits, falseAlarms)
    }

    /// The probability that an example of the class has a higher score than another one; a tie counts half. NaN where all
    /// examples are of the class, or none is.
    public var areaUnderROC: Double {
        var (area, last) = (0.0, Point(score: .infinity, hits: 0, falseAlarms: 0))
        for point in points {
            area += Double(point.falseAlarms - last.falseAlarms) * Double(point.hits + last.hits) / 2
            last = point
        }
        return area / (Double(positives) * Double(negatives))
    }

    /// Σ (recallₙ − recallₙ₋₁) precisionₙ over all thresholds; 0 without examples of the class.
    public var averagePrecision: Double {
        guard positives > 0 else { return 0 }
        var (sum, last) = (0.0, 0)
        for point in points {
            sum += Double(point.hits - last) * point.precision
            last = point.hits
        }
        return sum / Double(positives)
    }

    /// The share of the class that is selected: the ROC curve's height, and recall.
    public func truePositiveRate(_ point: Point) -> Double { Double(point.hits) / Double(positives) }

    /// The share of the others that is selected: the ROC curve's width.
    public func falsePositiveRate(_ point: Point) -> Double { Double(point.falseAlarms) / Double(negatives) }

    /// The number that the scores of the first `count` points exceed, half-way to the next score.
    public func threshold(selecting count: Int) -> Float {
        precondition(!points.isEmpty && count >= 0 && count <= points.count, "\(count) of \(points.count) points")
        if count == 0 { return points[0].score }
        let least = points[count - 1].score
        guard count < points.count else { return least.nextDown }
        let next = points[count].score
        let middle = next + (least - next) / 2
        return middle < least ? middle : next
    }

    /// The threshold above which selecting an example costs least in all.
    ///
    /// - Parameters:
    ///   - falsePositive: what it costs to select an example that is not of the class.
    ///   - falseNegative: what it costs to leave one of the class.
    /// - Returns: The threshold, and the mean cost of these examples.
    public func cheapestThreshold(falsePositive: Double, falseNegative: Double) -> (threshold: Float, meanCost: Double)
    {
        var (best, bestCost) = (0, Double(positives) * falseNegative)
        for (index, point) in points.enumerated() {
            let cost = Double(point.falseAlarms) * falsePositive + Double(positives - point.hits) * falseNegative
            if cost < bestCost { (best, bestCost) = (index + 1, cost) }
        }
        return (threshold(selecting: best), bestCost / Double(positives + negatives))
    }

    /// At most `count` points for a drawing: the last one and others at equal distances.
    public func points(atMost count: Int) -> [Point] {
        precondition(count >= 2, "a curve is drawn with at least 2 points, not \(count)")
        guard points.count > count else { return points }
        return (0..<count).map { points[$0 * (points.count - 1) / (count - 1)] }
    }
}

extension Float {
    /// Whole numbers that order as these numbers do, the largest first. Both zeros are one.
    fileprivate var descendingKey: UInt32 {
        let bits = (self + 0).bitPattern
        return bits & 0x8000_0000 == 0 ? 0x7FFF_FFFF - bits : bits
    }

    fileprivate init(descendingKey key: UInt32) {
        self.init(bitPattern: key & 0x8000_0000 == 0 ? 0x7FFF_FFFF - key : key)
    }
}
