import Foundation
import Testing
import WrightData
import WrightGraph
import WrightRuntime

/// Mutates sound files for a stated time and reads each: every one must be read or refused, none may crash, hang or
/// take memory without bound.
///
///     WRIGHT_FUZZ_SECONDS=60 swift test --sanitize=address --scratch-path .build-asan --filter FuzzTests
///     WRIGHT_FUZZ_SECONDS=60 swift test -Xcc -fsanitize=undefined -Xcc -fsanitize-trap=undefined \
///         --scratch-path .build-ubsan --filter FuzzTests
///
/// WRIGHT_FUZZ_SEED chooses other mutations. WRIGHT_FUZZ_LAST names a file that holds each input before it is tried:
/// after a crash, the culprit.
@Suite(.serialized) struct FuzzTests {
    @Test(arguments: Target.all) func readersSurviveAnyInput(_ target: Target) throws {
        let environment = ProcessInfo.processInfo.environment
        let seconds = environment["WRIGHT_FUZZ_SECONDS"].flatMap(Double.init) ?? 2
        let seed = environment["WRIGHT_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
        let end = ContinuousClock.now + .seconds(seconds / Double(Target.all.count))
        var random = TestRandom(seed)
        var tries = 0
        var accepted = 0
        while ContinuousClock.now < end || tries < 20 {
            var bytes = target.corpus[tries % target.corpus.count]
            for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, target.corpus, &random) }
            bytes = target.mend(bytes)
            if let last = environment["WRIGHT_FUZZ_LAST"] { try Data(bytes).write(to: URL(filePath: last)) }
            do {
                try target.read(bytes)
                accepted += 1
            } catch let error as FileError {
                #expect(!error.cause.isEmpty)
            }
            tries += 1
        }
        print("fuzz \(target): \(tries) inputs, \(accepted) read, \(tries - accepted) refused")
        // Mutations that are all refused at the door, or all accepted, would test nothing.
        #expect(accepted < tries)
    }

    private func mutate(_ bytes: inout [UInt8], _ corpus: [[UInt8]], _ random: inout TestRandom) {
        guard !bytes.isEmpty else {
            bytes = corpus[0]
            return
        }
        let at = Int.random(in: 0..<bytes.count, using: &random)
        let length = Int.random(in: 1...min(16, bytes.count - at), using: &random)
        switch Int.random(in: 0..<9, using: &random) {
        case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes[at] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random)!
        case 3: bytes = Array(bytes[..<at])
        case 4: bytes.removeSubrange(at..<(at + length))
        case 5: bytes.insert(contentsOf: bytes[at..<(at + length)], at: at)
        case 6: bytes.insert(contentsOf: (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }, at: at)
        case 7:
            let width = [2, 4, 8].randomElement(using: &random)!
            let extreme = [[UInt8](repeating: 0xFF, count: width), [UInt8](repeating: 0, count: width - 1) + [0x80]]
            let end = min(at + width, bytes.count)
            bytes.replaceSubrange(at..<end, with: extreme.randomElement(using: &random)!.prefix(end - at))
        default:
            let other = corpus.randomElement(using: &random)!
            let from = Int.random(in: 0..<other.count, using: &random)
            bytes = Array(bytes[..<at]) + other[from...]
        }
    }

    struct Target: CustomTestStringConvertible, Sendable, CustomStringConvertible {
        let name: String
        let corpus: [[UInt8]]
        /// Repairs what would stop every mutation at the first check.
        var mend: @Sendable ([UInt8]) -> [UInt8] = { $0 }
        let read: @Sendable ([UInt8]) throws -> Void

        var testDescription: String { name }
        var description: String { name }

        /// Reads through a file, for readers that stream.
        private static func throughFile(_ bytes: [UInt8], _ read: (String) throws -> Void) throws {
            let folder = TemporaryFolder()
            try withExtendedLifetime(folder) { try read(folder.write(bytes, "fuzzed")) }
        }

        private static func touch(_ buffer: Buffer) { precondition(buffer.doubles.count == buffer.count) }

        /// Encodes and decodes; what the text or the pattern makes impossible is no crash.
        private static func touch(_ tokenizer: Tokenizer) {
            do throws(TokenizerError) {
                let ids = try tokenizer.encode("The naïve 今天 👩‍👧 <sep> x").ids
                _ = try tokenizer.decode(ids + [-1, 1 << 30])
            } catch {
                #expect(!error.description.isEmpty)
            }
        }

        private static var smallLimits: ImageFile.Limits {
            var limits = ImageFile.Limits()
            limits.pixels = 1_000_000
            return limits
        }

        static let all = [
            Target(
                name: "safetensors", corpus: ["numpy.safetensors", "torch.safetensors"].map { contents(golden($0)) }
            ) {
                let file = try SafetensorsFile(storage($0), file: "fuzzed")
                for entry in file.entries where file.type(of: entry.name) != nil { touch(try file.tensor(entry.name)) }
            },
            Target(
                name: "npy",
                corpus: ["c_order", "fortran", "big_endian", "half", "version2", "version3"].map {
                    contents(golden($0 + ".npy"))
                }
            ) { touch(try NumPy.read(storage($0), 0..<$0.count, file: "fuzzed")) },
            Target(name: "npz", corpus: ["stored.npz", "deflated.npz"].map { contents(golden($0)) }) {
                let archive = try NumPyArchive(storage($0), file: "fuzzed")
                for name in archive.names { touch(try archive.array(name)) }
            },
            Target(
                name: "png",
                corpus: ["L", "LA", "RGB", "RGBA", "palette", "interlaced", "onebit", "deep"].map {
                    contents(golden($0 + ".png"))
                }, mend: withRightSums
            ) {
                touch(try ImageFile.decode($0, file: "fuzzed", limits: smallLimits))
            },
            Target(
                name: "jpeg",
                corpus: ["baseline", "progressive", "full", "grey", "cmyk", "turned"].map {
                    contents(golden($0 + ".jpg"))
                }
            ) {
                touch(try ImageFile.decode($0, file: "fuzzed", limits: smallLimits))
            },
            Target(
                name: "idx",
                corpus: [
                    [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2] + Array(1...12),
                    gzipped([0, 0, 0x0D, 2, 0, 0, 0, 3, 0, 0, 0, 2] + [UInt8](repeating: 63, count: 24)),
                ]
            ) { try throughFile($0) { touch(try IDX.load($0)) } },
            Target(
                name: "csv",
                corpus: [
                    Array("a,b\n1,\"x,\"\"y\"\"\n\"\n3,4\r\n\r5,é\n".utf8), gzipped(Array("a\tb\tc\n1\t2\t3\n".utf8)),
                ]
            ) {
                try throughFile($0) {
                    var format = CSVFormat()
                    format.delimiter = nil
                    let table = try Table(contentsOf: $0, format)
                    precondition(table.columns.allSatisfy { $0.count == table.count })
                }
            },
            Target(
                name: "tokenizer.json",
                corpus: ["gpt2", "llama2", "bert", "unigram", "word"].map {
                    contents(golden("Text/\($0).tokenizer.json"))
                }
            ) {
                let tokenizer = try Tokenizer(json: JSON(parsing: $0, file: "fuzzed"), file: "fuzzed")
                touch(tokenizer)
            },
            Target(
                name: "sentencepiece", corpus: ["unigram", "bpe"].map { contents(golden("Text/sp-\($0).model")) }
            ) { touch(try Tokenizer(sentencePiece: $0, file: "fuzzed")) },
            Target(
                name: "json",
                corpus: [Array(#"{"a": [1, -2.5e3, "\u00e9\ud83d\ude00", null], "b": {"c": true}}"#.utf8)]
            ) {
                let json = try JSON(parsing: $0, file: "fuzzed")
                #expect(try JSON(parsing: json.text()) == json)
            },
        ]
    }
}

/// A PNG file whose chunks all have the right check sum, so that mutations reach the decoder.
private func withRightSums(_ bytes: [UInt8]) -> [UInt8] {
    var mended = Array(bytes.prefix(8))
    var at = 8
    while at + 12 <= bytes.count {
        let length = bytes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - at - 12 else { break }
        let type = String(decoding: bytes[(at + 4)..<(at + 8)], as: UTF8.self)
        // A type that is not text would not come back as the same bytes.
        guard type.utf8.count == 4 else { break }
        mended += chunk(type, Array(bytes[(at + 8)..<(at + 8 + length)]))
        at += 12 + length
    }
    return mended + bytes[min(at, bytes.count)...]
}
