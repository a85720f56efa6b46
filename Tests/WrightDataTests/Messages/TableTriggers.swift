import WrightData
import WrightGraph
import WrightRuntime
import WrightTesting

/// What makes the messages of tables come up.
enum TableTriggers {
    static let all: [MessageCode: MessageTrigger] = texts.merging(others) { one, _ in one }

    private static func read(
        _ bytes: [UInt8], _ name: String = "x.csv", _ options: Records.Options = Records.Options()
    ) throws {
        try withFile(bytes, name) { path in
            var reader = try Records.open(path, options)
            while try reader.next() != nil {}
        }
    }

    private static func read(_ text: String, _ name: String = "x.csv", _ options: Records.Options = .init()) throws {
        try read(Array(text.utf8), name, options)
    }

    private static func csv(_ text: String, _ change: (inout CSVFormat) -> Void = { _ in }) throws {
        var format = CSVFormat()
        change(&format)
        try withFile(text, "x.csv") { path in
            let reader = try CSVReader(path, format)
            while try reader.next() != nil {}
        }
    }

    private static func table(_ text: String, _ use: (Table) throws -> Void) throws {
        try withFile(text, "x.csv") { try use(Table(contentsOf: $0)) }
    }

    private static let texts: [MessageCode: MessageTrigger] = [
        .noRows: { try csv("\n\n") }, .columnTwice: { try csv("a,a\n") },
        .namedColumns: { try csv("1,2,3\n") { $0.columns = ["a", "b"] } },
        .unfitRow: { try csv("a,b\n1\n") { $0.isStrict = true } },
        .fieldNotUTF8: { try read(Array("a,b\nx,y".utf8) + [0xFF, 0x0A]) },
        .unclosedQuote: { try csv("a,b\n3,\"4\n") },
        .fieldTooLarge: {
            try csv("a\n\"" + String(repeating: "x", count: 100_001) + "\"\n") { $0.maximumFieldBytes = 100_000 }
        },
        .lineTooLong: { try withFile([UInt8](repeating: 0x61, count: 65 << 20)) { _ = try TextRows(contentsOf: $0) } },
        .byteNotUTF8: { try read(Array("@relation ".utf8) + [0xFF, 0x0A], "x.arff") },
        .undecodable: { try read([0x61, 0x0A, 0xFF, 0xFF], "x.csv", .init(encoding: .gb18030)) },
        .noColumn: { try table("x,c\n1,a\n") { _ = try $0.column("y") } },
        .noNumbers: { try table("n,c\nq,a\n") { _ = try $0.numbers(target: "c") } },
        .otherFile: { try read([0x50, 0x4B, 0x03, 0x04, 0x14, 0x00], "x.csv") },
        .idleOption: { try read("{\"a\": 1}\n", "x.jsonl", .init(delimiter: ";")) },
        .arffNoName: { try read("@attribute\n@data\n", "x.arff") },
        .arffType: { try read("@attribute x relational\n@data\n", "x.arff") },
        .arffTwice: { try read("@attribute x real\n@attribute x real\n@data\n", "x.arff") },
        .arffHeader: { try read("@attribute x numeric\n1\n", "x.arff") },
        .arffEnds: { try read("@relation a\n@data\n", "x.arff") },
        .jsonArray: { try read("[{\"a\": 1}] x", "x.json") }, .noObjects: { try read("[]", "x.json") },
    ]

    private static let others: [MessageCode: MessageTrigger] = [
        .needsColumn: {
            let folder = TemporaryFolder()
            _ = folder.write("name,label\na.png,x\n", "metadata.csv")
            _ = try ImageFolder(folder.path)
        },
        .noTable: { _ = try Records.open(golden("people.db"), .init(table: "cars")) },
        .noTables: {
            // No cells on the page that lists the tables.
            var bytes = contents(golden("people.db"))
            bytes.replaceSubrange(103..<105, with: [0, 0])
            try read(bytes, "x.db")
        },
        .severalTables: { _ = try Records.open(golden("people.db")) },
        .database: { try read(Array(contents(golden("people.db")).prefix(600)), "x.db", .init(table: "cities")) },
        .columnNotUTF8: {
            var bytes = contents(golden("people.db"))
            let name = Array("王小明".utf8)
            let place = (0..<bytes.count).first { bytes[$0...].starts(with: name) }!
            bytes[place] = 0xFF
            try read(bytes, "x.db", .init(table: "people \"2\""))
        },
        .noExamples: { try archive([("a", [1])]) }, .unfitArrays: { try archive([("x", [1, 2]), ("y", [1, 2])]) },
        .emptyDataset: { _ = try Pipeline(dataset(0)).stream() },
        .noBatch: {
            var config = Pipeline.Config()
            config.batchSize = 8
            config.dropsLast = true
            _ = try Pipeline(dataset(3), config).stream()
        },
        .labelOutOfRange: {
            var augmentation = Augmentation()
            augmentation.mixup = 0.5
            var config = Pipeline.Config()
            (config.batchSize, config.classes, config.augmentation) = (4, 4, augmentation)
            let images = ArrayDataset(
                images: Buffer([UInt8](repeating: 1, count: 16), shape: [4, 2, 2, 1]),
                labels: Buffer([7, 7, 7, 7] as [Int32]))
            _ = try Pipeline(images, config).batch(at: DataPosition(seed: 1))
        },
    ]

    private static func dataset(_ count: Int) -> ArrayDataset {
        ArrayDataset(
            images: Buffer([Float](repeating: 0, count: count), shape: [count, 1]),
            labels: Buffer([Int32](repeating: 0, count: count)))
    }

    private static func archive(_ arrays: [(String, [Float])]) throws {
        let folder = TemporaryFolder()
        try NumPyArchive.write(arrays.map { ($0.0, Buffer($0.1)) }, to: folder.path + "/x.npz")
        _ = try Records.open(folder.path + "/x.npz")
    }
}
