import Testing
import WrightData
import WrightRuntime

/// Faults that are put into sound data are found, and sound data is left alone.
struct DataCheckTests {
    /// People whose income depends on age, and who buy by chance.
    private func people(_ count: Int, seed: UInt64, name: String = "train") -> [String: [String?]] {
        var random = KeyedRandom(seed: seed, stream: .shuffle)
        var columns: [String: [String?]] = ["age": [], "city": [], "income": [], "buys": []]
        for _ in 0..<count {
            let age = 18 + random.integer(below: 60)
            columns["age"]!.append("\(age)")
            columns["city"]!.append(["Bern", "北京", "Ulm"][random.integer(below: 3)])
            let income = Double(1000 + 30 * age) + 2000 * random.uniform()
            columns["income"]!.append("\((income * 100).rounded() / 100)")
            columns["buys"]!.append(random.uniform() < 0.4 ? "yes" : "no")
        }
        return columns
    }

    private func part(_ columns: [String: [String?]], _ name: String = "train") -> TablePart {
        let names = columns.keys.sorted()
        let count = columns[names[0]]!.count
        return TablePart(name, columns: names, fields: names.map { columns[$0]! }, lines: (0..<count).map { $0 + 2 })
    }

    private func findings(_ parts: TablePart..., target: String? = "buys") -> [DataFinding] {
        DataCheck(targets: target.map { [$0] } ?? []).report(parts).findings
    }

    /// Catches false alarms: every check looks at this.
    @Test func soundDataHasNoFindings() {
        let found = findings(part(people(400, seed: 1)), part(people(200, seed: 2), "test"))
        #expect(found.isEmpty, "\(found.map(\.text))")
    }

    /// Catches paths of pictures and sounds that are taken for identifiers.
    @Test func pathsOfFilesAreNoIdentifiers() {
        var columns = people(200, seed: 4)
        columns["scan"] = (0..<200).map { $0 % 2 == 0 ? "scans/\($0).png" : "digits.npz/images[\($0)]" }
        columns["voice"] = (0..<200).map { "voices/\($0).flac" }
        let found = findings(part(columns))
        #expect(found.isEmpty, "\(found.map(\.text))")
    }

    /// Catches each column check that stops finding its fault, and one that names other rows.
    @Test func faultsOfColumnsAreFound() throws {
        var columns = people(400, seed: 3)
        columns["age"]![7] = nil
        columns["income"]![11] = "99999999"
        columns["unit"] = [String?](repeating: "kg", count: 400)
        columns["id"] = (0..<400).map { "\(5000 + $0)" }
        columns["buys"] = (0..<400).map { $0 % 13 == 0 ? "yes" : "no" }
        let found = findings(part(columns))
        func one(_ kind: DataFinding.Kind) throws -> DataFinding {
            let all = found.filter { $0.kind == kind }
            #expect(all.count == 1, "\(kind): \(all.map(\.text))")
            return try #require(all.first)
        }
        let missing = try one(.missing)
        #expect(missing.column == "age" && missing.lines == [9] && missing.severity == .note)
        let outlier = try one(.outliers)
        #expect(outlier.column == "income" && outlier.lines == [13] && outlier.text.contains("99999999"))
        #expect(try one(.constant).column == "unit" && one(.identifier).column == "id")
        let imbalance = try one(.imbalance)
        #expect(imbalance.count == 31 && imbalance.lines.count == 31)
        #expect(found.count == 5, "\(found.map(\.text))")
        for finding in found {
            for phrase in [finding.phrase, finding.advicePhrase] {
                #expect(phrase.chinese.contains(/\p{Han}/) && phrase.chinese != phrase.english, "\(phrase)")
            }
        }
        #expect(outlier.phrase.chinese.contains("99999999") && missing.phrase.chinese.contains("400 行中有 1 行"))
    }

    /// Catches a copy of the target, a number cut by it, and a copy of a target that is a number.
    @Test func leakedTargetsAreFound() {
        var columns = people(400, seed: 4)
        columns["approved"] = columns["buys"]!.map { $0 == "yes" ? "J" : "N" }
        columns["score"] = columns["buys"]!.enumerated().map { "\(($1 == "yes" ? 60 : 20) + $0 % 30)" }
        #expect(Set(findings(part(columns)).filter { $0.kind == .leakage }.map(\.column)) == ["approved", "score"])
        columns = people(400, seed: 5)
        columns["after tax"] = columns["income"]!.map { "\(Double($0!)! * 0.7)" }
        let found = findings(part(columns), target: "income")
        #expect(found.filter { $0.kind == .leakage }.map(\.column) == ["after tax"])
    }

    /// Catches repeated rows that are counted once too often, and a part that is compared with itself.
    @Test func equalRowsAreFoundInsideAndAcrossParts() throws {
        var columns = people(100, seed: 6)
        for name in columns.keys { columns[name]!.append(columns[name]![3]) }
        var test = people(50, seed: 7)
        for name in test.keys { test[name]!.append(columns[name]![8]) }
        // The same person with another answer.
        for name in columns.keys { columns[name]!.append(columns[name]![5]) }
        columns["buys"]![101] = columns["buys"]![5] == "yes" ? "no" : "yes"
        let found = findings(part(columns), part(test, "test"))
        let inside = try #require(found.first { $0.kind == .duplicates })
        #expect(inside.lines == [102] && inside.part == "train" && inside.severity == .note)
        let across = try #require(found.first { $0.kind == .overlap })
        #expect(across.lines == [52] && across.part == "test" && across.severity == .error && found[0] == across)
        let conflict = try #require(found.first { $0.kind == .contradictions })
        #expect(conflict.lines == [7, 103])
    }

    /// Catches texts that differ by a word and are missed, and texts on one subject that are taken for one.
    @Test func nearlyEqualTextsAreFound() throws {
        let texts = [
            "The delivery was quick and the food still warm when it came, I will order again next week",
            "This hotel lies close to the station, the room was clean but the walls let every sound through",
            "房间很干净，服务员的态度也非常好，就是早餐的种类有点少，下次来出差还会选择住在这里的",
        ]
        let train = TablePart(
            "train", columns: ["text"],
            fields: [texts + ["The food came late and cold, and nobody answered when I called to ask about it"]],
            lines: [2, 3, 4, 5])
        let test = TablePart(
            "test", columns: ["text"],
            fields: [
                [
                    "房间很干净,服务员的态度也非常好!就是早餐的种类有点少,下次来出差还会选择住在这里",
                    "the delivery was quick and the food still warm when it came; I will order again next month",
                    "房间不干净，服务员的态度很差，早餐的种类少得可怜，隔音也不好，下次肯定不会再住这里了",
                ]
            ], lines: [2, 3, 4])
        let found = findings(train, test, target: nil)
        #expect(found.map(\.kind) == [.nearOverlap] && found[0].lines == [2, 3])
    }

    /// Catches a shift that is only noise, and one of categories that numbers hide.
    @Test func shiftedPartsAreFound() {
        var test = people(200, seed: 9)
        test["age"] = test["age"]!.map { "\(Int($0!)! + 25)" }
        test["city"] = test["city"]!.map { $0 == "Ulm" ? "Köln" : $0 }
        let found = findings(part(people(400, seed: 8)), part(test, "test"))
        #expect(Set(found.filter { $0.kind == .shift }.map(\.column)) == ["age", "city"])
        #expect(found.contains { $0.text.contains("the median is") })
        test["city"] = nil
        #expect(findings(part(people(400, seed: 8)), part(test, "test")).contains { $0.kind == .columns })
    }

    @Test(arguments: [
        ("write to Anna.Meier@mail.example.org.", "write to [e-mail]."), ("a@b and @home stay", "a@b and @home stay"),
        ("电话13812345678，谢谢", "电话[phone]，谢谢"), ("call +49 (30) 123-4567 now", "call [phone] now"),
        ("(212) 555-0123", "[phone]"), ("on 2024-03-15 at 12:30", "on 2024-03-15 at 12:30"),
        ("身份证11010519491231002X。", "身份证[ID]。"), ("身份证110105194912310021。", "身份证110105194912310021。"),
        ("card 4111 1111 1111 1111, ok", "card [card], ok"), ("card 4111 1111 1111 1112", "card 4111 1111 1111 1112"),
        ("3.14159265358979 and 20240315123000", "3.14159265358979 and 20240315123000"),
        ("order 1234567", "order 1234567"),
    ])
    func personalDataIsRedacted(_ text: String, _ expected: String) {
        #expect(PersonalData.redacted(text) == expected)
    }

    /// Catches columns of large numbers taken for cards, and names that only look like personal ones.
    @Test func columnsOfPersonalDataAreFound() {
        var columns = people(100, seed: 10)
        columns["contact"] = (0..<100).map { $0 == 40 ? "ask ann@example.com or so" : "none" }
        columns["手机号"] = (0..<100).map { "\(13_800_000_000 + 7919 * $0)" }
        columns["customerPhone"] = (0..<100).map { "no \($0 % 12)" }
        columns["has phone"] = (0..<100).map { $0 % 2 == 0 ? "yes" : "no" }
        columns["number"] = (0..<100).map { "\(4_000_000_000_000 + 982_451_653 * ($0 * $0))" }
        columns["mailing"] = (0..<100).map { "\($0 % 3)" }
        let found = findings(part(columns)).filter { $0.kind == .personalData }
        #expect(found.map(\.column) == ["contact", "customerPhone", "手机号"], "\(found.map(\.text))")
        #expect(found[0].lines == [42])
    }

    /// Catches keys, times and amounts of as many digits, and a rule that knows one country.
    @Test func columnsOfBareMobileNumbersAreFound() {
        var random = KeyedRandom(seed: 5, stream: .split)
        func digits(_ start: String, _ count: Int) -> String {
            start + (0..<count).map { _ in "\(random.integer(below: 10))" }.joined()
        }
        var columns = people(200, seed: 10)
        columns["a"] = (0..<200).map { _ in digits("1\(3 + random.integer(below: 7))", 9) }
        columns["b"] = (0..<200).map { _ in digits("\(["212", "415", "604"][random.integer(below: 3)])5", 6) }
        columns["c"] = (0..<200).map { number in
            [digits("447", 9), digits("49176", 7), digits("8613", 9), digits("336", 8)][number % 4]
        }
        let found = ["a", "b", "c"]
        columns["key"] = (0..<200).map { "\(13_800_000_000 + 3 * $0)" }
        columns["milliseconds"] = (0..<200).map { "\(1_600_000_000_000 + 86_400_123 * $0)" }
        columns["seconds"] = (0..<200).map { "\(1_600_000_000 + 86_401 * $0)" }
        columns["amount"] = (0..<200).map { _ in digits("\(1 + random.integer(below: 9))", 9) }
        columns["few"] = (0..<200).map { ["13812345678", "13987654321"][$0 % 2] }
        columns["day"] = (0..<200).map { "2024010112\(10 + $0 % 50)" }
        let personal = findings(part(columns)).filter { $0.kind == .personalData }
        #expect(personal.map(\.column) == found, "\(personal.map(\.text))")
    }

    /// Catches limits that are not kept, or not told, and shares of something else than the part.
    @Test func largePartsAreSampledAndThatIsSaid() throws {
        var columns = people(400, seed: 9)
        columns["age"]![0] = nil
        var check = DataCheck(targets: ["buys"])
        #expect(check.report([part(columns)]).limits.isEmpty)
        let missing = try #require(check.report([part(columns)]).findings.first { $0.kind == .missing })
        #expect(missing.share == 1.0 / 400)
        check.maximumRows = 100
        let report = check.report([part(columns)])
        #expect(report.limits.count == 1 && report.limits[0].english.hasPrefix("100 of 400 rows of train"))
        #expect(report.findings.first { $0.kind == .missing }?.share == 1.0 / 100)
    }

    /// Catches spellings that stay apart, and different values that become one.
    @Test func waysOfWritingAValueAreFound() throws {
        var columns = people(400, seed: 10)
        columns["buys"] = (0..<400).map { $0 % 40 == 0 ? "Yes" : $0 % 50 == 1 ? "no " : $0 % 2 == 0 ? "yes" : "no" }
        let found = findings(part(columns)).filter { $0.kind == .spelling }
        #expect(found.map(\.column) == ["buys"] && found.first?.count == 18, "\(found)")
        #expect(found.first?.text.contains("\"no\", \"no \"") ?? false, "\(found)")
    }
}
