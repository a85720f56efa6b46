import WrightData
import WrightGraph
import WrightRuntime

/// Encoded rows: what a ``TaskNetwork`` reads, and where there are some, what it should answer.
struct TaskRows: Dataset {
    private let form: NetworkForm
    private let continuous: [Float]
    private let plain: [Float]
    private let categories: [Int32]
    private let texts: [TokenSequences]
    private let widths: [PaddedWidths]
    /// One for each output.
    private let targets: [Buffer]
    let count: Int

    /// `columns` are those that `form` was made of, in its order.
    init(_ columns: [EncodedInput], _ form: NetworkForm, targets: [Buffer] = [], count: Int) {
        self.form = form
        self.count = count
        self.targets = targets
        var continuous: [(values: [Float], width: Int)] = []
        var plain: [(values: [Float], width: Int)] = []
        var categories: [(values: [Int32], width: Int)] = []
        var texts: [TokenSequences] = []
        var offset = 0
        for column in columns {
            switch column {
            case .numbers(let numbers, let others):
                continuous.append((numbers, numbers.count / max(count, 1)))
                plain.append((others, others.count / max(count, 1)))
            case .category(let numbers):
                let start = Int32(offset)
                offset += form.categories[categories.count]
                categories.append((numbers.map { $0 + start }, 1))
            case .tokens(let sequences): texts.append(sequences)
            }
        }
        self.continuous = Self.joined(continuous, count)
        self.plain = Self.joined(plain, count)
        self.categories = Self.joined(categories, count)
        self.texts = texts
        widths = form.texts.map { PaddedWidths(maximum: $0.maximum) }
    }

    /// Columns side by side.
    private static func joined<Element>(_ columns: [(values: [Element], width: Int)], _ count: Int) -> [Element] {
        var rows: [Element] = []
        rows.reserveCapacity(columns.reduce(0) { $0 + $1.values.count })
        for row in 0..<count {
            for column in columns where column.width > 0 {
                rows += column.values[(row * column.width)..<((row + 1) * column.width)]
            }
        }
        return rows
    }

    var inputTypes: [TensorType] {
        (form.continuous > 0 ? [TensorType([form.continuous])] : [])
            + (form.plain > 0 ? [TensorType([form.plain])] : [])
            + (form.categories.isEmpty ? [] : [TensorType([form.categories.count], .int32)])
            + form.texts.map { TensorType([$0.maximum], .int32) }
    }

    var targetTypes: [TensorType] { targets.map { TensorType(Array($0.shape.dropFirst()), $0.dtype) } }

    func samples(_ rows: [Int]) -> Samples {
        var inputs: [Buffer] = []
        if form.continuous > 0 { inputs.append(Self.gathered(continuous, form.continuous, rows)) }
        if form.plain > 0 { inputs.append(Self.gathered(plain, form.plain, rows)) }
        if !form.categories.isEmpty { inputs.append(Self.gathered(categories, form.categories.count, rows)) }
        for (text, widths) in zip(texts, widths) { inputs.append(text.padded(rows, to: widths, padding: 0)) }
        return Samples(inputs: inputs, targets: targets.map { Self.gathered($0, rows) })
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

    /// How long the texts of each row are together; nil without texts.
    var lengths: [Int]? {
        texts.isEmpty ? nil : (0..<count).map { row in texts.reduce(0) { $0 + $1.length(row) } }
    }
}
