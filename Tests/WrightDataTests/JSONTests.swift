import Testing
import WrightRuntime

@Suite struct JSONTests {
    @Test func readsEveryKindOfValue() throws {
        let json = try JSON(
            parsing:
                #" {"a": [1, -2.5e3, true, false, null], "b": {"c": "\"\\\/\b\f\n\r\té\u00e9\ud83d\ude00"}, "d": ""} "#)
        #expect(json["a"] == [1, -2500.0, true, false, nil])
        #expect(json["b"]?["c"] == "\"\\/\u{8}\u{C}\n\r\téé😀")
        #expect(json.object?.keys == ["a", "b", "d"])
    }

    @Test func keepsWholeNumbersExact() throws {
        #expect(try JSON(parsing: "9223372036854775807") == .integer(.max))
        #expect(try JSON(parsing: "9223372036854775808") == .number(0x1p63))
        #expect(try JSON(parsing: "3.0").integer == 3)
        #expect(try JSON(parsing: "3.5").integer == nil)
    }

    @Test(arguments: [
        ("", 1, 1), ("{", 1, 2), ("[1,]", 1, 4), ("{\"a\":1,\n \"a\":2}", 2, 2), ("[1 2]", 1, 4), ("01", 1, 2),
        ("-", 1, 2), ("1.", 1, 3), ("1e", 1, 3), ("nul", 1, 4), ("\"ab", 1, 4), ("\"\\", 1, 3), ("\"\\x\"", 1, 3),
        ("\"\\ud800\"", 1, 8), ("\"\\udc00x\"", 1, 8), ("\"\\ud800\\u0041\"", 1, 14), ("\"a\u{1}\"", 1, 3),
        ("1 1", 1, 3), ("{a:1}", 1, 2), ("{\"a\" 1}", 1, 6), ("1e999", 1, 1), ("\u{FEFF}1", 1, 1),
        ("[\n\n  tru]", 3, 6),
        ("\"\\u12G4\"", 1, 6),
    ]) func refusesBadTextWithItsPlace(_ text: String, _ line: Int, _ column: Int) {
        let error = fileError { _ = try JSON(parsing: text, file: "x.json") }
        #expect(error?.position == .line(line, column: column), "\(text): \(error as Any)")
        #expect(error?.file == "x.json")
    }

    @Test func refusesBytesThatAreNotUTF8() {
        for bytes: [UInt8] in [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xE2, 0x82, 0x22],
        ] {
            let error = fileError { _ = try JSON(parsing: [0x22] + bytes, file: "x") }
            #expect(error?.position == .line(1, column: 2))
            #expect(error?.cause.contains("UTF-8") == true)
        }
    }

    @Test func depthAndSizeAreBounded() throws {
        let deep = String(repeating: "[", count: 200_000)
        #expect(fileError { _ = try JSON(parsing: deep) }?.kind == .tooLarge)
        let nested = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        _ = try JSON(parsing: nested)
        #expect(fileError { _ = try JSON(parsing: "[" + nested + "]") }?.kind == .tooLarge)
        var limits = JSON.Limits()
        limits.values = 3
        _ = try JSON(parsing: "[1,2]", limits: limits)
        #expect(fileError { _ = try JSON(parsing: "[1,2,3]", limits: limits) }?.kind == .tooLarge)
    }

    @Test func writesWhatItReads() throws {
        let json: JSON = [
            "text": "a\"\\\n\u{1}é\u{2028}", "numbers": [0, -1, 1e-300, 0.1, 1.5e20], "empty": [[], [:]], "none": nil,
        ]
        #expect(try JSON(parsing: json.text()) == json)
        #expect(try JSON(parsing: json.text(indented: true)) == json)
        #expect(json.text() == json.text())
        #expect(JSON.number(.nan).text() == "null")
        #expect((["b": 1, "a": [2]] as JSON).text(indented: true) == "{\n  \"b\": 1,\n  \"a\": [\n    2\n  ]\n}")
        #expect((["b": 1, "a": [2]] as JSON).text() == #"{"b":1,"a":[2]}"#)
    }

    @Test func objectsAreEqualWhateverTheirOrder() {
        #expect(["a": 1, "b": 2] as JSON == ["b": 2, "a": 1])
        var object = JSON.Object()
        object["a"] = 1
        object["b"] = nil
        #expect(object.keys == ["a"])
        object["a"] = nil
        #expect(object.isEmpty)
    }
}
