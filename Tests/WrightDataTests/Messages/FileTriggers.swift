import Foundation
import WrightData
import WrightGraph
import WrightRuntime
import WrightTesting

/// What makes the messages of files and their formats come up.
enum FileTriggers {
    static let all: [MessageCode: MessageTrigger] = files.merging(arrays) { one, _ in one }

    private static func json(_ text: String, _ limits: JSON.Limits = JSON.Limits()) throws {
        _ = try JSON(parsing: text, file: "x.json", limits: limits)
    }

    private static let files: [MessageCode: MessageTrigger] = [
        .system: { _ = try FileAccess.read("/nowhere/x") },
        .moreBytesThanRead: { try withFile("12345") { _ = try FileAccess.read($0, limit: 4) } },
        .isFolder: { _ = try FileAccess.map("/") },
        .isNotRegular: { _ = try FileAccess.map("/dev/null") },
        .isBeingWritten: {
            let folder = TemporaryFolder()
            let first = try AtomicFile(folder.path + "/x")
            try withExtendedLifetime((first, folder)) { _ = try AtomicFile(folder.path + "/x") }
        },
        .endedEarly: {
            let folder = TemporaryFolder()
            let file = try AtomicFile(folder.path + "/x")
            try file.write("1234")
            let other = try FileHandle(forWritingTo: URL(filePath: file.temporary))
            try other.truncate(atOffset: 2)
            try withUnsafeTemporaryAllocation(byteCount: 4, alignment: 1) { try file.read(at: 0, into: $0) }
        },
        .notUTF8: { _ = try JSON(parsing: [0x22, 0xFF], file: "x.json") },
        .foldersTooDeep: {
            let folder = TemporaryFolder()
            let path = (0..<20).map { "\($0)" }.joined(separator: "/") + "/a.png"
            _ = folder.write("", path)
            _ = try Records.open(folder.path)
        },
        .jsonUnexpected: { try json("[1 2]") }, .jsonEnds: { try json("[1,") }, .jsonGoesOn: { try json("1 1") },
        .jsonKeyTwice: { try json("{\"a\":1,\n \"a\":2}") }, .jsonControlCharacter: { try json("\"a\u{1}\"") },
        .jsonHalfPair: { try json("\"\\ud800\"") }, .jsonEscape: { try json("\"\\x\"") },
        .jsonNumber: { try json("1e999") }, .jsonDepth: { try json(String(repeating: "[", count: 200)) },
        .jsonValues: {
            var limits = JSON.Limits()
            limits.values = 3
            try json("[1,2,3]", limits)
        },
        .notIDX: { try withFile([1, 0, 8, 1, 0, 0, 0, 0]) { _ = try IDX.load($0) } },
        .idxDamaged: { try withFile([0, 0, 8, 1, 255, 255, 255, 255]) { _ = try IDX.load($0) } },
        .shapeTooLarge: {
            try withFile([0, 0, 14, 3] + [UInt8](repeating: 255, count: 12)) { _ = try IDX.load($0) }
        },
        .noIDXFile: { _ = try ArrayDataset.idx(folder: "/nowhere", part: "train") },
        .idxKind: { try pair(images: [0, 0, 8, 1, 0, 0, 0, 1, 0], labels: [0, 0, 8, 1, 0, 0, 0, 1, 0]) },
        .labelCount: {
            try pair(
                images: [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7], labels: [0, 0, 8, 1, 0, 0, 0, 2, 0, 1])
        },
    ]

    private static func pair(images: [UInt8], labels: [UInt8]) throws {
        let folder = TemporaryFolder()
        _ = folder.write(images, "train-images-idx3-ubyte")
        _ = folder.write(labels, "train-labels-idx1-ubyte")
        _ = try ArrayDataset.idx(folder: folder.path, part: "train")
    }

    private static func numPy(_ header: String, version: UInt8 = 1) throws {
        let bytes = [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        _ = try NumPy.read(storage(bytes), 0..<bytes.count, file: "x.npy")
    }

    private static func safetensors(_ header: String, length: UInt64? = nil) throws {
        let count = length ?? UInt64(header.utf8.count)
        let bytes = withUnsafeBytes(of: count.littleEndian) { Array($0) } + Array(header.utf8)
        _ = try SafetensorsFile(storage(bytes), file: "m.safetensors")
    }

    /// The archive with what stands at a place of its first directory record changed.
    private static func zip(_ place: Int, _ value: UInt8) throws {
        var bytes = contents(golden("stored.npz"))
        let record = (0..<bytes.count).first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) }!
        bytes[record + place] = value
        let archive = try NumPyArchive(storage(bytes), file: "x.npz")
        for name in archive.names { _ = try archive.array(name) }
    }

    private static let arrays: [MessageCode: MessageTrigger] = [
        .notNumPy: { _ = try NumPy.read(storage([UInt8](repeating: 1, count: 12)), 0..<12, file: "x.npy") },
        .numPyDamaged: { try numPy("{'descr': '<f4'") }, .numPyVersion: { try numPy("", version: 9) },
        .numPyStructured: { _ = try NumPy.load(golden("structured.npy")) },
        .numPyPickled: { _ = try NumPy.load(golden("objects.npy")) },
        .numPyText: { _ = try NumPy.load(golden("text.npy")) },
        .elementType: { try numPy("{'descr': '<c8', 'fortran_order': False, 'shape': ()}") },
        .beyondInt64: { _ = try NumPy.load(golden("too_large.npy")) },
        .notSafetensors: { try safetensors("{}", length: .max) },
        .safetensorsDamaged: { try safetensors("[]") },
        .safetensorsEntry: { try safetensors(#"{"a":{"shape":[1],"data_offsets":[0,1]}}"#) },
        .noTensor: { _ = try SafetensorsFile(golden("numpy.safetensors")).tensor("c.weight") },
        .noDataset: { _ = try ArrayDataset(contentsOf: golden("numpy.safetensors")) },
        .zipDamaged: { _ = try NumPyArchive(storage(Array(contents(golden("stored.npz")).dropLast())), file: "x.npz") },
        .zipEncrypted: { try zip(8, 1) }, .zipMethod: { try zip(10, 9) },
        .compressedData: {
            var bytes = contents(golden("deflated.npz"))
            for place in 60..<90 { bytes[place] = 0xFF }
            let archive = try NumPyArchive(storage(bytes), file: "x.npz")
            for name in archive.names { _ = try archive.array(name) }
        },
        .gzipEnds: {
            var random = TestRandom(1)
            let values = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &random) }
            try withFile(gzipped([0, 0, 8, 1, 0, 0, 19, 136] + values).dropLast(20), "x.gz") { _ = try IDX.load($0) }
        },
        .noArray: { _ = try NumPyArchive(golden("stored.npz")).array("x") },
    ]
}
