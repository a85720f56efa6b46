/// Flags that the environment may give: `WRIGHT_BATCH_SIZE=64` stands for `--batch-size 64`. What is typed wins.
enum EnvironmentFlags {
    private struct Flag {
        var name: String
        /// The commands that know it, by their words.
        var commands: Set<String>
        /// A switch is on for `1`, `true` and `yes`.
        var isSwitch = false

        var variable: String { "WRIGHT_" + name.uppercased().replacing("-", with: "_") }
    }

    private static let flags = [
        Flag(
            name: "threads",
            commands: ["train", "tune", "evaluate", "predict", "explain", "compare", "generate", "bench train"]),
        Flag(name: "precision", commands: ["train", "generate", "bench train"]),
        Flag(name: "seed", commands: ["train", "generate"]),
        Flag(name: "batch-size", commands: ["train", "evaluate", "predict"]),
        Flag(name: "max-time", commands: ["train", "tune"]),
        Flag(name: "quiet", commands: ["train", "tune", "evaluate"], isSwitch: true),
        Flag(
            name: "json",
            commands: [
                "train", "tune", "evaluate", "predict", "explain", "compare", "generate", "bench train", "doctor",
            ],
            isSwitch: true),
    ]

    /// The names of the variables, for `--help`.
    static var variables: [String] { flags.map(\.variable) + ["WRIGHT_LANGUAGE"] }

    /// The arguments with the environment's flags put right behind the command's words, where later flags beat them.
    static func merged(_ arguments: [String], environment: [String: String]) -> [String] {
        let length = arguments.first == "bench" ? 2 : 1
        guard arguments.count >= length else { return arguments }
        let command = arguments.prefix(length).joined(separator: " ")
        var added: [String] = []
        for flag in flags where flag.commands.contains(command) {
            guard let value = environment[flag.variable], !value.isEmpty else { continue }
            if !flag.isSwitch {
                added += ["--\(flag.name)", value]
            } else if ["1", "true", "yes"].contains(value.lowercased()) {
                added.append("--\(flag.name)")
            }
        }
        return arguments.prefix(length) + added + arguments.dropFirst(length)
    }
}
