import ArgumentParser
import Wright

struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: say("Let a language model go on from a prompt.", "让语言模型从提示续写。"),
        discussion: say(
            """
            The text is printed as it comes. With several prompts all go on at the same time, and each is printed when it \
            is done. The same seed gives the same text.

            \(examples)
            """,
            """
            文本边生成边输出。给出多个提示时同时续写，各自完成后输出。种子相同，文本相同。

            \(examples)
            """))

    private static let examples = """
          wright generate poet --prompt 'To be'
          wright generate poet --prompt 'To be' --temperature 0.8 --top-k 40 --seed 7
          wright generate poet --prompt 'A' --prompt 'B' --tokens 50 --json
          wright generate poet --prompt 'To be' --beams 4
        """

    @Argument(help: ArgumentHelp("The folder that 'wright train' wrote.", "'wright train' 写出的文件夹。", valueName: "model"))
    var model: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("What to go on from; may be given several times.", "续写的开头；可多次给出。", valueName: "text"))
    var prompt: [String]

    @Option(
        name: [.customShort("n"), .long], help: ArgumentHelp("The most tokens to add.", "最多续写的词元数。", valueName: "n"))
    var tokens = 200

    @Option(
        help: ArgumentHelp(
            "Search for the likeliest text, with so many kept at each step, instead of drawing.",
            "不抽样，而用束搜索找最可能的文本，每步保留这么多条。", valueName: "n"))
    var beams: Int?

    @Option(
        help: ArgumentHelp(
            "Below 1 more likely, above 1 more varied; 0 takes the likeliest. Default: 1.",
            "温度：小于 1 更稳妥，大于 1 更多样；0 总取最可能的。默认：1。", valueName: "t"))
    var temperature: Double?

    @Option(help: ArgumentHelp("Only so many of the likeliest tokens.", "只从这么多个最可能的词元中抽取。", valueName: "k"))
    var topK: Int?

    @Option(
        help: ArgumentHelp(
            "Only the likeliest tokens that together have this probability.", "只从累计概率达到此值的最可能的词元中抽取。", valueName: "p"))
    var topP: Double?

    @Option(
        help: ArgumentHelp("Only tokens this share as likely as the likeliest.", "只取概率不低于最可能者这一比例的词元。", valueName: "p"))
    var minP: Double?

    @Option(
        help: ArgumentHelp(
            "Above 1, tokens that were there already become less likely. Default: 1.",
            "重复惩罚：大于 1 时，已出现过的词元概率降低。默认：1。", valueName: "x"))
    var repetitionPenalty: Double?

    @Option(help: ArgumentHelp("End at this text; may be given several times.", "遇到此文本即结束；可多次给出。", valueName: "text"))
    var stop: [String] = []

    @Option(help: ArgumentHelp("Seed of the draws. Default: 0.", "抽样的种子。默认：0。", valueName: "n"))
    var seed: UInt64?

    @OptionGroup var compute: ComputeOptions
    @OptionGroup var speech: SpeechOptions

    @Flag(help: ArgumentHelp("Print the result as JSON.", "以 JSON 格式输出结果。"))
    var json = false

    private var sampling: TokenSampler.Config {
        var config = TokenSampler.Config()
        config.temperature = temperature ?? 1
        config.topK = topK
        config.topP = topP
        config.minP = minP
        config.repetitionPenalty = repetitionPenalty ?? 1
        config.seed = seed ?? 0
        return config
    }

    func validate() throws {
        try compute.validate()
        if let temperature, !(temperature >= 0 && temperature.isFinite) {
            throw Failure.usage(.outOfBounds("--temperature", .notBelow0, temperature))
        }
        if let topK, topK < 1 { throw Failure.usage(.outOfBounds("--top-k", .atLeast(1), topK)) }
        if let topP, !(topP > 0 && topP <= 1) { throw Failure.usage(.outOfBounds("--top-p", .above0AtMost(1), topP)) }
        if let minP, !(0...1).contains(minP) { throw Failure.usage(.outOfBounds("--min-p", .between(0, 1), minP)) }
        if let repetitionPenalty, !(repetitionPenalty > 0 && repetitionPenalty.isFinite) {
            throw Failure.usage(.outOfBounds("--repetition-penalty", .above0, repetitionPenalty))
        }
        if let beams {
            guard (1...1024).contains(beams) else {
                throw Failure.usage(.outOfBounds("--beams", .between(1, 1024), beams))
            }
            let draws: [(name: String, isGiven: Bool)] = [
                ("--temperature", temperature != nil), ("--top-k", topK != nil), ("--top-p", topP != nil),
                ("--min-p", minP != nil), ("--repetition-penalty", repetitionPenalty != nil), ("--seed", seed != nil),
            ]
            if let draw = draws.first(where: \.isGiven) {
                throw Failure.usage(Message(.drawsWithBeams, draw.name))
            }
        }

        guard (0...10_000_000).contains(tokens) else {
            throw Failure.usage(.outOfBounds("--tokens", .between(0, 10_000_000), tokens))
        }
    }

    func run() throws {
        guard let saved = try SavedTextModel(contentsOf: model), saved.task == .languageModel,
            let network = saved.network as? any LanguageModel
        else {
            if try SavedTextModel(contentsOf: model)?.task == .translation {
                throw Failure.usage(Message(.isTranslator, model))
            }
            throw Failure.usage(Message(.noLanguageModel, model))
        }
        try generate(saved, network)
    }

    private func generate<Model: LanguageModel>(_ saved: SavedTextModel, _ network: Model) throws {
        let prompts = try prompt.map { text in
            let numbers = try saved.tokens.numbers(text)
            guard !numbers.isEmpty else { throw Failure.usage(Message(.emptyPrompt, text)) }
            let strange = numbers.count { $0 == saved.tokens.unknown }
            if strange > 0 {
                Output.note(
                    "\(strange) of the \(numbers.count.counted("token")) of '\(text)' are unknown to the model",
                    "'\(text)' 的 \(numbers.count) 个词元中有 \(strange) 个是模型不认识的")
            }
            return numbers
        }
        var writers = prompts.map { _ in
            ContinuedText(decoder: saved.tokens.tokenizer.streamingDecoder(), stops: stop)
        }
        let streams = prompts.count == 1 && !json
        if streams { Output.part(prompt[0]) }
        let start = SystemCalls.monotonicTime
        // Padding, and what stands for unknown text, is nothing to write.
        let excluded = Set([0, saved.tokens.unknown].compactMap(\.self))
        let take = { (number: Int32, row: Int) in
            let text = try writers[row].add(saved.tokens.token(number))
            if streams { Output.part(text) }
            return !writers[row].isStopped
        }
        let backend = CPUBackend(threads: compute.threads)
        let options = CompileOptions(precision: compute.precision)
        let counts: [Int]
        if let beams, tokens > 0 {
            let search = BeamSearch(
                network, BeamSearchConfig(beams: beams, maximum: tokens), on: backend, options: options)
            counts = try prompts.enumerated().map { row, prompt in
                let found = try likeliest(after: prompt, search, excluding: excluded)
                for number in found { guard try take(number, row) else { break } }
                return found.count
            }
        } else {
            counts = try Generator(network, rows: prompts.count, on: backend, options: options)
                .generate(prompts, maximum: tokens, sampling: sampling, excluding: excluded, receive: take)
                .map(\.tokens.count)
        }
        let seconds = SystemCalls.monotonicTime - start
        for row in writers.indices {
            let rest = try writers[row].finish()
            if streams { Output.part(rest + "\n") }
        }
        let count = counts.reduce(0, +)
        if json {
            let texts: [JSON] = prompts.indices.map { row in
                [
                    "prompt": .string(prompt[row]), "text": .string(writers[row].text),
                    "tokens": .integer(Int64(counts[row])),
                    "end": .string(writers[row].isStopped ? "stop" : "length"),
                ]
            }
            Output.result([
                "model": .string(model), "results": .array(texts), "seconds": .number(seconds),
                "tokens_per_second": .number(Double(count) / max(seconds, 1e-9)),
            ])
        } else if !streams {
            for row in prompts.indices { Output.result(prompt[row] + writers[row].text + "\n") }
        }
    }
}

extension GenerateCommand {
    /// The likeliest text after a prompt. A search cannot forget what it has read, as drawing does: a model's context holds
    /// the prompt and all that is added.
    private func likeliest(
        after prompt: [Int32], _ search: BeamSearch<some LanguageModel>, excluding excluded: Set<Int32>
    ) throws -> [Int32] {
        let context = search.model.context ?? .max
        let seen = Array(prompt.suffix(max(1, context - tokens + 1)))
        if seen.count < prompt.count {
            Output.note(
                "the model sees \(context.grouped) tokens, so only the last \(seen.count.grouped) of the prompt's "
                    + "\(prompt.count.grouped) are read",
                "模型一次只看 \(context.grouped) 个词元，因此提示的 \(prompt.count.grouped) 个词元中只读最后 \(seen.count.grouped) 个")
        }
        let found = try search.search([seen], ending: [], excluding: excluded)[0].first?.tokens ?? []
        if found.count < tokens {
            Output.note(
                "the model sees \(context.grouped) tokens; the text ends after \(found.count.grouped)",
                "模型一次只看 \(context.grouped) 个词元；文本在 \(found.count.grouped) 个之后结束")
        }
        return found
    }
}

/// The text of a row as its tokens come: whole characters only, and nothing from a stop text on.
struct ContinuedText {
    private var decoder: StreamingDecoder
    private let stops: [String]
    private(set) var text = ""
    private(set) var isStopped = false
    /// Decoded, but perhaps the beginning of a stop text.
    private var held = ""

    init(decoder: StreamingDecoder, stops: [String]) {
        self.decoder = decoder
        self.stops = stops.filter { !$0.isEmpty }
    }

    /// Takes a token and gives what can be shown now.
    mutating func add(_ token: Int32?) throws -> String {
        guard let token, !isStopped, let piece = try decoder.next(token) else { return "" }
        return show(held + piece, isLast: false)
    }

    /// Gives what was held back.
    mutating func finish() throws -> String {
        guard !isStopped else { return "" }
        return show(held + (try decoder.finish() ?? ""), isLast: true)
    }

    private mutating func show(_ pending: String, isLast: Bool) -> String {
        var shown = Array(pending.utf8)
        held = ""
        if let end = stops.compactMap({ Self.place(of: Array($0.utf8), in: shown) }).min() {
            shown = Array(shown[..<end])
            isStopped = true
        } else if !isLast {
            let kept = stops.map { Self.overlap(Array($0.utf8), shown) }.max() ?? 0
            held = String(decoding: shown.suffix(kept), as: UTF8.self)
            shown.removeLast(kept)
        }
        let part = String(decoding: shown, as: UTF8.self)
        text += part
        return part
    }

    private static func place(of stop: [UInt8], in bytes: [UInt8]) -> Int? {
        guard stop.count <= bytes.count else { return nil }
        return (0...(bytes.count - stop.count)).first { bytes[$0..<$0 + stop.count].elementsEqual(stop) }
    }

    /// How many of the last bytes are how the stop text begins.
    private static func overlap(_ stop: [UInt8], _ bytes: [UInt8]) -> Int {
        (0...min(stop.count - 1, bytes.count)).last { bytes.suffix($0).elementsEqual(stop.prefix($0)) } ?? 0
    }
}
