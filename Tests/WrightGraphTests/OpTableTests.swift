import Testing
import WrightGraph
import WrightTesting

@Suite struct OpTableTests {
    /// A family that is in the enum but not in the list would be neither read from text nor tested.
    @Test func familiesAreTheCases() {
        let samples = Op.families.flatMap { $0.samples }
        let cases = Set(samples.map { "\($0.op.op)".prefix { $0 != "(" } })
        // Sources have no samples: nothing is computed.
        #expect(cases.count == Op.families.count - 1)
        for family in Op.families where family != Source.self {
            #expect(!family.samples.isEmpty, "\(family) has no samples")
            #expect(family.samples.allSatisfy { type(of: $0.op.op.primitive) == family })
        }
    }

    /// Two operations of one name could not be told apart in a text.
    @Test func namesAreUnique() {
        let names = Op.families.flatMap { $0.names }
        #expect(Set(names).count == names.count)
        for family in Op.families where family != Source.self {
            #expect(Set(family.samples.map(\.op.name)) == Set(family.names), "\(family): a member without a sample")
        }
    }

    /// What attributes leave out would be lost in a text.
    @Test func attributesRebuildEveryOperation() throws {
        for sample in Op.samples {
            func check(_ family: any Primitive.Type) throws {
                let rebuilt = try family.init(name: sample.op.name, attributes: sample.op.attributes)
                #expect(rebuilt.op == sample.op.op, "\(sample)")
            }
            try check(type(of: sample.op))
        }
    }

    /// Forgetting an operand, or having one too many, is an error and never a trap.
    @Test func wrongOperandCountsAreErrors() {
        for sample in Op.samples {
            let extra = TensorType([1])
            if !(sample.op is Concatenate) {
                #expect(throws: GraphError.self, "\(sample)") { try sample.op.result(of: sample.operands + [extra]) }
            }
            if !sample.operands.isEmpty {
                #expect(throws: GraphError.self, "\(sample)") { try sample.op.result(of: []) }
            }
        }
    }

    /// Two samples alike test the same thing twice.
    @Test func samplesDiffer() {
        let texts = Op.samples.map { "\($0) \($0.ranges)" }
        let repeated = Dictionary(grouping: texts, by: { $0 }).filter { $1.count > 1 }.keys
        #expect(repeated.isEmpty, "\(repeated.sorted())")
    }

    /// A type that a primitive takes but no sample has would be untested; masks and indices have samples of their own.
    @Test func everyTypeIsTested() {
        let floating = Op.samples.filter { $0.isDifferentiable }
        #expect(floating.filter { $0.converted(to: .bfloat16) == nil }.isEmpty)
        var types: [String: Set<DType>] = [:]
        for sample in PrimitiveConformance.cases() {
            types[sample.op.name, default: []].formUnion(sample.operands.map(\.dtype))
        }
        let moving = ["reshape", "permute", "broadcast", "slice", "pad", "concatenate", "flip", "select", "gather"]
        for name in moving { #expect(types[name]?.isSuperset(of: Set(DType.allCases).subtracting([.float64])) == true) }
        for name in ["add", "divide", "negate", "reduce_sum", "arg_maximum", "cumulative_sum", "scatter_add"] {
            #expect(types[name]?.isSuperset(of: [.float32, .bfloat16, .int8, .uint8, .int32, .int64]) == true)
        }
    }
}
