import Foundation
import Testing
import WrightGraph
import WrightRuntime

/// The path of a file that another library made (see Golden/make.py).
func golden(_ name: String) -> String {
    Bundle.module.resourceURL!.appending(path: "Golden/\(name)").path
}

/// A folder that is removed with everything in it.
final class TemporaryFolder {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "/wright-\(UUID().uuidString)"
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }  // Why: what is left is in the temporary folder

    /// Writes a file and gives its path.
    func write(_ bytes: some Sequence<UInt8>, _ name: String) -> String {
        let file = path + "/" + name
        try! FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        precondition(FileManager.default.createFile(atPath: file, contents: Data(bytes)))
        return file
    }

    func write(_ text: String, _ name: String) -> String { write(text.utf8, name) }

    var names: [String] { try! FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

func contents(_ path: String) -> [UInt8] { [UInt8](FileManager.default.contents(atPath: path)!) }

/// The bytes as a storage, like a mapped file.
func storage(_ bytes: [UInt8]) -> Storage {
    let storage = Storage(byteCount: bytes.count)
    bytes.withUnsafeBytes {
        if let base = $0.baseAddress { storage.pointer.copyMemory(from: base, byteCount: $0.count) }
    }
    return storage
}

/// What `body` throws; fails the test when it throws nothing or another type.
func fileError(_ location: SourceLocation = #_sourceLocation, _ body: () throws -> Void) -> FileError? {
    do {
        try body()
        Issue.record("nothing was thrown", sourceLocation: location)
    } catch let error as FileError {
        return error
    } catch {
        Issue.record("\(error) is no FileError", sourceLocation: location)
    }
    return nil
}

/// Generates the same numbers for the same seed.
struct TestRandom: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
