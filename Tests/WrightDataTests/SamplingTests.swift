import Synchronization
import Testing
import WrightData
import WrightGraph
import WrightRuntime

/// A number that threads change.
final class Counter: Sendable {
    private let storage = Mutex(0)
    var value: Int { storage.withLock { $0 } }
    func add(_ amount: Int) { storage.withLock { $0 += amount } }
}

@Suite struct SamplingTests {
    @Test func ordersArePermutationsAndDependOnSeedAndEpoch() {
        let sampler = Sampler(count: 1000, order: .shuffled)
        let first = sampler.rows(seed: 1, epoch: 0)
        #expect(first.sorted() == Array(0..<1000))
        #expect(first == sampler.rows(seed: 1, epoch: 0))
        #expect(first != sampler.rows(seed: 1, epoch: 1))
        #expect(first != sampler.rows(seed: 2, epoch: 0))
        #expect(first != sampler.rows(seed: 1 << 40 | 1, epoch: 0))
        #expect(Sampler(count: 4, order: .sequential).rows(seed: 9, epoch: 9) == [0, 1, 2, 3])
        #expect(Sampler(count: 0, order: .shuffled).rows(seed: 9, epoch: 9) == [])
    }

    /// Stored so that a change of the generator, which would break every resumed run, is noticed.
    @Test func numbersNeverChangeBetweenVersions() {
        var random = KeyedRandom(seed: 0, stream: .shuffle)
        let numbers = (0..<3).map { _ in random.next() }
        #expect(Sampler(count: 10, order: .shuffled).rows(seed: 7, epoch: 3) == [9, 5, 0, 8, 1, 3, 6, 7, 2, 4])
        #expect(numbers == [1_389_609_246_023_119_845, 11_711_517_217_818_992_876, 5_840_119_000_542_174_179])
        #expect(stableHash("wright") == 9_836_344_669_860_408_243)
    }

    @Test func permutationsAreUniform() {
        // 24 orders of 4 rows, 24,000 draws: each count is 1000 ± 5 deviations.
        var counts: [[Int]: Int] = [:]
        let sampler = Sampler(count: 4, order: .shuffled)
        for epoch in 0..<24_000 { counts[sampler.rows(seed: 5, epoch: epoch), default: 0] += 1 }
        #expect(counts.count == 24)
        #expect(counts.values.allSatisfy { abs($0 - 1000) < 160 })
    }

    @Test func weightsDecideHowOftenARowIsDrawn() {
        let labels = [Int32](repeating: 0, count: 900) + [Int32](repeating: 1, count: 100)
        let rows = Sampler(count: 1000, order: Sampler.balancing(labels)).rows(seed: 1, epoch: 0)
        let rare = rows.count { labels[$0] == 1 }
        #expect(abs(rare - 500) < 80)
        let sampler = Sampler(count: 4, order: .weighted([0, 1, 0, 3]))
        let drawn = (0..<2000).flatMap { sampler.rows(seed: 1, epoch: $0) }
        #expect(Set(drawn) == [1, 3])
        #expect(abs(Double(drawn.count { $0 == 3 }) / 8000 - 0.75) < 0.03)
    }

    @Test func boundedNumbersAreUniform() {
        var random = KeyedRandom(seed: 3, stream: .augmentation)
        var counts = [Int](repeating: 0, count: 3)
        for _ in 0..<30_000 { counts[random.integer(below: 3)] += 1 }
        #expect(counts.allSatisfy { abs($0 - 10_000) < 400 })
        let huge = Int.max / 3 * 2
        #expect((0..<100).allSatisfy { _ in random.integer(below: huge) < huge })
    }
}

@Suite struct SplitTests {
    private let keys = (0..<5000).map { "row \($0)" }

    @Test func aRowStaysInItsPartWhateverElseChanges() {
        let split = Split(hashing: keys)
        #expect((split.train + split.validation + split.test).sorted() == Array(0..<5000))
        #expect(abs(split.train.count - 4000) < 150 && abs(split.test.count - 500) < 110)
        let fewer = Split(hashing: keys.dropFirst(1000))
        #expect(fewer.test.map { $0 + 1000 } == split.test.filter { $0 >= 1000 })
        #expect(Split(hashing: keys, salt: 1).test != split.test)
    }

    @Test func equalKeysAreNeverParted() {
        let doubled = Split(hashing: keys + keys)
        let test = Set(doubled.test)
        #expect((0..<5000).allSatisfy { test.contains($0) == test.contains($0 + 5000) })
    }

    @Test func equalContentIsNeverParted() throws {
        let images = rowImages(40).arrays.inputs[0]
        let twice = ArrayDataset(Samples(inputs: [images.gathered(Array(0..<40) + Array(0..<40))]))
        let split = try Split(
            hashingContentOf: twice, Split.Fractions(train: 0.5, validation: 0.25, test: 0.25))
        for part in [split.train, split.validation, split.test] {
            #expect(!part.isEmpty)
            #expect(Set(part.map { $0 % 40 }).count * 2 == part.count)
        }
    }

    @Test func stratifyingKeepsEveryShare() {
        let labels = (0..<1000).map { Int32($0 < 900 ? 0 : 1) }
        let split = Split(stratifying: labels, Split.Fractions(train: 0.6, validation: 0.2, test: 0.2), seed: 1)
        #expect([split.train, split.validation, split.test].map { $0.count { labels[$0] == 1 } } == [60, 20, 20])
        #expect((split.train + split.validation + split.test).sorted() == Array(0..<1000))
        #expect(split == Split(stratifying: labels, Split.Fractions(train: 0.6, validation: 0.2, test: 0.2), seed: 1))
        #expect(split != Split(stratifying: labels, Split.Fractions(train: 0.6, validation: 0.2, test: 0.2), seed: 2))
    }

    @Test func randomSplitsHaveTheirSizes() {
        let split = Split(count: 101, Split.Fractions(train: 0.5, validation: 0, test: 0.5), seed: 1)
        #expect([split.train.count, split.validation.count, split.test.count].reduce(0, +) == 101)
        #expect(split.validation == [] && abs(split.train.count - split.test.count) <= 1)
        #expect(Split(count: 0, seed: 1).train == [])
    }
}

@Suite struct ReportTests {
    @Test func saysWhatWasDroppedAndWhere() throws {
        var report = DropReport(unit: "row")
        #expect(report.description == "There is no row." && report.phrase.chinese == "没有任何内容。")
        report.keep(8)
        #expect(report.description == "Kept all 8 rows.")
        report.drop(Phrase("with an empty label", "标签为空"), at: "a.csv, line 3")
        for line in 10..<20 { report.drop(Phrase("with 3 fields instead of 4", "有 3 个字段"), at: "line \(line)") }
        #expect(
            report.description
                == "Kept 8 of 19 rows; dropped 11: 1 with an empty label (a.csv, line 3), 10 with 3 fields instead of 4 "
                + "(line 10; line 11; line 12; line 13; line 14; …).")
        #expect(
            report.phrase.chinese
                == "共 19 行，使用 8 行；舍弃 11 行：1 行标签为空（a.csv，第 3 行），10 行有 3 个字段（第 10 行；第 11 行；第 12 行；第 13 行；第 14 行；…）。")
        #expect(DropReport(json: report.json) == report, "a cache says the same in every language")
        #expect(report.json["dropped"]?.integer == 11)
        #expect(report.json["reasons"]?.array?[1]["places"]?.array?.count == 5)
        var other = DropReport(unit: "row")
        other.keep()
        other.drop(Phrase("with an empty label", "标签为空"), at: "b.csv, line 1")
        report.add(other)
        #expect(report.kept == 9 && report.dropped == 12)
        #expect(report.reasons[0].places == ["a.csv, line 3", "b.csv, line 1"])
    }

    @Test func labelNamesHaveOneOrder() throws {
        #expect(LabelNames(collecting: ["b", "a", "b", "Z"]).names == ["Z", "a", "b"])
        #expect(LabelNames(collecting: ["10", "9", "-1"]).names == ["-1", "9", "10"])
        #expect(LabelNames(["a", "a"]) == nil)
        let names = LabelNames.fashionMNIST
        #expect(names.number(of: "Bag") == 8 && names[8] == "Bag" && names.number(of: "Hat") == nil)
        #expect(LabelNames(json: try JSON(parsing: names.json.text())) == names)
        #expect(LabelNames(json: ["a", 1]) == nil)
    }

    /// Catches blocks that lose rows, are mixed with each other, or come in the order of the file.
    @Test("Blocks of neighbouring rows come one after the other, each in an order of its own")
    func blocks() throws {
        let sampler = Sampler(count: 1050, order: .blocks(100))
        let rows = sampler.rows(seed: 3, epoch: 1)
        #expect(rows.sorted() == Array(0..<1050))
        #expect(rows != sampler.rows(seed: 3, epoch: 2) && rows == sampler.rows(seed: 3, epoch: 1))
        var blocks: [Int] = []
        for row in rows where blocks.last != row / 100 { blocks.append(row / 100) }
        #expect(blocks.count == 11 && blocks != blocks.sorted())
        let first = rows.prefix { $0 / 100 == rows[0] / 100 }
        #expect(Array(first) != first.sorted())
        // Batches that lie across two blocks.
        let data = ArrayDataset(Samples(inputs: [Buffer((0..<1050).map(Int32.init))], targets: []))
        var config = Pipeline.Config()
        (config.batchSize, config.order, config.seed) = (70, .blocks(100), 3)
        let pipeline = Pipeline(data, config)
        let batches = try (0..<15).map { number in
            try pipeline.batch(at: DataPosition(seed: 3, epoch: 1, sample: number * 70))
        }
        #expect(batches.flatMap(\.rows) == rows)
    }
}
