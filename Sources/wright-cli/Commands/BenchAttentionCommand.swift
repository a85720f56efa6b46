import ArgumentParser
import Wright

struct BenchAttentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attention", abstract: "Time attention, forward and backward, on made-up sequences.",
        discussion: """
            The time is the median over the runs of --seconds, of the output and the gradients by queries, keys and \
            values, all float32 [batch, length, heads, head size].

              wright bench attention --length 4096 --causal
            """)

    @Option(help: ArgumentHelp("Places in a sequence.", valueName: "n"))
    var length = 1024

    @Option(help: ArgumentHelp("Sequences.", valueName: "n"))
    var batch = 1

    @Option(help: ArgumentHelp("Heads.", valueName: "n"))
    var heads = 8

    @Option(help: ArgumentHelp("Numbers in a head.", valueName: "n"))
    var headSize = 64

    @Flag(help: "A place sees itself and the places before it.")
    var causal = false

    @Option(name: [.customShort("t"), .long], help: ArgumentHelp("Threads to compute with.", valueName: "n"))
    var threads: Int?

    @Option(help: ArgumentHelp("How long to measure, after warming up.", valueName: "seconds"))
    var seconds = 5.0

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        for (name, value) in [("length", length), ("batch", batch), ("heads", heads), ("head-size", headSize)]
        where !(1...1_000_000).contains(value) {
            throw ValidationError("--\(name) must be from 1 to 1,000,000, not \(value).")
        }
        guard seconds > 0, seconds <= 3600 else {
            throw ValidationError("--seconds must be above 0 and at most 3600, not \(seconds).")
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
            Output.result(Output.table([["time", "\(median.short) ms (median)"], ["runs", times.count.grouped]]))
        }
    }
}
