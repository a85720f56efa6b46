import WrightGraph
public import WrightRuntime

/// How much an answer changes when a part of a picture, or of a sound's spectrogram, is covered with its mean colour
/// (Zeiler & Fergus, *Visualizing and Understanding Convolutional Networks*, 2014). It asks the model alone, whatever is
/// inside of it.
public struct PictureOcclusion: Sendable {
    public let output: String
    /// `price`, `probability of yes`.
    public let answer: Phrase
    public let column: String
    public let prediction: Double
    /// What the answer loses without each part; above 0 it speaks for the answer.
    public let regions: PictureRegions

    public var json: JSON {
        [
            "output": .string(output), "answer": .string(answer.english), "column": .string(column),
            "prediction": .number(prediction), "regions": regions.json,
        ]
    }
}

extension TaskModel {
    /// What each part of a row's pictures and sounds does for each output that says a single number.
    ///
    /// - Throws: ``ConfigProblems`` naming every column that is not there; ``FeatureProblem`` when the row cannot be predicted.
    public func pictureOcclusion(row: Int, of table: TaskTable) throws -> [PictureOcclusion] {
        let seen = form.order.indices.filter { if case .picture = form.order[$0] { true } else { false } }
        guard !seen.isEmpty else { return [] }
        let single = try SingleRow(self, row: row, of: table)
        let names = zip(config.inputs, self.inputs).flatMap { input, feature in
            feature.shape.pictures.map { _ in input.name }
        }
        let whole = try single.inputs(copies: 1)
        var found: [PictureOcclusion] = []
        for (name, index) in zip(names, seen) {
            let picture = whole[index]
            let rows = min(PictureRegions.mostFields, picture.shape[1])
            let columns = min(PictureRegions.mostFields, picture.shape[2])
            var inputs = try single.inputs(copies: 1 + rows * columns)
            inputs[index] =
                picture.dtype == .uint8
                ? Self.covered(picture, rows, columns) { (values: [UInt8]) in
                    UInt8(values.reduce(0) { $0 + Int($1) } / values.count)
                }
                : Self.covered(picture, rows, columns) { (values: [Float]) in
                    values.reduce(0, +) / Float(values.count)
                }
            let predictions = predictions(try averages(of: inputs))
            for place in outputs.indices {
                guard let explained = try explained(place, row: single.fields) else { continue }
                let answers = numbers(explained, predictions)
                found.append(
                    PictureOcclusion(
                        output: config.outputs[place].name, answer: explained.name, column: name,
                        prediction: answers[0],
                        regions: PictureRegions(
                            answers.dropFirst().map { answers[0] - $0 }, rows: rows, columns: columns, over: picture)))
            }
        }
        return found
    }

    /// `[1, height, width, channels]` as it is, and once for each field of a grid with that field covered by the mean of each
    /// channel.
    private static func covered<Element: BufferElement>(
        _ picture: Buffer, _ rows: Int, _ columns: Int, mean: ([Element]) -> Element
    ) -> Buffer {
        let (height, width, channels) = (picture.shape[1], picture.shape[2], picture.shape[3])
        let own = picture.array(of: Element.self)
        let means = (0..<channels).map { channel in
            mean(stride(from: channel, to: own.count, by: channels).map { own[$0] })
        }
        var all = own
        all.reserveCapacity((1 + rows * columns) * own.count)
        for field in 0..<(rows * columns) {
            var copy = own
            for y in 0..<height where y * rows / height == field / columns {
                for x in 0..<width where x * columns / width == field % columns {
                    for channel in 0..<channels { copy[(y * width + x) * channels + channel] = means[channel] }
                }
            }
            all += copy
        }
        return Buffer(all, shape: [1 + rows * columns, height, width, channels])
    }
}
