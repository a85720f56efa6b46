import WrightRuntime

/// Kinds of files that are often given where a table is expected, by their first bytes: as text they would be complained of
/// byte by byte.
enum FileSignature {
    /// How each kind begins, at most ``length`` bytes.
    private static let known: [(bytes: [UInt8], kind: Phrase)] = [
        ([0x50, 0x4B, 0x03, 0x04], Phrase("an Excel workbook or another ZIP archive", "Excel 工作簿或其他 ZIP 压缩包")),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], Phrase("an old Excel workbook", "旧版 Excel 工作簿")),
        (Array("PAR1".utf8), Phrase("a Parquet file", "Parquet 文件")),
        (Array("ARROW1".utf8), Phrase("an Arrow file", "Arrow 文件")),
        ([0x89] + Array("HDF".utf8), Phrase("an HDF5 file", "HDF5 文件")),
        (Array("%PDF-".utf8), Phrase("a PDF document", "PDF 文档")),
        ([0x89] + Array("PNG".utf8), Phrase("a picture", "图片")),
        ([0xFF, 0xD8, 0xFF], Phrase("a picture", "图片")),
        (Array("RIFF".utf8), Phrase("a sound or a film", "声音或视频")),
        (Array("fLaC".utf8), Phrase("a sound", "声音")),
        (Array("BZh9".utf8), Phrase("a bzip2 archive", "bzip2 压缩文件")),
        ([0xFD] + Array("7zXZ".utf8), Phrase("an xz archive", "xz 压缩文件")),
        ([0x28, 0xB5, 0x2F, 0xFD], Phrase("a zstd archive", "zstd 压缩文件")),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], Phrase("a 7z archive", "7z 压缩包")),
        (Array("Rar!".utf8), Phrase("a RAR archive", "RAR 压缩包")),
        ([0x7F] + Array("ELF".utf8), Phrase("a program", "程序")),
    ]
    /// As many bytes tell all of them apart.
    static let length = 16

    /// What a file that begins so is; nil for what may be a table.
    static func kind(of start: [UInt8]) -> Phrase? { known.first { start.starts(with: $0.bytes) }?.kind }
}
