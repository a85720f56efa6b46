extension MessageCatalogue {
    static let metrics: [MessageCode: MessagePattern] = [
        .metricOutputs: MessagePattern(
            "{metric} reads outputs of {expected}, received {received}", "{metric} 需要的输出是 {expected}，收到的是 {received}"),
        .metricTargets: MessagePattern(
            "{metric} reads targets of {expected}, received {received}", "{metric} 需要的目标是 {expected}，收到的是 {received}"),
        .metricLabel: MessagePattern(
            "{metric}: example {example} of the batch has label {label}, and the model knows classes 0 to {last}; check the label names, or give the model more classes",
            "{metric}：该批次第 {example} 个样本的标签是 {label}，而模型只有类别 0 到 {last}；请检查标签名，或增加模型的类别数"),
        .metricMerge: MessagePattern(
            "{metric} cannot be merged: {reason}", "{metric} 无法合并：{reason}"),
        .metricExamples: MessagePattern(
            "{metric}: {reason}", "{metric}：{reason}"),
    ]
}
