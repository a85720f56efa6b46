public import WrightGraph
public import WrightRuntime

/// Holds a backend against the interpreter: every use of every primitive, forward and both gradients, in each type.
///
/// ```swift
/// @Test(arguments: PrimitiveConformance.cases())
/// func agreesWithTheInterpreter(_ sample: Sample) throws {
///     #expect(try PrimitiveConformance.failures(sample, on: backend) == [])
/// }
/// ```
public enum PrimitiveConformance {
    /// The samples of every primitive, all of those that take bfloat16 again in that, and the first few of each name
    /// again in every other type that it takes. (float64 is the interpreter's own.)
    public static func cases() -> [Sample] {
        let others = DType.allCases.filter { ![.float32, .float64].contains($0) }.flatMap { dtype in
            var counts: [String: Int] = [:]
            return Op.samples.compactMap { $0.converted(to: dtype) }.filter { sample in
                counts[sample.op.name, default: 0] += 1
                return dtype == .bfloat16 || counts[sample.op.name, default: 0] <= 4
            }
        }
        return Op.samples + others
    }

    /// Where `backend` and the interpreter disagree about `sample`; empty if all is well. `order` is the highest
    /// derivative that is compared, 0 for the result alone.
    public static func failures(
        _ sample: Sample, on backend: any Backend, order: Int = 2, tolerance: Tolerance? = nil
    ) throws -> [String] {
        let highest = sample.isDifferentiable ? order : 0
        return try (0...highest).flatMap { order in
            let graph = try sample.graph(order: order)
            return try failures(
                graph, at: sample.values(), on: backend, tolerance: tolerance ?? Tolerance(for: sample, order: order)
            ).map { "order \(order), \($0)" }
        }
    }

    /// The same for any graph: `values` are its inputs.
    public static func failures(
        _ graph: Graph, at values: [[Double]], on backend: any Backend, tolerance: Tolerance
    ) throws -> [String] {
        // Both sides see the values as the types of the inputs hold them.
        let inputs = zip(graph.inputs, values).map { Buffer($0 ?? TensorType([$1.count], .float64), doubles: $1) }
        let expected = Interpreter.evaluate(graph, inputs: inputs.map(\.doubles))
        let received = try backend.compile(graph).run(inputs)
        guard received.count == expected.count else { return ["\(received.count) results, not \(expected.count)"] }
        return zip(expected, zip(received, graph.outputs)).enumerated().flatMap { place, pair -> [String] in
            let (expected, (buffer, output)) = pair
            let type = graph.instructions[output].type
            guard buffer.type == type else { return ["result \(place) is \(buffer.type), not \(type)"] }
            return tolerance.failures(buffer.doubles, expected).map { "result \(place), \($0)" }
        }
    }
}

/// How far numbers may lie from what is expected: `absolute`, plus `relative` of the largest expected magnitude, since a
/// sum's error grows with its terms and not with itself. Infinities and NaN must be met exactly.
public struct Tolerance: Hashable, Sendable {
    public var relative: Double
    public var absolute: Double

    public init(relative: Double, absolute: Double = 0) {
        self.relative = relative
        self.absolute = absolute
    }

    /// What rounding in the types of `sample` allows: nothing for whole numbers and masks.
    public init(for sample: Sample, order: Int) {
        do {
            let types = sample.operands + [try sample.op.result(of: sample.operands)]
            if types.contains(where: { $0.dtype == .bfloat16 }) {
                self.init(relative: 0.02 * Double(order + 1), absolute: 0.02)
            } else if types.contains(where: { $0.dtype.isFloatingPoint }) {
                self.init(relative: 2e-6, absolute: 1e-7)
            } else {
                self.init(relative: 0)
            }
        } catch {
            preconditionFailure("the sample \(sample) does not fit together: \(error)")
        }
    }

    /// The elements that lie too far off, the first few of them.
    public func failures(_ received: [Double], _ expected: [Double]) -> [String] {
        guard received.count == expected.count else { return ["\(received.count) elements, not \(expected.count)"] }
        let largest = expected.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
        let allowed = absolute + relative * largest
        let wrong = received.indices.filter { place in
            let (x, y) = (received[place], expected[place])
            return !(x == y || (x.isNaN && y.isNaN) || abs(x - y) <= allowed)
        }
        return wrong.prefix(5).map { "element \($0): \(received[$0]), expected \(expected[$0]) ± \(allowed)" }
    }
}
