public import ArgumentParser
public import Wright
import WrightTasks

/// What work is computed with; the same flags on every command that computes.
struct ComputeOptions: ParsableArguments {
    @Option(
        name: [.customShort("t"), .long],
        help: ArgumentHelp("Threads to compute with. Default: one for each core.", valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "float32, or bfloat16 for faster matrix products on processors that have it; convolutions, weights and sums "
                + "stay float32.", valueName: "type"))
    var precision: CompileOptions.Precision = .float32

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads must be from 1 to 1024, not \(threads).")
        }
    }

    /// What products are really computed in.
    var effectivePrecision: CompileOptions.Precision { CPUBackend.hasBFloat16 ? precision : .float32 }

    /// Says so when that is not what was asked for.
    func noteEffectivePrecision() {
        guard precision != effectivePrecision else { return }
        Output.message("note: this processor has no bfloat16 instructions; products are computed in float32")
    }
}

extension CompileOptions.Precision: ExpressibleByArgument {}

extension Language: ExpressibleByArgument {}

extension TextEncoding: ExpressibleByArgument {
    public init?(argument: String) { self.init(name: argument) }

    public static var allValueStrings: [String] { allCases.map(\.rawValue) }

    static let help = ArgumentHelp(
        "How text files are written: \(allValueStrings.joined(separator: ", ")). Default: found out.",
        valueName: "name")
}
