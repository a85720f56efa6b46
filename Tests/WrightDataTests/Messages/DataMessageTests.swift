import Testing
import WrightData
import WrightGraph
import WrightRuntime
import WrightTesting

/// Every code of files, tables, texts, pictures and sounds, said because of real input.
struct DataMessageTests {
    private static let triggers = FileTriggers.all.merging(TableTriggers.all) { one, _ in one }
        .merging(TextTriggers.all) { one, _ in one }.merging(MediaTriggers.all) { one, _ in one }

    @Test("A code is said by what it is for, alike in both languages", arguments: Array(triggers.keys))
    func code(code: MessageCode) throws { expectMessage(code, Self.triggers[code]!) }

    /// What no test can make come up here.
    private static let rare: [MessageCode] = [
        // Needs a C library that lacks one of the few encodings of `TextEncoding`; glibc and musl have them all.
        .noEncoding,
        // Needs a machine without memory for the few kilobytes that matching takes.
        .noMemoryForMatching,
        // Needs a text of 2 GiB, and its copies.
        .textTooLong,
    ]

    @Test("No code of these areas is without a trigger")
    func everyCode() {
        expectEveryCode(in: [1000...1008, 1010...1999], isTriggeredBy: Array(Self.triggers.keys) + Self.rare)
    }
}

/// A file of a folder that lives as long as `read` reads it.
func withFile(_ bytes: some Sequence<UInt8>, _ name: String = "file", _ read: (String) throws -> Void) throws {
    let folder = TemporaryFolder()
    try withExtendedLifetime(folder) { try read(folder.write(bytes, name)) }
}

func withFile(_ text: String, _ name: String = "file", _ read: (String) throws -> Void) throws {
    try withFile(text.utf8, name, read)
}
