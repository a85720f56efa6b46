extension MessageCatalogue {
    static let training: [MessageCode: MessagePattern] = [
        .diverged: MessagePattern(
            "{problem}", "{problem}"),
        .interrupted: MessagePattern(
            "interrupted after step {step}", "在第 {step} 步后中断",
            remedy: "Resume from {checkpoint}", "可从 {checkpoint} 继续"),
        .interruptedAtOnce: MessagePattern(
            "interrupted before the first step, when there was nothing to save", "在第一步之前中断，没有可保存的内容"),
        .interruptedUnsaved: MessagePattern(
            "interrupted after step {step}; nothing was saved, as no checkpoint folder was given",
            "在第 {step} 步后中断；没有指定检查点文件夹，因此未保存"),
        .otherRun: MessagePattern(
            "{checkpoint} was made by a run with other settings:\n{differences}\n",
            "{checkpoint} 来自设置不同的运行：\n{differences}\n",
            remedy: "Resume with the same settings, or start a new run in another folder", "请用相同的设置继续，或在其他文件夹开始新的运行"),
        .checkpointDamaged: MessagePattern(
            "{problem}", "检查点不完整：{problem}",
            remedy: "It is damaged or was written by another program; resume from another", "它已损坏或由其他程序写成；请从另一个检查点继续"),
        .checkpointVersion: MessagePattern(
            "its format is version {version}, this program reads {known}", "其格式版本是 {version}，本程序读取 {known}",
            remedy: "Resume with the program that wrote it", "请用写出它的程序继续"),
        .folderInUse: MessagePattern(
            "another process trains in this folder", "另一个进程正在此文件夹中训练",
            remedy: "Wait for it, or choose another folder", "请等待其完成，或另选文件夹"),
        .earlierRun: MessagePattern(
            "an earlier run left checkpoints here", "此处已有先前运行留下的检查点",
            remedy: "Resume it, or choose another folder, or allow replacing it (replacesEarlierRun)",
            "请继续该运行，或另选文件夹，或允许替换（replacesEarlierRun）"),
        .checkpointUnwritten: MessagePattern(
            "the checkpoint of step {step} could not be written ({problem}); it takes about {bytes} bytes{free}",
            "无法写入第 {step} 步的检查点（{problem}）；约需 {bytes} 字节{free}",
            remedy: "{kept}", "{kept}"),
        .mustBePositive: MessagePattern(
            "{name} must be positive, not {value}", "{name} 必须为正数，而不是 {value}"),
        .noEnd: MessagePattern(
            "training has no end: set epochs, steps or timeLimit", "训练没有终点：请设置 epochs、steps 或 timeLimit"),
        .validationBySeconds: MessagePattern(
            "validationInterval must be in epochs or steps: what is best must not depend on the machine's speed",
            "validationInterval 必须以轮或步计：最优结果不应取决于机器速度"),
        .plateauGoal: MessagePattern(
            "plateau.goal is {goal}, but monitor.goal is {other}", "plateau.goal 是 {goal}，而 monitor.goal 是 {other}"),
        .callbackTwice: MessagePattern(
            "two callbacks have one name: {names}", "有两个回调同名：{names}"),
        .monitorMetric: MessagePattern(
            "monitor.metric is {metric}, but validation gives {known}", "monitor.metric 是 {metric}，而验证给出的是 {known}"),
        .goalWithoutMetric: MessagePattern(
            "training is to end when {metric} is {value}, but validation gives {known}",
            "训练应在 {metric} 达到 {value} 时结束，而验证给出的是{known}"),
        .noPredictions: MessagePattern(
            "metrics, mistakes or predictions were asked for, but the objective gives no predictions",
            "要求了指标、错例或预测，但目标函数不给出预测"),
        .bestWeights: MessagePattern(
            "the best weights that a checkpoint keeps lack {name}", "检查点中保存的最优权重缺少 {name}"),
        .nothingToTrain: MessagePattern(
            "there is nothing to train: every parameter is frozen, or the model has none", "没有可训练的参数：全部已冻结，或模型没有参数"),
        .inNoGroup: MessagePattern(
            "no parameter group ({groups}) takes {paths}: add a group for the rest, or freeze them",
            "没有参数组（{groups}）包含 {paths}：请为其余参数添加一组，或将其冻结"),
        .unreached: MessagePattern(
            "the loss does not depend on {paths}: use them in the model, or freeze them", "损失不依赖于 {paths}：请在模型中使用，或将其冻结"
        ),
    ]
}
