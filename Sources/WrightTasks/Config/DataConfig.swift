public import WrightData
public import WrightRuntime

/// Where the rows are and how they are read.
public struct DataConfig: ConfigSection {
    public var path = ""
    /// Several files with the same columns, in the place of one.
    public var paths: [String] = []
    /// The names of the columns of a table without a header.
    public var columns: [String]?
    public var delimiter: String?
    public var encoding: TextEncoding?
    /// Of a database.
    public var table: String?
    public var missing = Table.missingMarks.sorted()
    public var clean = CleaningConfig()
    /// Whether training is refused when the data check finds something serious.
    public var strict = false

    public init() {}

    public static var settings: [Setting<DataConfig>] {
        [
            .value("path", \.path, .text, "The file of rows; a relative path is relative to this file"),
            .value("paths", \.paths, .list(.text), "Several files with the same columns, in the place of 'path'"),
            .optional("columns", \.columns, .list(.text), "The names of the columns of a file without a header"),
            .optional("delimiter", \.delimiter, .text, "What stands between fields; found out when not given"),
            .optional("encoding", \.encoding, .choice(), "How a text file is written; found out when not given"),
            .optional("table", \.table, .text, "The table of a database; needed when there are several"),
            .value("missing", \.missing, .list(.text), "Fields that stand for a value that is not there"),
            .section("clean", \.clean, "What is changed in rows and which are left out before anything is learned"),
            .value(
                "strict", \.strict, .flag, "Whether training is refused when the data check finds something serious"),
        ]
    }

    public var contradictions: [(setting: String, message: Message)] {
        var found: [(setting: String, message: Message)] = []
        if path.isEmpty, paths.isEmpty {
            found.append(
                (
                    "path",
                    Message(
                        .missingSetting, "path",
                        Phrase(
                            "the file of rows; a relative path is relative to this file",
                            "数据文件；相对路径以本文件所在处为准"))
                ))
        }
        if !path.isEmpty, !paths.isEmpty { found.append(("paths", Message(.pathAndPaths))) }
        if let delimiter, delimiter.utf8.count != 1 || ["\"", "\n", "\r"].contains(delimiter) {
            found.append(
                ("delimiter", Message(.delimiter)))
        }
        return found
    }

    /// All files, as the task calls them.
    public var files: [String] { paths.isEmpty ? [path] : paths }

    /// How a file of such rows is opened.
    public var options: Records.Options {
        Records.Options(
            columns: columns, delimiter: delimiter?.unicodeScalars.first, encoding: encoding, table: table)
    }
}
