import Testing
import WrightGraph
import WrightTesting

@Suite struct TextTests {
    @Test func textIsReadable() {
        let bias = Variable("layers.0.bias", Buffer([Float(1), 2, 3]))
        let x = Tensor.input(0, TensorType([2, 3]))
        let y = (x + Tensor(bias)).relu() * Tensor([Float(0.5), 1, 2])
        let graph = Graph([y.sum()], assigning: [Assignment(bias, Tensor(bias) * 0.9)])
        #expect(
            graph.description == """
                %0: float32[2, 3] = input() {slot=0, shape=[2, 3], dtype=float32}
                %1: float32[3] = variable() {name=layers.0.bias}
                %2: float32[2, 3] = broadcast(%1) {shape=[2, 3]}
                %3: float32[2, 3] = add(%0, %2)
                %4: float32[2, 3] = relu(%3)
                %5: float32[3] = literal() {name=literal0}
                %6: float32[2, 3] = broadcast(%5) {shape=[2, 3]}
                %7: float32[2, 3] = multiply(%4, %6)
                %8: float32[] = reduce_sum(%7) {axes=[0, 1]}
                %9: float32[] = constant() {value=0.9, dtype=float32}
                %10: float32[3] = broadcast(%9) {shape=[3]}
                %11: float32[3] = multiply(%1, %10)
                assign layers.0.bias = %11
                return %8

                """)
    }

    /// Whatever a graph says of itself can be read back: the result, the gradient and the gradient's gradient of every
    /// sample.
    @Test(arguments: Op.samples)
    func everySampleComesBack(_ sample: Sample) throws {
        for order in 0...(sample.isDifferentiable ? 2 : 0) {
            let graph = try sample.graph(order: order)
            let read = try Graph(text: graph.description, values: graph.values)
            #expect(read.description == graph.description)
            #expect(read.instructions.map(\.type) == graph.instructions.map(\.type))
        }
    }

    /// Names are data: quotes, line ends, words that look like numbers, and two variables of one name.
    @Test(arguments: ["a b", "\"", "\\", "line\nend", "true", "12", "1e5", "nan", "", "é", "a=b", "}", "#", "x#2"])
    func awkwardNamesComeBack(_ name: String) throws {
        let (first, second) = (Variable(name, Buffer([Float(1)])), Variable(name, Buffer([Float(2)])))
        let graph = Graph(
            [Tensor(first) - Tensor(second)],
            assigning: [Assignment(second, Tensor(first)), Assignment(first, Tensor(second))])
        let read = try Graph(text: graph.description, values: graph.values)
        #expect(read.description == graph.description)
        #expect(read.assignments.map { ObjectIdentifier($0.variable) } == [second, first].map(ObjectIdentifier.init))
    }

    @Test func numbersComeBackExactly() throws {
        for value in [0.1, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, 1e300, 3, -7, 0x1.fffffep-1] {
            let graph = Graph([Tensor.constant(value, .float64)])
            let read = try Graph(text: graph.description)
            #expect(read.instructions == graph.instructions, "\(graph)")
        }
        let nan = try Graph(text: Graph([Tensor.constant(.nan)]).description)
        guard case .source(.constant(let value, _)) = nan.instructions[0].op else {
            Issue.record("no constant"); return
        }
        #expect(value.isNaN)
    }

    @Test func blankLinesAndCommentsAreSkipped() throws {
        let graph = try Graph(
            text: "# a comment\r\n\r\n  %0 : float32[ ]=constant( ){ value = 2, dtype=float32 }\n\n return %0 \n")
        #expect(graph.outputs == [0])
    }

    /// Where and why, not just that.
    @Test(arguments: [
        ("", 1, "without a 'return'"),
        ("hello", 1, "'hello'"),
        ("return %0", 1, "there is no %0"),
        ("%1: float32[] = constant() {value=1.0, dtype=float32}", 1, "it is called %1"),
        ("%0: float33[] = constant() {value=1.0, dtype=float32}", 1, "'float33'"),
        ("%0: float32[2] = constant() {value=1.0, dtype=float32}", 1, "but float32[2] is declared"),
        ("%0: float32[] = constnt() {value=1.0, dtype=float32}", 1, "no operation 'constnt'"),
        ("%0: float32[] = constant() {value=1.0}", 1, "'dtype'"),
        ("%0: float32[] = constant() {value=1.0, value=2.0, dtype=float32}", 1, "given twice"),
        ("%0: float32[] = constant() {value=1.0, dtype=float32, axis=1}", 1, "no attribute 'axis'"),
        ("%0: float32[] = constant() {value=1.0, dtype=float32", 1, "expected ','"),
        ("%0: float32[] = constant() {value=1.0, dtype=float32} x", 1, "should end before 'x'"),
        ("\n%0: float32[] = literal() {name=weights}", 2, "no literal 'weights'"),
        ("return\nreturn", 2, "may follow"),
        ("assign w = %0", 1, "no %0"),
        ("%0: int32[9999999999] = iota() {shape=[9999999999], axis=0}", 1, "2147483647"),
        ("%0: int32[5] = iota() {shape=[-5], axis=0}", 1, "negative"),
        ("%0: int32[70000, 70000, 70000] = iota() {shape=[70000, 70000, 70000], axis=0}", 1, "more than"),
        ("%0: float32[] = input() {slot=123456789, shape=[], dtype=float32}", 1, "slot"),
        ("%0: float32[] = input() {slot=-1, shape=[], dtype=float32}", 1, "slot"),
        (
            "%0: float32[2] = input() {slot=0, shape=[2], dtype=float32}\n%1: float32[3] = input() {slot=0, shape=[3], dtype=float32}",
            2, "another type"
        ),
        ("%0: float32[2] = input() {slot=0, shape=[2], dtype=float32}\n%1: float32[2] = add(%0, %2)", 2, "no %2"),
        (
            "%0: float32[2] = input() {slot=0, shape=[2], dtype=float32}\n%1: float32[2] = add(%0)", 2,
            "expects 2 operands"
        ),
        (
            "%0: float32[2] = input() {slot=0, shape=[2], dtype=float32}\n%1: float32[] = reduce_sum(%0) {axes=[1]}", 2,
            "axes"
        ),
    ])
    func mistakesAreNamedWithTheirLine(_ text: String, _ line: Int, _ reason: String) {
        let error = #expect(throws: GraphError.self) { try Graph(text: text) }
        guard case .unreadableText(let where_, let why)? = error else {
            Issue.record("\(String(describing: error))"); return
        }
        #expect(where_ == line)
        #expect(why.contains(reason), "\(why)")
    }

    @Test func assignmentsAreChecked() {
        let variable = Variable("w", Buffer([Float(1)]))
        let values = Graph.Values(variables: ["w": variable])
        let constant = "%0: float32[] = constant() {value=1.0, dtype=float32}\n"
        let shaped = constant + "%1: float32[1] = broadcast(%0) {shape=[1]}\n"
        for text in [
            constant + "assign w = %0\nreturn", shaped + "assign v = %1\nreturn",
            shaped + "assign w = %1\nassign w = %1\nreturn",
        ] {
            #expect(throws: GraphError.self, "\(text)") { try Graph(text: text, values: values) }
        }
        #expect(throws: Never.self) { try Graph(text: shaped + "assign w = %1\nreturn", values: values) }
    }

    /// Any damage to a text gives an error or another sound graph; a trap would end the test run.
    @Test func damagedTextsNeverTrap() throws {
        var generator = SplitMix64(seed: 99)
        let numbers = ["0", "1", "-1", "7", "2147483647", "-2147483647", "99999999999999999999", "1e400", "nan"]
        let bytes = Array(" %,:=[](){}\"\\#-.0123456789abcdefilnoprstu\n\r\t\u{0}é".utf8)
        var (refused, accepted) = (0, 0)
        for sample in Op.samples {
            let graph = try sample.graph(order: sample.isDifferentiable ? 1 : 0)
            let original = Array(graph.description.utf8)
            for round in 0..<40 {
                var text = original
                if round % 2 == 0 {
                    // Another number in place of one.
                    let digits = text.indices.filter { (48...57).contains(text[$0]) }
                    let start = digits.randomElement(using: &generator)!
                    let end = text[start...].firstIndex { !(48...57).contains($0) } ?? text.count
                    text.replaceSubrange(start..<end, with: numbers.randomElement(using: &generator)!.utf8)
                } else {
                    for _ in 0..<Int.random(in: 1...3, using: &generator) {
                        let place = Int.random(in: 0..<text.count, using: &generator)
                        switch Int.random(in: 0..<4, using: &generator) {
                        case 0: text.remove(at: place)
                        case 1: text.insert(bytes.randomElement(using: &generator)!, at: place)
                        case 2: text[place] = bytes.randomElement(using: &generator)!
                        default: text.removeSubrange(place..<min(text.count, place + 9))
                        }
                        if text.isEmpty { break }
                    }
                }
                do throws(GraphError) {
                    let read = try Graph(text: String(decoding: text, as: UTF8.self), values: graph.values)
                    try read.verify(after: "reading")
                    accepted += 1
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > accepted && accepted > 0)
    }
}
