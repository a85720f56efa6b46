import WrightGraph
public import WrightRuntime

/// Lets a model go on from prompts, one token after the other, each computed once: what the model has seen is
/// kept.
public final class Generator<Model: TokenPredictor> {
    public let model: Model
    /// How many prompts are continued at a time.
    public let rows: Int
    private let step: CompiledFunction
    private let context: Int

    /// Why a row ended.
    public enum End: Hashable, Sendable {
        /// `maximum` tokens were made.
        case length
        /// A token that ends texts was chosen.
        case token
        /// The receiver had enough.
        case receiver
    }

    public init(_ model: Model, rows: Int = 1, on backend: any Backend, options: CompileOptions = CompileOptions()) {
        precondition(rows >= 1, "\(rows) rows generate nothing")
        self.model = model
        self.rows = rows
        context = model.context ?? .max
        let caches = model.caches(batch: rows)
        step = CompiledFunction(on: backend, options: options) { arguments in
            let pass = Pass(isTraining: false)
            let logits = pass { model.next(arguments[0], at: arguments[1], caches) }
            return Trace([logits], assigning: pass.assignments)
        }
    }

    /// The tokens that follow each of ``rows`` prompts, none of them empty.
    ///
    /// `receive` is given each new token as soon as it is known, and its row; the row ends when it answers false. Each row
    /// draws from a seed of its own, its number added to the sampler's. When the model's context is full, its later half is
    /// read again and generation goes on from there.
    public func generate(
        _ prompts: [[Int32]], maximum: Int, sampling: TokenSampler.Config = TokenSampler.Config(),
        ending: Set<Int32> = [], excluding excluded: Set<Int32> = [],
        receive: (_ token: Int32, _ row: Int) throws -> Bool = { _, _ in true }
    ) throws -> [(tokens: [Int32], end: End)] {
        precondition(
            prompts.count == rows && prompts.allSatisfy { !$0.isEmpty }, "needs \(rows) prompts of a token or more")
        var samplers = prompts.indices.map { row in
            var config = sampling
            config.seed &+= UInt64(row)
            return TokenSampler(config)
        }
        var texts = prompts
        var ends = [End?](repeating: maximum > 0 ? nil : .length, count: rows)
        // The step at which all rows are, and where in the texts each row's first step is.
        var position = 0
        var starts = prompts.map { max(0, $0.count - context) }
        while ends.contains(nil) {
            if position == context {
                starts = texts.map { max(0, $0.count - context / 2) }
                position = 0
            }
            let logits = try run(texts, starts, position)
            let width = logits.count / rows
            for row in 0..<rows where ends[row] == nil && starts[row] + position + 1 == texts[row].count {
                let token = samplers[row].next(
                    Array(logits[row * width..<(row + 1) * width]), history: texts[row], excluding: excluded)
                if ending.contains(token) {
                    ends[row] = .token
                    continue
                }
                texts[row].append(token)
                if try !receive(token, row) { ends[row] = .receiver }
                if ends[row] == nil, texts[row].count - prompts[row].count >= maximum { ends[row] = .length }
            }
            position += 1
        }
        return zip(texts, prompts).enumerated().map { row, texts in
            (Array(texts.0.dropFirst(texts.1.count)), ends[row] ?? .length)
        }
    }

    /// Logits after the tokens that stand at `position`; rows that are done repeat their last token.
    private func run(_ texts: [[Int32]], _ starts: [Int], _ position: Int) throws -> [Float] {
        let tokens = zip(texts, starts).map { text, start in text[min(start + position, text.count - 1)] }
        return try step([Buffer(tokens), Buffer([Int32(position)], shape: [])])[0].array(of: Float.self)
    }
}
