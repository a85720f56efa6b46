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
            .value(
                "path", \.path, .text,
                Phrase("The file of rows; a relative path is relative to this file", "数据文件；相对路径以本文件所在处为准")),
            .value(
                "paths", \.paths, .list(.text),
                Phrase("Several files with the same columns, in the place of 'path'", "列相同的多个文件，用来代替 'path'")),
            .optional(
                "columns", \.columns, .list(.text),
                Phrase("The names of the columns of a file without a header", "没有表头的文件的列名")),
            .optional(
                "delimiter", \.delimiter, .text,
                Phrase("What stands between fields; found out when not given", "字段之间的分隔符；不写则自动识别")),
            .optional(
                "encoding", \.encoding, .choice(),
                Phrase("How a text file is written; found out when not given", "文本文件的编码；不写则自动识别")),
            .optional(
                "table", \.table, .text,
                Phrase("The table of a database; needed when there are several", "数据库中的表名；有多张表时必须写")),
            .value(
                "missing", \.missing, .list(.text),
                Phrase("Fields that stand for a value that is not there", "表示缺失值的字段")),
            .section(
                "clean", \.clean,
                Phrase("What is changed in rows and which are left out before anything is learned", "学习之前改动或舍弃哪些行")),
            .value(
                "strict", \.strict, .flag,
                Phrase("Whether training is refused when the data check finds something serious", "数据检查发现严重问题时是否拒绝训练")),
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
