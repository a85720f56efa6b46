public import WrightRuntime
public import WrightTrain

/// How far a task's measured values can be trusted, where its model is weak, and whom it treats differently.
public struct TaskInsight: Sendable {
    /// What is looked into.
    public struct Options: Sendable {
        /// The columns whose values cut the rows into slices.
        public var slices: [String] = []
        /// The columns whose groups should be treated alike.
        public var sensitive: [String] = []
        /// How many of the worst rows are kept.
        public var mistakes = 0

        public init(slices: [String] = [], sensitive: [String] = [], mistakes: Int = 0) {
            self.slices = slices
            self.sensitive = sensitive
            self.mistakes = mistakes
        }
    }

    /// What is known of one output.
    public struct Output: Sendable {
        public let name: String
        public fileprivate(set) var intervals: [Bootstrap.Interval]
        /// Which of the intervals says best how good the model is.
        public let mainMetric: String
        /// nil where no columns were asked for.
        public let slices: SliceFindings?
        public let fairness: [FairnessFinding]
        public let picture: OutputPicture
        /// The worst rows, by their place in the table.
        public let mistakes: [Evaluation.Mistake]
    }

    public private(set) var outputs: [Output]

    /// The same with the values of a whole file, of which these are some rows drawn by lot: each interval lies about the new
    /// value, and is as much narrower as the root of how many more answers that is of.
    public func about(_ whole: StreamedEvaluation, from sample: TaskEvaluation) -> TaskInsight {
        var insight = self
        for (place, output) in whole.outputs.enumerated() {
            let rows = Double(sample.outputs[place].rows.count)
            insight.outputs[place].intervals = outputs[place].intervals.map { interval in
                guard let value = output.values.first(where: { $0.name == interval.name })?.value else {
                    return interval
                }
                let factor = min(1, rows / Double(output.count(of: interval.name))).squareRoot()
                var moved = interval
                moved.value = value
                moved.low = value + (interval.low - interval.value) * factor
                moved.high = value + (interval.high - interval.value) * factor
                return moved
            }
        }
        return insight
    }

    /// - Throws: ``ConfigProblems`` naming every column that the table has not; `MetricError`.
    public init(_ evaluation: TaskEvaluation, _ table: TaskTable, _ options: Options) throws {
        var problems = ConfigProblems(file: table.file)
        func columns(_ names: [String], _ flag: String) -> [(name: String, fields: [String?])] {
            names.compactMap { name in
                if let fields = table.column(name) { return (name, fields) }
                problems.add(.program, flag, table.missingColumn(name))
                return nil
            }
        }
        let slices = columns(options.slices, "slices")
        let sensitive = columns(options.sensitive, "sensitive")
        try problems.check()
        outputs = try evaluation.outputs.map { output in
            var mistakes = WorstMistakes(capacity: options.mistakes)
            if options.mistakes > 0 { mistakes.add(output.predictions, rows: output.rows) }
            let bootstrap = Bootstrap.bounded(examples: output.rows.count, width: output.feature.width)
            return Output(
                name: output.name,
                intervals: try bootstrap.intervals(of: output.feature.metrics, over: output.predictions),
                mainMetric: output.feature.mainMetric,
                slices: slices.isEmpty ? nil : try SliceFindings(output, slices),
                fairness: try sensitive.compactMap {
                    try FairnessFinding(output, column: $0.name, fields: $0.fields)
                },
                picture: try OutputPicture(output), mistakes: mistakes.sorted)
        }
    }
}

/// What an output's predictions look like.
public enum OutputPicture: Sendable {
    case classes(ClassPicture)
    case numbers(NumberPicture)
    case forecasts(ForecastPicture)
    /// There is no drawing of such answers.
    case other

    init(_ output: TaskEvaluation.Output) throws(MetricError) {
        self =
            switch output.feature.form {
            case .classes(let labels):
                .classes(
                    try ClassPicture(
                        output.predictions, labels: labels,
                        confusion: output.feature.metrics.compactMap { $0 as? ConfusionMatrix }.first
                            ?? ConfusionMatrix(classes: labels.count)))
            case .number: .numbers(try NumberPicture(output.predictions))
            case .other:
                try (output.feature as? ForecastOutput).map { feature throws(MetricError) in
                    .forecasts(try feature.picture(output.predictions, rows: output.rows))
                } ?? .other
            }
    }
}

extension TaskInsight {
    /// Puts `intervals`, `classes`, `curves`, and where they were asked for `slices` and `fairness` beside `outputs`; each
    /// holds an object by the names of the outputs.
    public func add(to document: inout JSON.Object, includesCurves: Bool = true) {
        var (intervals, classes, curves) = (JSON.Object(), JSON.Object(), JSON.Object())
        var (slices, fairness) = (JSON.Object(), JSON.Object())
        for output in outputs {
            var values = JSON.Object()
            for interval in output.intervals {
                values[interval.name] = [.number(interval.low), .number(interval.high)]
            }
            intervals[output.name] = .object(values)
            switch output.picture {
            case .classes(let picture):
                classes[output.name] = picture.classes
                curves[output.name] = picture.json
            case .numbers(let picture): curves[output.name] = picture.json
            case .forecasts(let picture): curves[output.name] = picture.json
            case .other: break
            }
            slices[output.name] = output.slices?.json
            guard !output.fairness.isEmpty else { continue }
            var columns = JSON.Object()
            for finding in output.fairness { columns[finding.column] = finding.json }
            fairness[output.name] = .object(columns)
        }
        for (key, value) in [
            ("intervals", intervals), ("classes", classes), ("slices", slices), ("fairness", fairness),
            ("curves", includesCurves ? curves : JSON.Object()),
        ] where !value.isEmpty {
            document[key] = .object(value)
        }
    }
}
