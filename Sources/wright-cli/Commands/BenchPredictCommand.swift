import ArgumentParser
import Wright
import WrightTasks

struct BenchPredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Time a trained task on one row after the other.",
        discussion: """
            The time in this process from the fields of a row to its answer, as a server would spend it.

              wright bench predict churn --data customers.csv
            """)

    @Argument(help: ArgumentHelp("The folder that 'wright train run.yaml' wrote.", valueName: "model"))
    var model: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The rows to predict.", valueName: "file"))
    var data: String

    @Option(help: ArgumentHelp("How many predictions are timed.", valueName: "n"))
    var count = 3000

    @OptionGroup var compute: ComputeOptions

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        try compute.validate()
        guard count >= 1 else { throw ValidationError("--count must be at least 1, not \(count).") }
    }

    func run() throws {
        var compute = compute
        // One row is too little work to be shared.
        compute.threads = compute.threads ?? 1
        guard let saved = try SavedTask(contentsOf: model, compute: compute) else {
            throw Failure.usage("\(model) is no trained task; 'wright train run.yaml --output \(model)' makes one")
        }
        let latency = try PredictionLatency(
            of: saved.model, on: saved.table(data, isMeasured: false), count: count)
        guard json else {
            return Output.result(
                Output.table([
                    ["predictions", latency.count.grouped], ["half within", "\(latency.median.short) ms"],
                    ["99 of 100 within", "\(latency.ninetyNinth.short) ms"],
                    ["longest", "\(latency.longest.short) ms"],
                ]))
        }
        Output.result([
            "predictions": .integer(Int64(latency.count)), "milliseconds_median": .number(latency.median),
            "milliseconds_p99": .number(latency.ninetyNinth), "milliseconds_longest": .number(latency.longest),
        ])
    }
}
