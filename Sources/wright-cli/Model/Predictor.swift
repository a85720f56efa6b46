import Wright

/// Runs a saved model over files.
struct Predictor {
    /// What the model says of one image or row.
    struct Prediction {
        var name: String
        var probabilities: [Float]
        var labels: LabelNames

        /// The classes of the largest probabilities.
        func likeliest(_ count: Int) -> [(label: String, probability: Double)] {
            probabilities.enumerated().sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }.prefix(count)
                .map { (labels[$0.offset], Double($0.element)) }
        }
    }

    /// Predictions in the order of the files, and what could not be read.
    struct Outcome {
        var predictions: [Prediction] = []
        var problems: [Phrase] = []
    }

    private let model: SavedModel
    private let batchSize: Int
    private let function: CompiledFunction

    init(_ model: SavedModel, compute: ComputeOptions, batchSize: Int) {
        self.model = model
        self.batchSize = batchSize
        let classifier = model.classifier
        function = CompiledFunction(
            on: CPUBackend(threads: compute.threads), options: CompileOptions(precision: compute.precision)
        ) { arguments in Trace([classifier.logits(arguments[0]).softmax()]) }
    }

    /// Classifies image files; folders stand for the images right in them.
    func images(_ files: [String]) throws -> Outcome {
        var outcome = Outcome()
        var names: [String] = []
        var pixels: [Buffer] = []
        func flush() throws {
            guard !pixels.isEmpty else { return }
            outcome.predictions += try predictions(names, Self.stacked(pixels))
            (names, pixels) = ([], [])
        }
        for path in try expanded(files) {
            do {
                pixels.append(try image(path))
                names.append(path)
            } catch {
                outcome.problems.append(Phrase(Output.text(of: error)))
            }
            if pixels.count == batchSize { try flush() }
        }
        try flush()
        return outcome
    }

    private func expanded(_ files: [String]) throws -> [String] {
        try files.flatMap { path -> [String] in
            guard FileAccess.isFolder(path) else { return [path] }
            let images = try FileAccess.entries(of: path).map(\.name).filter { name in
                [".png", ".jpg", ".jpeg"].contains { name.lowercased().hasSuffix($0) }
            }
            guard !images.isEmpty else { throw Failure.data(Message(.noImage, path, "")) }
            return images.map { "\(path)/\($0)" }
        }
    }

    private func image(_ path: String) throws -> Buffer {
        let shape = model.input.shape
        let image = try ImageFile.read(path, channels: shape[2])
        return ImageFile.fit(image, height: shape[0], width: shape[1])
    }

    private static func stacked(_ images: [Buffer]) -> Buffer {
        let type = images[0].type
        let batch = Buffer(zeros: TensorType([images.count] + type.shape, type.dtype))
        for (index, image) in images.enumerated() {
            (batch.pointer + index * type.byteCount).copyMemory(from: image.pointer, byteCount: type.byteCount)
        }
        return batch
    }

    /// Classifies the rows of tables; a row without a number where the model needs one is a problem.
    func tables(_ files: [String]) throws -> Outcome {
        var outcome = Outcome()
        for path in files {
            let table: Table
            var columns: [[String]] = []
            do {
                table = try Table(contentsOf: path)
                for feature in model.input.features { columns.append(try table.column(feature)) }
            } catch {
                outcome.problems.append(Phrase(Output.text(of: error)))
                continue
            }
            if table.report.dropped > 0 {
                outcome.problems.append(Phrase("\(path): ", "\(path)：") + table.report.phrase)
            }
            var names: [String] = []
            var values: [Float] = []
            rows: for row in 0..<table.count {
                var numbers: [Float] = []
                for (feature, column) in zip(model.input.features, columns) {
                    guard let number = Float(column[row].filter { $0 != " " }), number.isFinite else {
                        outcome.problems.append(
                            Phrase(
                                "\(path), line \(table.lines[row]): no number in '\(feature)', but '\(column[row])'",
                                "\(path)，第 \(table.lines[row]) 行：'\(feature)' 应为数字，而不是 '\(column[row])'"))
                        continue rows
                    }
                    numbers.append(number)
                }
                values += numbers
                names.append("\(path):\(table.lines[row])")
            }
            let width = model.input.features.count
            for start in stride(from: 0, to: names.count, by: batchSize) {
                let end = min(start + batchSize, names.count)
                let batch = Buffer(Array(values[start * width..<end * width]), shape: [end - start, width])
                outcome.predictions += try predictions(Array(names[start..<end]), batch)
            }
        }
        return outcome
    }

    private func predictions(_ names: [String], _ batch: Buffer) throws -> [Prediction] {
        let probabilities = try function([batch])[0].array(of: Float.self)
        let classes = model.labels.count
        return names.enumerated().map { index, name in
            Prediction(
                name: name, probabilities: Array(probabilities[index * classes..<(index + 1) * classes]),
                labels: model.labels)
        }
    }
}
