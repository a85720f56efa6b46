import ArgumentParser
import Wright

struct BenchAttentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attention",
        abstract: say("Time attention, forward and backward, on made-up sequences.", "用生成的序列测量注意力前向与反向的耗时。"),
        discussion: say(
            """
            The time is the median over the runs of --seconds, of the output and the gradients by queries, keys and \
            values, all float32 [batch, length, heads, head size].

              wright bench attention --length 4096 --causal
            """,
            """
            耗时为 --seconds 期间各次运行的中位数，包括输出以及对查询、键、值的梯度，均为 float32，形状为 \
            [batch, length, heads, head size]。

              wright bench attention --length 4096 --causal
            """))

    @Option(help: ArgumentHelp("Places in a sequence.", "序列的长度。", valueName: "n"))
    var length = 1024

    @Option(help: ArgumentHelp("Sequences.", "序列的条数。", valueName: "n"))
    var batch = 1

    @Option(help: ArgumentHelp("Heads.", "注意力头数。", valueName: "n"))
    var heads = 8

    @Option(help: ArgumentHelp("Numbers in a head.", "每个头的维数。", valueName: "n"))
    var headSize = 64

    @Flag(help: ArgumentHelp("A place sees itself and the places before it.", "因果注意力：每个位置只看自己和之前的位置。"))
    var causal = false

    @Option(
        name: [.customShort("t"), .long], help: ArgumentHelp("Threads to compute with.", "计算所用的线程数。", valueName: "n"))
    var threads: Int?

    @OptionGroup var speech: SpeechOptions

    @Option(help: ArgumentHelp("How long to measure, after warming up.", "预热之后测量多久。", valueName: "seconds"))
    var seconds = 5.0

    @Flag(help: ArgumentHelp("Print the result as JSON.", "以 JSON 格式输出结果。"))
    var json = false

    func validate() throws {
        for (name, value) in [("length", length), ("batch", batch), ("heads", heads), ("head-size", headSize)]
        where !(1...1_000_000).contains(value) {
            throw Failure.usage(.outOfBounds("--\(name)", .between(1, 1_000_000), value))
        }
        guard seconds > 0, seconds <= 3600 else {
            throw Failure.usage(.outOfBounds("--seconds", .above0AtMost(3600), seconds))
        }
    }

    func run() throws {
        let shape = [batch, length, heads, headSize]
        let key = Tensor(RandomState(seed: 1).key)
        let backend = CPUBackend(threads: threads)
        let arguments = try (0..<4).map { stream in
            try (Tensor.randomUniform(shape, key: key, stream: stream) * 2 - 1).evaluate(on: backend)
        }
        let causality: Attention.Causality = causal ? .end : .none
        let function = CompiledFunction(on: backend) { inputs in
            let output = Tensor.attention(query: inputs[0], key: inputs[1], value: inputs[2], causality: causality)
            return Trace([output] + (output * inputs[3]).sum().gradients(of: Array(inputs[..<3])))
        }
        let plan = try function.executable(for: arguments.map { $0.type })
        var times: [Double] = []
        _ = try plan.run(arguments)
        let start = SystemCalls.monotonicTime
        repeat {
            let before = SystemCalls.monotonicTime
            _ = try plan.run(arguments)
            times.append(SystemCalls.monotonicTime - before)
        } while times.count < 3 || SystemCalls.monotonicTime - start < seconds
        let median = times.sorted()[times.count / 2] * 1000
        if json {
            Output.result(["milliseconds": .number(median), "runs": .integer(Int64(times.count))])
        } else {
            Output.result(
                Output.table([
                    [say("time", "耗时"), "\(median.short) ms" + say(" (median)", "（中位数）")],
                    [say("runs", "次数"), times.count.grouped],
                ]))
        }
    }
}
