extension Graph: CustomStringConvertible {
    /// The graph as text, one instruction a line, which ``init(text:values:)`` reads back:
    ///
    ///     %0: float32[2, 3] = input() {slot=0, shape=[2, 3], dtype=float32}
    ///     %1: float32[3] = variable() {name=bias}
    ///     %2: float32[2, 3] = broadcast(%1) {shape=[2, 3]}
    ///     %3: float32[2, 3] = add(%0, %2)
    ///     assign bias = %1
    ///     return %3
    ///
    /// Literals and variables appear by the names they have in ``values``.
    public var description: String {
        let names = Names(self)
        var text = ""
        for (index, instruction) in instructions.enumerated() {
            let operands = instruction.operands.map { "%\($0)" }.joined(separator: ", ")
            let attributes = names.attributes(of: instruction.op)
            text += "%\(index): \(instruction.type) = \(instruction.op.primitive.name)(\(operands))"
            text += attributes.isEmpty ? "\n" : " {\(attributes)}\n"
        }
        for (variable, value) in assignments {
            text += "assign \(Attributes.spelled(names.ofVariable[variable] ?? variable.name)) = %\(value)\n"
        }
        let results = outputs.map { "%\($0)" }.joined(separator: ", ")
        return text + (results.isEmpty ? "return\n" : "return \(results)\n")
    }

    /// What a graph text refers to by name but does not hold: stored values and variables.
    public struct Values: Sendable {
        public var literals: [String: Buffer]
        public var variables: [String: Variable]

        public init(literals: [String: Buffer] = [:], variables: [String: Variable] = [:]) {
            self.literals = literals
            self.variables = variables
        }
    }

    /// The values that this graph's text needs: literals as `literal0`, `literal1` … in order, variables by their own
    /// names (a second one of the same name as `name#2`).
    public var values: Values { Names(self).values }
}

/// The names that literals and variables have in a graph's text.
private struct Names {
    var values = Graph.Values()
    var ofVariable: [Variable: String] = [:]
    var ofLiteral: [Literal: String] = [:]

    init(_ graph: Graph) {
        for instruction in graph.instructions {
            switch instruction.op {
            case .source(.literal(let literal)):
                let name = "literal\(ofLiteral.count)"
                ofLiteral[literal] = name
                values.literals[name] = literal.buffer
            case .source(.variable(let variable)): add(variable)
            default: break
            }
        }
        for (variable, _) in graph.assignments { add(variable) }
    }

    private mutating func add(_ variable: Variable) {
        guard ofVariable[variable] == nil else { return }
        var (name, copy) = (variable.name, 1)
        while values.variables[name] != nil {
            copy += 1
            name = "\(variable.name)#\(copy)"
        }
        ofVariable[variable] = name
        values.variables[name] = variable
    }

    func attributes(of op: Op) -> Attributes {
        switch op {
        case .source(.literal(let literal)): ["name": .word(ofLiteral[literal] ?? "")]
        case .source(.variable(let variable)): ["name": .word(ofVariable[variable] ?? "")]
        default: op.primitive.attributes
        }
    }
}

extension Graph {
    /// The largest number that an extent or a whole-number setting in a text may be.
    static let largestNumber = Int(Int32.max)
    /// The most elements that a tensor in a text may have.
    static let largestCount = 1 << 40

    /// Reads the text of a graph, as ``description`` writes it; blank lines and lines that begin with `#` are skipped.
    /// Lines that nothing returned or assigned needs are checked and then left out, as everywhere.
    ///
    /// The text may come from anywhere: reading it runs nothing and allocates in proportion to its length.
    ///
    /// - Throws: ``GraphError/unreadableText(line:reason:)`` with the line, counted from 1, and what is wrong there.
    public init(text: String, values: Values = Values()) throws(GraphError) {
        var reader = TextReader(values: values)
        var scanner = TextScanner(text)
        var line = 1
        repeat {
            do throws(TextProblem) {
                try reader.readLine(&scanner)
            } catch {
                throw .unreadableText(line: line, reason: error.reason)
            }
            line += 1
        } while scanner.nextLine()
        guard let results = reader.results else {
            throw .unreadableText(line: line - 1, reason: "the text ends without a 'return' line")
        }
        self.init(results, assigning: reader.assignments)
    }
}

/// What is wrong in a line, before the line's number is known.
private struct TextProblem: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
}

/// Builds a graph's tensors from its lines.
private struct TextReader {
    let values: Graph.Values
    var tensors: [Tensor] = []
    var assignments: [Assignment] = []
    var assigned: Set<Variable> = []
    var slots: [Int: TensorType] = [:]
    var results: [Tensor]?

    init(values: Graph.Values) { self.values = values }

    mutating func readLine(_ scanner: inout TextScanner) throws(TextProblem) {
        guard let first = scanner.peek(), first != UInt8(ascii: "#") else { return }
        guard results == nil else { throw TextProblem("nothing may follow the 'return' line") }
        if first == UInt8(ascii: "%") {
            try readInstruction(&scanner)
        } else {
            switch try scanner.name() {
            case "assign": try readAssignment(&scanner)
            case "return": results = try readTensors(&scanner, until: nil)
            case let word: throw TextProblem("expected '%', 'assign' or 'return', found '\(word)'")
            }
        }
        guard scanner.peek() == nil else { throw TextProblem("the line should end before '\(scanner.rest)'") }
    }

    private mutating func readInstruction(_ scanner: inout TextScanner) throws(TextProblem) {
        try scanner.expect("%")
        let index = try scanner.number(upTo: .max)
        guard index == tensors.count else {
            throw TextProblem("this is instruction %\(tensors.count), but it is called %\(index)")
        }
        try scanner.expect(":")
        let declared = try readType(&scanner)
        try scanner.expect("=")
        let name = try scanner.name()
        try scanner.expect("(")
        let operands = try readTensors(&scanner, until: ")")
        let attributes = scanner.peek() == UInt8(ascii: "{") ? try readAttributes(&scanner) : Attributes()
        let tensor = try make(name, operands, attributes)
        guard tensor.type == declared else {
            throw TextProblem("\(name) gives \(tensor.type), but \(declared) is declared")
        }
        tensors.append(tensor)
    }

    private mutating func make(
        _ name: String, _ operands: [Tensor], _ attributes: Attributes
    ) throws(TextProblem) -> Tensor {
        guard let family = Op.familyOfName[name] else { throw TextProblem("there is no operation '\(name)'") }
        do throws(GraphError) {
            let stored = try stored(name, attributes)
            let op: any Primitive =
                if let stored { stored } else { try family.init(name: name, attributes: attributes) }
            let known = stored == nil ? Set(op.attributes.items.map(\.key)) : ["name"]
            if let unknown = attributes.items.first(where: { !known.contains($0.key) }) {
                throw .invalidAttribute(op: name, reason: "has no attribute '\(unknown.key)'")
            }
            let tensor = try Tensor(applying: op, to: operands)
            guard tensor.shape.allSatisfy({ (0...Graph.largestNumber).contains($0) }),
                tensor.count <= Graph.largestCount
            else {
                throw .invalidAttribute(op: name, reason: "gives \(tensor.type), which is more than a text may ask for")
            }
            if case .source(.input(let slot, let type)) = tensor.op {
                guard slots.updateValue(type, forKey: slot) ?? type == type else {
                    throw .invalidAttribute(op: name, reason: "slot \(slot) had another type above")
                }
            }
            return tensor
        } catch {
            throw TextProblem(error.description)
        }
    }

    /// A literal or a variable, from the table; nil for everything that its attributes make.
    private func stored(_ name: String, _ attributes: Attributes) throws(GraphError) -> Source? {
        guard name == "literal" || name == "variable" else { return nil }
        let key = try attributes.word("name", of: name)
        if name == "literal", let buffer = values.literals[key] { return .literal(Literal(buffer)) }
        if name == "variable", let variable = values.variables[key] { return .variable(variable) }
        throw .invalidAttribute(op: name, reason: "there is no \(name) '\(key)' in the table given to the reader")
    }

    private mutating func readAssignment(_ scanner: inout TextScanner) throws(TextProblem) {
        let name = try scanner.word()
        try scanner.expect("=")
        let value = try readTensor(&scanner)
        guard let variable = values.variables[name] else {
            throw TextProblem("there is no variable '\(name)' in the table given to the reader")
        }
        guard variable.type == value.type else {
            throw TextProblem("\(variable) cannot be assigned a value of type \(value.type)")
        }
        guard assigned.insert(variable).inserted else { throw TextProblem("\(variable) is assigned a second time") }
        assignments.append(Assignment(variable, value))
    }

    private func readTensor(_ scanner: inout TextScanner) throws(TextProblem) -> Tensor {
        try scanner.expect("%")
        let index = try scanner.number(upTo: .max)
        guard tensors.indices.contains(index) else { throw TextProblem("there is no %\(index) above this line") }
        return tensors[index]
    }

    /// A list of references, up to and with `end`, or up to the end of the line.
    private func readTensors(_ scanner: inout TextScanner, until end: Unicode.Scalar?) throws(TextProblem) -> [Tensor] {
        var tensors: [Tensor] = []
        while let next = scanner.peek(), end == nil || next != UInt8(ascii: end!) {
            if !tensors.isEmpty { try scanner.expect(",") }
            tensors.append(try readTensor(&scanner))
        }
        if let end { try scanner.expect(end) }
        return tensors
    }

    private func readType(_ scanner: inout TextScanner) throws(TextProblem) -> TensorType {
        let word = try scanner.name()
        guard let dtype = DType(rawValue: word) else { throw TextProblem("there is no element type '\(word)'") }
        return TensorType(try readNumbers(&scanner), dtype)
    }

    private func readNumbers(_ scanner: inout TextScanner) throws(TextProblem) -> [Int] {
        try scanner.expect("[")
        var numbers: [Int] = []
        while scanner.peek() != UInt8(ascii: "]") {
            if !numbers.isEmpty { try scanner.expect(",") }
            numbers.append(try scanner.number(upTo: Graph.largestNumber))
        }
        try scanner.expect("]")
        return numbers
    }

    private func readAttributes(_ scanner: inout TextScanner) throws(TextProblem) -> Attributes {
        try scanner.expect("{")
        var items: [(key: String, value: Attributes.Value)] = []
        var keys: Set<String> = []
        while scanner.peek() != UInt8(ascii: "}") {
            if !items.isEmpty { try scanner.expect(",") }
            let key = try scanner.name()
            guard keys.insert(key).inserted else { throw TextProblem("attribute '\(key)' is given twice") }
            try scanner.expect("=")
            let isList = scanner.peek() == UInt8(ascii: "[")
            items.append((key, isList ? .ints(try readNumbers(&scanner)) : try scanner.value()))
        }
        try scanner.expect("}")
        return Attributes(items: items)
    }
}

/// Reads the words of a text, line by line.
private struct TextScanner {
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// Skips the rest of this line; false if it was the last.
    mutating func nextLine() -> Bool {
        while place < bytes.count, bytes[place] != 0x0A { place += 1 }
        place += 1
        return place < bytes.count
    }

    /// The next byte of the line, blanks aside, without taking it.
    mutating func peek() -> UInt8? {
        while place < bytes.count {
            let byte = bytes[place]
            if byte == 0x0A { return nil }
            if byte != 0x20, byte != 0x09, byte != 0x0D { return byte }
            place += 1
        }
        return nil
    }

    /// What is left of the line, shortened for a message.
    var rest: String {
        String(decoding: bytes[min(place, bytes.count)...].prefix(40).prefix { $0 != 0x0A }, as: UTF8.self)
    }

    mutating func expect(_ scalar: Unicode.Scalar) throws(TextProblem) {
        guard let byte = peek() else { throw TextProblem("expected '\(scalar)' at the end") }
        guard byte == UInt8(ascii: scalar) else { throw TextProblem("expected '\(scalar)' before '\(rest)'") }
        place += 1
    }

    /// The plain bytes from here on.
    private mutating func takePlain() -> String {
        let start = place
        while place < bytes.count, Attributes.isPlain[Int(bytes[place])] { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func takeByte() -> UInt8? {
        guard place < bytes.count, bytes[place] != 0x0A else { return nil }
        place += 1
        return bytes[place - 1]
    }

    /// A plain word: of an operation, an attribute, a type.
    mutating func name() throws(TextProblem) -> String {
        guard peek() != nil else { throw TextProblem("expected a name at the end") }
        let name = takePlain()
        guard !name.isEmpty else { throw TextProblem("expected a name before '\(rest)'") }
        return name
    }

    mutating func number(upTo limit: Int) throws(TextProblem) -> Int {
        _ = peek()
        let digits = takePlain()
        guard let number = Int(digits), number.magnitude <= UInt(limit) else {
            throw TextProblem("expected a whole number up to \(limit), not '\(digits.isEmpty ? rest : digits)'")
        }
        return number
    }

    /// A word, in quotes if it is not plain.
    mutating func word() throws(TextProblem) -> String {
        guard peek() == UInt8(ascii: "\"") else { return try name() }
        place += 1
        var word: [UInt8] = []
        while let byte = takeByte() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: word, as: UTF8.self)
            case UInt8(ascii: "\\"):
                switch takeByte() {
                case UInt8(ascii: "n")?: word.append(UInt8(ascii: "\n"))
                case UInt8(ascii: "r")?: word.append(UInt8(ascii: "\r"))
                case let escaped?: word.append(escaped)
                case nil: break
                }
            default: word.append(byte)
            }
        }
        throw TextProblem("a quoted name has no closing quote")
    }

    /// A number, a truth value or a word.
    mutating func value() throws(TextProblem) -> Attributes.Value {
        if peek() == UInt8(ascii: "\"") { return .word(try word()) }
        let text = try name()
        if text == "true" || text == "false" { return .bool(text == "true") }
        if let number = Int(text) {
            guard number.magnitude <= UInt(Graph.largestNumber) else {
                throw TextProblem("\(number) is larger than a whole number in a text may be, \(Graph.largestNumber)")
            }
            return .int(number)
        }
        if let number = Double(text) { return .double(number) }
        return .word(text)
    }
}

extension Op {
    /// The family that each name in graph text belongs to.
    static let familyOfName: [String: any Primitive.Type] = Dictionary(
        families.flatMap { family in family.names.map { ($0, family) } }, uniquingKeysWith: { first, _ in first })
}
