import ArgumentParser
import Wright

struct BenchTokenizerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenizer", abstract: say("Time a tokenizer on the lines of a file.", "测量分词器处理文件各行的耗时。"),
        discussion: say(
            """
            The fastest of several passes over the file, with ids, offsets and masks.

              wright bench tokenizer tokenizer.json corpus.txt
            """,
            """
            遍历文件数次中最快的一次，包括编号、偏移与掩码。

              wright bench tokenizer tokenizer.json corpus.txt
            """))

    @Argument(
        help: ArgumentHelp(
            "A tokenizer.json, or a SentencePiece .model.", "tokenizer.json 或 SentencePiece 的 .model 文件。",
            valueName: "tokenizer"))
    var tokenizer: String

    @Argument(help: ArgumentHelp("A file whose lines are the texts.", "每行一段文本的文件。", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("How many passes.", "遍历次数。", valueName: "n"))
    var passes = 5

    @Option(help: ArgumentHelp("How many threads.", "线程数。", valueName: "n"))
    var threads = 1

    @OptionGroup var speech: SpeechOptions

    @Flag(help: ArgumentHelp("Print the result as JSON.", "以 JSON 格式输出结果。"))
    var json = false

    func validate() throws {
        guard passes >= 1 else { throw Failure.usage(.outOfBounds("--passes", .atLeast(1), passes)) }
        guard threads >= 1 else { throw Failure.usage(.outOfBounds("--threads", .atLeast(1), threads)) }
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
                    [
                        say("speed", "速度"),
                        "\(rate.fixed(1)) MB/s"
                            + say(" (fastest of \(passes.counted("pass", "passes")))", "（\(passes) 次中最快）"),
                    ],
                    [say("tokens", "词元数"), tokens.grouped], [say("text", "文本"), bytes.bytes],
                    [say("loading", "载入"), "\((loading / .milliseconds(1)).fixed(0)) ms"],
                ]))
        }
    }
}
