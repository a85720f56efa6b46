import WrightGraph
import WrightRuntime

extension ImageFolder {
    /// What the pictures become.
    public struct Config: Hashable, Sendable {
        /// Nil for both: the pictures must be of one size, and keep it.
        public var height: Int?
        public var width: Int?
        /// 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha.
        public var channels = 3
        public var fit = ImageFit.crop
        public var resampling = Resampling.antialiased
        public var limits = ImageFile.Limits()

        public init() {}
    }

    /// The pictures of a folder as a dataset: images uint8 [H, W, C] and class numbers int32.
    public struct Images: Sendable {
        public let dataset: ArrayDataset
        /// The path of each row's file, from the folder on.
        public let paths: [String]
        public let labels: LabelNames?
        /// Also what could not be read.
        public let report: DropReport
    }

    /// Decodes every picture into memory, on `workers` threads. Files that cannot be read are dropped and counted.
    public func load(_ config: Config = Config(), workers: Int = 1) throws -> Images {
        var sink: (images: Buffer, labels: [Int32])?
        let (paths, report) = try decode(config, workers) { image, label in
            if sink == nil { sink = (Buffer(zeros: TensorType([count] + image.shape, .uint8)), []) }
            let row = sink!.labels.count
            (sink!.images.pointer + row * image.count).copyMemory(from: image.pointer, byteCount: image.count)
            sink!.labels.append(label ?? 0)
        }
        guard let sink else { throw nothingReadable(report) }
        let images = sink.images.rows(0..<paths.count)
        let targets = labels == nil ? [] : [Buffer(sink.labels)]
        return Images(
            dataset: ArrayDataset(Samples(inputs: [images], targets: targets)), paths: paths, labels: labels,
            report: report)
    }

    /// Decodes every picture into the file at `path` and maps it; at later calls the file is used, unless a picture or
    /// the config changed.
    public func cached(_ config: Config = Config(), at path: String, workers: Int = 1) throws -> Images {
        let key = fingerprint(config)
        if let found = try CachedDataset(path, key: key), let images = images(found) { return images }
        var writer: DatasetWriter?
        let (paths, report) = try decode(config, workers) { image, label in
            let types = labels == nil ? [] : [TensorType([], .int32)]
            if writer == nil { writer = try DatasetWriter(path, inputs: [image.type], targets: types) }
            try writer!.append(
                Samples(
                    inputs: [image.reshaped([1] + image.shape)], targets: labels == nil ? [] : [Buffer([label ?? 0])]))
        }
        guard let writer else { throw nothingReadable(report) }
        let dataset = try writer.finish(metadata: [
            CachedDataset.keyName: key, "paths": JSON.array(paths.map { .string($0) }).text(),
            "report": report.json.text(),
        ])
        return Images(dataset: dataset, paths: paths, labels: labels, report: report)
    }

    /// Decodes the pictures ahead of `body`, which gets them in order.
    private func decode(
        _ config: Config, _ workers: Int, _ body: (Buffer, Int32?) throws -> Void
    ) throws -> (paths: [String], report: DropReport) {
        precondition((config.height == nil) == (config.width == nil), "give both height and width, or neither")
        var report = report
        var paths: [String] = []
        var firstShape: [Int]?
        let files = entries.map { file($0) }
        let pictures = try Prefetch(depth: 4 * workers, workers: workers) { number -> Result<Buffer, FileError>? in
            guard number < files.count else { return nil }
            return Result { () throws(FileError) in try Self.picture(files[number], config) }
        }
        for entry in entries {
            switch try pictures.next()! {
            case .failure(let error):
                report.drop(
                    Phrase("unreadable", "无法读取"), at: Phrase("\(entry.path): ", "\(entry.path)：") + error.message.text)
            case .success(let image):
                if let firstShape, firstShape != image.shape {
                    throw FileError(
                        .unsupported, file: file(entry),
                        Message(
                            .pictureSizes, "\(image.shape[1]) × \(image.shape[0])",
                            "\(firstShape[1]) × \(firstShape[0])"))
                }
                firstShape = image.shape
                try body(image, entry.label)
                paths.append(entry.path)
                report.keep()
            }
        }
        return (paths, report)
    }

    private static func picture(_ path: String, _ config: Config) throws(FileError) -> Buffer {
        let image = try ImageFile.read(path, channels: config.channels, limits: config.limits)
        guard let height = config.height, let width = config.width else { return image }
        return ImageFile.fit(image, height: height, width: width, config.fit, config.resampling)
    }

    /// Another text when a file was added, removed, renamed or changed, or when the config is another.
    private func fingerprint(_ config: Config) -> String {
        var hash = stableHash("\(config) \(labels?.names ?? [])")
        for entry in entries {
            let stamp = FileAccess.stamp(file(entry))
            let text = "\(entry.path) \(entry.label ?? -1) \(stamp?.bytes ?? -1) \(stamp?.changed ?? -1)"
            hash = stableHash(text, salt: hash)
        }
        return "\(entries.count) images, \(String(hash, radix: 16))"
    }

    private func images(_ found: CachedDataset) -> Images? {
        guard let paths = Self.json(found.metadata["paths"])?.array,
            let report = Self.json(found.metadata["report"]).flatMap({ DropReport(json: $0) })
        else { return nil }
        return Images(dataset: found.dataset, paths: paths.compactMap(\.string), labels: labels, report: report)
    }

    /// The value of a text that we wrote; nil when it is damaged: then the cache is made again.
    private static func json(_ text: String?) -> JSON? {
        guard let text else { return nil }
        return try? JSON(parsing: text)  // Why: nil says all that is needed, see above
    }

    private func nothingReadable(_ report: DropReport) -> FileError {
        FileError(
            .missing, file: folder, Message(.noReadablePicture, report))
    }
}
