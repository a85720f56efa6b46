import Foundation
import Wright

/// IDX files of small pictures whose class is where they are bright: a network learns them in seconds.
struct SmallDataSet {
    let scratch: Scratch
    var folder: String { scratch.path("data") }

    init(side: Int = 8, count: Int = 240) throws {
        scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch.path("data"), withIntermediateDirectories: true)
        for (part, count) in [("train", count), ("t10k", 60)] {
            let labels = (0..<count).map { UInt8($0 % 3) }
            let images = (0..<count).map { Self.picture($0 % 3, variant: $0, side: side) }
            try IDX.write(
                Buffer(images.flatMap { $0 }, shape: [count, side, side]), to: "\(folder)/\(part)-images-idx3-ubyte.gz")
            try IDX.write(Buffer(labels), to: "\(folder)/\(part)-labels-idx1-ubyte.gz")
        }
        try ImageFile.write(
            Buffer(Self.picture(1, variant: 4, side: side), shape: [side, side, 1]), to: scratch.path("one.png"))
    }

    /// Bright on top, in the middle or below, with a grain that differs from picture to picture.
    private static func picture(_ label: Int, variant: Int, side: Int) -> [UInt8] {
        (0..<side * side).map { index in
            let third = index / side * 3 / side
            let grain = (index * 31 + variant * 17) % 60
            return UInt8(third == label ? 180 + grain : grain)
        }
    }

    /// A model trained for a few epochs; its folder.
    func model(_ name: String = "model", seed: Int = 1) throws -> String {
        let outcome = try WrightProcess.run(
            ["train", folder, "--model", "mlp", "--epochs", "4", "-b", "16", "--seed", "\(seed)", "-q"]
                + ["-o", scratch.path(name)])
        guard outcome.status == 0 else { throw TrainingFailed(text: outcome.errors) }
        return scratch.path(name)
    }

    struct TrainingFailed: Error { var text: String }
}
