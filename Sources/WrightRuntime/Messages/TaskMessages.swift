extension MessageCatalogue {
    static let tasks: [MessageCode: MessagePattern] = [
        .emptyTaskFile: MessagePattern(
            "it is empty", "文件为空",
            remedy: "See 'wright config schema'", "可用的设置见 'wright config schema'"),
        .yaml: MessagePattern(
            "{problem}", "YAML 语法有误：{problem}",
            remedy: "Look at the indentation, colons and quotes here", "请检查此处的缩进、冒号和引号"),
        .notYAML: MessagePattern(
            "it is no YAML: {problem}", "不是 YAML：{problem}"),
        .taskFileTooLarge: MessagePattern(
            "a task file has fewer and flatter values than this", "值过多或嵌套过深，不像任务文件"),
        .keyNotText: MessagePattern(
            "a key of a map must be a text", "键必须是文本"),
        .settingValue: MessagePattern(
            "must be {expected}, not {received}", "应为{expected}，而不是{received}"),
        .unknownSetting: MessagePattern(
            "there is no such key.{suggestion} There are {known}", "没有这个设置。{suggestion}可用的设置：{known}"),
        .missingSetting: MessagePattern(
            "'{name}' is missing: {meaning}", "缺少 '{name}'：{meaning}"),
        .unknownType: MessagePattern(
            "there is no {noun} type {type}.{suggestion} There are {known}",
            "没有{noun}类型 {type}。{suggestion}可用的类型：{known}"),
        .columnInListTwice: MessagePattern(
            "the column is in the list twice", "该列在列表中出现了两次"),
        .noSuchOutput: MessagePattern(
            "there is no output {name}.{suggestion}", "没有名为 {name} 的输出。{suggestion}"),
        .noSuchElement: MessagePattern(
            "there is no {name} in the list.{suggestion}", "列表中没有 {name}。{suggestion}"),
        .nothingInside: MessagePattern(
            "{value} has no {key} inside", "{value} 中没有 {key}"),
        .goalBounds: MessagePattern(
            "is below 'at_least', so that nothing can reach both", "小于 'at_least'，两者不可能同时达到"),
        .pathAndPaths: MessagePattern(
            "'path' is given too; put all files into 'paths'", "同时给出了 'path'；请把所有文件都写进 'paths'"),
        .delimiter: MessagePattern(
            "must be one character of ASCII, such as \",\" or \"\\t\", and no quote or line end",
            "必须是一个 ASCII 字符，如 \",\" 或 \"\\t\"，且不能是引号或换行符"),
        .splitNeedsColumn: MessagePattern(
            "'{kind}' needs 'column', the name of a column", "'{kind}' 需要 'column'，即列名"),
        .splitLeavesNothing: MessagePattern(
            "validation and test leave no row to train on", "验证集和测试集占用了所有行，没有行可供训练"),
        .combiner: MessagePattern(
            "ft-transformer joins the inputs itself: leave 'combiner' out, or take another network",
            "ft-transformer 自行合并输入：请去掉 'combiner'，或换用其他网络"),
        .coefficients: MessagePattern(
            "must be at most as many as the {bands} bands", "不能多于 {bands} 个频带"),
        .sequenceNeedsSequence: MessagePattern(
            "{name} is a sequence, and no input is one", "{name} 是序列，却没有序列类型的输入"),
        .sequenceGivenAway: MessagePattern(
            "{name} is an input too; with 'shift: 1' there a step knows what came before it",
            "{name} 同时是输入；在输入处设 'shift: 1'，每一步就只看到之前的值"),
        .forecastNeedsSeries: MessagePattern(
            "{name} can be forecast when it is an input of type series too", "要预测 {name} 的未来值，它还须是 series 类型的输入"),
        .forecastNeedsTime: MessagePattern(
            "a forecast needs the kind time and the column of time", "预测任务须按时间划分（kind: time），并给出时间列"),
        .answerGivenAway: MessagePattern(
            "{name} is an input too; the answer cannot be given", "{name} 同时是输入；不能把答案交给模型"),
        .seriesNeedsForecast: MessagePattern(
            "inputs of type series and outputs of type forecast go together", "series 类型的输入和 forecast 类型的输出必须同时使用"),
        .missingColumn: MessagePattern(
            "{file} has no column {name}.{suggestion} It has {columns}", "{file} 没有列 {name}。{suggestion}现有的列：{columns}"),
        .balancedNeedsClasses: MessagePattern(
            "balanced needs classes, and {name} has none", "balanced 需要类别，而 {name} 没有类别"),
        .noSuchMetric: MessagePattern(
            "{name} has no metric {metric}.{suggestion} It has {known}",
            "{name} 没有指标 {metric}。{suggestion}可用的指标：{known}"),
        .costsNameNoClass: MessagePattern(
            "'costs' names {name}, which is no class.{suggestion}", "'costs' 中的 {name} 不是类别。{suggestion}"),
        .costsNeedClasses: MessagePattern(
            "'costs' and 'calibration' are for outputs of the types binary and category",
            "'costs' 和 'calibration' 只用于 binary 和 category 类型的输出"),
        .otherColumns: MessagePattern(
            "it does not have the columns of {file}: {names} is not in both", "它的列与 {file} 不同：{names} 没有同时出现在两者中",
            remedy: "Files of one task have the same columns", "同一任务的文件必须列名一致"),
        .noRowLeft: MessagePattern(
            "no row is left. {report}", "没有剩下任何行。{report}",
            remedy: "Check that the file was written whole", "请检查文件是否完整"),
        .onlyColumnNames: MessagePattern(
            "it holds no row below its {count} column names", "在 {count} 个列名之下没有数据行",
            remedy: "Check that the file was written whole", "请检查文件是否完整"),
        .notATrial: MessagePattern(
            "this is not trial {number}", "这不是第 {number} 次试验的记录",
            remedy: "Remove this line and those after it; their trials are made again", "请删除该行及其后各行，这些试验会重新进行"),
        .valueOfSpace: MessagePattern(
            "{value}: {problem}", "{value}：{problem}"),
        .cannotPredict: MessagePattern(
            "column {name} cannot be predicted: {reason}", "无法预测列 {name}：{reason}"),
        .nothingToLearnFrom: MessagePattern(
            "no column beside {names} says anything{reasons}", "除 {names} 外没有可用的列{reasons}"),
    ]
}
