import Wright

/// Fills a ``Report`` from a measured model.
struct ReportBuilder {
    var folder: String
    var model: SavedModel
    var source: DataSource
    var part: DataSource.Part
    var measurement: Measurement

    func html() throws -> HTML {
        let evaluation = measurement.evaluation
        let name = folder.split(separator: "/").last.map(String.init) ?? folder
        let confusion = evaluation.confusion
        let wrong = confusion.map { matrix in
            matrix.total - (0..<matrix.classes).reduce(0) { $0 + matrix[$1, $1] }
        }
        let report = Report(
            title: "\(name): \(model.architecture)",
            subtitle: "\(evaluation.examples.counted(source.unit)) of \(source.description), measured \(Machine.date)",
            figures: figures, charts: try charts, confusion: confusion, labels: model.labels.names,
            mistakes: try mistakes, mistakeCount: wrong ?? 0, drops: source.drops,
            facts: [
                Report.Facts(title: "Training", rows: model.training),
                Report.Facts(title: "Environment", rows: environment),
            ],
            footer: "Made by wright \(WrightCommand.version). This page holds everything it shows and loads nothing.")
        return report.html
    }

    private var figures: [Report.Figure] {
        let evaluation = measurement.evaluation
        var figures: [Report.Figure] = []
        if let confusion = evaluation.confusion {
            let hits = (0..<confusion.classes).reduce(0) { $0 + confusion[$1, $1] }
            figures.append(
                .init(
                    name: "Accuracy", value: confusion.accuracy.percent(2),
                    note: "\(hits.grouped) of \(confusion.total.grouped)"))
            figures.append(.init(name: "F1", value: confusion.f1(.macro).fixed(3), note: "mean over the classes"))
        }
        if let top = evaluation["top3_accuracy"] {
            figures.append(.init(name: "Among its first three", value: top.percent(1), note: "top-3 accuracy"))
        }
        if let loss = evaluation["loss"] {
            figures.append(.init(name: "Loss", value: loss.short, note: "cross-entropy"))
        }
        figures.append(
            .init(
                name: "Calibration error", value: measurement.calibration.calibrationError.fixed(3),
                note: "0 is perfect"))
        let speed = Double(evaluation.examples) / max(evaluation.seconds, 1e-9)
        figures.append(
            .init(
                name: "\(source.unit.capitalizedFirst)s a second", value: Int(speed).grouped,
                note: "\(measurement.threads.counted("thread")), \(measurement.precision.rawValue)"))
        return figures
    }

    private var charts: [LineChart] {
        get throws {
            var charts: [LineChart] = []
            let path = "\(folder)/\(SavedModel.curvesFile)"
            if FileAccess.exists(path) {
                let curve = LearningCurve()
                curve.restore(try JSON.load(path))
                charts += Self.charts(of: curve)
            }
            let bins = measurement.calibration.bins.filter { $0.count > 0 }.map { bin in
                (x: bin.confidence / Double(bin.count), y: Double(bin.hits) / Double(bin.count))
            }
            charts.append(
                LineChart(
                    title: "Does it know how sure it may be?", horizontal: "how sure it says it is",
                    series: [.init(name: "share that is right", points: bins)], comparesShares: true))
            return charts
        }
    }

    private static func charts(of curve: LearningCurve) -> [LineChart] {
        func validation(_ name: String) -> [(x: Double, y: Double)] {
            curve.validations.compactMap { validation in
                validation.values.first { $0.name == name }.map { (Double(validation.step), $0.value) }
            }
        }
        return [
            LineChart(
                title: "Loss", horizontal: "step",
                series: [
                    .init(name: "training", points: curve.points.map { (Double($0.step), $0.loss) }),
                    .init(name: "validation", points: validation("loss")),
                ]),
            LineChart(
                title: "Accuracy", horizontal: "step",
                series: [.init(name: "validation", points: validation("accuracy"))]),
        ]
    }

    private var mistakes: [Report.Mistake] {
        get throws {
            try measurement.evaluation.mistakes.map { mistake in
                let inputs = try part.data.samples([mistake.row]).inputs[0]
                return Report.Mistake(
                    name: part.names?[mistake.row] ?? "\(source.unit) \(mistake.row.grouped)",
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

    private var environment: [(name: String, value: String)] {
        let version = CPUBackend.libraryVersion
        return [
            ("wright", WrightCommand.version), ("system", Machine.system), ("processor", Machine.processor),
            ("instruction sets", Machine.features.joined(separator: " ")), ("threads", "\(measurement.threads)"),
            ("precision", measurement.precision.rawValue),
            ("oneDNN", "\(version / 10000).\(version / 100 % 100).\(version % 100)"),
            ("parameters", model.classifier.parameterCount.grouped), ("measured", Machine.date),
        ]
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
