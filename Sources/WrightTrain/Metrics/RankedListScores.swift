import WrightGraph

/// How good the order is in which items are offered, one list for each query: NDCG and hit rate of the first `k`, mean
/// reciprocal rank, mean average precision.
///
/// - NDCG: Σ relevance / log₂(place + 1) over the first `k` places, divided by the best that can be had; items of equal
///   score share their places evenly (Järvelin & Kekäläinen, 2002; McSherry & Najork, 2008, as scikit-learn does).
/// - The others ask only whether relevance is above 0, and take the worst order of items of equal score.
///
/// A query without anything relevant counts as 0 everywhere.
public struct RankedListScores: Metric, Hashable {
    public let k: Int
    private var queries = 0.0
    private var gain = 0.0
    private var hits = 0.0
    private var reciprocal = 0.0
    private var precision = 0.0

    public init(k: Int = 10) {
        precondition(k >= 1, "a list is judged by at least 1 place, not \(k)")
        self.k = k
    }

    /// Reads scores float32 `[queries, items]` and relevances of the same shape. An item whose score is −∞ takes no part,
    /// which is how lists of different lengths become one batch.
    public mutating func add(_ batch: Predictions) throws(MetricError) {
        guard batch.outputs.dtype == .float32, batch.outputs.shape.count == 2 else {
            throw .outputs(metric: "ranked lists", expected: "float32[queries, items]", received: batch.outputs.type)
        }
        guard batch.targets.shape == batch.outputs.shape else {
            throw .targets(
                metric: "ranked lists", expected: "the shape \(batch.outputs.shape) of the scores",
                received: batch.targets.type)
        }
        let (scores, relevances) = (batch.outputs.array(of: Float.self), batch.targets.doubles)
        let width = batch.outputs.shape[1]
        for start in stride(from: 0, to: scores.count, by: max(width, 1)) {
            add(scores: scores[start..<start + width], relevances: relevances[start..<start + width])
        }
    }

    /// Takes in one list.
    public mutating func add(scores: some Collection<Float>, relevances: some Collection<Double>) {
        precondition(scores.count == relevances.count, "\(scores.count) scores of \(relevances.count) items")
        queries += 1
        // The best score first, and of equal scores the least relevant.
        let items = zip(scores, relevances).filter { $0.0 != -.infinity }.sorted { ($1.0, $0.1) < ($0.0, $1.1) }
        let best = discounted(items.map(\.1).sorted(by: >))
        guard best > 0 else { return }
        var relevances = items.map(\.1)
        let places = relevances.indices.filter { relevances[$0] > 0 }
        if let first = places.first {
            reciprocal += 1 / Double(first + 1)
            if first < k { hits += 1 }
            precision +=
                places.enumerated().reduce(0) { $0 + Double($1.offset + 1) / Double($1.element + 1) }
                / Double(places.count)
        }
        var start = 0
        while start < items.count {
            let end = items[start...].firstIndex { $0.0 != items[start].0 } ?? items.count
            let mean = relevances[start..<end].reduce(0, +) / Double(end - start)
            for place in start..<end { relevances[place] = mean }
            start = max(end, start + 1)
        }
        gain += discounted(relevances) / best
    }

    private func discounted(_ relevances: [Double]) -> Double {
        let logarithmOfTwo = 0.693_147_180_559_945_3
        return relevances.prefix(k).enumerated().reduce(0) {
            $0 + $1.element * logarithmOfTwo / SystemCalls.naturalLogarithm(Double($1.offset + 2))
        }
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard k == other.k else { throw .merge(metric: "ranked lists", reason: "the first \(k) and \(other.k) places") }
        queries += other.queries
        gain += other.gain
        hits += other.hits
        reciprocal += other.reciprocal
        precision += other.precision
    }

    public var values: [MetricValue] {
        [
            MetricValue("ndcg@\(k)", gain / queries), MetricValue("hit_rate@\(k)", hits / queries),
            MetricValue("mrr", reciprocal / queries), MetricValue("map", precision / queries),
        ]
    }
}
