import ArgumentParser
import Wright

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: say(
            "Measure how fast this machine trains and predicts, or a tokenizer reads.", "测量本机训练与预测的速度，或分词器的速度。"),
        subcommands: [
            BenchTrainCommand.self, BenchPredictCommand.self, BenchAttentionCommand.self, BenchTokenizerCommand.self,
        ])
}

struct BenchTrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: say("Time whole training steps of a network on made-up data.", "用生成的数据测量网络完整训练步的耗时。"),
        discussion: say(
            """
            One step is forward, backward and an update by Adam, on one batch that stays the same. The time is the \
            median over the steps of --seconds.

            \(examples)
            """,
            """
            一步包括前向、反向和 Adam 更新，始终使用同一个批次。耗时为 --seconds 期间各步的中位数。

            \(examples)
            """))

    private static let examples = """
          wright bench train cnn
          wright bench train resnet18 --precision bfloat16 --threads 2 --json
          wright bench train mlp1 --profile
        """

    @Argument(
        help: ArgumentHelp(
            "Which network: \(Workload.allCases.map(\.rawValue).joined(separator: ", ")).",
            "网络：\(Workload.allCases.map(\.rawValue).joined(separator: "、"))。"))
    var workload: Workload

    @OptionGroup var compute: ComputeOptions
    @OptionGroup var speech: SpeechOptions

    @Option(help: ArgumentHelp("How long to measure, after warming up.", "预热之后测量多久。", valueName: "seconds"))
    var seconds = 5.0

    @Flag(
        help: ArgumentHelp(
            "Print where the time of a step goes: each launch, its kernel, time, GFLOP/s and bytes.",
            "输出一步的耗时分布：每次启动的内核、耗时、GFLOP/s 与字节数。"))
    var profile = false

    @Flag(help: ArgumentHelp("Print the result as JSON.", "以 JSON 格式输出结果。"))
    var json = false

    func validate() throws {
        try compute.validate()
        guard seconds > 0, seconds <= 3600 else {
            throw Failure.usage(.outOfBounds("--seconds", .above0AtMost(3600), seconds))
        }
    }

    func run() throws {
        let benchmark = StepBenchmark(
            workload: workload, precision: compute.precision, seconds: seconds, threads: compute.threads,
            isProfiled: profile)
        compute.noteEffectivePrecision()
        let result = try benchmark.run()
        if json {
            Output.result(document(result))
            return
        }
        Output.result(
            Output.table([
                [say("workload", "网络"), workload.rawValue],
                [say("time per step", "每步耗时"), "\(result.millisecondsPerStep.short) ms" + say(" (median)", "（中位数）")],
                [say("fastest step", "最快一步"), "\(result.fastest.short) ms"],
                [say("steps", "步数"), result.steps.grouped],
                [say("batch size", "批大小"), "\(workload.batchSize)"],
                [say("precision", "精度"), compute.precision.rawValue],
                [say("threads", "线程数"), "\(result.threads)"], [say("peak memory", "内存峰值"), result.peakMemory.bytes],
                [say("start to first step", "启动到第一步"), "\((result.secondsToFirstStep * 1000).fixed(0)) ms"],
                [say("loss", "损失"), "\(result.firstLoss.short) → \(result.lastLoss.short)"],
            ]))
        if profile { Output.result("\n" + Self.table(result.profile)) }
    }

    private func document(_ result: StepBenchmark.Result) -> JSON {
        var document: JSON.Object = JSON.Object()
        document["workload"] = .string(workload.rawValue)
        document["milliseconds_per_step"] = .number(result.millisecondsPerStep)
        document["steps"] = .integer(Int64(result.steps))
        document["threads"] = .integer(Int64(result.threads))
        document["precision"] = .string(compute.precision.rawValue)
        document["computed_in"] = .string(compute.effectivePrecision.rawValue)
        document["peak_memory_bytes"] = .integer(Int64(result.peakMemory))
        document["batch_size"] = .integer(Int64(workload.batchSize))
        document["fastest_milliseconds"] = .number(result.fastest)
        document["milliseconds_to_first_step"] = .number(result.secondsToFirstStep * 1000)
        document["first_loss"] = .number(result.firstLoss)
        document["last_loss"] = .number(result.lastLoss)
        if profile { document["profile"] = .array(result.profile.map(Self.row)) }
        return .object(document)
    }

    private static func row(_ row: ProfileRow) -> JSON {
        [
            "step": .string(row.step), "kernel": .string(row.kernel), "runs": .integer(Int64(row.runs)),
            "seconds": .number(row.seconds), "bytes": .integer(Int64(row.byteCount)),
            "operations": .integer(Int64(row.operationCount)),
        ]
    }

    /// The launches that take most of the time, first.
    static func table(_ profile: [ProfileRow]) -> String {
        let total = profile.reduce(0) { $0 + $1.seconds }
        let rows = profile.sorted { $0.seconds > $1.seconds }.map { row -> [String] in
            let time = row.runs > 0 ? row.seconds / Double(row.runs) : .nan
            return [
                (time * 1e6).fixed(1), (row.seconds / total).percent(),
                row.operationCount > 0 ? (Double(row.operationCount) / time * 1e-9).fixed(1) : "",
                (Double(row.byteCount) / time * 1e-9).fixed(1), row.kernel, row.step,
            ]
        }
        return Output.table(
            [["µs", say("share", "占比"), "GFLOP/s", "GB/s", say("kernel", "内核"), say("step", "步骤")]] + rows,
            rightAligned: [0, 1, 2, 3])
    }
}
