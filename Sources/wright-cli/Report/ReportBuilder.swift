import Wright
import WrightTasks

/// Fills a ``Report`` from a measured model.
struct ReportBuilder {
    var folder: String
    var model: SavedModel
    var source: DataSource
    var part: DataSource.Part
    var measurement: Measurement
    var say: Language

    func html() throws -> HTML {
        let evaluation = measurement.evaluation
        let name = folder.split(separator: "/").last.map(String.init) ?? folder
        let confusion = evaluation.confusion
        let wrong = confusion.map { matrix in
            matrix.total - (0..<matrix.classes).reduce(0) { $0 + matrix[$1, $1] }
        }
        let report = Report(
            say: say, title: "\(name): \(model.architecture)",
            subtitle: say(
                Phrase(
                    "\(evaluation.examples.counted(source.unit)) of \(source.description.english), measured \(Machine.date)",
                    "\(source.description.chinese)，\(evaluation.examples.grouped) \(unit)，评估于 \(Machine.date)")),
            figures: figures,
            sections: [
                ChartSection(title: say(.curves), charts: try charts.map(\.html)).html,
                confusion.map { ConfusionSections(matrix: $0, labels: model.labels.names, say: say).html } ?? "",
                MistakeGallery(mistakes: try mistakes, count: wrong ?? 0, say: say).html,
                DropSection(drops: source.drops, say: say).html,
                FactSections(facts: [
                    .init(title: say(.trainingFacts), facts: model.training, say: say),
                    .init(
                        title: say(.environment),
                        facts: Machine.facts(threads: measurement.threads) + [
                            ("precision", measurement.precision.rawValue),
                            ("parameters", model.classifier.parameterCount.grouped),
                        ], say: say),
                ]).html,
            ],
            footer: "wright \(WrightCommand.version). \(say(.footer))")
        return report.html
    }

    /// What examples are counted by in Chinese.
    private var unit: String { source.unit == "image" ? "张图像" : "行" }

    private var figures: [Report.Figure] {
        let evaluation = measurement.evaluation
        var figures: [Report.Figure] = []
        if let confusion = evaluation.confusion {
            let hits = (0..<confusion.classes).reduce(0) { $0 + confusion[$1, $1] }
            figures.append(
                .init(
                    name: say(.accuracy), value: confusion.accuracy.percent(2),
                    note: say(
                        Phrase(
                            "\(hits.grouped) of \(confusion.total.grouped)",
                            "\(confusion.total.grouped) \(unit)中答对 \(hits.grouped)"))))
            figures.append(
                .init(
                    name: "F1", value: confusion.f1(.macro).fixed(3),
                    note: say(Phrase("mean over the classes", "各类别平均"))))
        }
        if let top = evaluation["top3_accuracy"] {
            figures.append(
                .init(
                    name: say(Phrase("Among its first three", "前三准确率")), value: top.percent(1),
                    note: say(Phrase("top-3 accuracy", "正确答案在前三之中"))))
        }
        if let loss = evaluation["loss"] {
            figures.append(.init(name: say(.loss), value: loss.short, note: say(Phrase("cross-entropy", "交叉熵"))))
        }
        figures.append(
            .init(
                name: say(Phrase("Calibration error", "校准误差")),
                value: measurement.calibration.calibrationError.fixed(3),
                note: say(Phrase("0 is perfect", "0 为最佳"))))
        let speed = Double(evaluation.examples) / max(evaluation.seconds, 1e-9)
        figures.append(
            .init(
                name: say(Phrase("\(source.unit.capitalizedFirst)s a second", "每秒处理（\(unit)）")),
                value: Int(speed).grouped,
                note: say(.counted(measurement.threads, "thread", "个线程")) + ", \(measurement.precision.rawValue)"))
        return figures
    }

    private var charts: [LineChart] {
        get throws {
            (try LearningCurve(savedIn: folder)?.charts(say) ?? []) + [measurement.calibration.chart(say)]
        }
    }

    private var mistakes: [MistakeGallery.Mistake] {
        get throws {
            try measurement.evaluation.mistakes.map { mistake in
                let inputs = try part.data.samples([mistake.row]).inputs[0]
                return MistakeGallery.Mistake(
                    name: part.names?[mistake.row]
                        ?? say(Phrase("\(source.unit) \(mistake.row.grouped)", "第 \(mistake.row.grouped) \(unit)")),
                    picture: model.input.isImage ? Self.picture(inputs) : nil, label: model.labels[Int(mistake.truth)],
                    predicted: model.labels[Int(mistake.answer)], confidence: mistake.confidence ?? .nan,
                    shareOfTruth: SystemCalls.exponential(-mistake.badness))
            }
        }
    }

    /// The first image of a batch as a PNG file, at most 224 pixels wide or high: a page must not grow to gigabytes.
    private static func picture(_ images: Buffer) -> [UInt8]? {
        guard images.shape.count == 4, [1, 2, 3, 4].contains(images.shape[3]) else { return nil }
        var image = images.reshaped(Array(images.shape.dropFirst()))
        if image.dtype == .float32 {
            image = Buffer(
                TensorType(image.shape, .uint8), doubles: image.doubles.map { min(max($0 * 255, 0), 255).rounded() })
        }
        guard image.dtype == .uint8 else { return nil }
        let (height, width) = (image.shape[0], image.shape[1])
        let largest = max(height, width)
        if largest > 224 {
            image = ImageFile.resize(
                image, height: max(1, height * 224 / largest), width: max(1, width * 224 / largest))
        }
        return ImageFile.png(image)
    }
}

/// What of the data was left out, and why.
struct DropSection {
    var drops: [Phrase]
    var say: Language

    var html: HTML {
        let items = drops.map { "<li>\(say($0))</li>" as HTML }
        let list: HTML = items.isEmpty ? "<p>\(say(.nothingDropped))</p>" : "<ul>\(items)</ul>"
        return "<section><h2>\(say(.droppedData))</h2>\(list)</section>"
    }
}

extension LearningCurve {
    /// How the model in the folder learned; nil where that was not kept.
    convenience init?(savedIn folder: String) throws {
        let path = "\(folder)/\(SavedModel.curvesFile)"
        guard FileAccess.exists(path) else { return nil }
        self.init()
        restore(try JSON.load(path))
    }
}

extension ProbabilityScores {
    /// How often answers are right, by how sure the model says it is.
    func chart(_ say: Language) -> LineChart {
        let points = bins.filter { $0.count > 0 }.map { bin in
            (x: bin.confidence / Double(bin.count), y: Double(bin.hits) / Double(bin.count))
        }
        return LineChart(
            title: say(.calibrationTitle), horizontal: say(.saidConfidence),
            series: [.init(name: say(.shareRight), points: points)], scale: .comparedShares)
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
