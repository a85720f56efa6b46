import WrightData
import WrightGraph
public import WrightRuntime

/// A column of paths of pictures, relative to the data: PNG and JPEG files, or places in an archive of arrays.
public struct ImageInput: InputFeature {
    /// What colours become.
    enum Channels: String, CaseIterable, Sendable {
        /// Grey where all pictures looked at are.
        case automatic
        case grey, color
    }

    /// How a column of pictures is read.
    public struct Settings: InputSettings {
        var size: Int?
        var channels = Channels.automatic
        var fit = ImageFit.crop
        var mirror: Bool?
        var shift = 0.1

        public init() {}
        public static var type: String { "image" }
        public static var summary: Phrase { Phrase("paths of pictures: PNG and JPEG files", "图片的路径：PNG 和 JPEG 文件") }
        public static var namesFiles: Bool { true }
        public static var settings: [Setting<Self>] {
            [
                .optional(
                    "size", \.size, .integer(atLeast: 8),
                    Phrase(
                        "Height and width that pictures are brought to; when not given they stay as they are if they are of "
                            + "one size up to 64, and become 64", "图片统一成的高和宽；不写时，若大小一致且不超过 64 则保持原样，否则为 64")),
                .value(
                    "channels", \.channels, .choice(),
                    Phrase("Whether colours are seen; automatic finds out", "是否看颜色；automatic 表示自动判断")),
                .value(
                    "fit", \.fit, .choice(),
                    Phrase("How a picture of another shape is brought to the size", "形状不同的图片如何变成该尺寸")),
                .optional(
                    "mirror", \.mirror, .flag,
                    Phrase(
                        "Whether training shows half of the pictures mirrored, left to right; colour pictures when not given",
                        "训练时是否将一半图片左右翻转；不写则只翻转彩色图片")
                ),
                .value(
                    "shift", \.shift, .number(in: 0..<0.5),
                    Phrase("By what share of their size training moves pictures at most", "训练时图片最多平移其尺寸的多大比例")),
            ]
        }

        /// So many pictures, evenly spread, are looked at.
        private static let sampleSize = 500
        private static let largestSize = 64

        public func fit(_ fields: [String?]) throws -> ImageInput {
            let paths = fields.compactMap(\.self)
            let step = max(1, paths.count / Self.sampleSize)
            let sample = stride(from: 0, to: paths.count, by: step).map { paths[$0] }
            let source = try PictureSource(sample)
            var pictures: [Buffer] = []
            var problem: FileError?
            for path in sample {
                do throws(FileError) { pictures.append(try source.read(path)) } catch { problem = problem ?? error }
            }
            guard let first = pictures.first else {
                throw problem.map { FeatureProblem(.unreadPictures, $0.phrase) } ?? FeatureProblem(.noPicturePath)
            }
            let isOneSize = pictures.allSatisfy { $0.shape.prefix(2) == first.shape.prefix(2) }
            let isSmall = first.shape[0] <= Self.largestSize && first.shape[1] <= Self.largestSize
            let isColor = channels == .color || channels == .automatic && pictures.contains { $0.shape[2] >= 3 }
            var feature = ImageInput(
                height: size ?? (isOneSize && isSmall ? first.shape[0] : Self.largestSize),
                width: size ?? (isOneSize && isSmall ? first.shape[1] : Self.largestSize), channels: isColor ? 3 : 1,
                fit: fit, mirror: mirror ?? isColor, shift: shift)
            let dataset = ArrayDataset(Samples(inputs: [feature.stacked(pictures)]))
            feature.normalisation = try Normalisation(measuring: dataset)
            return feature
        }
    }

    private let height: Int
    private let width: Int
    private let channels: Int
    private let fit: ImageFit
    private let mirror: Bool
    private let shift: Double
    private var normalisation = Normalisation(means: [0], deviations: [1])

    private init(height: Int, width: Int, channels: Int, fit: ImageFit, mirror: Bool, shift: Double) {
        self.height = height
        self.width = width
        self.channels = channels
        self.fit = fit
        self.mirror = mirror
        self.shift = shift
    }

    private var type: TensorType { TensorType([height, width, channels], .uint8) }

    public var shape: InputShape {
        var augmentation = Augmentation()
        augmentation.flipHorizontally = mirror ? 0.5 : 0
        augmentation.cropPadding = Int((shift * Double(min(height, width))).rounded())
        return InputShape(
            pictures: [
                .init(
                    height: height, width: width, channels: channels, normalisation: normalisation,
                    augmentation: .picture(augmentation))
            ])
    }

    public func encode(_ fields: [String?]) throws -> EncodedInput {
        let source = try PictureSource(fields.compactMap(\.self))
        let pictures = try EncodedPictures(count: fields.count, type) { row throws(FileError) in
            guard let path = fields[row] else { return nil }
            return fitted(try source.read(path, channels: channels))
        }
        return EncodedInput(pictures: [pictures], defects: pictures.defects)
    }

    private func fitted(_ picture: Buffer) -> Buffer {
        Array(picture.shape.prefix(2)) == [height, width]
            ? picture : ImageFile.fit(picture, height: height, width: width, fit)
    }

    /// Pictures of as many channels as this feature's, or others that are measured as what they have, one after the other.
    private func stacked(_ pictures: [Buffer]) -> Buffer {
        let same = pictures.filter { $0.shape[2] == channels }.map(fitted)
        let bytes = type.byteCount
        let result = Buffer(zeros: TensorType([same.count] + type.shape, .uint8))
        // Safety: the result was made above for as many pictures of this type.
        for (place, picture) in same.enumerated() {
            (result.pointer + place * bytes).copyMemory(from: picture.pointer, byteCount: bytes)
        }
        return result
    }

    public var state: JSON {
        [
            "height": .integer(Int64(height)), "width": .integer(Int64(width)), "channels": .integer(Int64(channels)),
            "fit": .string(fit.rawValue), "mirror": .bool(mirror), "shift": .number(shift),
            "means": .numbers(normalisation.means.map(Double.init)),
            "deviations": .numbers(normalisation.deviations.map(Double.init)),
        ]
    }

    public init(_ state: FeatureState) throws {
        height = try state.count("height")
        width = try state.count("width")
        channels = try state.member("channels", Phrase("1 or 3", " 1 或 3")) {
            $0.integer.flatMap { [1, 3].contains($0) ? Int($0) : nil }
        }
        fit = try state.member("fit", Phrase("one of ", "以下之一：") + ImageFit.allCases.map(\.rawValue).phrase) {
            $0.string.flatMap(ImageFit.init)
        }
        mirror = try state.flag("mirror")
        shift = try state.number("shift")
        let (means, deviations) = (try state.numbers("means"), try state.numbers("deviations"))
        guard means.count == channels, deviations.count == channels, deviations.allSatisfy({ $0 > 0 }) else {
            throw state.failure(
                "'means' and 'deviations' must be \(channels) numbers each, deviations above zero",
                "'means' 和 'deviations' 必须各有 \(channels) 个数，且 deviations 大于零")
        }
        normalisation = Normalisation(means: means.map { Float($0) }, deviations: deviations.map { Float($0) })
    }
}
