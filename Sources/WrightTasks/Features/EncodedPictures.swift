import WrightData
import WrightGraph
import WrightRuntime

/// What a column of pictures or sounds is for a network: arrays of one shape. They are held in memory while that is little;
/// else each is made anew whenever a batch asks for it.
struct EncodedPictures: Sendable {
    /// Of one.
    let type: TensorType
    /// Rows that have none, and why.
    private(set) var defects: [Int: Phrase] = [:]
    private var held: Buffer?
    private let make: @Sendable (Int) throws(FileError) -> Buffer?

    /// More bytes than this are not held.
    private static let budget = 512 << 20
    private static let workers = 2

    /// `make` gives the picture of a row, of this type; nil where the field is missing. Every row is made once, to know
    /// which can be.
    init(count: Int, _ type: TensorType, make: @escaping @Sendable (Int) throws(FileError) -> Buffer?) throws {
        self.type = type
        self.make = make
        let bytes = type.byteCount
        if count * bytes <= Self.budget { held = Buffer(zeros: TensorType([count] + type.shape, type.dtype)) }
        let isHeld = held != nil
        let made = try Prefetch(depth: 8 * Self.workers, workers: Self.workers) { row -> Made? in
            guard row < count else { return nil }
            do throws(FileError) {
                guard let picture = try make(row) else { return .missing }
                return .picture(isHeld ? picture : nil)
            } catch { return .defect(error.phrase) }
        }
        for row in 0..<count {
            switch try made.next()! {
            case .missing: defects[row] = Phrase("without a file", "没有文件")
            case .defect(let cause): defects[row] = Phrase("with a file that cannot be used: ", "文件无法使用：") + cause
            case .picture(let picture):
                guard let held, let picture else { continue }
                // Safety: `held` was made above for `count` pictures of this type, and nobody else has it yet.
                (held.pointer + row * bytes).copyMemory(from: picture.pointer, byteCount: bytes)
            }
        }
    }

    private enum Made: Sendable {
        /// nil when it is not held.
        case picture(Buffer?)
        case missing
        case defect(Phrase)
    }

    /// The pictures of some rows, in memory of their own; zeros where there are none.
    func samples(_ rows: [Int]) throws -> Buffer {
        let result = Buffer(zeros: TensorType([rows.count] + type.shape, type.dtype))
        let bytes = type.byteCount
        for (place, row) in rows.enumerated() where defects[row] == nil {
            let picture = try held.map { $0.rows(row..<(row + 1)) } ?? make(row)
            guard let picture else { continue }
            // Safety: the result was made above for as many pictures of this type.
            (result.pointer + place * bytes).copyMemory(from: picture.pointer, byteCount: bytes)
        }
        return result
    }
}
