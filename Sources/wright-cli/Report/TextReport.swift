import Wright
import WrightTasks

/// Fills a ``Report`` from a measured model of texts.
struct TextReport {
    /// The folder of the model.
    var folder: String
    var measurement: TextMeasurement
    var say: Language

    private var evaluation: Evaluation { measurement.evaluation }

    func html() throws -> HTML {
        let model = measurement.model
        let name = folder.split(separator: "/").last.map(String.init) ?? folder
        let charts =
            (try LearningCurve(savedIn: folder)?.charts(say) ?? [])
            + (measurement.calibration.map { [$0.chart(say)] } ?? [])
        let confusion = zip(evaluation.confusion, model.labels).map { matrix, labels in
            ConfusionSections(matrix: matrix, labels: labels.names, say: say).html
        }
        return Report(
            say: say, title: "\(name): \(model.architecture)", subtitle: say(subtitle), figures: figures,
            sections: [
                ChartSection(title: say(.curves), charts: charts.map(\.html)).html, confusion ?? "", worst,
                DropSection(drops: dropped, say: say).html,
                FactSections(facts: [
                    .init(title: say(.trainingFacts), facts: model.training, say: say),
                    .init(
                        title: say(.environment),
                        facts: Machine.facts(threads: measurement.options.compute.threads ?? Machine.cores) + [
                            ("precision", measurement.options.compute.precision.rawValue)
                        ], say: say),
                ]).html,
            ],
            footer: "wright \(WrightCommand.version). \(say(.footer))"
        ).html
    }

    /// A language model is measured on windows, which are no texts of anybody's.
    private var subtitle: Phrase {
        let (count, path) = (measurement.drops.kept, measurement.options.path)
        return Phrase(
            "\(count.counted("text")) of \(path), measured \(Machine.date)",
            "\(path)，\(count.grouped) 段文本，评估于 \(Machine.date)")
    }

    private var dropped: [Phrase] {
        let path = measurement.options.path
        return measurement.drops.dropped > 0
            ? [Phrase("\(path): ", "\(path)：") + measurement.drops.phrase] : []
    }

    private var figures: [Report.Figure] {
        var values = evaluation.values
        if let confusion = evaluation.confusion {
            values =
                [
                    MetricValue("accuracy", confusion.accuracy), MetricValue("f1_macro", confusion.f1(.macro)),
                ] + values.filter { $0.name != "accuracy" && !$0.name.hasPrefix("f1") }
        }
        return values.filter { Self.shown.contains($0.name) }.map { value in
            let title = say(.metric(value.name))
            return Report.Figure(name: title, value: value.value.short, note: title == value.name ? "" : value.name)
        }
    }

    /// What stands on cards, of all that is measured.
    private static let shown: Set = [
        "accuracy", "f1_macro", "loss", "top3_accuracy", "calibration_error", "perplexity", "nats_per_character",
        "bits_per_byte", "bleu", "chrf", "rougeL", "exact_match", "token_f1",
    ]

    private var worst: HTML {
        let isClassifier = evaluation.confusion != nil
        let rows = measurement.worst.map { answer in
            RowMistakes.Row(
                place: answer.place, answer: answer.answer, truth: answer.truth,
                size: isClassifier
                    ? say(.sure(answer.scores[0].percent(), answer.scores[1].percent()))
                    : "chrF \(answer.scores[0].fixed(1))",
                fields: [(name: say(.text), value: answer.text)])
        }
        let wrong = evaluation.confusion.map { matrix in
            matrix.total - (0..<matrix.classes).reduce(0) { $0 + matrix[$1, $1] }
        }
        return RowMistakes(
            output: measurement.model.form.target ?? say(.translations), rows: rows, count: wrong,
            explanation: isClassifier ? nil : .leastLikeTranslations, say: say
        ).html
    }
}

/// Both, where there are both.
private func zip<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
    first.flatMap { first in second.map { (first, $0) } }
}
