import Testing
import WrightGraph
import WrightTesting

/// Every differentiable use of every primitive, symbolic against numeric: a wrong pullback fails here.
@Suite struct GradientTests {
    @Test(arguments: Op.samples.filter(\.isDifferentiable))
    func firstGradientIsTheSlope(_ sample: Sample) throws {
        #expect(try GradientCheck.failures(sample, order: 1) == [])
    }

    /// A pullback that is right as a number but was not written in Tensor code of its own inputs fails here.
    @Test(arguments: Op.samples.filter(\.isDifferentiable))
    func secondGradientIsTheSlopeOfTheFirst(_ sample: Sample) throws {
        #expect(try GradientCheck.failures(sample, order: 2) == [])
    }
}
