public import WrightGraph
public import WrightRuntime

/// A dataset whose rows lie in memory, or in a mapped file that is read when touched.
public struct ArrayDataset: Dataset {
    public let arrays: Samples

    /// The outermost axis of every buffer counts the rows; they must agree.
    public init(_ arrays: Samples) { self.arrays = arrays }

    /// Images uint8 or float32 [N, H, W, C] and class numbers int32 [N].
    public init(images: Buffer, labels: Buffer) {
        self.init(Samples(inputs: [images], targets: [labels]))
    }

    public var count: Int { arrays.count }
    public var inputTypes: [TensorType] { arrays.inputs.map(\.sampleType) }
    public var targetTypes: [TensorType] { arrays.targets.map(\.sampleType) }

    /// The first target's values: class numbers.
    public var labels: [Int32] {
        arrays.targets.first.map { $0.dtype == .int32 ? $0.array() : $0.doubles.map { Int32($0) } } ?? []
    }

    public func samples(_ rows: [Int]) throws -> Samples {
        Samples(
            inputs: arrays.inputs.map { $0.gathered(rows) }, targets: arrays.targets.map { $0.gathered(rows) },
            weights: arrays.weights?.gathered(rows))
    }
}

extension Buffer {
    /// The type of one row.
    package var sampleType: TensorType { TensorType(Array(shape.dropFirst()), dtype) }

    /// Copies of the given rows of the outermost axis.
    package func gathered(_ rows: [Int]) -> Buffer {
        let row = sampleType
        let result = Buffer(uninitialised: TensorType([rows.count] + row.shape, dtype))
        let bytes = row.byteCount
        for (index, source) in rows.enumerated() {
            precondition(source >= 0 && source < shape[0], "there is no row \(source) in \(type)")
            (result.pointer + index * bytes).copyMemory(from: pointer + source * bytes, byteCount: bytes)
        }
        return result
    }

    /// A buffer whose elements are written before they are read: batches are filled whole, zeros would cost a pass.
    package init(uninitialised type: TensorType) {
        let bytes = (max(type.byteCount, 1) + Storage.alignment - 1) / Storage.alignment * Storage.alignment
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Storage.alignment)
        self.init(type, storage: Storage(adopting: memory, byteCount: type.byteCount) { $0.deallocate() })
    }
}

// MARK: Files

extension ArrayDataset {
    /// Reads what ``DatasetWriter`` or ``save(to:metadata:)`` wrote. The file is mapped, not loaded: it may be larger
    /// than the memory.
    public init(contentsOf path: String) throws(FileError) {
        try self.init(SafetensorsFile(path))
    }

    init(_ file: SafetensorsFile) throws(FileError) {
        var inputs: [Buffer] = []
        var targets: [Buffer] = []
        // Rows are copied when they are gathered, so the file's own alignment is good enough.
        while file.contains(Self.inputName(inputs.count)) {
            inputs.append(try file.tensor(Self.inputName(inputs.count), alignment: 1))
        }
        while file.contains(Self.targetName(targets.count)) {
            targets.append(try file.tensor(Self.targetName(targets.count), alignment: 1))
        }
        let weights = file.contains(Self.weightName) ? try file.tensor(Self.weightName, alignment: 1) : nil
        let buffers = inputs + targets + (weights.map { [$0] } ?? [])
        guard !inputs.isEmpty, buffers.allSatisfy({ $0.type.rank > 0 && $0.shape[0] == inputs[0].shape[0] }) else {
            throw FileError(
                .invalid, file: file.file, Message(.noDataset))
        }
        self.init(Samples(inputs: inputs, targets: targets, weights: weights))
    }

    /// Writes the rows to one safetensors file, whole or not at all.
    public func save(to path: String, metadata: [String: String] = [:]) throws(FileError) {
        try SafetensorsFile.write(named, metadata: metadata, to: path)
    }

    private var named: [(name: String, buffer: Buffer)] {
        arrays.inputs.enumerated().map { (Self.inputName($0), $1) }
            + arrays.targets.enumerated().map { (Self.targetName($0), $1) }
            + (arrays.weights.map { [(Self.weightName, $0)] } ?? [])
    }

    static func inputName(_ index: Int) -> String { "input.\(index)" }
    static func targetName(_ index: Int) -> String { "target.\(index)" }
    static let weightName = "weights"
}
