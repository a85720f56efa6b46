public import WrightGraph
public import WrightRuntime

/// What the parts of a picture, or of a sound's spectrogram, do for an answer: a value for each field of a grid over it.
public struct PictureRegions: Sendable {
    /// What the network sees, uint8 `[height, width, 1 or 3]`; of a sound its spectrogram, time downwards.
    public let picture: Buffer
    public let isSound: Bool
    public let rows: Int
    public let columns: Int
    /// Row after row from the top; above 0 it speaks for the answer.
    public let values: [Double]

    /// Along each side.
    static let mostFields = 8

    public var total: Double { values.reduce(0, +) }

    /// - Parameter values: of a grid that divides the picture, `[1, height, width, channels]` of uint8 or float32.
    init(_ values: [Double], rows: Int, columns: Int, over picture: Buffer) {
        self.values = values
        self.rows = rows
        self.columns = columns
        self.picture = Self.seen(picture)
        isSound = picture.dtype != .uint8
    }

    /// Adds the values of pixels up, as single ones say little: eight fields along each side at most.
    init(adding pixels: [Double], over picture: Buffer) {
        let (height, width) = (picture.shape[1], picture.shape[2])
        let (rows, columns) = (min(Self.mostFields, height), min(Self.mostFields, width))
        var sums = [Double](repeating: 0, count: rows * columns)
        for y in 0..<height {
            for x in 0..<width { sums[y * rows / height * columns + x * columns / width] += pixels[y * width + x] }
        }
        self.init(sums, rows: rows, columns: columns, over: picture)
    }

    /// What the network sees of `[1, height, width, channels]`: bytes as they are, other numbers as grey from the least to
    /// the largest.
    fileprivate static func seen(_ picture: Buffer) -> Buffer {
        let shape = Array(picture.shape.dropFirst())
        guard picture.dtype != .uint8 else { return picture.reshaped(shape) }
        let values = picture.array(of: Float.self)
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        return Buffer(values.map { UInt8(255 * ($0 - low) / max(high - low, 1e-9)) }, shape: shape)
    }

    /// `{"rows", "columns", "values": [[…]…]}`.
    public var json: JSON {
        [
            "rows": .integer(Int64(rows)), "columns": .integer(Int64(columns)),
            "values": .array((0..<rows).map { .numbers(Array(values[($0 * columns)..<(($0 + 1) * columns)])) }),
        ]
    }
}

extension TaskModel {
    /// The picture in a field of an image column as networks see it, uint8 `[height, width, 1 or 3]`; nil for other columns,
    /// and for what cannot be read.
    public func picture(_ column: String, row: Int, of table: TaskTable) throws -> Buffer? {
        guard let place = config.inputs.firstIndex(where: { $0.name == column }),
            config.inputs[place].settings is ImageInput.Settings,
            let field = table.fields(of: config.inputs[place])?[row],
            let pictures = try inputs[place].encode([field]).pictures.first, pictures.defects.isEmpty
        else { return nil }
        return PictureRegions.seen(try pictures.samples([0]))
    }
}
