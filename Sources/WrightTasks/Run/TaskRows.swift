import WrightData
import WrightGraph
import WrightRuntime

/// Encoded rows: what a ``TaskNetwork`` reads, and where there are some, what it should answer.
struct TaskRows: Dataset {
    private let form: NetworkForm
    private let continuous: [Float]
    private let plain: [Float]
    private let categories: [Int32]
    let texts: [TokenSequences]
    let widths: [PaddedWidths]
    private let pictures: [EncodedPictures]
    private let sequences: [TokenSequences]
    /// The widths that all sequences have together.
    private let steps: PaddedWidths?
    private let series: [EncodedSeries]
    /// One for each output.
    private let targets: [Buffer]
    let count: Int

    /// `columns` are those that `form` was made of, in its order.
    init(_ columns: [EncodedInput], _ form: NetworkForm, targets: [Buffer] = [], count: Int) {
        self.form = form
        self.count = count
        self.targets = targets
        continuous = Self.joined(columns.map(\.continuous), count)
        plain = Self.joined(columns.map(\.plain), count)
        // Categories are counted through all columns: their vectors lie in one table.
        var offset: Int32 = 0
        let numbers = zip(columns.flatMap(\.categories), form.inputs.categories).map { numbers, size in
            defer { offset += Int32(size) }
            return numbers.map { $0 + offset }
        }
        categories = Self.joined(numbers, count)
        texts = columns.flatMap(\.texts)
        widths = form.inputs.texts.map { PaddedWidths(maximum: $0.maximum) }
        pictures = columns.flatMap(\.pictures)
        sequences = columns.flatMap(\.sequences)
        steps = form.inputs.sequences.map(\.maximum).max().map { PaddedWidths(maximum: $0) }
        series = columns.flatMap(\.series)
    }

    /// Columns side by side.
    private static func joined<Element>(_ columns: [[Element]], _ count: Int) -> [Element] {
        let columns = columns.filter { !$0.isEmpty }.map { (values: $0, width: $0.count / count) }
        var rows: [Element] = []
        rows.reserveCapacity(columns.reduce(0) { $0 + $1.values.count })
        for row in 0..<count {
            for column in columns { rows += column.values[(row * column.width)..<((row + 1) * column.width)] }
        }
        return rows
    }

    var inputTypes: [TensorType] {
        (form.inputs.continuous > 0 ? [TensorType([form.inputs.continuous])] : [])
            + (form.inputs.plain > 0 ? [TensorType([form.inputs.plain])] : [])
            + (form.inputs.categories.isEmpty ? [] : [TensorType([form.inputs.categories.count], .int32)])
            + form.inputs.texts.map { TensorType([$0.maximum], .int32) } + pictures.map(\.type)
            + sequences.map { _ in TensorType([steps?.maximum ?? 0], .int32) }
            + series.map { TensorType([$0.lookback]) }
    }

    var targetTypes: [TensorType] { targets.map { TensorType(Array($0.shape.dropFirst()), $0.dtype) } }

    /// What training does to inputs, by their numbers.
    var augmentations: [Int: InputAugmentation] {
        let first = inputTypes.count - pictures.count - sequences.count - series.count
        var found: [Int: InputAugmentation] = [:]
        for (index, picture) in form.inputs.pictures.enumerated() { found[first + index] = picture.augmentation }
        return found
    }

    /// Whether a row is numbers, categories and texts alone, which are made before rows are asked for.
    var isSelfContained: Bool { pictures.isEmpty && sequences.isEmpty && series.isEmpty }

    /// The inputs that are as large in every row, and the targets.
    func fixedSamples(_ rows: [Int]) throws -> Samples {
        var inputs: [Buffer] = []
        if form.inputs.continuous > 0 { inputs.append(Self.gathered(continuous, form.inputs.continuous, rows)) }
        if form.inputs.plain > 0 { inputs.append(Self.gathered(plain, form.inputs.plain, rows)) }
        if !form.inputs.categories.isEmpty {
            inputs.append(Self.gathered(categories, form.inputs.categories.count, rows))
        }
        return Samples(inputs: inputs, targets: targets.map { Self.gathered($0, rows) })
    }

    func samples(_ rows: [Int]) throws -> Samples {
        let fixed = try fixedSamples(rows)
        var inputs = fixed.inputs
        for (text, widths) in zip(texts, widths) { inputs.append(text.padded(rows, to: widths, padding: 0)) }
        for picture in pictures { inputs.append(try picture.samples(rows)) }
        if let steps {
            // A step is the same place in all of them.
            let longest = rows.reduce(1) { longest, row in sequences.reduce(longest) { max($0, $1.length(row)) } }
            let width = PaddedWidths(fixed: steps.width(for: longest))
            for sequence in sequences { inputs.append(sequence.padded(rows, to: width, padding: 0)) }
        }
        for series in series {
            let windows = rows.flatMap { row -> [Float] in
                // Rows with too little before them are left out everywhere; they have windows of zeros.
                row + 1 < series.lookback
                    ? [Float](repeating: 0, count: series.lookback)
                    : Array(series.values[(row + 1 - series.lookback)...row])
            }
            inputs.append(Buffer(windows, shape: [rows.count, series.lookback]))
        }
        return Samples(inputs: inputs, targets: fixed.targets)
    }

    private static func gathered<Element: BufferElement>(_ values: [Element], _ width: Int, _ rows: [Int]) -> Buffer {
        var chosen: [Element] = []
        chosen.reserveCapacity(rows.count * width)
        for row in rows { chosen += values[(row * width)..<((row + 1) * width)] }
        return Buffer(chosen, shape: [rows.count, width])
    }

    /// The rows of a buffer whose outermost axis counts them.
    static func gathered(_ buffer: Buffer, _ rows: [Int]) -> Buffer {
        let inner = Array(buffer.shape.dropFirst())
        let width = inner.reduce(1, *)
        return buffer.dtype == .int32
            ? gathered(buffer.array(of: Int32.self), width, rows).reshaped([rows.count] + inner)
            : gathered(buffer.array(of: Float.self), width, rows).reshaped([rows.count] + inner)
    }

    /// How long the texts of each row are together, and its sequences; nil without any.
    var lengths: [Int]? {
        let all = texts + sequences
        return all.isEmpty ? nil : (0..<count).map { row in all.reduce(0) { $0 + $1.length(row) } }
    }
}
