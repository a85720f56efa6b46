import ArgumentParser
import Wright
import WrightTasks

/// How the answer for one row is explained.
enum ExplanationMethod: String, CaseIterable, ExpressibleByArgument {
    case shapley, occlusion
    case integratedGradients = "integrated-gradients"
    case gradCAM = "grad-cam"
}

/// What is known of why a task's model answers one row as it does.
struct RowExplanation {
    /// Counted from 1.
    let row: Int
    let line: Int
    let shapley: [ShapleyValues]
    let occlusion: [TextOcclusion]
    let covered: [PictureOcclusion]
    let gradients: [IntegratedGradients]
    let maps: [GradCAM]

    /// - Parameter background: rows that Shapley values compare with at most.
    init(
        _ model: TaskModel, _ table: TaskTable, row: Int, methods: Set<ExplanationMethod>, background: Int, seed: UInt64
    ) throws {
        self.row = row + 1
        line = table.lines[row]
        shapley =
            methods.contains(.shapley)
            ? try model.shapley(row: row, of: table, background: background, seed: seed) : []
        occlusion = methods.contains(.occlusion) ? try model.occlusion(row: row, of: table) : []
        covered = methods.contains(.occlusion) ? try model.pictureOcclusion(row: row, of: table) : []
        gradients = methods.contains(.integratedGradients) ? try model.integratedGradients(row: row, of: table) : []
        maps = methods.contains(.gradCAM) ? try model.gradCAM(row: row, of: table) : []
    }

    var isEmpty: Bool {
        shapley.isEmpty && occlusion.isEmpty && covered.isEmpty && gradients.isEmpty && maps.isEmpty
    }

    var json: JSON {
        var object = JSON.Object()
        object["row"] = .integer(Int64(row))
        object["line"] = .integer(Int64(line))
        for (key, values) in [
            ("shapley", shapley.map(\.json)), ("occlusion", occlusion.map(\.json)),
            ("picture_occlusion", covered.map(\.json)), ("integrated_gradients", gradients.map(\.json)),
            ("grad_cam", maps.map(\.json)),
        ] {
            object[key] = .array(values)
        }
        return .object(object)
    }

    var text: String {
        let sections =
            shapley.map(Self.text) + occlusion.map(Self.text) + covered.map(Self.text) + gradients.map(Self.text)
            + maps.map(Self.text)
        return sections.joined(separator: "\n\n")
    }

    /// Above zero with a plus.
    static func signed(_ value: Double) -> String { (value >= 0 ? "+" : "") + value.short }

    private static func text(_ values: ShapleyValues) -> String {
        let rows = values.parts.map { part in
            ["  \(part.column) = \(shown(part.field))", signed(part.value), "± \(part.standardError.short)"]
        }
        let head = say(
            "\(values.output): \(values.answer.english) is \(values.prediction.short), \(values.expected.short) on average",
            "\(values.output)：\(values.answer.chinese)为 \(values.prediction.short)，平均为 \(values.expected.short)")
        let foot = say(
            "  The parts add up to the difference but for \(values.additivityError.short) "
                + "(\(values.samples.counted("order")) of the columns).",
            "  各部分之和与差值相差 \(values.additivityError.short)（列的 \(values.samples) 种顺序）。")
        return [head, Output.table(rows, rightAligned: [1]), foot].joined(separator: "\n")
    }

    private static func text(_ words: TextOcclusion) -> String {
        say(
            "\(words.output): how much \(words.answer.english) loses without a word of \(words.column)\n",
            "\(words.output)：去掉 \(words.column) 中的某个词后，\(words.answer.chinese)减少多少\n")
            + strongest(words.words)
    }

    private static func text(_ found: IntegratedGradients) -> String {
        let rows = found.columns.map { ["  \($0.name) = \(shown($0.field))", signed($0.value)] }
        let parts = found.columns.compactMap { column -> String? in
            if !column.pieces.isEmpty {
                return say("  Pieces of \(column.name)\n", "  \(column.name) 的各部分\n") + strongest(column.pieces)
            }
            return column.regions.map {
                say("  Regions of \(column.name), the strongest\n", "  \(column.name) 中最强的区域\n") + strongest($0)
            }
        }
        let head = say(
            "\(found.output): what adds to \(found.answer.english), \(found.prediction.short), on the way from a row that says "
                + "nothing, \(found.baseline.short) (integrated gradients)",
            "\(found.output)：\(found.answer.chinese)由空白行的 \(found.baseline.short) 变为 \(found.prediction.short)，各部分的贡献（积分梯度）"
        )
        return
            ([head, Output.table(rows, rightAligned: [1])] + parts
            + ["  " + Language.spoken(.completeness(found.completenessError.short, found.steps))]).joined(
                separator: "\n")
    }

    private static func text(_ map: GradCAM) -> String {
        say(
            "\(map.output): where \(map.column) speaks for \(map.answer.english) (Grad-CAM)\n",
            "\(map.output)：\(map.column) 中支持\(map.answer.chinese)之处（Grad-CAM）\n") + strongest(map.regions)
    }

    private static func text(_ found: PictureOcclusion) -> String {
        say(
            "\(found.output): how much \(found.answer.english) loses when a part of \(found.column) is covered\n",
            "\(found.output)：遮住 \(found.column) 的一部分后，\(found.answer.chinese)减少多少\n")
            + strongest(found.regions)
    }

    private static func strongest(_ pieces: [(text: String, value: Double)]) -> String {
        let ranked = pieces.filter { $0.value != 0 }.sorted { abs($0.value) > abs($1.value) }.prefix(12)
        return Output.table(
            ranked.map {
                ["    \(shown($0.text.split { $0.isWhitespace }.joined(separator: " ")))", signed($0.value)]
            },
            rightAligned: [1])
    }

    private static func strongest(_ regions: PictureRegions) -> String {
        let fields = regions.values.indices.sorted { abs(regions.values[$0]) > abs(regions.values[$1]) }
        let rows = fields.prefix(6).map { field in
            [
                say(
                    "    row \(field / regions.columns + 1) of \(regions.rows), column \(field % regions.columns + 1) of "
                        + "\(regions.columns)",
                    "    第 \(field / regions.columns + 1) 行（共 \(regions.rows) 行），第 \(field % regions.columns + 1) 列（共 "
                        + "\(regions.columns) 列）"), signed(regions.values[field]),
            ]
        }
        return Output.table(rows, rightAligned: [1])
    }

    private static func shown(_ field: String?) -> String {
        guard let field else { return say("(missing)", "（缺失）") }
        return field.count > 40 ? field.prefix(40) + " …" : field
    }
}
