/// The codes of everything that can be wrong: the one list. A code never changes its meaning, and none is used again.
///
/// 1000 files and formats · 1100 tables · 1200 texts and tokenizers · 1300 pictures and sounds · 2000 task files · 2200
/// features · 2400 data that is refused · 3000 training · 3200 metrics · 4000 the command line.
public enum MessageCode: Int, CaseIterable, Sendable {
    // MARK: Files and formats

    /// The operating system refused to open, read, write, rename or remove a file.
    case system = 1001
    /// A file has more bytes than are read of its kind.
    case moreBytesThanRead = 1002
    /// A folder was named where a file is needed.
    case isFolder = 1003
    /// A pipe or a device was named where a file is needed.
    case isNotRegular = 1004
    /// Two processes write the same file.
    case isBeingWritten = 1005
    /// A temporary file lost its end while it was in use.
    case endedEarly = 1006

    /// `WR-1203`.
    public var text: String { "WR-\(rawValue)" }

    /// How the message reads.
    public var pattern: MessagePattern {
        // Every code has one: a test asks for all.
        MessageCatalogue.patterns[self]!
    }
}

/// The texts of every code, one table for each area, beside this file.
enum MessageCatalogue {
    static let patterns: [MessageCode: MessagePattern] = [files].reduce(into: [:]) { all, table in
        all.merge(table) { first, _ in preconditionFailure("two texts with one code: \(first.text.english)") }
    }
}
