extension MessageCatalogue {
    /// What is wrong with what was typed.
    static let arguments: [MessageCode: MessagePattern] = [
        .unknownCommand: MessagePattern(
            "there is no command '{name}'.{near} There are {names}", "没有命令 '{name}'。{near}可用的命令：{names}",
            remedy: "See 'wright --help'", "详见 'wright --help'"),
        .unknownOption: MessagePattern("Unknown option '{name}'.{near}", "未知的选项 '{name}'。{near}"),
        .missingValue: MessagePattern("Missing value for '{option}'", "'{option}' 缺少值"),
        .missingArgument: MessagePattern("Missing expected argument '{argument}'", "缺少参数 '{argument}'"),
        .unexpectedValue: MessagePattern(
            "The option '{option}' does not take any value, but '{value}' was specified",
            "选项 '{option}' 不带值，却给出了 '{value}'"),
        .unexpectedArgument: MessagePattern("Unexpected argument '{arguments}'", "多余的参数 '{arguments}'"),
        .invalidValue: MessagePattern(
            "The value '{value}' is invalid for '{option}'.{choices}",
            "'{option}' 的值 '{value}' 无效。{choices}"),
        .numberOutOfBounds: MessagePattern(
            "{flag} must be {bounds}, not {value}", "{flag} 须{bounds}，而不是 {value}"),
        .needsRow: MessagePattern(
            "{flag} explains one row", "{flag} 只解释一行", remedy: "Add --row N", "请加上 --row N"),
        .eitherOr: MessagePattern("Give either {one} or {other}", "请在{one}与{other}中给出一种，且只给一种"),
        .drawsWithBeams: MessagePattern(
            "{flag} is for draws, and --beams draws nothing; leave one of them out",
            "{flag} 用于抽样，而 --beams 不抽样；请去掉其中一个"),
        .twoModels: MessagePattern("Two models can be compared, not {count}", "只能比较两个模型，而不是 {count} 个"),
        .nothingToPredict: MessagePattern(
            "FILES, or --text, say what to classify", "请用 FILES 或 --text 给出要分类的内容"),
        .noOutput: MessagePattern(
            "--output says which folder to write the model to, for example --output my-model",
            "请用 --output 指定写入模型的文件夹，例如 --output my-model"),
        .noTargetColumn: MessagePattern(
            "{data} is a table: say with --target which column holds the classes, one of {columns}",
            "{data} 是表：请用 --target 指定存放类别的列，可选：{columns}"),
        .noLabelColumn: MessagePattern(
            "--target names the column of {data} that holds the labels", "请用 --target 指定 {data} 中存放标签的列"),
        .noTranslations: MessagePattern(
            "--into FILE, or --target COLUMN of a table, says where the translations of {data} are",
            "请用 --into FILE，或对表用 --target COLUMN，指定 {data} 的译文"),
        .oneTextColumn: MessagePattern(
            "--text names one column to translate, not {count}", "--text 只能指定一个要翻译的列，而不是 {count} 个"),
        .saidByTaskFile: MessagePattern(
            "{flag} is not for task files; {file} says it, or --set, as in --set {setting}=VALUE",
            "{flag} 不用于任务文件；请写在 {file} 中，或用 --set，如 --set {setting}=VALUE"),
        .resumePath: MessagePattern(
            "--resume takes no path for a task file: it goes on with what --output holds",
            "--resume 用于任务文件时不带路径：它继续 --output 中的训练"),
        .tableOfTaskFile: MessagePattern(
            "{file} is a task file and says itself what is predicted and how tables are read",
            "{file} 是任务文件，其中已写明预测什么、如何读取表"),
        .forTaskFiles: MessagePattern(
            "{flag} is for task files; 'wright init' writes one", "{flag} 只用于任务文件；可用 'wright init' 生成"),
        .notForImages: MessagePattern(
            "{folder} is a folder of images: only --against, --strict and --json mean something",
            "{folder} 是图像文件夹：只有 --against、--strict 和 --json 有意义"),
        .saidByTrainedTask: MessagePattern(
            "{flag} is not for trained tasks, and {model} is one: {setting} in its task file says it",
            "{flag} 不用于训练好的任务，而 {model} 正是：由其任务文件中的 {setting} 决定"),
        .forTrainedTasks: MessagePattern(
            "{flag} is for trained tasks ('wright train run.yaml'), and {model} is none",
            "{flag} 只用于训练好的任务（'wright train run.yaml'），而 {model} 不是"),
        .forTextModels: MessagePattern(
            "{flag} is for models of texts, and {model} reads none", "{flag} 只用于文本模型，而 {model} 不读取文本"),
        .oneTable: MessagePattern(
            "{model} is a trained task; --data names the one table to predict",
            "{model} 是训练好的任务；请用 --data 指定唯一一张要预测的表"),
        .settledForTasks: MessagePattern("{flag} is not for task files: {reason}", "{flag} 不用于任务文件：{reason}"),
        .tableOption: MessagePattern("{flag} {reason}", "{flag}：{reason}"),
    ]
}
