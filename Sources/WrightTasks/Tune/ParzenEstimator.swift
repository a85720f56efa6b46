import WrightData
import WrightTrain

/// Chooses where to look next from what was found: places that are likely among the good ones found so far and unlikely
/// among the others (Bergstra, Bardenet, Bengio & Kégl, *Algorithms for Hyper-Parameter Optimization*, 2011: the
/// tree-structured Parzen estimator, each dimension by itself).
struct ParzenEstimator {
    let space: TuneSpace
    /// Places with what they gave; the smaller the better.
    private let good: [[Double]]
    private let bad: [[Double]]

    private static let goodShare = 0.25
    private static let candidates = 24
    /// Of the width of a dimension, so that one lucky trial does not draw all others onto it.
    private static let leastBandwidth = 0.08

    /// How many trials say enough to choose by.
    static func leastTrials(_ space: TuneSpace) -> Int { max(6, space.dimensions.count) }

    init(_ space: TuneSpace, found: [(places: [Double], badness: Double)]) {
        self.space = space
        let sorted = found.enumerated().sorted { ($0.element.badness, $0.offset) < ($1.element.badness, $1.offset) }
        let count = max(2, Int((Self.goodShare * Double(sorted.count)).rounded(.up)))
        good = sorted.prefix(count).map(\.element.places)
        bad = sorted.dropFirst(count).map(\.element.places)
    }

    /// The most promising of some places that are drawn from the good ones.
    func propose(_ random: inout KeyedRandom) -> [Double] {
        var best: (places: [Double], promise: Double)?
        for _ in 0..<Self.candidates {
            let places = space.dimensions.indices.map { draw($0, &random) }
            let promise = places.indices.reduce(0.0) { sum, axis in
                sum + SystemCalls.naturalLogarithm(density(places[axis], axis, good))
                    - SystemCalls.naturalLogarithm(density(places[axis], axis, bad))
            }
            if promise > best?.promise ?? -.infinity { best = (places, promise) }
        }
        return best?.places ?? space.draw(&random)
    }

    private func draw(_ axis: Int, _ random: inout KeyedRandom) -> Double {
        // One share of all is the whole range, so that nothing is ever ruled out.
        let kernel = random.integer(below: good.count + 1)
        guard kernel < good.count else { return random.uniform() }
        let center = good[kernel][axis]
        if space.dimensions[axis].range.count != nil { return center }
        let bandwidth = bandwidth(good.count)
        // The sum of twelve is as good as a normal draw here.
        let normal = (0..<12).reduce(-6.0) { sum, _ in sum + random.uniform() }
        let place = center + bandwidth * normal
        return place >= 0 && place < 1 ? place : random.uniform()
    }

    /// Of a place among `known`, with one more share for the whole range.
    private func density(_ place: Double, _ axis: Int, _ known: [[Double]]) -> Double {
        if let count = space.dimensions[axis].range.count {
            func index(_ place: Double) -> Int { min(Int(place * Double(count)), count - 1) }
            let same = known.count { index($0[axis]) == index(place) }
            return (Double(same) + 1 / Double(count)) / Double(known.count + 1)
        }
        let bandwidth = bandwidth(known.count)
        let sum = known.reduce(1.0) { sum, places in
            let distance = (place - places[axis]) / bandwidth
            return sum + SystemCalls.exponential(-distance * distance / 2) / (bandwidth * 2.5066)
        }
        return sum / Double(known.count + 1)
    }

    /// Narrower the more is known (Scott, *Multivariate Density Estimation*, 1992, in one dimension).
    private func bandwidth(_ count: Int) -> Double {
        max(Self.leastBandwidth, 0.3 * SystemCalls.power(Double(max(count, 1)), -0.2))
    }
}
