import Testing
import WrightData
import WrightGraph
import WrightRuntime

/// A PNG file of one colour.
private func plain(_ value: UInt8, height: Int = 6, width: Int = 8) -> [UInt8] {
    ImageFile.png(Buffer([UInt8](repeating: value, count: height * width * 3), shape: [height, width, 3]))
}

@Suite struct ImageFolderTests {
    private let folder = TemporaryFolder()

    private func makeClasses() {
        _ = folder.write(plain(10), "train/dog/b.png")
        _ = folder.write(plain(20), "train/dog/a10.png")
        _ = folder.write(plain(30), "train/cat/deep/er/c.PNG")
        _ = folder.write(
            ImageFile.jpeg(Buffer([UInt8](repeating: 40, count: 144), shape: [6, 8, 3])), "train/cat/d.jpeg")
        _ = folder.write("notes", "train/cat/readme.txt")
        _ = folder.write("", "train/.hidden")
        _ = folder.write(plain(50).dropLast(30), "train/dog/broken.png")
        _ = folder.write("no picture", "train/dog/text.jpg")
        _ = folder.write(plain(60), "train/loose.png")
    }

    @Test func foldersAreClassesInOneOrderAndBadFilesAreCounted() throws {
        makeClasses()
        let found = try ImageFolder(folder.path + "/train")
        #expect(found.labels?.names == ["cat", "dog"])
        for workers in [1, 3] {
            let images = try found.load(workers: workers)
            #expect(images.paths == ["cat/d.jpeg", "cat/deep/er/c.PNG", "dog/a10.png", "dog/b.png"])
            #expect(images.dataset.labels == [0, 0, 1, 1])
            #expect(images.dataset.inputTypes == [TensorType([6, 8, 3], .uint8)])
            let values = images.dataset.arrays.inputs[0].array(of: UInt8.self)
            #expect(stride(from: 0, to: values.count, by: 144).map { values[$0] } == [40, 30, 20, 10])
            #expect(images.report.kept == 4 && images.report.dropped == 4)
            let reasons = Dictionary(uniqueKeysWithValues: images.report.reasons.map { ($0.text, $0.places) })
            #expect(reasons["neither PNG nor JPEG"] == ["cat/readme.txt"])
            #expect(reasons["without a label"] == ["loose.png"])
            #expect(reasons["unreadable"]?.count == 2)
            #expect(reasons["unreadable"]?.first?.hasPrefix("dog/broken.png: ") == true)
        }
    }

    @Test func classesKeepTheirNumbersInAnotherFolder() throws {
        makeClasses()
        _ = folder.write(plain(1), "test/dog/x.png")
        _ = folder.write(plain(1), "test/bird/y.png")
        let train = try ImageFolder(folder.path + "/train")
        let test = try ImageFolder(folder.path + "/test", labels: train.labels)
        #expect(test.entries.map(\.path) == ["dog/x.png"] && test.entries.map(\.label) == [1])
        #expect(test.report.reasons.map(\.text) == ["of a class that is not known"])
    }

    @Test(arguments: ["csv", "jsonl"]) func metadataNamesFilesAndLabels(_ kind: String) throws {
        _ = folder.write(plain(1), "a.png")
        _ = folder.write(plain(2), "sub/b.png")
        _ = folder.write(plain(3), "unlisted.png")
        let csv = "id,file_name,label\n1,sub/b.png,yes\n2,a.png,no\n3,gone.png,no\n4,../x.png,no\n5,,no\n6,a.png,\n"
        let jsonl = """
            {"file_name": "sub/b.png", "label": "yes"}
            {"file_name": "a.png", "label": "no"}

            {"file_name": "gone.png", "label": "no"}
            {"file_name": "../x.png", "label": "no"}
            {"label": "no"}
            {"file_name": "a.png"}

            """
        _ = folder.write(kind == "csv" ? csv : jsonl, "metadata." + kind)
        let found = try ImageFolder(folder.path)
        #expect(found.entries.map(\.path) == ["sub/b.png", "a.png"])
        #expect(found.entries.map(\.label) == [1, 0])
        #expect(found.report.dropped == 4)
        #expect(try found.load().dataset.labels == [1, 0])
    }

    @Test func picturesWithoutClassesHaveNoTargets() throws {
        _ = folder.write(plain(1), "a.png")
        let images = try ImageFolder(folder.path).load()
        #expect(images.labels == nil && images.dataset.targetTypes == [] && images.dataset.count == 1)
    }

    @Test func otherSizesAreBroughtToOneOrRefused() throws {
        _ = folder.write(plain(9, height: 6, width: 8), "a/1.png")
        _ = folder.write(plain(9, height: 12, width: 7), "a/2.png")
        let found = try ImageFolder(folder.path)
        #expect(fileError { _ = try found.load() }?.remedy.contains("height") == true)
        var config = ImageFolder.Config()
        (config.height, config.width, config.channels) = (5, 5, 1)
        for fit in ImageFit.allCases {
            config.fit = fit
            let images = try found.load(config)
            #expect(images.dataset.inputTypes == [TensorType([5, 5, 1], .uint8)])
            let values = images.dataset.arrays.inputs[0].array(of: UInt8.self)
            #expect(values.allSatisfy { $0 == 9 } == (fit != .pad))
        }
    }

    @Test func padsAndCutsInTheMiddle() {
        let wide = Buffer([1, 2, 3, 4] as [Float], shape: [1, 4, 1])
        #expect(ImageFile.fit(wide, height: 1, width: 2, .crop).doubles == [2, 3])
        #expect(ImageFile.fit(wide, height: 3, width: 4, .pad).doubles == [0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0])
    }

    @Test func theCacheIsUsedUntilSomethingChanges() throws {
        makeClasses()
        let cache = folder.path + "/cache"
        let path = folder.path + "/train"
        let made = try ImageFolder(path).cached(at: cache, workers: 2)
        let loaded = try ImageFolder(path).load()
        let again = try ImageFolder(path).cached(at: cache)
        for images in [made, again] {
            #expect(images.dataset.arrays.inputs[0].doubles == loaded.dataset.arrays.inputs[0].doubles)
            #expect(images.dataset.labels == loaded.dataset.labels)
            #expect(images.paths == loaded.paths && images.report == loaded.report && images.labels == loaded.labels)
        }
        #expect(!folder.names.contains { $0.contains("partial") || $0.contains("input") })
        // A mark in the cache shows whether it was read or made again.
        let bytes = contents(cache)
        func mark() -> UInt8 {
            var marked = bytes
            marked[marked.count - 144] ^= 0xFF
            _ = folder.write(marked, "cache")
            return marked[marked.count - 144]
        }
        let marked = mark()
        #expect(try ImageFolder(path).cached(at: cache).dataset.arrays.inputs[0].array(of: UInt8.self).contains(marked))
        var config = ImageFolder.Config()
        config.channels = 1
        #expect(try ImageFolder(path).cached(config, at: cache).dataset.inputTypes == [TensorType([6, 8, 1], .uint8)])
        _ = mark()
        _ = folder.write(plain(70), "train/cat/new.png")
        #expect(try ImageFolder(path).cached(at: cache).dataset.count == 5)
        // A damaged cache is made again.
        _ = folder.write(Array(contents(cache).dropLast(9)), "cache")
        #expect(try ImageFolder(path).cached(at: cache).dataset.count == 5)
    }

    @Test func anEmptyFolderIsAnError() {
        #expect(fileError { _ = try ImageFolder(folder.path).load() }?.kind == .missing)
        #expect(fileError { _ = try ImageFolder(folder.path + "/nothing") }?.kind == .missing)
        _ = folder.write("x", "a/b.png")
        #expect(fileError { _ = try ImageFolder(folder.path).load() }?.cause.contains("b.png") == true)
    }
}

@Suite struct DatasetWriterTests {
    @Test func rowsComeBackAsTheyWereWritten() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/rows"
        let writer = try DatasetWriter(
            path, inputs: [TensorType([3], .uint8), TensorType([2])], targets: [TensorType([], .int32)],
            hasWeights: true)
        for start in [0, 4, 8] {
            let rows = (start..<(start + 4))
            try writer.append(
                Samples(
                    inputs: [
                        Buffer(rows.flatMap { [UInt8($0), 1, 2] }, shape: [4, 3]),
                        Buffer(rows.flatMap { [Float($0), 0.5] }, shape: [4, 2]),
                    ], targets: [Buffer(rows.map { Int32($0) })], weights: Buffer(rows.map { Float($0) })))
        }
        let dataset = try writer.finish()
        #expect(dataset.count == 12)
        let samples = try dataset.samples([11, 3])
        #expect(samples.inputs[0].array(of: UInt8.self) == [11, 1, 2, 3, 1, 2])
        #expect(samples.inputs[1].array(of: Float.self) == [11, 0.5, 3, 0.5])
        #expect(samples.targets[0].array(of: Int32.self) == [11, 3])
        #expect(samples.weights?.array(of: Float.self) == [11, 3])
        let copy = folder.path + "/copy"
        try dataset.save(to: copy)
        #expect(try ArrayDataset(contentsOf: copy).samples([5]).targets[0].doubles == [5])
    }

    @Test func anAbandonedWriterLeavesNothing() throws {
        let folder = TemporaryFolder()
        do {
            let writer = try DatasetWriter(folder.path + "/rows", inputs: [TensorType([3])], targets: [])
            try writer.append(Samples(inputs: [Buffer(zeros: TensorType([2, 3]))]))
        }
        #expect(folder.names == [])
    }

    @Test func anyDatasetCanBeCached() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/rows"
        let dataset = rowImages(150)
        let cached = try dataset.cached(at: path, key: "one")
        #expect(cached.arrays.inputs[0].doubles == dataset.arrays.inputs[0].doubles)
        #expect(try rowImages(3).cached(at: path, key: "one").count == 150)
        #expect(try rowImages(3).cached(at: path, key: "two").count == 3)
    }

    @Test func otherTensorFilesAreNoDatasets() {
        #expect(
            fileError { _ = try ArrayDataset(contentsOf: golden("numpy.safetensors")) }?.cause.contains("no dataset")
                == true)
    }
}
