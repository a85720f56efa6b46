import Wright
import WrightTasks

/// What reports say, in every language: the one list.
extension Phrase {
    static let results = Phrase("Results", "结果")
    static let curves = Phrase("Curves", "曲线")
    static let learning = Phrase("How it learned", "学习过程")
    static let loss = Phrase("Loss", "损失")
    static let accuracy = Phrase("Accuracy", "准确率")
    static let accuracyOfAnswers = Phrase("accuracy", "准确率")
    static let training = Phrase("training", "训练")
    static let validation = Phrase("validation", "验证")
    static let step = Phrase("step", "步")
    static let noPicture = Phrase("no picture", "无图片")
    static let isTruly = Phrase("is", "实为")
    static let environment = Phrase("Environment", "环境")
    static let trainingFacts = Phrase("Training", "训练")
    static let droppedData = Phrase("Dropped data", "舍弃的数据")
    static let nothingDropped = Phrase(
        "Nothing was dropped: every example that was found was used.", "没有舍弃任何数据：找到的每个样本都已使用。")

    // MARK: Classes

    static let confusionMatrix = Phrase("Confusion matrix", "混淆矩阵")
    static let confusionExplained = Phrase(
        "Each row is what the examples are, each column what they were taken for.", "每行是真实类别，每列是被判定的类别。")
    static let otherClasses = Phrase("other classes", "其他类别")
    static func confusionPart(_ shown: Int, _ all: Int) -> Phrase {
        Phrase(
            "Of \(all) classes these are the \(shown) that take part in the most mistakes.",
            "共 \(all) 个类别，此处为涉及错误最多的 \(shown) 个。")
    }
    static let mostConfused = Phrase("Most confused", "最易混淆")
    static let byClass = Phrase("By class", "各类别")
    static let byClassExplained = Phrase(
        "Precision: of what was taken for the class, the share that is. Recall: of what is the class, the share that was "
            + "found. F1 weighs both.", "精确率：被判为该类的样本中判对的比例。召回率：该类样本中被找出的比例。F1 兼顾两者。")
    static let classColumn = Phrase("Class", "类别")
    static let examples = Phrase("Examples", "样本数")
    static let precision = Phrase("Precision", "精确率")
    static let recall = Phrase("Recall", "召回率")
    static let mean = Phrase("Mean", "平均")
    static let calibrationTitle = Phrase("Does it know how sure it may be?", "它清楚自己有多大把握吗？")
    static let saidConfidence = Phrase("how sure it says it is", "自称的把握")
    static let shareRight = Phrase("share that is right", "实际答对的比例")
    static let rocTitle = Phrase("ROC: share of the class that is found", "ROC：该类被找出的比例")
    static let falsePositives = Phrase("share of the others that is taken for it", "其他类被误判的比例")
    static let precisionRecallTitle = Phrase("Precision", "精确率")
    static let recallAxis = Phrase("recall", "召回率")

    static func times(_ times: Int, share: String) -> Phrase {
        Phrase("\(times.grouped) times (\(share))", "\(times.grouped) 次（\(share)）")
    }

    // MARK: Numbers

    static let predictedByTrue = Phrase("Predicted, against what is true", "预测值与真实值")
    static let trueValue = Phrase("true", "真实值")
    static let errorsTitle = Phrase("Errors: how many", "误差分布：数量")
    static let errorAxis = Phrase("predicted less true", "预测值减真实值")

    static let errorAhead = Phrase("Size of errors, by how far ahead", "误差大小与预测步数")
    static let rowsAhead = Phrase("rows ahead", "预测步数")
    static let whatCame = Phrase("what came", "实际")
    static let forecast = Phrase("forecast", "预测")
    static let typicalForecast = Phrase("One that half of all are better than", "中等水平的一次预测")
    static let poorForecast = Phrase("One that nine in ten are better than", "较差的一次预测（九成优于它）")

    // MARK: Mistakes

    static let worstMistakes = Phrase("Worst mistakes", "最严重的错误")
    static let largestErrorsExplained = Phrase(
        "The rows whose prediction is furthest from the truth.", "预测值与真实值相差最大的行。")
    static let text = Phrase("Text", "文本")
    static let translations = Phrase("translations", "译文")
    static let leastLikeTranslations = Phrase(
        "Translations that share least with the one that was given (chrF, of 100). In bold what the model wrote, then the "
            + "given one.", "与所给译文最不相近的译文（chrF，满分 100）。前为模型的译文，后为所给译文。")
    static func worstMistakesExplained(shown: Int, of count: Int) -> Phrase {
        Phrase(
            "The \(shown.grouped) of \(count.grouped) wrong answers whose true class the model thought least likely. In "
                + "bold what it said and how sure it was; then what it is, and the share it gave that. Some may be labelled "
                + "wrong.",
            "\(count.grouped) 个错误答案中，模型认为真实类别最不可能的 \(shown.grouped) 个。粗体是模型的答案及其把握，其后是真实类别及所给概率。其中有些可能是标注错误。")
    }
    static func moreColumns(_ count: Int) -> Phrase {
        Phrase("and \(count.counted("more column"))", "另有 \(count) 列")
    }
    static func line(_ line: Int) -> Phrase { Phrase("line \(line.grouped)", "第 \(line.grouped) 行") }
    static func sure(_ answer: String, _ truth: String) -> Phrase {
        Phrase("\(answer) sure; \(truth) for the truth", "把握 \(answer)；真实类别仅 \(truth)")
    }
    static func off(_ distance: String) -> Phrase { Phrase("off by \(distance)", "相差 \(distance)") }

    // MARK: Metrics, slices, fairness

    static let allMetrics = Phrase("All metrics", "全部指标")
    static let metric = Phrase("Metric", "指标")
    static let value = Phrase("Value", "值")
    static let interval = Phrase("95 % interval", "95% 区间")
    static let intervalExplained = Phrase(
        "The interval is where 95 of 100 other draws of such rows would lie (bootstrap).",
        "区间表示：若另取一百批这样的行，约有 95 批的值落在其中（自助法）。")
    static let slices = Phrase("Weakest slices", "最弱的子群")
    static let allSlices = Phrase("All slices", "全部子群")
    static let slice = Phrase("Slice", "子群")
    static let rows = Phrase("Rows", "行数")
    static let rowsCounted = Phrase("rows", "行")
    static let verdict = Phrase("Finding", "结论")
    static let worse = Phrase("worse", "更差")
    static let mayBeChance = Phrase("may be chance", "可能是偶然")
    static func slicesExplained(_ count: Int, _ metric: String, _ overall: String, _ minimum: Int) -> Phrase {
        Phrase(
            "Of \(count.counted("slice")) by the values of columns, those of at least \(minimum) rows where \(metric) is "
                + "worst; of all rows it is \(overall). “Worse” means that the whole interval is.",
            "按各列取值划分的 \(count) 个子群中，至少有 \(minimum) 行且\(metric)最差的；全部行为 \(overall)。“更差”指整个区间都更差。")
    }
    static let noWeakSlice = Phrase("No slice of enough rows is worse than all rows together.", "没有哪个足够大的子群比整体更差。")
    static func fairness(_ column: String) -> Phrase { Phrase("Fairness by \(column)", "公平性：\(column)") }
    static func fairnessExplained(_ yes: String, _ threshold: String) -> Phrase {
        Phrase(
            "How often the answer is “\(yes)” (above a probability of \(threshold)) in each group, how often where that is "
                + "right and where it is wrong.",
            "各组被判为“\(yes)”（概率高于 \(threshold)）的比例，以及其中判对与判错的比例。")
    }
    static let group = Phrase("Group", "组")
    static let said = Phrase("Said", "判为是")
    static let saidRight = Phrase("Where right", "应为是时")
    static let saidWrong = Phrase("Where wrong", "应为否时")
    static let fourFifths = Phrase("below 0.8 breaks the four-fifths rule", "低于 0.8 即违反五分之四规则")
    static let closeToZero = Phrase("0 is equal treatment", "0 表示同等对待")
    static func mitigation(
        _ thresholds: String, _ parity: (String, String), _ accuracy: (String, String)
    ) -> Phrase {
        Phrase(
            "A threshold for each group (\(thresholds)) changes the parity difference from \(parity.0) to \(parity.1) and "
                + "accuracy from \(accuracy.0) to \(accuracy.1), each half of the rows judged by thresholds chosen on the "
                + "other.",
            "若各组使用各自的阈值（\(thresholds)），人口统计均等差由 \(parity.0) 变为 \(parity.1)，准确率由 \(accuracy.0) 变为 \(accuracy.1)；每一半的行都用另一半选出的阈值评判。"
        )
    }

    // MARK: Data and importance

    static let data = Phrase("Data", "数据")
    static let inputs = Phrase("Inputs", "输入列")
    static let findings = Phrase("What the data check found", "数据检查的发现")
    static let importance = Phrase("What it goes by", "它依据什么")
    static let column = Phrase("Column", "列")
    static func importanceExplained(_ metric: String, _ rows: Int) -> Phrase {
        Phrase(
            "How much worse \(metric) becomes when the fields of a column are shuffled among \(rows.grouped) rows: the mean "
                + "and spread of several shuffles. Columns that say the same share their importance.",
            "把某列的值在 \(rows.grouped) 行间打乱后，\(metric)变差多少：多次打乱的均值与标准差。内容相近的列会分摊重要性。")
    }

    static let explanation = Phrase("explanation", "解释")
    static func dependenceExplained(_ rows: Int) -> Phrase {
        Phrase(
            "The mean answer if a column held one value in every row, over \(rows.grouped) rows at most: it believes that the "
                + "column can change alone.",
            "若某列在每行都取同一值时的平均答案，最多取 \(rows.grouped) 行：假定该列可以单独改变。")
    }

    // MARK: One row explained

    static func row(_ row: Int) -> Phrase { Phrase("row \(row.grouped)", "第 \(row.grouped) 行数据") }
    static func onAverage(_ value: String) -> Phrase { Phrase("\(value) on average", "平均为 \(value)") }
    static let adds = Phrase("Adds", "贡献")
    static let speaksFor = Phrase("for", "支持")
    static let against = Phrase("against", "反对")
    static let strongest = Phrase("Strongest", "最强的")
    static let shapleyTitle = Phrase("what each field adds", "各字段的贡献")
    static func shapleyExplained(_ answer: String, _ expected: String, _ prediction: String) -> Phrase {
        Phrase(
            "How the fields of this row bring “\(answer)” from \(expected), the mean of other rows, to \(prediction) "
                + "(Shapley values; ± says how far sampling may be off).",
            "本行各字段如何使\(answer)由其他行的均值 \(expected) 变为 \(prediction)（沙普利值；± 为抽样误差）。")
    }
    static func additivity(_ error: String) -> Phrase {
        Phrase("The parts add up to the difference but for \(error).", "各部分之和与差值相差 \(error)。")
    }
    static let gradientsTitle = Phrase("what each part adds", "各部分的贡献")
    static func gradientsExplained(_ answer: String, _ baseline: String, _ prediction: String) -> Phrase {
        Phrase(
            "What brings “\(answer)” from \(baseline), for a row that says nothing, to \(prediction) (integrated gradients).",
            "是什么使\(answer)由空白行的 \(baseline) 变为 \(prediction)（积分梯度）。")
    }
    static func completeness(_ error: String, _ steps: Int) -> Phrase {
        Phrase(
            "The parts add up to the difference but for \(error) (\(steps.counted("step"))).",
            "各部分之和与差值相差 \(error)（\(steps) 步）。")
    }
    static let gradCAMTitle = Phrase("where it looks", "它看哪里")
    static func gradCAMExplained(_ answer: String) -> Phrase {
        Phrase(
            "Where the last stage of the network sees what speaks for “\(answer)” (Grad-CAM).",
            "网络最后一级在哪里看到支持\(answer)的内容（Grad-CAM）。")
    }
    static let coveredTitle = Phrase("with a part covered", "遮住一部分")
    static func coveredExplained(_ answer: String) -> Phrase {
        Phrase(
            "How much “\(answer)” loses when a part is covered with the mean colour.", "用平均色遮住一部分后\(answer)减少多少。")
    }
    static let occlusionTitle = Phrase("without a word", "去掉某个词")
    static func occlusionExplained(_ answer: String) -> Phrase {
        Phrase("How much “\(answer)” loses when a word is left out.", "去掉某个词后\(answer)减少多少。")
    }
    static func strongestField(_ row: Int, _ rows: Int, _ column: Int, _ columns: Int) -> Phrase {
        Phrase(
            "The strongest part is in row \(row) of \(rows), column \(column) of \(columns).",
            "最强的部分在 \(rows) 行中的第 \(row) 行、\(columns) 列中的第 \(column) 列。")
    }
    static func reportWritten(_ file: String) -> Phrase {
        Phrase("report written to \(file)", "报告已写入 \(file)")
    }
    static let footer = Phrase(
        "This page holds everything it shows and loads nothing.", "本页自带全部内容，不加载任何外部资源。")
}
