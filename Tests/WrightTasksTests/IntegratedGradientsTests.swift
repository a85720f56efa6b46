import Foundation
import Testing
import Wright
@testable import WrightTasks

/// Attributions where they are known: of a linear network, of one that looks at one corner, and their sums everywhere.
struct IntegratedGradientsTests {
    @Test("Of a linear network each number adds its weight times itself, in the unit of the answer")
    func linear() throws {
        let folder = try TaskFolder()
        var rows = "a,b,c,y\n"
        for row in 0..<60 {
            let (a, b, c) = (Double(row * 37 % 61), Double(row * 17 % 29), Double(row % 7))
            rows += "\(a),\(b),\(c),\(3 * a - 5 * b + 40)\n"
        }
        try folder.write(rows, "rows.csv")
        let model = try folder.run(
            folder.config(
                """
                data: {path: rows.csv}
                inputs: [{name: a, type: number}, {name: b, type: number}, {name: c, type: number}]
                outputs: [{name: y, type: number}]
                model: {network: mlp, layers: 0, frequencies: 0}
                train: {epochs: 30, folds: 2, learning_rate: 0.05}
                """)
        ).model
        let table = try TaskTable("\(folder.path)/rows.csv")
        let found = try #require(try model.integratedGradients(row: 4, of: table).first)
        let inputs = try SingleRow(model, row: 4, of: table).inputs(copies: 1)
        let x = inputs[0].array(of: Float.self).map(Double.init)
        let unit = try #require(model.outputs[0].state["scale"]?.double)
        #expect(found.columns.count == 3 && found.steps == 32)
        for (place, name) in ["a", "b", "c"].enumerated() {
            let weights = try model.ensemble.members.map { member in
                let linear = try #require((member.combiner as? MLP)?.layers[0])
                return Double(linear.weight.buffer.array(of: Float.self)[place])
            }
            let expected = weights.reduce(0, +) / Double(weights.count) * x[place] * unit
            let value = try #require(found.columns.first { $0.name == name }).value
            #expect(abs(value - expected) < 1e-3 * max(1, abs(expected)), "\(name): \(value), not \(expected)")
        }
        #expect(abs(found.completenessError) < 1e-3 * abs(found.prediction))
        let predicted = try #require(Double(model.predict(table)[0].fields[4]))
        #expect(abs(found.prediction - predicted) < 1e-3 * abs(predicted), "the answer is in the column's unit")
    }

    @Test("Parts of numbers, categories, dates, sets and words add up to the difference; the colour's word says it")
    func completeness() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(160), "rows.csv")
        let model = try folder.run(
            folder.config(
                "data: {path: rows.csv}\n\(MadeRows.columns)\n"
                    + "model: {hidden: 16, frequencies: 4, word_dimension: 16, filters: 8}\n"
                    + "train: {epochs: 15, folds: 2, batch_size: 16, learning_rate: 0.01}\n")
        ).model
        let table = try TaskTable(folder.write(MadeRows.csv(60, from: 500), "test.csv"))
        for row in [0, 7, 31] {
            for found in try model.integratedGradients(row: row, of: table) {
                let difference = abs(found.prediction - found.baseline)
                #expect(abs(found.completenessError) < 0.02 * difference + 1e-3, "\(found.json.text())")
                let note = try #require(found.columns.first { $0.name == "note" })
                #expect(note.pieces.map(\.text).joined() == note.field)
                #expect(abs(note.pieces.reduce(0) { $0 + $1.value } - note.value) < 1e-6 * max(1, abs(note.value)))
                #expect(
                    found.columns.count == 5 && found.columns[0].value.magnitude >= found.columns[4].value.magnitude)
            }
        }
        let big = try model.integratedGradients(row: 3, of: table)[0]
        #expect(big.answer.english == "probability of yes" && big.columns[0].name == "size", "\(big.json.text())")
        let loose = try #require(try model.shapley(row: 3, of: table).first)
        #expect(abs(big.prediction - loose.prediction) < 1e-5, "both explain the same answer")
    }

    /// A grey picture with stripes in its upper left corner, across or upright.
    private static func picture(_ isAcross: Bool, _ number: Int) -> [UInt8] {
        let pixels = (0..<(16 * 16)).map { place -> UInt8 in
            let (x, y) = (place % 16, place / 16)
            guard x < 6, y < 6 else { return 128 }
            return ((isAcross ? y : x) + number / 2) % 2 == 0 ? UInt8(228 - number % 9) : UInt8(28 + number % 9)
        }
        return ImageFile.png(Buffer(pixels, shape: [16, 16, 1]))
    }

    @Test("A network that can only go by one corner of pictures is shown to look there")
    func corner() throws {
        let folder = try TaskFolder()
        for number in 0..<48 {
            let path = "\(folder.path)/data/\(number % 2 == 0 ? "across" : "upright")/\(number).png"
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try AtomicFile.write(Self.picture(number % 2 == 0, number), to: path)
        }
        let model = try folder.run(
            folder.config(
                """
                data: {path: data}
                inputs: [{name: file, type: image, shift: 0}]
                outputs: [{name: label, type: category}]
                model: {channels: [8, 16]}
                train: {epochs: 8, batch_size: 8, learning_rate: 0.01, folds: 1}
                """)
        ).model
        let table = try TaskTable("\(folder.path)/data")
        for row in [0, 30] {
            let found = try #require(try model.integratedGradients(row: row, of: table).first)
            let difference = abs(found.prediction - found.baseline)
            #expect(abs(found.completenessError) < 0.03 * difference + 1e-3, "\(found.json.text())")
            let regions = try #require(found.columns[0].regions)
            #expect(regions.rows == 8 && regions.columns == 8 && regions.picture.shape == [16, 16, 1])
            // The first three of eight fields along each side hold the corner.
            let corner = (0..<64).filter { $0 % 8 < 3 && $0 / 8 < 3 }.reduce(0.0) { $0 + abs(regions.values[$1]) }
            let all = regions.values.reduce(0) { $0 + abs($1) }
            #expect(corner > 0.98 * all && all > 0.1, "the corner holds \(corner) of \(all)")
        }
        let maps = try model.gradCAM(row: 0, of: table)
        let map = try #require(maps.first)
        #expect(maps.count == 1 && map.regions.rows == 8 && map.regions.values.allSatisfy { $0 >= 0 })
        let strongest = map.regions.values.indices.max { map.regions.values[$0] < map.regions.values[$1] }!
        #expect(strongest % 8 < 4 && strongest / 8 < 4, "\(map.json.text())")
        let covered = try #require(try model.pictureOcclusion(row: 0, of: table).first)
        let losses = covered.regions.values.map(abs)
        let outside = losses.indices.filter { $0 % 8 > 4 || $0 / 8 > 4 }.reduce(0.0) { $0 + losses[$1] }
        #expect(losses.count == 64 && losses.reduce(0, +) > 10 * outside, "\(covered.json.text())")
        let answers = try model.integratedGradients(row: 0, of: table).map(\.prediction)
        #expect(abs(covered.prediction - answers[0]) < 1e-4, "the first of the copies is not covered")
    }
}
