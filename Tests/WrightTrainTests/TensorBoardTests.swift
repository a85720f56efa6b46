import Foundation
import Testing

@testable import WrightTrain

/// Reads the files back by their published format, not by our own writer.
struct TensorBoardTests {
    /// Catches a wrong polynomial, reflection or mask; values from RFC 3720, appendix B.4.
    @Test func checksumsAreCastagnolis() {
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum(Array(0..<32)) == 0x46DD_794E)
    }

    struct Reader {
        var bytes: ArraySlice<UInt8>

        mutating func take(_ count: Int) -> ArraySlice<UInt8> {
            defer { bytes = bytes.dropFirst(count) }
            return bytes.prefix(count)
        }

        mutating func number(_ count: Int) -> UInt64 { take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) } }

        mutating func variable() -> UInt64 {
            var (value, shift) = (UInt64(0), UInt64(0))
            while let byte = take(1).first {
                value |= UInt64(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            return value
        }

        /// The fields of a message: their numbers and bytes (numbers as 8 bytes).
        mutating func fields() -> [(field: Int, bytes: ArraySlice<UInt8>)] {
            var fields: [(Int, ArraySlice<UInt8>)] = []
            while !bytes.isEmpty {
                let key = variable()
                let content: ArraySlice<UInt8> =
                    switch key & 7 {
                    case 0: ArraySlice(withUnsafeBytes(of: variable().littleEndian) { Array($0) })
                    case 1: take(8)
                    case 2: take(Int(variable()))
                    default: take(4)
                    }
                fields.append((Int(key >> 3), content))
            }
            return fields
        }
    }

    private func records(_ path: String) throws -> [[(field: Int, bytes: ArraySlice<UInt8>)]] {
        var reader = Reader(bytes: ArraySlice(try Data(contentsOf: URL(filePath: path))))
        var records: [[(field: Int, bytes: ArraySlice<UInt8>)]] = []
        while !reader.bytes.isEmpty {
            let header = reader.take(8)
            #expect(reader.number(4) == UInt64(CRC32C.masked(header)))
            var length = Reader(bytes: header)
            let message = reader.take(Int(length.number(8)))
            #expect(reader.number(4) == UInt64(CRC32C.masked(message)))
            var fields = Reader(bytes: message)
            records.append(fields.fields())
        }
        return records
    }

    /// Catches wrong framing, field numbers or wire types.
    @Test func recordsReadBack() throws {
        let folder = try TemporaryFolder()
        let board = TensorBoard(folder: folder.path, stepInterval: 2)
        _ = try board.received(.started(.sample(startStep: 300)))
        let means = RunningMeans(count: 2)
        for step in 301...302 {
            _ = try board.stepEnded(
                StepReport(
                    step: step, epoch: 30, batch: step - 300, batches: 10, examples: 64, totalExamples: step * 64,
                    loss: 0.375, learningRate: 0.001, means: means))
        }
        let file = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
        #expect(file.hasPrefix("events.out.tfevents."))
        let records = try records(folder.path + "/" + file)
        #expect(records.count == 3)
        #expect(records.map { $0.map(\.field) } == [[1, 3], [1, 2, 7], [1, 2, 5]])
        #expect(String(decoding: records[0][1].bytes, as: UTF8.self) == "brain.Event:2")
        var step = Reader(bytes: records[2][1].bytes)
        #expect(step.number(8) == 302)
        var summary = Reader(bytes: records[2][2].bytes)
        var first = Reader(bytes: summary.fields()[0].bytes)
        let value = first.fields()
        #expect(String(decoding: value[0].bytes, as: UTF8.self) == "train/loss")
        var number = Reader(bytes: value[1].bytes)
        #expect(Float(bitPattern: UInt32(number.number(4))) == 0.375)
    }
}
