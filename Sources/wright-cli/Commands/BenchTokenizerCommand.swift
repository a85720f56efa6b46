import ArgumentParser
import Wright

struct BenchTokenizerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenizer", abstract: "Time a tokenizer on the lines of a file.",
        discussion: """
            The fastest of several passes over the file, with ids, offsets and masks.

              wright bench tokenizer tokenizer.json corpus.txt
            """)

    @Argument(help: ArgumentHelp("A tokenizer.json, or a SentencePiece .model.", valueName: "tokenizer"))
    var tokenizer: String

    @Argument(help: ArgumentHelp("A file whose lines are the texts.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("How many passes.", valueName: "n"))
    var passes = 5

    @Option(help: ArgumentHelp("How many threads.", valueName: "n"))
    var threads = 1

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard passes >= 1 else { throw ValidationError("--passes must be at least 1, not \(passes).") }
        guard threads >= 1 else { throw ValidationError("--threads must be at least 1, not \(threads).") }
    }

    func run() throws {
        let clock = ContinuousClock()
        var loaded: Tokenizer?
        let loading = try clock.measure { loaded = try TokenizerCommand.load(self.tokenizer) }
        let tokenizer = loaded!
        let texts = try TextLines.load(file)
        let bytes = texts.reduce(0) { $0 + $1.utf8.count }
        var best = Duration.seconds(1 << 20)
        var tokens = 0
        for _ in 0..<passes {
            let time = try clock.measure {
                tokens = try tokenizer.encode(texts, threads: threads).reduce(0) { $0 + $1.count }
            }
            best = min(best, time)
        }
        let rate = Double(bytes) / (best / .seconds(1)) / 1e6
        if json {
            Output.result([
                "megabytes_per_second": .number(rate), "tokens": .integer(Int64(tokens)),
                "bytes": .integer(Int64(bytes)),
                "seconds_to_load": .number(loading / .seconds(1)),
            ])
        } else {
            Output.result(
                Output.table([
                    ["speed", "\(rate.fixed(1)) MB/s (fastest of \(passes.counted("pass", "passes")))"],
                    ["tokens", tokens.grouped], ["text", bytes.bytes],
                    ["loading", "\((loading / .milliseconds(1)).fixed(0)) ms"],
                ]))
        }
    }
}
