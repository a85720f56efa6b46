import Testing
import WrightData
import WrightGraph
import WrightRuntime

/// Images whose pixels tell their row, and labels that are the row modulo 5.
func rowImages(_ count: Int, height: Int = 4, width: Int = 5, channels: Int = 3) -> ArrayDataset {
    let size = height * width * channels
    let pixels = (0..<(count * size)).map { UInt8(truncatingIfNeeded: $0 / size * 7 + $0 % size) }
    return ArrayDataset(
        images: Buffer(pixels, shape: [count, height, width, channels]),
        labels: Buffer((0..<count).map { Int32($0 % 5) }))
}

private func everything() -> Pipeline.Config {
    var config = Pipeline.Config()
    config.batchSize = 8
    config.seed = 42
    config.classes = 5
    var augmentation = Augmentation()
    augmentation.flipHorizontally = 0.5
    augmentation.flipVertically = 0.5
    augmentation.cropPadding = 2
    augmentation.rotation = 15
    augmentation.brightness = 0.3
    augmentation.contrast = 0.3
    augmentation.saturation = 0.3
    augmentation.cutout = 2
    augmentation.mixup = 0.4
    config.augmentation = augmentation
    return config
}

/// All that a batch is, for comparing.
private func summary(_ batch: Batch) -> String {
    "\(batch.position) → \(batch.next): \(batch.rows) \(batch.inputs.map(\.doubles)) \(batch.targets.map(\.doubles))"
}

private func take(_ count: Int, _ stream: BatchStream) throws -> [String] {
    try (0..<count).map { _ in summary(try #require(try stream.next())) }
}

@Suite struct PipelineTests {
    @Test func everyRowComesOnceAnEpochInAnOrderOfItsOwn() throws {
        var config = Pipeline.Config()
        config.batchSize = 7
        let stream = try Pipeline(rowImages(30), config).stream(epochs: 2)
        var epochs: [[Int]] = [[], []]
        while let batch = try stream.next() {
            epochs[batch.position.epoch] += batch.rows
            #expect(batch.targets[0].array(of: Int32.self) == batch.rows.map { Int32($0 % 5) })
            for (index, row) in batch.rows.enumerated() {
                #expect(batch.inputs[0].rows(index..<(index + 1)).array(of: UInt8.self)[0] == UInt8(row * 7 & 255))
            }
            #expect(batch.count == (batch.endsEpoch ? 2 : 7))
        }
        #expect(epochs.map { $0.sorted() } == [Array(0..<30), Array(0..<30)])
        #expect(epochs[0] != epochs[1])
        #expect(epochs[0] != Array(0..<30))
    }

    @Test func theSameSeedGivesTheSameBatchesForAnyNumberOfWorkers() throws {
        let pipeline = Pipeline(rowImages(50), everything())
        let expected = try take(20, pipeline.stream(depth: 1, workers: 1))
        for (depth, workers) in [(2, 1), (3, 2), (8, 5)] {
            #expect(try take(20, pipeline.stream(depth: depth, workers: workers)) == expected)
        }
        var other = everything()
        other.seed = 43
        #expect(try take(20, Pipeline(rowImages(50), other).stream()) != expected)
    }

    @Test func aResumedRunSeesWhatAnUninterruptedOneWould() throws {
        for dropsLast in [false, true] {
            var config = everything()
            config.dropsLast = dropsLast
            let pipeline = Pipeline(rowImages(50), config)
            let stream = try pipeline.stream()
            var positions: [DataPosition] = []
            var batches: [String] = []
            for _ in 0..<24 {
                let batch = try #require(try stream.next())
                positions.append(batch.next)
                batches.append(summary(batch))
            }
            for stop in 0..<20 {
                let stored = try #require(DataPosition(json: try JSON(parsing: positions[stop].json.text())))
                #expect(try take(3, pipeline.stream(from: stored)) == Array(batches[(stop + 1)...(stop + 3)]))
            }
            try stream.skip(to: positions[4])
            #expect(try take(3, stream) == Array(batches[5...7]))
        }
    }

    @Test func anotherBatchSizeAfterAResumeLosesNoRow() throws {
        var config = Pipeline.Config()
        config.batchSize = 8
        let first = try #require(try Pipeline(rowImages(30), config).stream().next())
        config.batchSize = 5
        let stream = try Pipeline(rowImages(30), config).stream(from: first.next, epochs: 1)
        var rows = first.rows
        while let batch = try stream.next() { rows += batch.rows }
        #expect(rows.sorted() == Array(0..<30))
    }

    @Test func incompleteBatchesAreDroppedOnlyWhenAsked() throws {
        var config = Pipeline.Config()
        config.batchSize = 8
        config.dropsLast = true
        let pipeline = Pipeline(rowImages(30), config)
        #expect(pipeline.batchesPerEpoch == 3)
        let stream = try pipeline.stream(epochs: 1)
        var counts: [Int] = []
        while let batch = try stream.next() { counts.append(batch.count) }
        #expect(counts == [8, 8, 8])
        #expect(throws: EmptyPipeline.self) { _ = try Pipeline(rowImages(7), config).stream() }
        #expect(throws: EmptyPipeline.self) { _ = try Pipeline(rowImages(0)).stream() }
    }

    @Test func pixelsAreNormalisedAsStated() throws {
        var config = Pipeline.Config()
        config.order = .sequential
        config.batchSize = 4
        let dataset = rowImages(4)
        config.pixels = .normalised(Normalisation(means: [0.5, 0.25, 0], deviations: [0.5, 0.5, 2]))
        let pipeline = Pipeline(dataset, config)
        let batch = try pipeline.batch(at: pipeline.start)
        #expect(batch.inputs.map(\.type) == pipeline.inputTypes(count: 4))
        let bytes = dataset.arrays.inputs[0].doubles
        for (index, value) in batch.inputs[0].doubles.enumerated() {
            let mean = [0.5, 0.25, 0][index % 3]
            let deviation = [0.5, 0.5, 2][index % 3]
            #expect(abs(value - (bytes[index] / 255 - mean) / deviation) < 1e-6)
        }
        config.pixels = .unit
        #expect(try abs(Pipeline(dataset, config).batch(at: pipeline.start).inputs[0].doubles[9] - 9.0 / 255) < 1e-7)
    }

    @Test func batchesAreTheCallersToChange() throws {
        let dataset = rowImages(4)
        let before = dataset.arrays.inputs[0].doubles
        let pipeline = Pipeline(dataset)
        let batch = try pipeline.batch(at: pipeline.start)
        batch.inputs[0].withElements(of: UInt8.self) { for index in $0.indices { $0[index] = 0 } }
        #expect(dataset.arrays.inputs[0].doubles == before)
        #expect(Int(bitPattern: batch.inputs[0].pointer) % Storage.alignment == 0)
    }

    @Test func subsetsKeepTheirRows() throws {
        let subset = rowImages(30).subset([3, 11, 29])
        var config = Pipeline.Config()
        config.order = .sequential
        let batch = try Pipeline(subset, config).batch(at: DataPosition())
        #expect(batch.targets[0].array(of: Int32.self) == [3, 1, 4])
    }
}

@Suite struct PrefetchTests {
    struct Broken: Error {}

    @Test func errorsComeWhenTheirTurnHasCome() throws {
        for workers in [1, 4] {
            let prefetch = try Prefetch(depth: 4, workers: workers) { number -> Int? in
                if number == 5 { throw Broken() }
                return number
            }
            for number in 0..<5 { #expect(try prefetch.next() == number) }
            #expect(throws: Broken.self) { _ = try prefetch.next() }
            #expect(try prefetch.next() == nil)
        }
    }

    @Test func neverRunsAheadOfItsDepth() throws {
        let made = Counter()
        let prefetch = try Prefetch(depth: 3, workers: 2) { number -> Int? in
            made.add(1)
            return number
        }
        for number in 0..<50 {
            #expect(try prefetch.next() == number)
            #expect(made.value <= number + 1 + 3)
        }
    }

    @Test func endsBehindTheLastElement() throws {
        for workers in [1, 3] {
            let prefetch = try Prefetch(depth: 3, workers: workers) { $0 < 10 ? $0 : nil }
            var all: [Int] = []
            while let element = try prefetch.next() { all.append(element) }
            #expect(all == Array(0..<10))
            #expect(try prefetch.next() == nil)
        }
    }

    @Test func cancellingJoinsTheThreads() throws {
        let running = Counter()
        for _ in 0..<50 {
            let prefetch = try Prefetch(depth: 2, workers: 2) { number -> Int? in
                running.add(1)
                defer { running.add(-1) }
                return number
            }
            _ = try prefetch.next()
            prefetch.cancel()
            #expect(running.value == 0)
            #expect(try prefetch.next() == nil)
        }
    }

    @Test func abandoningItEndsIt() throws {
        let alive = Counter()
        final class Token: Sendable {
            let alive: Counter
            init(_ alive: Counter) {
                self.alive = alive
                alive.add(1)
            }
            deinit { alive.add(-1) }
        }
        do {
            let token = Token(alive)
            let prefetch = try Prefetch(depth: 2) { number -> Int? in token.alive.value > 0 ? number : nil }
            #expect(try prefetch.next() == 0)
        }
        #expect(alive.value == 0, "the thread's closure was not released")
    }
}
