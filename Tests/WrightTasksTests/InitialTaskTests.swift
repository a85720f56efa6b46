import Foundation
import Testing
import Wright
@testable import WrightTasks

/// What is guessed of data that nobody has seen.
struct InitialTaskTests {
    private func text(_ rows: String, target: String = "y", limit: Int = .max) throws -> String {
        let folder = try TaskFolder()
        let path = try folder.write(rows, "rows.csv")
        let table = try TaskTable(paths: [path], DataConfig(), limit: limit)
        return try InitialTask.text(table, path: "rows.csv", targets: [target], data: DataConfig())
    }

    /// 60 rows of one column and a target.
    private func column(_ name: String, _ field: (Int) -> String) -> String {
        "\(name),y\n" + (0..<60).map { "\"\(field($0))\",\($0 % 2 == 0 ? "是" : "否")\n" }.joined()
    }

    private func type(_ name: String, _ field: (Int) -> String) throws -> String {
        let lines = try text(column(name, field)).split(separator: "\n")
        guard let place = lines.firstIndex(where: { $0.contains("- name:") && !$0.contains("two values") }) else {
            return "left out"
        }
        return lines[(place + 1)...].prefix(2).map {
            $0.replacing("type:", with: "").split(separator: " ").joined(separator: " ")
        }
        .filter { !$0.hasPrefix("#") }.joined(separator: ", ")
    }

    @Test("Numbers, dates and keys are known by how they are written")
    func kinds() throws {
        #expect(try type("价格") { "¥\($0),\(100 + $0).50" } == "number")
        #expect(try type("a") { "\(1 + $0 % 9).\(100 + $0),\(10 + $0)" } == "number, decimal: \"comma\"")
        #expect(try type("share") { "\(Double($0) / 8)%" } == "number")
        #expect(try type("d") { "202403\(10 + $0 % 20)" } == "date")
        #expect(try type("count") { "\($0 * $0 * 3)" } == "number")
    }

    @Test("A key is left out though it has no name that says so and gaps")
    func keys() throws {
        let text = try text("column 1,x,y\n" + (0..<60).map { "\($0 + $0 / 7),\($0 % 7).5,\($0 % 2)\n" }.joined())
        #expect(text.contains("# left out: column 1, a different whole number in every row"))
    }

    /// A target in so many rows: the values of a range take turns, and those of a tail come once each.
    struct WholeTarget: Sendable {
        var rows: Int
        var values: Range<Int>
        var tail = 0..<0
        var type: String
    }

    private static let wholeTargets = [
        WholeTarget(rows: 20, values: 0..<3, type: "category"),
        WholeTarget(rows: 60, values: 0..<10, type: "category"),
        WholeTarget(rows: 12, values: 60_000..<60_012, type: "number"),
        WholeTarget(rows: 40, values: 20..<38, type: "number"),
        WholeTarget(rows: 200, values: 0..<4, tail: 4..<12, type: "number"),
    ]

    @Test("Whole numbers are classes where each comes again and again, and amounts where not", arguments: wholeTargets)
    func classesOrAmounts(target: WholeTarget) throws {
        let values = (0..<target.rows).map { target.values.lowerBound + $0 % target.values.count } + target.tail
        let text = try text("x,y\n" + values.enumerated().map { "\($0 % 7).5,\($1)\n" }.joined())
        let output = try #require(text.components(separatedBy: "outputs:").last)
        #expect(output.contains("type: \(target.type)\n"), "\(output)")
        #expect(output.contains("'type: number'") == (target.type == "category"), "\(output)")
    }

    @Test("Numbers that refer to something else are categories; measures whose names end alike are not")
    func references() throws {
        for (name, type) in [
            ("userId", "category, maximum_values: 10000"), ("paid", "number"),
            ("店铺编号", "category, maximum_values: 10000"),
        ] {
            #expect(try self.type(name) { "\(7 * ($0 % 30))" } == type, "\(name)")
        }
        let output = try text(
            "userId,x\n" + (0..<60).map { "\(7 * ($0 % 30)),\($0 % 7).5\n" }.joined(), target: "userId")
        #expect(!output.contains("maximum_values"), "what inputs are asked for is no setting of an output: \(output)")
    }

    @Test("A table without a header and an unknown delimiter are named for what they are")
    func hints() throws {
        for (rows, says) in [("5.1,3.5,setosa\n4.9,3.0,other\n", "--columns"), ("a^y\n1^2\n", "--delimiter")] {
            let error = #expect(throws: ConfigProblems.self) { try text(rows, target: "species") }
            #expect("\(try #require(error))".contains(says))
        }
    }

    @Test("Of a large file some rows are taken by lot, from its end too, and that is said")
    func samples() throws {
        let rows = "x,y\n" + (0..<5000).map { "\($0).5,\($0 < 4000 ? "early" : "late")\n" }.joined()
        let text = try text(rows, limit: 500)
        #expect(text.contains("500 of 5,000 rows") && text.contains("\"early\" and \"late\""))
        let path = try TaskFolder()
        let table = try TaskTable(paths: [path.write(rows, "rows.csv")], DataConfig(), limit: 500)
        #expect(table.total == 5000 && table.count == 500 && table.report.kept == 5000)
        #expect(table.lines == table.lines.sorted() && Set(table.lines).count == 500)
        #expect(zip(table.lines, table.column("x")!).allSatisfy { "\($0 - 2).5" == $1 }, "fields stay with their rows")
        let late = table.column("y")!.count { $0 == "late" }
        #expect((60...140).contains(late), "\(late) of 500 are of the last fifth")
    }
}
