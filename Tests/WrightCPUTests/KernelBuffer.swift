import CWrightDNN

/// Floats at an address that kernels accept, deterministic unless given.
final class KernelBuffer {
    let count: Int
    let floats: UnsafeMutablePointer<Float>

    /// `bytes` of memory full of NaN: what a kernel reads of it without having written it, shows.
    init(bytes: Int) {
        count = (bytes + 3) / 4
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 64) + 64, alignment: 64)
        floats = memory.bindMemory(to: Float.self, capacity: count + 16)
        floats.initialize(repeating: .nan, count: count + 16)
    }

    convenience init(_ values: [Float]) {
        self.init(bytes: values.count * 4)
        for (index, value) in values.enumerated() { floats[index] = value }
    }

    deinit { floats.deallocate() }

    var values: [Float] { (0..<count).map { floats[$0] } }

    /// Values in −1 … 1 that differ from seed to seed (a linear congruential generator, Knuth's constants).
    static func random(_ count: Int, seed: UInt64) -> [Float] {
        var state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
        }
    }
}

/// A primitive that owns what it is bound to, and is destroyed with it.
final class KernelLaunch {
    let primitive: OpaquePointer
    private var buffers: [wright_dnn_argument: KernelBuffer] = [:]

    init?(_ status: wright_dnn_status, _ primitive: OpaquePointer?) {
        guard status == .ok, let primitive else { return nil }
        self.primitive = primitive
        let scratch = wright_dnn_scratch_bytes(primitive)
        if scratch > 0 { bind(.scratch, KernelBuffer(bytes: scratch)) }
    }

    deinit { wright_dnn_destroy(primitive) }

    var implementation: String { String(cString: wright_dnn_implementation(primitive)) }

    func bind(_ argument: wright_dnn_argument, _ buffer: KernelBuffer) {
        let status = wright_dnn_bind(primitive, argument, buffer.floats)
        precondition(status == .ok, String(cString: wright_dnn_message()))
        buffers[argument] = buffer
    }

    /// Binds values in their plain layout, packing them if the primitive wants another one.
    func bindPlain(_ argument: wright_dnn_argument, _ values: [Float]) {
        let plain = KernelBuffer(values)
        if wright_dnn_is_plain(primitive, argument) { return bind(argument, plain) }
        let packed = KernelBuffer(bytes: wright_dnn_argument_bytes(primitive, argument))
        var pointer: OpaquePointer?
        let pack = KernelLaunch(wright_dnn_pack(primitive, argument, &pointer), pointer)!
        pack.bind(.source, plain)
        pack.bind(.destination, packed)
        pack.run()
        bind(argument, packed)
    }

    /// What the primitive wrote, in its plain layout.
    func plain(_ argument: wright_dnn_argument, count: Int) -> [Float] {
        let buffer = buffers[argument]!
        if wright_dnn_is_plain(primitive, argument) { return buffer.values }
        let plain = KernelBuffer(bytes: count * 4)
        var pointer: OpaquePointer?
        let unpack = KernelLaunch(wright_dnn_unpack(primitive, argument, &pointer), pointer)!
        unpack.bind(.source, buffer)
        unpack.bind(.destination, plain)
        unpack.run()
        return plain.values
    }

    func run() {
        wright_dnn_run(UnsafeMutableRawPointer(primitive))
        precondition(wright_dnn_run_status(primitive) == .ok)
    }
}

/// ‖actual − expected‖ / ‖expected‖; infinite when anything is NaN.
func relativeError(_ actual: [Float], _ expected: [Double]) -> Double {
    precondition(actual.count == expected.count)
    var difference = 0.0
    var size = 0.0
    for (value, wanted) in zip(actual, expected) {
        difference += (Double(value) - wanted) * (Double(value) - wanted)
        size += wanted * wanted
    }
    let error = (difference / max(size, 1e-30)).squareRoot()
    return error.isNaN ? .infinity : error
}
