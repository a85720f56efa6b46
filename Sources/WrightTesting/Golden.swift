public import WrightGraph
public import WrightNN
public import WrightRuntime

/// Cases made once with another library: `<group>.json` lists them, `<group>.safetensors` holds their tensors.
public struct GoldenGroup: Sendable {
    public let manifest: JSON
    public let cases: [GoldenCase]

    public init(_ name: String, in folder: String) throws {
        manifest = try JSON.load("\(folder)/\(name).json")
        let file = try manifest["tensors"]?.string.map { try SafetensorsFile("\(folder)/\($0)") }
        cases = (manifest["cases"]?.array ?? []).map { GoldenCase(manifest: $0, file: file) }
    }
}

/// One golden case: what goes in, what must come out.
public struct GoldenCase: Sendable, CustomStringConvertible {
    public let manifest: JSON
    /// The tensors of the whole group.
    public let file: SafetensorsFile?

    public var name: String { manifest["name"]?.string ?? "?" }
    public var kind: String { manifest["kind"]?.string ?? "?" }
    public var config: JSON { manifest["config"] ?? [:] }
    public var description: String { name }

    public func names(_ key: String) -> [String] { manifest[key]?.array?.compactMap(\.string) ?? [] }
    public func numbers(_ key: String) -> [Double] { manifest[key]?.array?.compactMap(\.double) ?? [] }
    public func integers(_ key: String) -> [Int] { config[key]?.array?.compactMap(\.integer) ?? [] }

    /// This case's tensor of that name.
    public func tensor(_ tensor: String) throws -> Buffer {
        guard let file else { throw MissingTensors(name: name) }
        return try file.tensor("\(name)/\(tensor)")
    }

    /// How far a result of float32 may lie from the expected one: some times as far as the other library's, and what
    /// another order of summation allows. In double precision only the result is rounded.
    func tolerance(_ name: String, isExact: Bool) -> Tolerance {
        let noise = manifest["float32Error"]?[name]?.double ?? 0
        return isExact ? Tolerance(relative: 2e-7) : Tolerance(relative: 2e-6, absolute: 4 * noise)
    }

    struct MissingTensors: Error, CustomStringConvertible {
        let name: String
        var description: String { "the golden case \(name) belongs to a group without tensors" }
    }
}

extension GoldenCase {
    /// Where a function disagrees: its result, and the gradients of `sum(result · lossWeights)`. It is given its inputs and
    /// parameters by name.
    public func failures(on backend: any Backend, _ function: ([String: Tensor]) -> Tensor) throws -> [String] {
        let names = names("inputs") + names("parameters")
        let buffers = try names.map { try tensor($0) }
        let slots = buffers.enumerated().map { Tensor.input($0.offset, $0.element.type) }
        let values = Dictionary(uniqueKeysWithValues: zip(names, slots))
        let output = function(values)
        let loss = (output * Tensor(try tensor("lossWeights"))).sum()
        let targets = self.names("gradients")
        let gradients = loss.gradients(of: targets.compactMap { values[$0] })
        let results = try backend.compile(Graph([output] + gradients)).run(buffers)
        return try compare(results, ["output"] + targets.map { "gradient/\($0)" }, backend)
    }

    /// Where a layer disagrees: its output, the gradients of its input and its parameters, and its state. Every input is
    /// one step, in order; what is compared is the last one's. The layer's parameters take the case's values.
    public func failures(
        on backend: any Backend, module: some Module, isTraining: Bool, _ layer: @escaping @Sendable (Tensor) -> Tensor
    ) throws -> [String] {
        let parameters = module.parameters
        for (path, parameter) in parameters { parameter.assign(try tensor(path)) }
        for (path, state) in module.states {
            let initial = try tensor("initial/\(path)")
            state.variable.buffer.pointer.copyMemory(from: initial.pointer, byteCount: initial.type.byteCount)
        }
        let weights = Tensor(try tensor("lossWeights"))
        let step = CompiledFunction(on: backend) { arguments in
            let pass = Pass(isTraining: isTraining)
            let output = pass { layer(arguments[0]) }
            let targets = (arguments[0].dtype.isFloatingPoint ? [arguments[0]] : []) + parameters.map(\.parameter.value)
            let gradients = (output * weights).sum().gradients(of: targets)
            return Trace([output] + gradients, assigning: pass.assignments)
        }
        var results: [Buffer] = []
        let inputs = names("inputs")
        for input in inputs { results = try step([try tensor(input)]) }
        let isDifferentiable = try tensor(inputs[inputs.count - 1]).dtype.isFloatingPoint
        let targets = (isDifferentiable ? [inputs[inputs.count - 1]] : []) + parameters.map(\.path)
        guard Set(parameters.map(\.path)) == Set(names("parameters")) else {
            return ["parameters \(parameters.map(\.path)), expected \(names("parameters"))"]
        }
        return try compare(results, ["output"] + targets.map { "gradient/\($0)" }, backend)
            + compare(module.states.map(\.state.variable.buffer), module.states.map { "state/\($0.path)" }, backend)
    }

    /// Where a module of several inputs disagrees: `function` of the inputs by name, and the gradients of
    /// `sum(result · lossWeights)` by inputs and parameters. The parameters take the case's values.
    public func failures(
        on backend: any Backend, module: some Module, _ function: ([String: Tensor]) -> Tensor
    ) throws -> [String] {
        let names = names("inputs")
        let buffers = try names.map { try tensor($0) }
        var values = Dictionary(
            uniqueKeysWithValues: zip(names, buffers.enumerated().map { Tensor.input($0.offset, $0.element.type) }))
        let output = function(values)
        for (path, parameter) in module.parameters {
            parameter.assign(try tensor(path))
            values[path] = parameter.value
        }
        guard Set(module.parameters.map(\.path)) == Set(self.names("parameters")) else {
            return ["parameters \(module.parameters.map(\.path)), expected \(self.names("parameters"))"]
        }
        let targets = self.names("gradients")
        let gradients = (output * Tensor(try tensor("lossWeights"))).sum().gradients(
            of: targets.compactMap { values[$0] })
        let results = try backend.compile(Graph([output] + gradients)).run(buffers)
        return try compare(results, ["output"] + targets.map { "gradient/\($0)" }, backend)
    }

    private func compare(_ results: [Buffer], _ names: [String], _ backend: any Backend) throws -> [String] {
        try zip(results, names).flatMap { result, name -> [String] in
            let expected = try tensor(name)
            // NumPy stores a scalar as one axis of one element.
            guard result.shape == expected.shape || (result.shape == [] && expected.shape == [1]) else {
                return ["\(name) is \(result.type), not \(expected.type)"]
            }
            return tolerance(name, isExact: backend is Interpreter)
                .failures(result.doubles, expected.doubles).map { "\(name), \($0)" }
        }
    }
}
