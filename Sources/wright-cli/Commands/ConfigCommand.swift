import ArgumentParser
import Wright
import WrightTasks

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: say(
            "Check a task file, print it with every default, or print the schema.", "检查任务文件，连同全部默认值输出，或输出其模式。"),
        subcommands: [Check.self, Show.self, Schema.self])

    /// A task file, and what is changed in it.
    struct TaskFile: ParsableArguments {
        @Argument(help: ArgumentHelp("The task file, YAML or JSON.", "任务文件，YAML 或 JSON。", valueName: "file"))
        var file: String

        @Option(
            name: .customLong("set"),
            help: ArgumentHelp(
                "A setting in the place of the file's, such as train.seed=3.", "替换文件中的一项设置，如 train.seed=3。",
                valueName: "key=value"))
        var settings: [TaskOverride] = []

        func config() throws -> TaskConfig {
            try TaskConfig(file: file, overrides: settings.map { ($0.path, $0.value) })
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: say("Find every mistake in a task file.", "找出任务文件中的所有错误。"))
        @OptionGroup var task: TaskFile
        @OptionGroup var speech: SpeechOptions

        func run() throws {
            let config = try task.config()
            let (inputs, outputs) = (config.inputs.count, config.outputs.count)
            Output.result(
                say(
                    "\(task.file) is sound: \(inputs.counted("input")), \(outputs.counted("output"))",
                    "\(task.file) 没有错误：输入 \(inputs) 列，输出 \(outputs) 列"))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: say("Print a task file with every default in place.", "输出填入全部默认值的任务文件。"))
        @OptionGroup var task: TaskFile
        @OptionGroup var speech: SpeechOptions

        func run() throws { Output.result(String(try task.config().resolvedText.dropLast())) }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: say("Print the JSON Schema of task files, for editors.", "输出任务文件的 JSON Schema，供编辑器使用。"))

        @OptionGroup var speech: SpeechOptions

        func run() { Output.result(TaskConfig.schema(in: .spoken)) }
    }
}

/// `--set train.epochs=5`: the value is YAML.
struct TaskOverride: ExpressibleByArgument {
    var path: String
    var value: ConfigNode

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        path = parts[0]
        value = Self.value(parts[1], argument)
    }

    /// A setting as `wright train` takes it.
    init(_ setting: ModelSetting) {
        path = setting.name
        let argument = "\(setting.name)=\(setting.value.string ?? setting.value.text())"
        value = ConfigNode(setting.value, place: .override(argument))
    }

    private static func value(_ text: String, _ argument: String) -> ConfigNode {
        let node: ConfigNode
        // A value that is no YAML is a text.
        do { node = try ConfigNode(text: text, file: "--set") } catch { node = ConfigNode(.string(text)) }
        return node.moved(to: .override(argument))
    }
}
