public import WrightGraph
public import WrightRuntime

/// Pictures by their paths: PNG and JPEG files, and places in archives of NumPy arrays, `digits.npz/train_images[17]`.
public struct PictureSource: Sendable {
    /// Arrays by the paths of their archives and their names.
    private var arrays: [String: Buffer] = [:]

    /// Whether the name is that of a picture as this type reads them.
    public static func isPicture(_ name: String) -> Bool {
        let lower = name.lowercased()
        return [".png", ".jpg", ".jpeg"].contains(where: lower.hasSuffix) || place(name) != nil
    }

    /// Reads the arrays that `paths` lead into; files are read when they are asked for.
    ///
    /// - Throws: `FileError` when an archive cannot be read or holds no such pictures.
    public init(_ paths: some Sequence<String>) throws(FileError) {
        for path in paths {
            guard let place = Self.place(path), arrays[place.array] == nil else { continue }
            guard let end = place.array.ranges(of: ".npz/").last else { continue }
            let file = String(place.array[..<place.array.index(before: end.upperBound)])
            let name = String(place.array[end.upperBound...])
            let array = try NumPyArchive(file).array(name)
            guard array.dtype == .uint8, [3, 4].contains(array.shape.count), (1...4) ~= (array.shape + [1])[3] else {
                throw FileError(
                    .unsupported, file: file, at: .entry(name),
                    Message(.notPictures, "\(array.type)"))
            }
            arrays[place.array] = array.shape.count == 4 ? array : array.reshaped(array.shape + [1])
        }
    }

    /// One picture, uint8 [H, W, C], with so many channels (1 grey, 3 colour), or as many as it has.
    public func read(_ path: String, channels: Int? = nil) throws(FileError) -> Buffer {
        guard let place = Self.place(path), let array = arrays[place.array] else {
            return try ImageFile.read(path, channels: channels)
        }
        guard place.row < array.shape[0] else {
            throw FileError(
                .missing, file: place.array, Message(.noSuchPicture, array.shape[0], place.row))
        }
        let picture = array.rows(place.row..<(place.row + 1)).reshaped(Array(array.shape.dropFirst()))
        return channels.map { Self.converted(picture, to: $0) } ?? picture
    }

    /// `a.npz/images[17]` as the array and the row; nil for anything else.
    private static func place(_ path: String) -> (array: String, row: Int)? {
        guard path.hasSuffix("]"), let open = path.lastIndex(of: "["),
            let row = Int(path[path.index(after: open)...].dropLast()), row >= 0
        else { return nil }
        return (String(path[..<open]), row)
    }

    private static func converted(_ picture: Buffer, to channels: Int) -> Buffer {
        let (height, width, own) = (picture.shape[0], picture.shape[1], picture.shape[2])
        guard own != channels else { return picture }
        let source = picture.array(of: UInt8.self)
        var pixels: [UInt8] = []
        pixels.reserveCapacity(height * width * channels)
        for pixel in 0..<(height * width) {
            let values = source[(pixel * own)..<(pixel * own + own)].map { Int($0) }
            let colours = own < 3 ? [values[0], values[0], values[0]] : Array(values.prefix(3))
            // The weights of ITU-R BT.601, as decoders of files have them.
            let grey = (299 * colours[0] + 587 * colours[1] + 114 * colours[2] + 500) / 1000
            pixels += (channels == 1 ? [grey] : colours).map { UInt8($0) }
        }
        return Buffer(pixels, shape: [height, width, channels])
    }
}
