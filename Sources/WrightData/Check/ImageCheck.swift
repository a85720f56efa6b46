import WrightGraph
import WrightRuntime

/// Looks through folders of pictures for ones that are nearly the same, inside of a part and across parts, and for classes
/// that are rare.
///
/// Pictures are compared by the signs of their horizontal and vertical differences in eight by eight places, which survive
/// another size, compression and brightness (difference hashing).
public struct ImageCheck: Hashable, Sendable {
    /// Of 128 signs, pictures that differ in at most so many are nearly the same.
    public var differences = 6

    public init() {}

    /// Looks at all parts: a name and a folder each. Pictures that cannot be read are a finding.
    public func report(_ parts: [(name: String, folder: ImageFolder)], workers: Int = 1) throws -> DataReport {
        var config = ImageFolder.Config()
        (config.height, config.width, config.channels, config.fit) = (Self.side, Self.side, 1, .stretch)
        var pictures: [Picture] = []
        var rows: [Int] = []
        var findings: [DataFinding] = []
        for (number, part) in parts.enumerated() {
            let images = try part.folder.load(config, workers: workers)
            let labels = images.labels.map { _ in images.dataset.labels }
            let pixels = images.dataset.arrays.inputs[0].array(of: UInt8.self)
            for (index, path) in images.paths.enumerated() {
                let start = index * Self.side * Self.side
                pictures.append(
                    Picture(
                        part: number, path: path, label: labels?[index],
                        hash: Hash(pixels[start..<start + Self.side * Self.side])))
            }
            rows.append(images.paths.count + images.report.dropped)
            if images.report.dropped > 0 {
                findings.append(
                    DataFinding(
                        .unreadable, .warning, part: part.name, paths: images.report.reasons.flatMap(\.places),
                        count: images.report.dropped, images.report.phrase,
                        advice: Phrase("Mend these files or take them out", "请修复或去掉这些文件")))
            }
            if number == 0, let labels, let names = images.labels {
                findings += Self.imbalance(labels, names, part.name)
            }
        }
        var report = DataReport(
            zip(parts, rows).map { DataReport.Part(name: $0.name, rows: $1) }, columns: 1)
        let groups = groups(pictures.map(\.hash)).map { $0.map { pictures[$0] } }
        findings += compared(groups, parts.map(\.name), rows)
        report.add(findings) { finding in
            parts.firstIndex { $0.name == finding.part }.map { rows[$0] } ?? 0
        }
        return report
    }

    private struct Picture {
        var part: Int
        var path: String
        var label: Int32?
        var hash: Hash
    }

    private static let side = 9

    /// 64 signs along rows, and 64 along columns.
    private struct Hash {
        var across: UInt64 = 0
        var down: UInt64 = 0
        /// Pictures of one colour have no signs that mean anything.
        var isPlain: Bool

        init(_ pixels: ArraySlice<UInt8>) {
            let start = pixels.startIndex
            for row in 0..<8 {
                for column in 0..<8 {
                    let here = pixels[start + row * side + column]
                    across = across << 1 | (here < pixels[start + row * side + column + 1] ? 1 : 0)
                    down = down << 1 | (here < pixels[start + (row + 1) * side + column] ? 1 : 0)
                }
            }
            isPlain = pixels.max()! - pixels.min()! < 8
        }

        func differences(_ other: Hash) -> Int {
            (across ^ other.across).nonzeroBitCount + (down ^ other.down).nonzeroBitCount
        }

        /// Cut into so many bands; hashes that differ in fewer signs agree in one of them.
        func bands(_ count: Int) -> [[UInt64]] {
            (0..<count).map { band in
                var value: UInt64 = 0
                for place in (band * 128 / count)..<((band + 1) * 128 / count) {
                    let word = place < 64 ? across : down
                    value = value << 1 | word >> UInt64(place % 64) & 1
                }
                return [UInt64(band), value]
            }
        }
    }

    /// Pictures that are nearly the same as the first of their group, in order.
    private func groups(_ hashes: [Hash]) -> [[Int]] {
        var leaders: [[UInt64]: [Int]] = [:]
        var groups: [Int: [Int]] = [:]
        for (index, hash) in hashes.enumerated() where !hash.isPlain {
            let keys = hash.bands(differences + 1)
            let near = Set(keys.flatMap { leaders[$0] ?? [] }).filter { hashes[$0].differences(hash) <= differences }
            if let leader = near.min() {
                groups[leader, default: [leader]].append(index)
            } else {
                for key in keys { leaders[key, default: []].append(index) }
            }
        }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }

    private func compared(_ groups: [[Picture]], _ names: [String], _ rows: [Int]) -> [DataFinding] {
        var findings: [DataFinding] = []
        for (number, name) in names.enumerated() {
            let again = groups.flatMap { $0.filter { $0.part == number }.dropFirst() }.map(\.path)
            if !again.isEmpty {
                findings.append(
                    DataFinding(
                        .nearDuplicates, 20 * again.count >= rows[number] ? .warning : .note, part: name, paths: again,
                        count: again.count,
                        Phrase(
                            "\(again.count) of \(rows[number]) pictures of \(name) look like an earlier one",
                            "\(Phrase.part(name).chinese)的 \(rows[number]) 张图片中有 \(again.count) 张与先前的相似"),
                        advice: Phrase(
                            "Look at a few of them, and leave out what is the same picture again", "请抽查，并去掉实为重复的图片")))
            }
            guard number > 0 else { continue }
            let shared = groups.filter { $0[0].part == 0 }.flatMap { $0.filter { $0.part == number } }.map(\.path)
            if !shared.isEmpty {
                findings.append(
                    DataFinding(
                        .nearOverlap, .error, part: name, paths: shared, count: shared.count,
                        Phrase(
                            "\(shared.count) of \(rows[number]) pictures of \(name) look like pictures of \(names[0])",
                            "\(Phrase.part(name).chinese)的 \(rows[number]) 张图片中有 \(shared.count) 张与"
                                + "\(Phrase.part(names[0]).chinese)的图片相似"),
                        advice: .leaveOut(of: names[0])))
            }
        }
        let conflicts = groups.filter { Set($0.filter { $0.part == 0 }.map(\.label)).count > 1 }.flatMap(\.self)
            .filter { $0.part == 0 }
        if !conflicts.isEmpty {
            findings.append(
                DataFinding(
                    .contradictions, .warning, part: names[0], paths: conflicts.map(\.path), count: conflicts.count,
                    Phrase(
                        "\(conflicts.count) pictures look alike and are of different classes",
                        "有 \(conflicts.count) 张图片彼此相似而类别不同"),
                    advice: Phrase(
                        "At most one of equal pictures can be right: look at how they were labelled",
                        "相同的图片至多一个标签是对的：请检查标注")))
        }
        return findings
    }

    private static func imbalance(_ labels: [Int32], _ names: LabelNames, _ part: String) -> [DataFinding] {
        let counts = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +).sorted {
            ($0.value, $0.key) < ($1.value, $1.key)
        }
        guard let least = counts.first, let most = counts.last, most.value >= 10 * least.value else { return [] }
        return [
            DataFinding(
                .imbalance, .warning, part: part,
                Phrase(
                    "\(most.value) pictures are of \(names[Int(most.key)].readable) and \(least.value) of "
                        + names[Int(least.key)].readable,
                    "\(names[Int(most.key)].readable) 有 \(most.value) 张图片，\(names[Int(least.key)].readable) 只有 "
                        + "\(least.value) 张"),
                advice: .weighClasses)
        ]
    }
}
