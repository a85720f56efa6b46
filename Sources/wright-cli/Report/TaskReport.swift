import Wright
import WrightTasks

/// Fills a ``Report`` from a measured task.
struct TaskReport {
    /// What the page is called: the folder's name.
    var name: String
    var model: TaskModel
    /// The rows that were measured, and what they are.
    var table: TaskTable
    var description: String
    var evaluation: TaskEvaluation
    var insight: TaskInsight
    var importance: [PermutationImportance]
    var say: Language

    func html() throws -> HTML {
        let outputs = zip(insight.outputs, evaluation.outputs)
        let perOutput = try outputs.flatMap { try sections($0, $1) }
        return Report(
            say: say, title: "\(name): \(model.config.outputs.map(\.name).joined(separator: ", "))",
            subtitle: say(
                Phrase(
                    "\(evaluation.examples.counted("row")) of \(description), measured \(Machine.date)",
                    "\(description)，\(evaluation.examples.grouped) 行，评估于 \(Machine.date)")),
            figures: insight.outputs.flatMap { figures($0, of: insight.outputs.count) },
            sections: [sentences(Array(outputs)), learning] + perOutput + [checkSection, facts],
            footer: "wright \(WrightCommand.version). \(say(.footer))"
        ).html
    }

    // MARK: What it comes to

    /// Of more outputs each has one figure: four for each would fill the first screen.
    private static let mostWithAllFigures = 2

    private func figures(_ output: TaskInsight.Output, of count: Int) -> [Report.Figure] {
        let names =
            switch output.picture {
            case _ where count > Self.mostWithAllFigures: [output.mainMetric]
            case .classes: ["roc_auc", "accuracy", "f1_macro", "log_loss", "calibration_error"]
            case .numbers: ["r2", "mae", "rmse", "mape"]
            case .forecasts, .other: output.intervals.prefix(4).map(\.name)
            }
        return names.compactMap { name in
            output.intervals.first { $0.name == name }.map { interval in
                let title = say(.metric(name))
                return Report.Figure(
                    name: count == 1 ? title : "\(output.name): \(title)", value: interval.value.short,
                    note: interval.ends)
            }
        }
    }

    /// The result of each output in a sentence.
    private func sentences(_ outputs: [(TaskInsight.Output, TaskEvaluation.Output)]) -> HTML {
        let sentences = outputs.map { insight, output -> HTML in
            "<p class=\"lead\">\(say(Self.sentence(insight, output)))</p>"
        }
        return "<section>\(sentences)</section>"
    }

    private static func sentence(_ insight: TaskInsight.Output, _ output: TaskEvaluation.Output) -> Phrase {
        let name = output.name
        switch insight.picture {
        case .classes(let picture):
            let accuracy = insight.intervals.first { $0.name == "accuracy" }
            let support = picture.confusion.support
            let most = support.indices.max { support[$0] < support[$1] } ?? 0
            let usual = Double(support[most]) / Double(max(picture.confusion.total, 1))
            let (value, low, high) = (accuracy?.value ?? .nan, accuracy?.low ?? .nan, accuracy?.high ?? .nan)
            return Phrase(
                "\(name): \(value.percent()) of the answers are right (\(low.percent()) to \(high.percent())); always "
                    + "answering “\(picture.labels[most])” would be right in \(usual.percent()).",
                "\(name)：\(value.percent()) 的答案正确（\(low.percent()) 至 \(high.percent())）；若总是回答“\(picture.labels[most])”，则为 \(usual.percent())。"
            )
        case .numbers(let picture):
            let share = insight.intervals.first { $0.name == "r2" }?.value ?? .nan
            return Phrase(
                "\(name): \(share.percent()) of the variance is explained. Half of the predictions are off by less than "
                    + "\(picture.medianError.short), nine in ten by less than \(picture.ninetyPercentError.short).",
                "\(name)：解释了 \(share.percent()) 的方差。一半预测的误差小于 \(picture.medianError.short)，九成小于 \(picture.ninetyPercentError.short)。"
            )
        case .forecasts(let picture):
            let (typical, poor) = (picture.typical.error.short, picture.poor.error.short)
            return Phrase(
                "\(name): half of the forecasts are off by less than \(typical) in the mean of their rows, nine in ten by "
                    + "less than \(poor).", "\(name)：一半的预测平均误差小于 \(typical)，九成小于 \(poor)。")
        case .other:
            let interval = insight.intervals.first { $0.name == insight.mainMetric }
            let text = "\(interval?.value.short ?? "–") \(interval?.ends ?? "")"
            return Phrase(
                "\(name): \(Phrase.metric(insight.mainMetric).english) \(text).",
                "\(name)：\(Phrase.metric(insight.mainMetric).chinese) \(text)。")
        }
    }

    /// The curves of all networks in one chart.
    private var learning: HTML {
        let curves = (model.curves?["members"]?.array ?? []).map { saved in
            let curve = LearningCurve()
            curve.restore(saved)
            return curve
        }
        let series = curves.flatMap { curve in
            [
                LineChart.Series(name: say(.training), points: curve.trainingPoints, style: 0),
                LineChart.Series(name: say(.validation), points: curve.validationPoints("loss"), style: 1),
            ]
        }
        return ChartSection(
            title: say(.learning),
            charts: [LineChart(title: say(.loss), horizontal: say(.step), series: series).html]
        ).html
    }

    // MARK: One output

    private func sections(_ insight: TaskInsight.Output, _ output: TaskEvaluation.Output) throws -> [HTML] {
        let folds = model.metrics["cross_validation"]?["folds"]?[output.name]
        return [MetricSection(output: output.name, intervals: insight.intervals, say: say).html]
            + (folds.map { [FoldSection(output: output.name, scores: $0, say: say).html] } ?? [])
            + pictures(insight.picture, output.name)
            + importance.filter { $0.output == output.name }.map { ImportanceSection(importance: $0, say: say).html }
            + [insight.slices.map { SliceSection(output: output.name, findings: $0, say: say).html } ?? ""]
            + insight.fairness.map { FairnessSection(output: output.name, finding: $0, say: say).html }
            + [try mistakes(insight, output)]
    }

    private func pictures(_ picture: OutputPicture, _ name: String) -> [HTML] {
        switch picture {
        case .classes(let picture):
            let curves = picture.curves.enumerated()
            let calibration = picture.calibration.map { (x: $0.confidence, y: $0.share) }
            return [
                ChartSection(
                    title: say(.curves, of: name),
                    charts: [
                        LineChart(
                            title: say(.rocTitle), horizontal: say(.falsePositives),
                            series: curves.map {
                                .init(
                                    name: "\($1.label) (\($1.areaUnderROC.fixed(3)))", points: $1.roc, style: $0)
                            }, scale: .comparedShares),
                        LineChart(
                            title: say(.precisionRecallTitle), horizontal: say(.recallAxis),
                            series: curves.map {
                                .init(
                                    name: "\($1.label) (\($1.averagePrecision.fixed(3)))",
                                    points: $1.precisionRecall, style: $0)
                            }, scale: .shares),
                        LineChart(
                            title: say(.calibrationTitle), horizontal: say(.saidConfidence),
                            series: [.init(name: say(.shareRight), points: calibration)], scale: .comparedShares),
                    ].map(\.html)
                ).html,
                ConfusionSections(matrix: picture.confusion, labels: picture.labels, say: say).html,
            ]
        case .numbers(let picture):
            return [
                ChartSection(
                    title: say(.curves, of: name),
                    charts: [
                        ScatterChart(
                            title: say(.predictedByTrue), horizontal: say(.trueValue),
                            points: picture.points.map { ($0.truth, $0.predicted) }
                        ).html,
                        Histogram(
                            title: say(.errorsTitle), horizontal: say(.errorAxis), bars: picture.residuals,
                            barWidth: picture.barWidth
                        ).html,
                    ]
                ).html
            ]
        case .forecasts(let picture): return [forecasts(picture, name)]
        case .other: return []
        }
    }

    private func forecasts(_ picture: ForecastPicture, _ name: String) -> HTML {
        func points(_ values: [Double]) -> [(x: Double, y: Double)] {
            values.enumerated().map { (Double($0 + 1), $1) }
        }
        func chart(_ example: ForecastPicture.Example, _ title: Phrase) -> HTML {
            let place = table.files.count == 1 ? say(.line(table.lines[example.row])) : table.place(of: example.row)
            return LineChart(
                title: "\(say(title)) (\(place))", horizontal: say(.rowsAhead),
                series: [
                    .init(name: say(.whatCame), points: points(example.truth)),
                    .init(name: say(.forecast), points: points(example.forecast), style: 1),
                ]
            ).html
        }
        return ChartSection(
            title: say(.curves, of: name),
            charts: [
                LineChart(
                    title: say(.errorAhead), horizontal: say(.rowsAhead),
                    series: [.init(name: say(.metric("mae")), points: points(picture.errors))]
                ).html,
                chart(picture.typical, .typicalForecast), chart(picture.poor, .poorForecast),
            ]
        ).html
    }

    private func mistakes(_ insight: TaskInsight.Output, _ output: TaskEvaluation.Output) throws -> HTML {
        var count: Int?
        var labels: [String]?
        if case .classes(let picture) = insight.picture {
            count = picture.confusion.total - picture.labels.indices.reduce(0) { $0 + picture.confusion[$1, $1] }
            labels = picture.labels
        }
        // What the answer goes by is looked at first.
        let important = importance.first { $0.output == output.name }?.columns.map(\.name)
        let names = important ?? model.config.inputs.map(\.name)
        let rows = try insight.mistakes.map { mistake in
            RowMistakes.Row(
                place: table.files.count == 1 ? say(.line(table.lines[mistake.row])) : table.place(of: mistake.row),
                answer: labels?[Int(mistake.answer)] ?? mistake.answer.short,
                truth: labels?[Int(mistake.truth)] ?? mistake.truth.short,
                size: say(
                    mistake.confidence.map {
                        .sure($0.percent(), SystemCalls.exponential(-mistake.badness).percent())
                    } ?? .off(mistake.badness.short)),
                fields: names.compactMap { name in table.column(name)?[mistake.row].map { (name, $0) } },
                pictures: try names.compactMap { name in
                    try model.picture(name, row: mistake.row, of: table).map(ImageFile.png)
                })
        }
        return RowMistakes(output: output.name, rows: rows, count: count, say: say).html
    }

    // MARK: What it came from

    private var checkSection: HTML {
        let found = (model.dataCheck?["findings"]?.array ?? []).map { FindingText(finding: $0, say: say).html }
            .reduce(into: [HTML]()) { found, item in
                if !found.contains(where: { $0.text == item.text }) { found.append(item) }
            }
        return found.isEmpty ? "" : "<section><h2>\(say(.findings))</h2><ul>\(found)</ul></section>"
    }

    private var facts: HTML {
        let types = model.config.inputs.map { ($0.name, $0.type) }
        return FactSections(facts: [
            .init(
                title: say(.data),
                rows: [
                    (
                        say(Phrase("trained on", "训练数据")),
                        "\(model.data["rows"]?.integer?.grouped ?? "?") \(say(.rowsCounted))"
                    ),
                    (say(Phrase("fingerprint", "指纹")), model.data["fingerprint"]?.string ?? "?"),
                    (say(Phrase("networks", "网络数")), "\(model.networkCount)"),
                    (say(Phrase("numbers learned", "参数量")), model.parameterCount.grouped),
                ]),
            .init(
                title: say(.environment),
                facts: model.environment.map { ($0.key, $0.value.string ?? $0.value.text()) }, say: say),
            .init(title: say(.inputs), rows: types),
        ]).html
    }
}
