import WrightGraph
public import WrightRuntime

/// Translates sources of any lengths, by beam search: those of like widths together, each width planned once.
public final class TranslationSearch {
    /// The tokens that translations start and end with.
    public struct Marks: Hashable, Sendable {
        public var start: Int32
        public var end: Int32

        public init(start: Int32, end: Int32) {
            self.start = start
            self.end = end
        }
    }

    public let model: Translator
    public let config: BeamSearchConfig
    public let marks: Marks
    private let rows: Int
    private let backend: any Backend
    private let options: CompileOptions
    private var planned: [Int: (read: CompiledFunction, search: BeamSearch<Translator>)] = [:]

    /// `rows`: how many sources are translated at a time.
    public init(
        _ model: Translator, _ config: BeamSearchConfig = BeamSearchConfig(), marks: Marks, rows: Int = 16,
        on backend: any Backend, options: CompileOptions = CompileOptions()
    ) {
        self.model = model
        self.config = config
        self.marks = marks
        self.rows = rows
        self.backend = backend
        self.options = options
    }

    /// The best translation of each source; sources longer than what the model reads are cut, and an empty one stays empty.
    public func translate(_ sources: [[Int32]]) throws -> [Hypothesis] {
        var results = [Hypothesis](
            repeating: Hypothesis(tokens: [], logProbability: 0, score: 0, isEnded: true), count: sources.count)
        let width = { (source: [Int32]) in min((source.count + 15) / 16 * 16, self.model.config.places) }
        let byWidth = Dictionary(grouping: sources.indices.filter { !sources[$0].isEmpty }) { width(sources[$0]) }
        for (width, indices) in byWidth.sorted(by: { $0.key < $1.key }) {
            for start in stride(from: 0, to: indices.count, by: rows) {
                let chosen = Array(indices[start..<min(start + rows, indices.count)])
                for (index, result) in zip(chosen, try translate(chosen.map { sources[$0] }, width: width)) {
                    results[index] = result
                }
            }
        }
        return results
    }

    private func translate(_ sources: [[Int32]], width: Int) throws -> [Hypothesis] {
        let (read, search) = plan(width: width)
        // Rows that are not needed repeat the last.
        let filled = sources + [[Int32]](repeating: sources[sources.count - 1], count: rows - sources.count)
        let ids = filled.flatMap { source in
            source.prefix(width) + [Int32](repeating: 0, count: max(0, width - source.count))
        }
        _ = try read([Buffer(ids, shape: [rows, width])])
        let found = try search.search(
            [[Int32]](repeating: [marks.start], count: rows), ending: [marks.end], excluding: [0, marks.start])
        return found.prefix(sources.count).map {
            $0.first ?? Hypothesis(tokens: [], logProbability: 0, score: 0, isEnded: false)
        }
    }

    private func plan(width: Int) -> (read: CompiledFunction, search: BeamSearch<Translator>) {
        if let found = planned[width] { return found }
        let model = model
        // Twice as long as the source, and a little: what is longer has gone astray.
        var config = config
        config.maximum = min(config.maximum, 2 * width + 8, model.config.places)
        let caches = model.caches(batch: rows * config.beams, sources: width, targets: config.maximum)
        let read = CompiledFunction(on: backend, options: options) { arguments in
            let pass = Pass(isTraining: false)
            pass { model.read(arguments[0], into: caches) }
            return Trace([], assigning: pass.assignments)
        }
        let result = (
            read, BeamSearch(model, rows: rows, config, caches: caches, on: backend, options: options)
        )
        planned[width] = result
        return result
    }
}
