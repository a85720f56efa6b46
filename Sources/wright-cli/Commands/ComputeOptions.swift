public import ArgumentParser
public import Wright
import WrightTasks

/// What work is computed with; the same flags on every command that computes.
struct ComputeOptions: ParsableArguments {
    @Option(
        name: [.customShort("t"), .long],
        help: ArgumentHelp(
            "Threads to compute with. Default: one for each core.", "计算所用的线程数。默认：每个核心一个。",
            valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "float32, or bfloat16 for faster matrix products on processors that have it; convolutions, weights and sums "
                + "stay float32.",
            "float32，或 bfloat16：在支持它的处理器上矩阵乘法更快；卷积、权重与求和仍为 float32。", valueName: "type"))
    var precision: CompileOptions.Precision = .float32

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw Failure.usage(.outOfBounds("--threads", .between(1, 1024), threads))
        }
    }

    /// What products are really computed in.
    var effectivePrecision: CompileOptions.Precision { CPUBackend.hasBFloat16 ? precision : .float32 }

    /// Says so when that is not what was asked for.
    func noteEffectivePrecision() {
        guard precision != effectivePrecision else { return }
        Output.note(
            "this processor has no bfloat16 instructions; products are computed in float32",
            "本机处理器没有 bfloat16 指令；矩阵乘法以 float32 计算")
    }
}

extension CompileOptions.Precision: ExpressibleByArgument {}

extension Language: ExpressibleByArgument {}

extension TextEncoding: ExpressibleByArgument {
    public init?(argument: String) { self.init(name: argument) }

    public static var allValueStrings: [String] { allCases.map(\.rawValue) }

    static let help = ArgumentHelp(
        "How text files are written: \(allValueStrings.joined(separator: ", ")). Default: found out.",
        "文本文件的编码：\(allValueStrings.joined(separator: "、"))。默认：自动识别。",
        valueName: "name")
}
