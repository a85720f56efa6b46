import ArgumentParser
import Wright

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure how fast this machine trains and predicts, or a tokenizer reads.",
        subcommands: [
            BenchTrainCommand.self, BenchPredictCommand.self, BenchAttentionCommand.self, BenchTokenizerCommand.self,
        ])
}

struct BenchTrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Time whole training steps of a network on made-up data.",
        discussion: """
            One step is forward, backward and an update by Adam, on one batch that stays the same. The time is the \
            median over the steps of --seconds.

              wright bench train cnn
              wright bench train resnet18 --precision bfloat16 --threads 2 --json
              wright bench train mlp1 --profile
            """)

    @Argument(help: "Which network: \(Workload.allCases.map(\.rawValue).joined(separator: ", ")).")
    var workload: Workload

    @OptionGroup var compute: ComputeOptions

    @Option(help: ArgumentHelp("How long to measure, after warming up.", valueName: "seconds"))
    var seconds = 5.0

    @Flag(help: "Print where the time of a step goes: each launch, its kernel, time, GFLOP/s and bytes.")
    var profile = false

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        try compute.validate()
        guard seconds > 0, seconds <= 3600 else {
            throw ValidationError("--seconds must be above 0 and at most 3600, not \(seconds).")
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
                ["workload", workload.rawValue], ["time per step", "\(result.millisecondsPerStep.short) ms (median)"],
                ["fastest step", "\(result.fastest.short) ms"], ["steps", result.steps.grouped],
                ["batch size", "\(workload.batchSize)"], ["precision", compute.precision.rawValue],
                ["threads", "\(result.threads)"], ["peak memory", result.peakMemory.bytes],
                ["start to first step", "\((result.secondsToFirstStep * 1000).fixed(0)) ms"],
                ["loss", "\(result.firstLoss.short) → \(result.lastLoss.short)"],
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
            [["µs", "share", "GFLOP/s", "GB/s", "kernel", "step"]] + rows, rightAligned: [0, 1, 2, 3])
    }
}
