/// Why a file could not be read or written: which file, where in it, what is wrong, and what to do about it.
public struct FileError: CataloguedError, Hashable, Sendable {
    /// What went wrong, for programs; people read the message.
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
    /// What is wrong, without the file and the place, and what to do about it; nothing when that is to get a sound file.
    public var message: Message

    public init(_ kind: Kind, file: String, at position: Position = .whole, _ message: Message) {
        self.kind = kind
        self.file = file
        self.position = position
        self.message = message
    }

    public init(_ kind: Kind, file: String, at position: Position = .whole, _ cause: String, remedy: String = "") {
        self.init(kind, file: file, at: position, Message(uncatalogued: cause, remedy: remedy))
    }

    /// What is wrong, in English.
    public var cause: String { message.text.english }
    /// What to do, in English.
    public var remedy: String { message.remedy.english }

    public func text(in language: Language) -> String {
        language(Phrase(file) + position.phrase + Phrase(": ", "：") + message.phrase)
    }
}

extension FileError.Position {
    fileprivate var phrase: Phrase {
        switch self {
        case .whole: Phrase("")
        case .byte(let offset): Phrase(", byte \(offset)", "，第 \(offset) 字节")
        case .line(let line, let column): Phrase(", line \(line), column \(column)", "，第 \(line) 行第 \(column) 列")
        case .entry(let name): Phrase(", \(name.readable)", "，\(name.readable)")
        }
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
