import Testing
import WrightGraph

@testable import WrightData

/// One augmented batch of the dataset.
private func augmented(_ dataset: ArrayDataset, classes: Int = 5, _ change: (inout Augmentation) -> Void) throws
    -> Batch
{
    var config = Pipeline.Config()
    config.batchSize = dataset.count
    config.order = .sequential
    config.classes = classes
    var augmentation = Augmentation()
    change(&augmentation)
    config.augmentation = augmentation
    return try Pipeline(dataset, config).batch(at: DataPosition(seed: 11))
}

private func pixels(_ batch: Batch, _ index: Int) -> [UInt8] { batch.inputs[0].rows(index..<(index + 1)).array() }

private func pixels(_ dataset: ArrayDataset, _ index: Int) -> [UInt8] {
    dataset.arrays.inputs[0].rows(index..<(index + 1)).array()
}

@Suite struct AugmentationTests {
    private let dataset = rowImages(64)

    @Test func nothingAskedForChangesNothing() throws {
        let batch = try augmented(dataset) { _ in }
        #expect(batch.inputs[0].doubles == dataset.arrays.inputs[0].doubles)
    }

    @Test func aFlipMirrorsAboutHalfOfTheImages() throws {
        let batch = try augmented(dataset) { $0.flipHorizontally = 0.5 }
        var flipped = 0
        for index in 0..<64 {
            let before = pixels(dataset, index)
            let mirrored: [UInt8] = (0..<60).map { at in
                let (y, x) = (at / 15, at / 3 % 5)
                return before[(y * 5 + 4 - x) * 3 + at % 3]
            }
            let after = pixels(batch, index)
            #expect(after == before || after == mirrored)
            flipped += after == mirrored ? 1 : 0
        }
        #expect(16...48 ~= flipped)
        let vertical = try augmented(dataset) { $0.flipVertically = 1 }
        let rows = pixels(dataset, 0)
        let upsideDown: [UInt8] = (0..<60).map { at in rows[(3 - at / 15) * 15 + at % 15] }
        #expect(pixels(vertical, 0) == upsideDown)
    }

    @Test func aCropMovesTheImageAndFillsTheRest() throws {
        let batch = try augmented(dataset) {
            $0.cropPadding = 1
            $0.fill = 1
        }
        var shifts: Set<[Int]> = []
        for index in 0..<64 {
            let before = pixels(dataset, index)
            let after = pixels(batch, index)
            let candidates: [[Int]] = (0..<9).map { [$0 / 3 - 1, $0 % 3 - 1] }
            let found = candidates.filter { shift in
                (0..<60).allSatisfy { at in
                    let (y, x) = (at / 15 - shift[0], at / 3 % 5 - shift[1])
                    let inside = (0..<4).contains(y) && (0..<5).contains(x)
                    return after[at] == (inside ? before[(y * 5 + x) * 3 + at % 3] : 255)
                }
            }
            #expect(found.count == 1)
            shifts.formUnion(found)
        }
        #expect(shifts.count == 9)
    }

    @Test func aQuarterTurnIsExact() {
        var source: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map { $0 / 10 }
        var target = [Float](repeating: 0, count: 9)
        source.withUnsafeMutableBufferPointer { from in
            target.withUnsafeMutableBufferPointer { to in
                ImagePlane(to.baseAddress!, height: 3, width: 3, channels: 1).place(
                    ImagePlane(from.baseAddress!, height: 3, width: 3, channels: 1), turnedBy: 90, fill: 0)
            }
        }
        let expected: [Float] = [3, 6, 9, 2, 5, 8, 1, 4, 7].map { $0 / 10 }
        #expect(zip(target, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(target)")
    }

    @Test func rotationKeepsTheMiddleAndUsesBothDirections() throws {
        let size = 9
        var image = [UInt8](repeating: 0, count: size * size)
        for y in 0..<size { image[y * size + 4] = 255 }
        let lines = ArrayDataset(
            images: Buffer((0..<32).flatMap { _ in image }, shape: [32, size, size, 1]),
            labels: Buffer([Int32](repeating: 0, count: 32)))
        let batch = try augmented(lines) { $0.rotation = 30 }
        var leaning: Set<Bool> = []
        for index in 0..<32 {
            let turned = pixels(batch, index)
            #expect(turned[4 * size + 4] == 255)
            let (left, right) = (turned[..<4].map(Int.init), turned[5..<9].map(Int.init))
            leaning.insert(left.reduce(0, +) > right.reduce(0, +))
        }
        #expect(leaning.count == 2)
    }

    @Test func colourChangesAreWhatTheySay() throws {
        func image(_ values: [UInt8]) -> ArrayDataset {
            ArrayDataset(images: Buffer(values, shape: [1, 1, 2, 3]), labels: Buffer([0] as [Int32]))
        }
        let values: [UInt8] = [100, 50, 20, 60, 60, 60]
        var random = KeyedRandom(seed: 11, stream: .augmentation)
        for _ in 0..<2 { _ = random.uniform() }
        for _ in 0..<2 { _ = random.integer(below: 1) }
        _ = random.uniform()
        let factors = (0..<3).map { _ in Float(random.uniform(0.5, 1.5)) }
        let bright = pixels(try augmented(image(values)) { $0.brightness = 0.5 }, 0)
        let brighter: [UInt8] = values.map { UInt8(min(255, Float($0) * factors[0] + 0.5)) }
        #expect(bright == brighter)
        let greys: [Float] = [61.53, 60]
        let mean = (greys[0] + greys[1]) / 2
        let spread = pixels(try augmented(image(values)) { $0.contrast = 0.5 }, 0)
        for at in 0..<6 {
            let expected = mean + (Float(values[at]) - mean) * factors[1]
            #expect(abs(Float(spread[at]) - expected) <= 0.51)
        }
        let saturated = pixels(try augmented(image(values)) { $0.saturation = 0.5 }, 0)
        for at in 0..<6 {
            let grey = greys[at / 3]
            let expected = grey + (Float(values[at]) - grey) * factors[2]
            #expect(abs(Float(saturated[at]) - expected) <= 0.51)
        }
    }

    @Test func cutoutPaintsASquare() throws {
        let white = ArrayDataset(
            images: Buffer([UInt8](repeating: 255, count: 64 * 60), shape: [64, 4, 5, 3]),
            labels: Buffer([Int32](repeating: 0, count: 64)))
        let batch = try augmented(white) { $0.cutout = 2 }
        let counts = (0..<64).map { index in pixels(batch, index).count { $0 == 0 } / 3 }
        #expect(counts.allSatisfy { [1, 2, 4].contains($0) } && counts.contains(4) && counts.contains { $0 < 4 })
    }

    @Test func mixupBlendsImagesAndLabelsByTheSameShare() throws {
        let batch = try augmented(dataset) { $0.mixup = 0.5 }
        #expect(batch.targets[0].type == TensorType([64, 5], .float32))
        let labels: [Float] = batch.targets[0].array()
        for index in 0..<64 {
            let (one, other) = (pixels(dataset, index), pixels(dataset, (index + 1) % 64))
            let row = Array(labels[(index * 5)..<(index * 5 + 5)])
            #expect(abs(row.reduce(0, +) - 1) < 1e-6)
            let share = row[index % 5]
            for (at, pixel) in pixels(batch, index).enumerated() {
                let expected = Float(one[at]) * share + Float(other[at]) * (1 - share)
                #expect(abs(Float(pixel) - expected) <= 0.51)
            }
        }
    }

    @Test func betaHasItsMeanAndSpread() {
        var random = KeyedRandom(seed: 1, stream: .mixup)
        for a in [0.2, 0.5, 1] {
            let draws = (0..<20_000).map { _ in random.beta(a) }
            let mean = draws.reduce(0, +) / 20_000
            let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
            #expect(abs(mean - 0.5) < 0.02)
            #expect(abs(variance - 1 / (4 * (2 * a + 1))) < 0.01)
        }
    }

    @Test func mixupRefusesLabelsOutOfRange() {
        #expect(throws: LabelOutOfRange(label: 4, classes: 4)) {
            _ = try augmented(rowImages(64), classes: 4) { $0.mixup = 0.5 }
        }
    }

    @Test func floatImagesAreChangedLikeBytes() throws {
        let floats = ArrayDataset(
            images: Buffer(
                TensorType([64, 4, 5, 3]), doubles: dataset.arrays.inputs[0].doubles.map { $0 / 255 }),
            labels: dataset.arrays.targets[0])
        func all(_ augmentation: inout Augmentation) {
            augmentation.flipHorizontally = 0.5
            augmentation.cropPadding = 2
            augmentation.brightness = 0.4
            augmentation.cutout = 2
        }
        let one = try augmented(dataset, all).inputs[0].doubles
        let other = try augmented(floats, all).inputs[0].doubles
        #expect(zip(one, other).allSatisfy { abs($0 - $1 * 255) <= 0.51 })
    }
}
