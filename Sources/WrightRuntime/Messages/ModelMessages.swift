extension MessageCatalogue {
    static let models: [MessageCode: MessagePattern] = [
        .noModel: MessagePattern(
            "a folder without it holds no finished model", "没有该文件的文件夹中没有训练完成的模型",
            remedy: "Check the path; if training was cut short, resume it", "请检查路径；若训练被中断，请继续训练"),
        .notModelConfig: MessagePattern(
            "is not the config of a model", "不是模型的配置文件",
            remedy: "Check the path", "请检查路径"),
        .newerFormat: MessagePattern(
            "has format version {version}; this Wright reads {known}", "格式版本是 {version}；当前 Wright 读取 {known}",
            remedy: "Use a newer Wright", "请使用更新的 Wright"),
        .modelConfig: MessagePattern(
            "{problems}", "{problems}",
            remedy: "Restore the file, or train the model again", "请恢复该文件，或重新训练模型"),
        .weightsCutShort: MessagePattern(
            "the weights are not those that {config} describes: a save was cut short", "权重不是 {config} 所描述的：保存曾被中断",
            remedy: "Save the model again, or resume the training that was saving it", "请重新保存模型，或继续当时正在保存的训练"),
        .otherTensors: MessagePattern(
            "the tensors are not those of the model: {differences}", "其中的张量不属于该模型：{differences}",
            remedy: "The two files belong to different models; restore both from one", "两个文件属于不同的模型；请从同一个模型恢复两者"),
        .notTask: MessagePattern(
            "is not the config of a trained task", "不是已训练任务的配置文件",
            remedy: "Check the path", "请检查路径"),
        .taskConfig: MessagePattern(
            "'task' must be an object and 'networks' a number from 1 to 1000",
            "'task' 必须是对象，'networks' 必须是 1 到 1000 的数",
            remedy: "Restore the file, or train the model again", "请恢复该文件，或重新训练模型"),
        .missingFeature: MessagePattern(
            "the feature is missing from '{list}'", "'{list}' 中缺少该特征",
            remedy: "Restore the file, or train the model again", "请恢复该文件，或重新训练模型"),
        .savedFeature: MessagePattern(
            "{problem}", "{problem}",
            remedy: "Restore the file, or train the model again", "请恢复该文件，或重新训练模型"),
        .modelSettings: MessagePattern(
            "model '{architecture}': {problems}", "模型 '{architecture}'：{problems}"),
        .unknownTask: MessagePattern(
            "task '{task}' is not known here", "不认识任务 '{task}'",
            remedy: "Use a newer Wright", "请使用更新的 Wright"),
        .otherTokenizer: MessagePattern(
            "the model has {tokens} tokens and {file} {others}", "模型有 {tokens} 个词元，而 {file} 有 {others} 个",
            remedy: "The two files belong to different models; restore both from one", "两个文件属于不同的模型；请从同一个模型恢复两者"),
    ]
}
