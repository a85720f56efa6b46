import Wright

/// What a DATA argument turned out to be: examples with class numbers, and the names of the classes.
struct DataSource {
    /// Some of the examples, as the files divide them.
    struct Part {
        var data: any Dataset
        /// The class of each row.
        var classes: [Int32]
        /// What to call a row in a report: a file's path; nil for `image 4,711`.
        var names: [String]?

        init(_ data: ArrayDataset, names: [String]? = nil) {
            self.data = data
            self.classes = data.labels
            self.names = names
        }

        init(_ data: any Dataset, classes: [Int32], names: [String]?) {
            self.data = data
            self.classes = classes
            self.names = names
        }

        /// Some rows of this part, in this order.
        func subset(_ rows: [Int]) -> Part {
            Part(
                data.subset(rows), classes: rows.map { classes[$0] },
                names: names.map { names in rows.map { names[$0] } })
        }
    }

    /// For people: `Fashion-MNIST (IDX files in …)`.
    var description: Phrase
    var training: Part
    /// What the files themselves set apart for the last test; nil when they don't.
    var test: Part?
    var labels: LabelNames
    /// What one example is called: `image`, `row`.
    var unit: String
    /// The columns that a table's numbers come from; empty for images.
    var features: [String] = []
    /// Sentences about what could not be used.
    var drops: [Phrase] = []

    /// The part that a model should be measured on: the test part, or everything when nothing is set apart.
    var measured: Part { test ?? training }

    /// The types of one example.
    var inputType: TensorType { training.data.inputTypes[0] }

    /// Checks that there is something to learn.
    func checkedForTraining() throws -> DataSource {
        guard labels.count >= 2 else {
            throw Failure.data(Message(.oneClass, description, labels[0]))
        }
        guard training.data.count >= 2 else {
            throw Failure.data(Message(.tooFewExamples, description, Phrase.counted(training.data.count, unit, "个样本")))
        }
        return self
    }
}

extension DataSource {
    /// How a DATA argument is read.
    struct Options {
        /// The column of a table that holds the classes.
        var target: String?
        /// What a trained model expects; nil when one is about to be trained.
        var expected: InputForm?
        /// The size that images of a folder get; nil keeps theirs, if it is one and not large.
        var imageSize: ImageSize?
        /// The class names of a trained model, in the order of their numbers.
        var labels: LabelNames?
    }

    /// Opens what `argument` names: a data set by name, a folder or a file.
    static func open(_ argument: String, _ options: Options = Options()) throws -> DataSource {
        if let named = NamedDataSet(rawValue: argument), !FileAccess.exists(argument) {
            guard let folder = named.folder else {
                throw Failure.data(Message(.dataSetNotInstalled, argument, named.package, NamedDataSet.variable))
            }
            return try idx(folder: folder, labels: options.labels ?? named.labels)
        }
        guard FileAccess.exists(argument) else {
            let names = NamedDataSet.allCases.map(\.rawValue)
            throw Failure.data(Message(.noSuchData, argument, Suggestion.phrase(for: argument, among: names), names))
        }
        if FileAccess.isFolder(argument) { return try folder(argument, options) }
        let name = argument.lowercased()
        if name.hasSuffix(".npz") { return try npz(argument, options) }
        if [".csv", ".tsv", ".csv.gz", ".tsv.gz"].contains(where: name.hasSuffix) {
            return try table(argument, options)
        }
        if name.contains("images-idx3-ubyte") { return try idxFile(argument, options) }
        throw Failure.data(Message(.unknownFileKind, argument))
    }

    private static func folder(_ path: String, _ options: Options) throws -> DataSource {
        let entries = try FileAccess.entries(of: path)
        if entries.contains(where: { $0.name.contains("images-idx3-ubyte") }) {
            return try idx(folder: path, labels: options.labels)
        }
        return try imageFolder(path, options)
    }

    // MARK: IDX

    private static func idx(folder: String, labels: LabelNames?) throws -> DataSource {
        let training = try ArrayDataset.idx(folder: folder, part: "train")
        let hasTest = try FileAccess.entries(of: folder).contains { $0.name.hasPrefix("t10k-images") }
        let test = hasTest ? try ArrayDataset.idx(folder: folder, part: "t10k") : nil
        let isFashion = folder.lowercased().contains("fashion")
        return DataSource(
            description: Phrase("IDX files in \(folder)", "\(folder) 中的 IDX 文件"), training: Part(training),
            test: test.map { Part($0) },
            labels: labels ?? (isFashion ? .fashionMNIST : numbered(training.labels + (test?.labels ?? []))),
            unit: "image")
    }

    /// One file of images; its labels lie beside it.
    private static func idxFile(_ path: String, _ options: Options) throws -> DataSource {
        let folder = FileAccess.folder(of: path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let part = name.split(separator: "-images-idx3-ubyte").first, name.hasPrefix(part + "-") else {
            throw Failure.data(Message(.imageFileName, path))
        }
        let data = try ArrayDataset.idx(folder: folder, part: String(part))
        return DataSource(
            description: Phrase("IDX files \(part) in \(folder)", "\(folder) 中的 IDX 文件 \(part)"), training: Part(data),
            test: nil,
            labels: options.labels ?? numbered(data.labels), unit: "image")
    }

    /// Names for classes that have none: their numbers.
    private static func numbered(_ classes: [Int32]) -> LabelNames {
        LabelNames(collecting: (0...Int(max(classes.max() ?? 0, 0))).map(String.init))
    }

    // MARK: NumPy

    /// Arrays by the names that data sets use: `x_train`, `train_images`, `images`, `X` … with `y`, `labels`.
    private static func npz(_ path: String, _ options: Options) throws -> DataSource {
        let archive = try NumPyArchive(path)
        func part(_ part: NumPyArchive.Part) throws -> Part? {
            try archive.pair(part).map { Part(try npzData(archive, $0, in: path)) }
        }
        guard let training = try part(.train) else {
            throw Failure.data(Message(.noArrays, path, archive.pairRemedy))
        }
        let test = try part(.test)
        let isTable = training.data.inputTypes[0].shape.count == 1
        let width = training.data.inputTypes[0].shape.last ?? 1
        return DataSource(
            description: Phrase("arrays in \(path)", "\(path) 中的数组"), training: training, test: test,
            labels: options.labels ?? numbered(training.classes + (test?.classes ?? [])),
            unit: isTable ? "row" : "image", features: isTable ? (0..<width).map { "x\($0)" } : [])
    }

    private static func npzData(
        _ archive: NumPyArchive, _ pair: (values: String, labels: String), in path: String
    ) throws -> ArrayDataset {
        var inputs = try archive.array(pair.values)
        let classes = try archive.array(pair.labels)
        let count = inputs.shape.first ?? 0
        let labels = classes.doubles
        guard labels.count == count, count > 0 else {
            throw Failure.data(
                Message(.arrayCounts, path, pair.values, "\(inputs.type)", pair.labels, "\(classes.type)"))
        }
        guard labels.allSatisfy({ $0 >= 0 && $0 < 65536 && $0 == $0.rounded() }) else {
            throw Failure.data(Message(.arrayLabels, path, pair.labels))
        }
        if inputs.shape.count == 3 { inputs = inputs.reshaped(inputs.shape + [1]) }
        guard [2, 4].contains(inputs.shape.count) else {
            throw Failure.data(Message(.arrayShape, path, pair.values, "\(inputs.type)"))
        }
        if inputs.dtype != .uint8 || inputs.shape.count == 2 {
            inputs = Buffer(TensorType(inputs.shape), doubles: inputs.doubles)
        }
        return ArrayDataset(
            Samples(inputs: [inputs], targets: [Buffer(labels.map { Int32($0) })]))
    }

    // MARK: Tables

    private static func table(_ path: String, _ options: Options) throws -> DataSource {
        let table = try Table(contentsOf: path)
        guard let target = options.target ?? options.expected?.target else {
            throw Failure.usage(Message(.noTargetColumn, path, table.names))
        }
        guard table.names.contains(target) else {
            throw Failure.usage(.noColumn(target, in: path, among: table.names))
        }
        let numbers = try table.numbers(features: options.expected?.features, target: target, labels: options.labels)
        guard let labels = numbers.labels, numbers.dataset.count > 0 else {
            throw Failure.data(Message(.noUsableRow, path, numbers.report.phrase))
        }
        if options.labels == nil, labels.count > 1000 {
            throw Failure.data(Message(.tooManyClasses, path, target, labels.count.grouped))
        }
        return DataSource(
            description: Phrase("table \(path), classes in '\(target)'", "表 \(path)，类别列为 '\(target)'"),
            training: Part(numbers.dataset), test: nil,
            labels: labels, unit: "row", features: numbers.features,
            drops: numbers.report.dropped > 0 ? [numbers.report.phrase] : [])
    }
}
