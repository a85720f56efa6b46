import WrightGraph

/// How well entities that tags mark are found: an entity counts when its first step, its last step and its type are right.
/// Tags are `O`, or `B-`, `I-`, `E-` or `S-` and a type; entities begin and end as in CoNLL's evaluation, which seqeval's
/// default follows (Tjong Kim Sang & Buchholz, 2000; Nakayama, *seqeval*, 2018): an `I-` after another type or `O` begins
/// one too.
///
/// Outputs are float32 `[n, steps, tags]` or as many numbers, targets int32 `[n, steps]`, −1 where a step is not there.
public struct EntityScores: Metric, Hashable {
    /// Entities that were found, said and true.
    struct Counts: Hashable {
        var hits = 0
        var predicted = 0
        var truths = 0

        mutating func add(_ other: Counts, times: Int = 1) {
            hits += other.hits * times
            predicted += other.predicted * times
            truths += other.truths * times
        }

        var values: [MetricValue] {
            func share(_ part: Int, _ all: Int) -> Double { all > 0 ? Double(part) / Double(all) : 0 }
            return [
                MetricValue("entity_precision", share(hits, predicted)),
                MetricValue("entity_recall", share(hits, truths)),
                MetricValue("entity_f1", share(2 * hits, predicted + truths)),
            ]
        }
    }

    /// A tag, taken apart.
    private struct Tag: Hashable {
        var prefix: Character
        var type: Substring
    }

    /// Where an entity is, and what.
    private struct Entity: Hashable {
        var first: Int
        var last: Int
        var type: Substring
    }

    private let tags: [Tag]
    private var counts = Counts()

    /// Whether names of classes are tags of entities.
    public static func areTags(_ names: [String]) -> Bool {
        names.contains { $0.hasPrefix("B-") || $0.hasPrefix("S-") } && names.allSatisfy { tag($0) != nil }
    }

    /// - Parameter tags: the names of the classes, which ``areTags(_:)``.
    public init(tags: [String]) {
        precondition(Self.areTags(tags), "tags are O, or B-, I-, E- or S- and a type, not \(tags.prefix(9))")
        self.tags = tags.map { Self.tag($0)! }
    }

    private static func tag(_ name: String) -> Tag? {
        if name == "O" { return Tag(prefix: "O", type: "") }
        guard let prefix = name.first, "BIES".contains(prefix), name.dropFirst().first == "-", name.count > 2 else {
            return nil
        }
        return Tag(prefix: prefix, type: name.dropFirst(2))
    }

    public mutating func add(_ batch: Predictions) throws(MetricError) {
        for row in try parts(batch) { counts.add(row) }
    }

    /// The entities of each example.
    func parts(_ batch: Predictions) throws(MetricError) -> [Counts] {
        let classes = tags.count
        guard batch.targets.dtype == .int32, batch.outputs.count == batch.targets.count * classes else {
            throw .targets(
                metric: "entities", expected: "int32, one for each \(classes) outputs of \(batch.outputs.type)",
                received: batch.targets.type)
        }
        let outputs = batch.outputs.array(of: Float.self)
        let targets = batch.targets.array(of: Int32.self)
        let steps = targets.count / max(batch.count, 1)
        return (0..<batch.count).map { row in
            var (said, truths) = ([Tag](), [Tag]())
            for step in (row * steps)..<((row + 1) * steps) where targets[step] >= 0 {
                let own = (step * classes)..<((step + 1) * classes)
                said.append(tags[own.max { outputs[$0] < outputs[$1] }! - own.lowerBound])
                truths.append(tags[Int(targets[step])])
            }
            let (found, wanted) = (Self.entities(said), Self.entities(truths))
            return Counts(hits: found.intersection(wanted).count, predicted: found.count, truths: wanted.count)
        }
    }

    private static func entities(_ tags: [Tag]) -> Set<Entity> {
        var found = Set<Entity>()
        var first = 0
        var last = Tag(prefix: "O", type: "")
        for (place, tag) in (tags + [Tag(prefix: "O", type: "")]).enumerated() {
            if last.prefix != "O", ends(last, before: tag) {
                found.insert(Entity(first: first, last: place - 1, type: last.type))
            }
            if tag.prefix != "O", begins(tag, after: last) { first = place }
            last = tag
        }
        return found
    }

    private static func ends(_ last: Tag, before tag: Tag) -> Bool {
        "ES".contains(last.prefix) || "BSO".contains(tag.prefix) || last.type != tag.type
    }

    private static func begins(_ tag: Tag, after last: Tag) -> Bool {
        "BS".contains(tag.prefix) || "ESO".contains(last.prefix) || last.type != tag.type
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard tags == other.tags else { throw .merge(metric: "entities", reason: "their tags differ") }
        counts.add(other.counts)
    }

    public var values: [MetricValue] { counts.values }
}

extension EntityScores: SummedMetric {
    mutating func add(_ row: Counts, times: Int) { counts.add(row, times: times) }
}
