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

    /// The float64 interpreter and bfloat16 are reached through the same samples; a family that accepted neither would
    /// silently drop out of their conformance.
    @Test func floatingPointSamplesConvert() {
        let floating = Op.samples.filter { $0.isDifferentiable }
        #expect(floating.allSatisfy { $0.converted(to: .bfloat16) != nil && $0.converted(to: .float64) != nil })
        #expect(PrimitiveConformance.cases().count > Op.samples.count + floating.count / 2)
    }
}
