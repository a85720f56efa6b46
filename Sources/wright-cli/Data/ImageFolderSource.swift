import ArgumentParser
import Wright

/// `--image-size 64` or `--image-size 48x64`, height first.
struct ImageSize: ExpressibleByArgument {
    var height: Int
    var width: Int

    init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    init?(argument: String) {
        let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 1 || sides.count == 2, let height = sides[0], let width = sides[sides.count - 1],
            (1...4096).contains(height), (1...4096).contains(width)
        else { return nil }
        self.init(height: height, width: width)
    }
}

extension DataSource {
    /// Pictures larger than this are made smaller unless the user says otherwise.
    private static let largestDefault = ImageSize(height: 128, width: 128)
    private static let smallDefault = ImageSize(height: 64, width: 64)

    /// A folder with one folder of images for each class, or with such folders in `train` and `test`.
    static func imageFolder(_ path: String, _ options: Options) throws -> DataSource {
        let folders = Set(try FileAccess.entries(of: path).filter(\.isFolder).map(\.name))
        guard folders.contains("train") else {
            let folder = try ImageFolder(path, labels: options.labels)
            let part = try load(folder, config(for: folder, options))
            return source(path, part, test: nil)
        }
        let training = try ImageFolder(path + "/train", labels: options.labels)
        let config = try config(for: training, options)
        let loaded = try load(training, config)
        let name = ["test", "val", "valid", "validation"].first { folders.contains($0) }
        let test = try name.map { name in
            try load(ImageFolder("\(path)/\(name)", labels: loaded.labels ?? options.labels), config)
        }
        return source(path, loaded, test: test)
    }

    private static func source(_ path: String, _ images: ImageFolder.Images, test: ImageFolder.Images?) -> DataSource {
        let reports = [images.report] + (test.map { [$0.report] } ?? [])
        return DataSource(
            description: Phrase("images in \(path)", "\(path) 中的图像"),
            training: Part(images.dataset, names: images.paths),
            test: test.map { Part($0.dataset, names: $0.paths) },
            labels: images.labels ?? LabelNames(collecting: ["image"]), unit: "image",
            drops: reports.filter { $0.dropped > 0 }.map(\.phrase))
    }

    private static func load(_ folder: ImageFolder, _ config: ImageFolder.Config) throws -> ImageFolder.Images {
        let images = try folder.load(config, workers: Machine.cores)
        guard images.labels != nil else {
            throw Failure.data(Message(.imagesWithoutClasses, folder.folder))
        }
        guard images.dataset.count > 0 else {
            throw Failure.data(Message(.noImage, folder.folder, Phrase(" ", "") + images.report.phrase))
        }
        return images
    }

    private static func config(for folder: ImageFolder, _ options: Options) throws -> ImageFolder.Config {
        var config = ImageFolder.Config()
        if let expected = options.expected, expected.isImage {
            (config.height, config.width, config.channels) = (expected.shape[0], expected.shape[1], expected.shape[2])
            return config
        }
        let headers = folder.entries.prefix(256).compactMap { entry in
            // Why: a picture that cannot be read is dropped and counted when the folder is loaded.
            try? ImageFile.header(folder.file(entry))
        }
        guard let first = headers.first else {
            throw Failure.data(
                Message(
                    .noImage, folder.folder,
                    folder.report.dropped > 0 ? Phrase(" ", "") + folder.report.phrase : Phrase("")))
        }
        config.channels = headers.allSatisfy { $0.channels <= 2 } ? 1 : 3
        let isOneSize = headers.allSatisfy { $0.height == first.height && $0.width == first.width }
        let isSmall = first.height <= largestDefault.height && first.width <= largestDefault.width
        let size =
            options.imageSize
            ?? (isOneSize && isSmall ? ImageSize(height: first.height, width: first.width) : smallDefault)
        if options.imageSize == nil, !(isOneSize && isSmall) {
            Output.note(
                "images are made \(size.height) × \(size.width); choose another size with --image-size",
                "图像缩放为 \(size.height) × \(size.width)；可用 --image-size 指定其他尺寸")
        }
        (config.height, config.width) = (size.height, size.width)
        return config
    }
}
