import Foundation
import Testing
import Wright
@testable import WrightTasks

/// Tasks over pictures and sounds: from files to a model and back, and files that are not what they should be.
struct MediaTaskTests {
    /// A grey picture, bright on the left or on the right.
    private static func picture(_ isLeft: Bool, _ number: Int) -> [UInt8] {
        let pixels = (0..<(12 * 12)).map { place -> UInt8 in
            let isBright = (place % 12 < 6) == isLeft
            return UInt8((isBright ? 180 : 40) + (place * 7 + number * 13) % 30)
        }
        return ImageFile.png(Buffer(pixels, shape: [12, 12, 1]))
    }

    /// A tone, high or low, as a WAV file of 16 bits.
    private static func tone(_ isHigh: Bool, _ number: Int) -> [UInt8] {
        let count = 1600 + number * 8
        var data: [UInt8] = []
        for index in 0..<count {
            let angle = 2 * .pi * (isHigh ? 1500 : 400) * Double(index) / 8000
            let value = Int16(8000 * sin(angle) + Double((index * 31 + number * 17) % 97) * 20)
            data += withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        func little(_ value: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        let form = little(UInt16(1)) + little(UInt16(1)) + little(UInt32(8000)) + little(UInt32(16_000))
        let header = Array("WAVEfmt ".utf8) + little(UInt32(16)) + form + little(UInt16(2)) + little(UInt16(16))
        let inner = header + Array("data".utf8) + little(UInt32(data.count)) + data
        return Array("RIFF".utf8) + little(UInt32(inner.count)) + inner
    }

    private func write(_ folder: TaskFolder, _ name: String, _ bytes: [UInt8]) throws {
        let path = "\(folder.path)/data/\(name)"
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try AtomicFile.write(bytes, to: path)
    }

    /// Trains what `init` writes for the folder, and checks that a saved model predicts as before.
    private func trained(_ folder: TaskFolder, train: String) throws -> (model: TaskModel, said: [String]) {
        let table = try TaskTable("\(folder.path)/data")
        let text = try InitialTask.text(table, path: "data", targets: ["label"], data: DataConfig())
        let config = try folder.config(text.replacing("seed: 0", with: train) + "model: {channels: [8, 16]}\n")
        var said: [String] = []
        var run = TaskRun(config, file: "\(folder.path)/run.yaml", on: CPUBackend())
        run.say = { said.append($0.english) }
        let result = try run.run()
        try TaskArtifact.write(result.model, to: "\(folder.path)/model", writer: "test")
        let loaded = try TaskArtifact.read("\(folder.path)/model", on: CPUBackend())
        #expect(try loaded.predict(table).map(\.fields) == result.model.predict(table).map(\.fields))
        return (result.model, said)
    }

    @Test("Pictures in folders are told apart; a broken one is counted, left out, and has no prediction")
    func pictures() throws {
        let folder = try TaskFolder()
        for number in 0..<40 {
            try write(
                folder, "\(number % 2 == 0 ? "left" : "right")/\(number).png", Self.picture(number % 2 == 0, number))
        }
        try write(folder, "left/broken.png", Array("no picture".utf8))
        let (model, said) = try trained(
            folder, train: "{epochs: 6, batch_size: 8, learning_rate: 0.01, seed: 1}".asTrain)
        #expect(
            said.contains { $0.contains("1 with a file that cannot be used") && $0.contains("broken.png") }, "\(said)")
        let table = try TaskTable("\(folder.path)/data")
        let measured = try model.evaluate(table)
        #expect(measured.examples == 40 && measured.report.dropped == 1)
        #expect(measured.json["outputs"]?["label"]?["accuracy"]?.double ?? 0 > 0.9, "\(measured.json.text())")
        var left: [Int] = []
        let predictions = try model.predict(table) { row, _ in left.append(row) }
        #expect(left.count == 1 && predictions.allSatisfy { $0.fields[left[0]].isEmpty })
    }

    @Test("Sounds are told apart, whatever their length, also by cepstral coefficients")
    func sounds() throws {
        let folder = try TaskFolder()
        for number in 0..<32 {
            try write(folder, "\(number % 2 == 0 ? "high" : "low")/\(number).wav", Self.tone(number % 2 == 0, number))
        }
        let (model, _) = try trained(folder, train: "{epochs: 6, batch_size: 8, learning_rate: 0.01}".asTrain)
        let measured = try model.evaluate(TaskTable("\(folder.path)/data"))
        #expect(measured.json["outputs"]?["label"]?["accuracy"]?.double ?? 0 > 0.9, "\(measured.json.text())")
        var settings = AudioInput.Settings()
        settings.form = .mfcc
        let feature = try settings.fit(["\(folder.path)/data/high/0.wav", "\(folder.path)/data/low/1.wav"])
        let again = try AudioInput(
            FeatureState(json: JSON(parsing: feature.state.text()), file: "features.json", name: "x"))
        #expect(again.shape == feature.shape && feature.shape.pictures[0].width == 20)
        let fields: [String?] = ["\(folder.path)/data/low/1.wav", nil, "\(folder.path)/nothing.wav"]
        let (one, other) = (try feature.encode(fields), try again.encode(fields))
        #expect(
            try one.pictures[0].samples([0]).array(of: Float.self)
                == other.pictures[0].samples([0]).array(of: Float.self))
        #expect(one.defects.keys.sorted() == [1, 2] && one.defects[1]?.english == "without a file")
    }

    @Test("A column of paths that lead nowhere, and an archive that is none, are refused in words")
    func nothingThere() throws {
        let folder = try TaskFolder()
        try folder.write("file,label\na.png,x\nb.png,y\n", "rows.csv")
        let text = """
            data: {path: rows.csv}
            inputs: [{name: file, type: image}]
            outputs: [{name: label, type: category}]
            """
        let found = try folder.problems(text, trains: true)
        #expect(
            found.first?.setting == "inputs.file" && found.first?.text.contains("not one picture can be read") == true)
    }

    @Test("A column of parts decides the split of a new task")
    func parts() throws {
        let folder = try TaskFolder()
        let path = try folder.write("a,b,part\n1,x,train\n2,y,test\n3,x,train\n4,y,validation\n", "rows.csv")
        let text = try InitialTask.text(TaskTable(path), path: "rows.csv", targets: ["b"], data: DataConfig())
        let config = try folder.config(text)
        #expect(config.split.kind == .column && config.split.column == "part")
        #expect(config.inputs.map(\.name) == ["a"])
    }
}

extension String {
    /// A section `train` in one line in the place of its settings.
    fileprivate var asTrain: String { dropFirst().dropLast().split(separator: ", ").joined(separator: "\n  ") }
}
