import CWrightTeam
import CWrightTile
import Testing

/// The C kernels against plain Swift loops. Serialized, because the instruction set and the number of threads that the
/// tests go through are one for the process.
@Suite(.serialized)
struct CKernelTests {}

/// Sizes around the widths of vectors and tiles, where kernels go wrong.
let awkwardSizes = [0, 1, 7, 8, 9, 63, 64, 65, 1000]

/// Runs `body` with every instruction set this processor has, and leaves the best one chosen.
func withEveryInstructionSet(_ body: (wright_instruction_set) throws -> Void) rethrows {
    let best = wright_current_instruction_set()
    defer { wright_set_instruction_set(best) }
    for set in [wright_instruction_set.baseline, .avx2, .avx512] where wright_set_instruction_set(set) {
        try body(set)
    }
}

/// Runs `body` with different numbers of threads.
func withThreads(_ counts: [Int32], _ body: () throws -> Void) rethrows {
    let before = wright_use_threads(0)
    defer { _ = wright_use_threads(before) }
    for count in counts {
        _ = wright_use_threads(count)
        try body()
    }
}

/// Memory for kernels, with a margin on either side that must stay as it was.
final class KernelArray<Element: BitwiseCopyable> {
    let count: Int
    let pointer: UnsafeMutablePointer<Element>
    private let block: UnsafeMutableRawPointer
    private let bytes: Int
    private static var margin: Int { 64 }

    init(_ values: [Element]) {
        count = values.count
        bytes = count * MemoryLayout<Element>.stride
        block = .allocate(byteCount: bytes + 2 * Self.margin, alignment: 64)
        block.initializeMemory(as: UInt8.self, repeating: 0xA5, count: bytes + 2 * Self.margin)
        pointer = (block + Self.margin).bindMemory(to: Element.self, capacity: max(count, 1))
        for (index, value) in values.enumerated() { pointer[index] = value }
    }

    convenience init(repeating value: Element, count: Int) { self.init(Array(repeating: value, count: count)) }

    deinit {
        let raw = block.assumingMemoryBound(to: UInt8.self)
        let margins = [0..<Self.margin, Self.margin + bytes..<bytes + 2 * Self.margin]
        let intact = margins.allSatisfy { margin in margin.allSatisfy { raw[$0] == 0xA5 } }
        #expect(intact, "a kernel wrote beyond an array of \(count)")
        block.deallocate()
    }

    var values: [Element] { (0..<count).map { pointer[$0] } }
}

/// Numbers that differ from seed to seed.
struct Numbers {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 32
    }

    mutating func float(in range: ClosedRange<Float>) -> Float {
        range.lowerBound + (range.upperBound - range.lowerBound) * Float(next()) / 4_294_967_296
    }

    static func floats(_ count: Int, in range: ClosedRange<Float> = -2...2, seed: Int = 1) -> [Float] {
        var numbers = Numbers(seed)
        return (0..<count).map { _ in numbers.float(in: range) }
    }

    static func integers(_ count: Int, in range: ClosedRange<Int>, seed: Int = 1) -> [Int32] {
        var numbers = Numbers(seed)
        let span = UInt64(range.upperBound - range.lowerBound + 1)
        return (0..<count).map { _ in Int32(truncatingIfNeeded: range.lowerBound + Int(numbers.next() % span)) }
    }
}

/// Whether `got` is `expected` up to `relative` and `absolute` errors; NaN equals NaN.
func isClose(_ got: Float, _ expected: Double, relative: Double, absolute: Double = 0) -> Bool {
    if expected.isNaN { return got.isNaN }
    if Double(got) == expected || Float(expected) == got { return true }
    return abs(Double(got) - expected) <= absolute + relative * abs(expected)
}

/// Expects two lists to agree, and names the first place where they do not.
func expectClose(
    _ got: [Float], _ expected: [Double], relative: Double = 0, absolute: Double = 0, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(got.count == expected.count, "\(what)", sourceLocation: sourceLocation)
    let wrong = zip(got, expected).enumerated().first { !isClose($1.0, $1.1, relative: relative, absolute: absolute) }
    if let (place, pair) = wrong {
        Issue.record("\(what): element \(place) is \(pair.0), not \(pair.1)", sourceLocation: sourceLocation)
    }
}

func expectSame<Element: Equatable>(
    _ got: [Element], _ expected: [Element], _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    guard got != expected else { return }
    let place = zip(got, expected).enumerated().first { $1.0 != $1.1 }
    let detail = place.map { "element \($0) is \($1.0), not \($1.1)" } ?? "\(got.count) elements, not \(expected.count)"
    Issue.record("\(what): \(detail)", sourceLocation: sourceLocation)
}
