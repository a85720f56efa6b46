/// Writes TensorBoard event files: `train/…` every so many steps, `validation/…` when there was one.
///
/// A record is its length, a masked CRC-32C of that, a serialised `Event` message, and a masked CRC-32C of it
/// (tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto). A resumed run writes a file of its own that
/// tells TensorBoard to forget the steps after the checkpoint.
public final class TensorBoard: Callback {
    public let folder: String
    public let stepInterval: Int
    private var file: LogFile?
    private var measures: [String] = []

    public init(folder: String, stepInterval: Int = 100) {
        precondition(stepInterval >= 1, "a record every \(stepInterval) steps")
        self.folder = folder
        self.stepInterval = stepInterval
    }

    public func stepEnded(_ step: borrowing StepReport) throws -> Directive {
        guard step.step % stepInterval == 0 else { return .proceed }
        try write(
            step: step.step,
            [
                MetricValue("train/loss", step.loss), MetricValue("train/learning_rate", step.learningRate),
                MetricValue("train/epoch", Double(step.epoch) + Double(step.batch) / Double(step.batches)),
            ])
        return .proceed
    }

    public func received(_ event: TrainingEvent) throws -> Directive {
        switch event {
        case .started(let plan):
            let time = SystemCalls.wallTime
            let name = "events.out.tfevents.\(Int(time)).\(SystemCalls.hostName).\(SystemCalls.processIdentifier)"
            let file = try LogFile("\(folder)/\(name).\(plan.startStep)")
            self.file = file
            try file.write(EventRecord.framed(EventRecord.version(time: time)))
            if plan.startStep > 0 {
                try file.write(EventRecord.framed(EventRecord.sessionStart(time: time, step: plan.startStep + 1)))
            }
        case .validated(let report):
            try write(step: report.step, report.values.map { MetricValue("validation/" + $0.name, $0.value) })
        case .epochEnded(let report):
            try write(step: report.step, report.training.map { MetricValue("epoch/" + $0.name, $0.value) })
        default: break
        }
        return .proceed
    }

    private func write(step: Int, _ values: [MetricValue]) throws {
        guard !values.isEmpty else { return }
        try file?.write(EventRecord.framed(EventRecord.scalars(time: SystemCalls.wallTime, step: step, values)))
    }
}

/// Event messages in protocol buffers' wire format, written by hand: four fields do not need a library.
enum EventRecord {
    /// The message as a record of the file.
    static func framed(_ message: [UInt8]) -> [UInt8] {
        let length = withUnsafeBytes(of: UInt64(message.count).littleEndian) { Array($0) }
        return length + bytes(CRC32C.masked(length)) + message + bytes(CRC32C.masked(message))
    }

    static func version(time: Double) -> [UInt8] {
        double(1, time) + text(3, "brain.Event:2")
    }

    static func sessionStart(time: Double, step: Int) -> [UInt8] {
        double(1, time) + integer(2, step) + message(7, integer(1, 1))
    }

    static func scalars(time: Double, step: Int, _ values: [MetricValue]) -> [UInt8] {
        let summary = values.flatMap { message(1, text(1, $0.name) + float(2, Float($0.value))) }
        return double(1, time) + integer(2, step) + message(5, summary)
    }

    private static func integer(_ field: Int, _ value: Int) -> [UInt8] { variable(field << 3) + variable(value) }

    private static func double(_ field: Int, _ value: Double) -> [UInt8] {
        variable(field << 3 | 1) + withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    }

    private static func float(_ field: Int, _ value: Float) -> [UInt8] {
        variable(field << 3 | 5) + bytes(value.bitPattern)
    }

    private static func text(_ field: Int, _ value: String) -> [UInt8] { message(field, Array(value.utf8)) }

    private static func message(_ field: Int, _ value: [UInt8]) -> [UInt8] {
        variable(field << 3 | 2) + variable(value.count) + value
    }

    /// Seven bits a byte, the lowest first; the high bit says that more follow.
    private static func variable(_ value: Int) -> [UInt8] {
        var (rest, bytes) = (UInt64(bitPattern: Int64(value)), [UInt8]())
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func bytes(_ value: UInt32) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}

/// The checksum of Castagnoli et al. (1993), reflected, as iSCSI and TensorFlow records use it.
enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
    }

    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }

    /// Rotated and offset, so that a checksum of data that holds checksums is no fixed point.
    static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let value = checksum(bytes)
        return (value >> 15 | value << 17) &+ 0xA282_EAD8
    }
}
