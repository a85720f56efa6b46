public import WrightRuntime

extension Phrase {
    /// What a metric's name says to people; the name itself where there are no better words.
    public static func metric(_ name: String) -> Phrase {
        // The first so many answers of a list, such as ndcg@10.
        guard let at = name.firstIndex(of: "@"), let list = metrics[String(name[..<at])] else {
            return metrics[name] ?? Phrase(name, name)
        }
        let count = name[name.index(after: at)...]
        return list + Phrase(" (first \(count))", "（前 \(count)）")
    }

    private static let metrics: [String: Phrase] = [
        "accuracy": Phrase("accuracy", "准确率"), "balanced_accuracy": Phrase("balanced accuracy", "平衡准确率"),
        "precision_macro": Phrase("precision (macro)", "精确率（宏平均）"),
        "recall_macro": Phrase("recall (macro)", "召回率（宏平均）"),
        "f1_macro": Phrase("F1 (macro)", "F1（宏平均）"), "f1_micro": Phrase("F1 (micro)", "F1（微平均）"),
        "f1_weighted": Phrase("F1 (weighted)", "F1（加权）"), "f1_samples": Phrase("F1 (per row)", "F1（逐行）"),
        "matthews_corrcoef": Phrase("Matthews correlation", "马修斯相关系数"),
        "cohen_kappa": Phrase("Cohen's kappa", "科恩 κ 系数"),
        "roc_auc": Phrase("area under ROC", "ROC 曲线下面积"), "average_precision": Phrase("average precision", "平均精确率"),
        "log_loss": Phrase("log-loss", "对数损失"), "brier_score": Phrase("Brier score", "布里尔分数"),
        "entity_precision": Phrase("precision of entities", "实体精确率"),
        "entity_recall": Phrase("recall of entities", "实体召回率"), "entity_f1": Phrase("F1 of entities", "实体 F1"),
        "calibration_error": Phrase("calibration error", "校准误差"), "hamming_loss": Phrase("Hamming loss", "汉明损失"),
        "loss": Phrase("loss", "损失"), "top3_accuracy": Phrase("among its first three", "前三准确率"),
        "top5_accuracy": Phrase("among its first five", "前五准确率"), "mean_cost": Phrase("mean cost", "平均代价"),
        "ndcg": Phrase("NDCG", "NDCG"), "hit_rate": Phrase("hit rate", "命中率"),
        "mrr": Phrase("mean reciprocal rank", "平均倒数排名"), "map": Phrase("mean average precision", "平均精度均值"),
        "perplexity": Phrase("perplexity", "困惑度"), "nats_per_character": Phrase("nats per character", "每字符奈特"),
        "bits_per_byte": Phrase("bits per byte", "每字节比特"), "bleu": Phrase("BLEU", "BLEU"),
        "chrf": Phrase("chrF", "chrF"), "rougeL": Phrase("ROUGE-L", "ROUGE-L"),
        "exact_match": Phrase("exact matches", "完全一致"), "token_f1": Phrase("F1 of words", "词级 F1"),
        "mse": Phrase("mean squared error", "均方误差"), "rmse": Phrase("root mean squared error", "均方根误差"),
        "mae": Phrase("mean absolute error", "平均绝对误差"),
        "median_absolute_error": Phrase("median absolute error", "绝对误差中位数"),
        "mase": Phrase("mean absolute scaled error", "平均绝对标度误差"),
        "smape": Phrase("symmetric percentage error", "对称平均绝对百分比误差"),
        "mse_standardized": Phrase("standardised squared error", "标准化均方误差"),
        "mae_standardized": Phrase("standardised absolute error", "标准化平均绝对误差"),
        "r2": Phrase("R² (variance explained)", "R²（已解释方差）"),
        "mape": Phrase("mean absolute percentage error", "平均绝对百分比误差"),
        "demographic_parity_difference": Phrase("parity difference", "人口统计均等差"),
        "disparate_impact": Phrase("disparate impact", "差别影响比"),
        "equal_opportunity_difference": Phrase("equal opportunity difference", "机会均等差"),
        "equalized_odds_difference": Phrase("equalised odds difference", "几率均等差"),
    ]
}
