/// Why a file could not be read or written: which file, where in it, what is wrong, and what to do about it.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for programs; people read `cause`.
    public enum Kind: String, Hashable, Sendable {
        /// There is no such file or folder.
        case missing
        /// The operating system refused: permissions, a full disk, a failing device.
        case inputOutput
        /// The file ends before what its own header promises.
        case truncated
        /// The content contradicts the format, or itself.
        case invalid
        /// The content is sound, but of a kind that is not read here.
        case unsupported
        /// Reading it would take more than a stated limit.
        case tooLarge
    }

    /// Where in the file.
    public enum Position: Hashable, Sendable {
        case whole
        case byte(Int)
        /// Both count from 1; the column counts bytes.
        case line(Int, column: Int)
        /// A named part: a tensor, a member of an archive, a key.
        case entry(String)
    }

    public var kind: Kind
    public var file: String
    public var position: Position
    /// What is wrong, without the file and the place.
    public var cause: String
    /// What to do about it, as a sentence; empty when nothing but "get a sound file" could be said.
    public var remedy: String

    public init(_ kind: Kind, file: String, at position: Position = .whole, _ cause: String, remedy: String = "") {
        self.kind = kind
        self.file = file
        self.position = position
        self.cause = cause
        self.remedy = remedy
    }

    public var description: String {
        let place =
            switch position {
            case .whole: ""
            case .byte(let offset): ", byte \(offset)"
            case .line(let line, let column): ", line \(line), column \(column)"
            case .entry(let name): ", \(name.readable)"
            }
        return "\(file)\(place): \(cause)\(remedy.isEmpty ? "" : ". \(remedy)")"
    }
}

extension String {
    /// The text in quotes with control characters escaped, cut after 80 scalars: for names that a file chose.
    package var readable: String {
        var text = "\""
        for (index, scalar) in unicodeScalars.enumerated() {
            if index == 80 { return text + "…\"" }
            text += scalar.escaped(asASCII: false)
        }
        return text + "\""
    }
}
