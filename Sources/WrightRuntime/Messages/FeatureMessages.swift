extension MessageCatalogue {
    static let features: [MessageCode: MessagePattern] = [
        .noNumber: MessagePattern(
            "no field is a number, such as {examples}; another type fits better: category",
            "没有一个字段是数，例如 {examples}；更适合的类型：category"),
        .notNumbers: MessagePattern(
            "{count} of {total} fields are no numbers, such as {examples}; another type fits better: category or text",
            "{total} 个字段中有 {count} 个不是数，例如 {examples}；更适合的类型：category 或 text"),
        .notDates: MessagePattern(
            "{count} of {total} fields are no dates, such as {examples}", "{total} 个字段中有 {count} 个不是日期，例如 {examples}"),
        .noSeriesNumber: MessagePattern(
            "no field is a number, such as {examples}", "没有一个字段是数，例如 {examples}"),
        .noVector: MessagePattern(
            "no field is a list of numbers, such as {examples}", "没有一个字段是数的列表，例如 {examples}"),
        .vectorLengths: MessagePattern(
            "its lists have different lengths: {lengths}", "各列表长度不同：{lengths}"),
        .sameValue: MessagePattern(
            "every row has the same value, {value}, so there is nothing to learn", "每一行的值都是 {value}，没有可学的内容"),
        .sameStep: MessagePattern(
            "every step has the same class, {value}, so there is nothing to learn", "每一步的类别都是 {value}，没有可学的内容"),
        .constantSeries: MessagePattern(
            "every row has the same value, {value}, so nothing changes", "每一行的值都是 {value}，没有变化"),
        .emptyColumn: MessagePattern(
            "it is empty, so there is nothing to learn", "该列为空，没有可学的内容"),
        .noLogarithm: MessagePattern(
            "it holds {value}, and only numbers above zero have a logarithm", "其中含有 {value}，只有大于零的数才有对数"),
        .moreThanTwo: MessagePattern(
            "it has more than two values: {values}; another type fits better: category",
            "取值多于两个：{values}；更适合的类型：category"),
        .notTwo: MessagePattern(
            "it has {count} values and binary means two; another type fits better: category or number",
            "共有 {count} 个取值，而 binary 需要两个；更适合的类型：category 或 number"),
        .positive: MessagePattern(
            "'positive' is {name}, and the values are {values}", "'positive' 是 {name}，而取值有 {values}"),
        .weightsNameNoClass: MessagePattern(
            "'weights' names {name}, which is no class.{suggestion}", "'weights' 中的 {name} 不是类别。{suggestion}"),
        .tooManyItems: MessagePattern(
            "its items have {count} values, and at most {limit} can be told apart", "各项共有 {count} 种取值，最多只能区分 {limit} 种"),
        .noSequence: MessagePattern(
            "it holds no sequence", "其中没有序列"),
        .noText: MessagePattern(
            "it holds no text", "其中没有文本"),
        .noNames: MessagePattern(
            "no row has a name, so there is nothing to learn", "没有一行含有名字，没有可学的内容"),
        .noPicturePath: MessagePattern(
            "it holds no path of a picture", "其中没有图片路径"),
        .unreadPictures: MessagePattern(
            "not one picture can be read, such as: {problem}", "没有一张图片能读取，例如：{problem}"),
        .noSoundPath: MessagePattern(
            "it holds no path of a sound", "其中没有声音路径"),
        .unreadSounds: MessagePattern(
            "not one sound can be read, such as: {problem}", "没有一段声音能读取，例如：{problem}"),
        .noTrainingRow: MessagePattern(
            "no row is left to train on. {report}", "没有剩下可供训练的行。{report}"),
        .splitLeavesNoRow: MessagePattern(
            "the split leaves no row to train on, of {count}", "划分之后，{count} 行中没有可供训练的行"),
        .splitColumn: MessagePattern(
            "the column of the split must say train, validation or test, not {values}",
            "划分所用的列只能是 train、validation 或 test，而不是 {values}"),
        .splitTime: MessagePattern(
            "the column of the split must hold a date or a number in every row", "划分所用的列在每一行都必须是日期或数"),
        .noWindow: MessagePattern(
            "the first {rows} of {count} rows hold no window to train on with {horizon} rows after it",
            "{count} 行中的前 {rows} 行不足以构成其后还有 {horizon} 行的训练窗口"),
        .noTime: MessagePattern(
            "line {line} has no date and no number in the column of time", "第 {line} 行的时间列既不是日期也不是数"),
        .timeOrder: MessagePattern(
            "line {line} ({time}) does not come after line {before} ({earlier}); sort the rows by time, each time once",
            "第 {line} 行（{time}）不在第 {before} 行（{earlier}）之后；请按时间排序，且时间不重复"),
        .shortSeries: MessagePattern(
            "a series needs at least two rows", "时间序列至少需要两行"),
        .noForecast: MessagePattern(
            "{file}: the last row is one {defect}; nothing can be forecast from it", "{file}：最后一行无法使用（{defect}），不能由它预测"),
        .noAnswer: MessagePattern(
            "{place}: the row is one {defect}; there is no answer to explain", "{place}：该行无法使用（{defect}），没有可解释的预测"),
        .noKnownTruth: MessagePattern(
            "no row has a value of {name} that the model knows", "没有一行的 {name} 是模型认识的值"),
        .memory: MessagePattern(
            "{file}: its {rows} rows do not fit into {memory}, and {reason}. Allow more with --max-memory",
            "{file}：{rows} 行在 {memory} 内存中放不下，而且{reason}。可用 --max-memory 放宽"),
        .searchTime: MessagePattern(
            "the time was over before the task was trained once; give it more (--max-time)",
            "一次训练都没完成时间就用完了；请放宽时间（--max-time）"),
        .noHeldOut: MessagePattern(
            "no rows are held out that could give {metric}; 'train.folds' or 'split.validation' keeps some",
            "没有留出可计算 {metric} 的行；可用 'train.folds' 或 'split.validation' 留出"),
        .metricNotFinite: MessagePattern(
            "{metric} is {value}", "{metric} 的值是 {value}"),
        .otherAnswers: MessagePattern(
            "{one} and {other} do not answer the same in {name}: {form}, and {otherForm}",
            "{one} 和 {other} 对 {name} 的回答不同类：{form}，{otherForm}"),
        .nothingToCompare: MessagePattern(
            "{one} predicts {names} and {other} {others}: there is nothing to compare",
            "{one} 预测 {names}，{other} 预测 {others}：没有可比较的内容"),
        .dataRefused: MessagePattern(
            "refused, for 'data.strict' lets nothing serious through", "已拒绝：'data.strict' 不放过任何严重问题"),
    ]
}
