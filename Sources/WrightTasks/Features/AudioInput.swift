import WrightData
import WrightGraph
public import WrightRuntime

/// A column of paths of sounds, WAV and FLAC files relative to the data: each becomes a spectrogram of one length.
public struct AudioInput: InputFeature {
    /// What a sound is over time.
    enum Form: String, CaseIterable, Sendable {
        /// The power in bands of the mel scale, in decibel.
        case logMel = "log_mel"
        /// Cepstral coefficients.
        case mfcc
    }

    /// How a column of sounds is read.
    public struct Settings: InputSettings {
        var form = Form.logMel
        var sampleRate: Int?
        var seconds: Double?
        var bands = 40
        var coefficients = 20
        var augment = true

        public init() {}
        public static var type: String { "audio" }
        public static var summary: Phrase { Phrase("paths of sounds: WAV and FLAC files", "声音的路径：WAV 和 FLAC 文件") }
        public static var namesFiles: Bool { true }
        public static var settings: [Setting<Self>] {
            [
                .value(
                    "form", \.form, .choice(),
                    Phrase(
                        "What a sound is over time: power in bands, or cepstral coefficients", "声音随时间的表示：各频带的功率，或倒谱系数")),
                .optional(
                    "sample_rate", \.sampleRate, .integer(atLeast: 1000),
                    Phrase(
                        "Samples in a second that sounds are brought to; the lowest among the sounds when not given, 16,000 at "
                            + "most", "声音统一成的每秒采样数；不写则取各声音中最低的，至多 16,000")),
                .optional(
                    "seconds", \.seconds, .number(in: 0.05..<600),
                    Phrase(
                        "The length that sounds are cut to at both ends, or filled up to; so that 19 of 20 stay whole when not "
                            + "given, 10 at most", "声音两端裁剪或补齐到的秒数；不写则使二十分之十九的声音保持完整，至多 10")),
                .value("bands", \.bands, .integer(atLeast: 4), Phrase("Bands of the mel scale", "梅尔频带数")),
                .value(
                    "coefficients", \.coefficients, .integer(atLeast: 2),
                    Phrase("Cepstral coefficients, when they are asked for", "倒谱系数的个数（选用时）")),
                .value(
                    "augment", \.augment, .flag,
                    Phrase(
                        "Whether training moves sounds in time and silences stretches of time and bands",
                        "训练时是否平移声音并遮蔽部分时段和频带")),
            ]
        }

        public var contradictions: [(setting: String, message: Message)] {
            coefficients > bands ? [("coefficients", Message(.coefficients, bands))] : []
        }

        /// So many sounds, evenly spread, are looked at.
        private static let sampleSize = 500

        public func fit(_ fields: [String?]) throws -> AudioInput {
            let paths = fields.compactMap(\.self)
            let step = max(1, paths.count / Self.sampleSize)
            var sounds: [Sound] = []
            var problem: FileError?
            for place in stride(from: 0, to: paths.count, by: step) {
                do throws(FileError) { sounds.append(try SoundFile.read(paths[place])) } catch {
                    problem = problem ?? error
                }
            }
            guard !sounds.isEmpty else {
                throw problem.map { FeatureProblem(.unreadSounds, $0.phrase) } ?? FeatureProblem(.noSoundPath)
            }
            let lengths = sounds.map(\.seconds).sorted()
            var config = Spectrogram.Config()
            config.rate = sampleRate ?? min(16_000, sounds.map(\.rate).min()!)
            config.bands = bands
            config.coefficients = form == .mfcc ? coefficients : nil
            var feature = AudioInput(
                config, seconds: seconds ?? min(10, max(0.1, lengths[lengths.count * 19 / 20])), augments: augment)
            feature.scales = feature.measured(sounds)
            return feature
        }
    }

    private let spectrogram: Spectrogram
    private let seconds: Double
    private let augments: Bool
    /// The mean of each number of a piece, and one over its deviation.
    private var scales: [(mean: Float, factor: Float)]

    private init(_ config: Spectrogram.Config, seconds: Double, augments: Bool) {
        spectrogram = Spectrogram(config)
        self.seconds = seconds
        self.augments = augments
        scales = [(mean: Float, factor: Float)](repeating: (0, 1), count: config.width)
    }

    private var samples: Int { max(1, Int(seconds * Double(spectrogram.config.rate))) }
    private var type: TensorType {
        TensorType([spectrogram.config.frames(samples), spectrogram.config.width, 1])
    }

    public var shape: InputShape {
        InputShape(
            pictures: [
                .init(
                    height: type.shape[0], width: type.shape[1], channels: 1, normalisation: nil,
                    augmentation: augments ? .spectrogram(SpectrogramAugmentation()) : nil)
            ])
    }

    public func encode(_ fields: [String?]) throws -> EncodedInput {
        let pictures = try EncodedPictures(count: fields.count, type) { row throws(FileError) in
            guard let path = fields[row] else { return nil }
            return Buffer(pieces(try SoundFile.read(path)), shape: type.shape)
        }
        return EncodedInput(pictures: [pictures], defects: pictures.defects)
    }

    /// The middle of the sound at the rate and of the length of this feature, on the common scale.
    private func pieces(_ sound: Sound) -> [Float] {
        let all = Resampler(from: sound.rate, to: spectrogram.config.rate)(sound.samples)
        let before = (samples - all.count) / 2
        let middle =
            before >= 0
            ? [Float](repeating: 0, count: before) + all + [Float](repeating: 0, count: samples - all.count - before)
            : Array(all[(-before)..<(-before + samples)])
        var values = spectrogram(middle)
        for index in values.indices {
            let scale = scales[index % scales.count]
            values[index] = (values[index] - scale.mean) * scale.factor
        }
        return values
    }

    private func measured(_ sounds: [Sound]) -> [(mean: Float, factor: Float)] {
        var (sums, squares, count) = (scales.map { _ in 0.0 }, scales.map { _ in 0.0 }, 0.0)
        for sound in sounds {
            for (index, value) in pieces(sound).enumerated() {
                sums[index % scales.count] += Double(value)
                squares[index % scales.count] += Double(value) * Double(value)
            }
            count += Double(type.shape[0])
        }
        return zip(sums, squares).map { sum, square in
            let mean = sum / count
            let deviation = max(square / count - mean * mean, 1e-6).squareRoot()
            return (Float(mean), Float(1 / deviation))
        }
    }

    public var state: JSON {
        let config = spectrogram.config
        return [
            "rate": .integer(Int64(config.rate)), "bands": .integer(Int64(config.bands)),
            "coefficients": .integer(Int64(config.coefficients ?? 0)), "seconds": .number(seconds),
            "augment": .bool(augments), "means": .numbers(scales.map { Double($0.mean) }),
            "factors": .numbers(scales.map { Double($0.factor) }),
        ]
    }

    public init(_ state: FeatureState) throws {
        var config = Spectrogram.Config()
        config.rate = try state.count("rate")
        config.bands = try state.count("bands")
        let coefficients = try state.member(
            "coefficients", Phrase("a whole number of at most \(config.bands)", "不大于 \(config.bands) 的整数")
        ) { json in
            json.integer.flatMap { (0...config.bands).contains($0) ? $0 : nil }
        }
        config.coefficients = coefficients > 0 ? coefficients : nil
        self.init(config, seconds: try state.number("seconds"), augments: try state.flag("augment"))
        let (means, factors) = (try state.numbers("means"), try state.numbers("factors"))
        guard means.count == config.width, factors.count == config.width, (0.0..<3600).contains(seconds) else {
            throw state.failure(
                "'means' and 'factors' must be \(config.width) numbers each, and 'seconds' below 3600",
                "'means' 和 'factors' 必须各有 \(config.width) 个数，'seconds' 须小于 3600")
        }
        scales = zip(means, factors).map { (Float($0), Float($1)) }
    }
}
