import Wright

/// Texts in a file, one in each line, or a JSON list of them.
enum TextLines {
    static func load(_ path: String) throws -> [String] {
        if path.hasSuffix(".json") {
            guard let list = try JSON.load(path).array, case let texts = list.compactMap(\.string),
                texts.count == list.count
            else { throw Failure.data(Message(.noTextList, path)) }
            return texts
        }
        var lines = try FileAccess.read(path).split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }
}
