import ArgumentParser
import Wright
import WrightTasks

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Say whether one trained task is better than another, or only luckier.",
        discussion: """
            Both are measured on the same rows, which may have columns that only one of them reads. The difference of the \
            main metric comes with an interval and the probability that chance alone gives it (paired bootstrap); of classes \
            McNemar's test counts the rows that only one of them gets right.

              wright compare churn churn-without-contract --data new-customers.csv
            """)

    @Argument(help: ArgumentHelp("The folders of two trained tasks.", valueName: "model"))
    var models: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("The rows to measure on.", valueName: "file"))
    var data: String

    @OptionGroup var compute: ComputeOptions

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        try compute.validate()
        guard models.count == 2 else {
            throw ValidationError("Two models can be compared, not \(models.count).")
        }
    }

    func run() throws {
        let evaluations = try models.map { folder in
            guard let saved = try SavedTask(contentsOf: folder, compute: compute) else {
                throw Failure.usage(
                    "\(folder) is no trained task; 'wright train run.yaml --output \(folder)' makes one")
            }
            return try saved.model.evaluate(saved.table(data, isMeasured: true))
        }
        let comparisons = try evaluations[0].compared(as: models[0], with: evaluations[1], as: models[1])
        guard json else { return Output.result(comparisons.map(\.sentence).joined(separator: "\n")) }
        var outputs = JSON.Object()
        for comparison in comparisons { outputs[comparison.output] = comparison.json }
        Output.result([
            "first": .string(models[0]), "second": .string(models[1]), "data": .string(data),
            "outputs": .object(outputs),
        ])
    }
}
