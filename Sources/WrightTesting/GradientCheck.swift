public import WrightGraph
import WrightRuntime

/// Holds symbolic gradients against central differences, in double precision on the interpreter.
public enum GradientCheck {
    /// Where the gradient of `sample` (order 1) or the gradient of that (order 2) is not the slope; empty if all is well.
    public static func failures(_ sample: Sample, order: Int) throws(GraphError) -> [String] {
        let loss = try sample.lossGraph(order: order)
        let gradients = try sample.graph(order: order)
        let places = sample.operands.indices.filter { sample.operands[$0].dtype.isFloatingPoint }
        return failures(loss: loss, gradients: gradients, of: places, at: sample.values(seed: UInt64(order)))
    }

    /// The same for any scalar: `gradients` computes those of `loss` with respect to the inputs `places`.
    public static func failures(
        loss: Graph, gradients: Graph, of places: [Int], at values: [[Double]], tolerance: Double = 1e-6
    ) -> [String] {
        let step = 1e-5
        let computed = Interpreter.evaluate(gradients, inputs: values)
        // Slopes are differences of losses: their rounding error grows with the loss.
        let scale = max(1, abs(Interpreter.evaluate(loss, inputs: values)[0][0]))
        var failures: [String] = []
        for (gradient, place) in zip(computed, places) {
            for element in values[place].indices {
                var (up, down) = (values, values)
                up[place][element] += step
                down[place][element] -= step
                let rise =
                    Interpreter.evaluate(loss, inputs: up)[0][0] - Interpreter.evaluate(loss, inputs: down)[0][0]
                let slope = rise / (2 * step)
                let error = abs(gradient[element] - slope)
                // Written so that a NaN fails.
                if !(error <= tolerance * max(scale, abs(slope))) {
                    failures.append("operand \(place), element \(element): \(gradient[element]), slope \(slope)")
                }
            }
        }
        return failures
    }
}
