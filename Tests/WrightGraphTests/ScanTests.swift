import Testing
import WrightGraph
import WrightRuntime
import WrightTesting

@Suite("Scan and the gradients of slices")
struct ScanTests {
    /// Catches steps in the wrong order, outputs in the wrong place, and a carry that is not carried.
    @Test func carriesOn() {
        let x = tensor([1, 2, 3, 4, 5, 6], [3, 2])
        let forward = Tensor.scan(over: [x], from: [tensor([10, 20])]) { carry, step in
            let sum = carry[0] * 2 + step[0]
            return ([sum], [sum, step[0]])
        }
        let expected = Self.running([[1, 2], [3, 4], [5, 6]], from: [10, 20])
        #expect(values(forward.outputs[0]) == expected.flatMap(\.self))
        #expect(values(forward.carry[0]) == expected[2])
        #expect(values(forward.outputs[1]) == [1, 2, 3, 4, 5, 6])
        let backward = Tensor.scan(over: [x], from: [tensor([10, 20])], reversed: true) { carry, step in
            let sum = carry[0] * 2 + step[0]
            return ([sum], [sum])
        }
        let mirrored = Self.running([[5, 6], [3, 4], [1, 2]], from: [10, 20])
        #expect(values(backward.outputs[0]) == mirrored.reversed().flatMap(\.self))
    }

    private static func running(_ rows: [[Double]], from start: [Double]) -> [[Double]] {
        var carry = start
        return rows.map { row in
            carry = zip(carry, row).map { $0 * 2 + $1 }
            return carry
        }
    }

    /// Catches a gradient that is wrong, or whose work grows with the square of the steps: a sum of as many padded tensors
    /// as there are steps.
    @Test func gradientIsOnePass() throws {
        func loss(_ x: Tensor, _ weight: Tensor) -> Tensor {
            let states = Tensor.scan(over: [x], from: [.constant(0, .float64).broadcast(to: [2])]) { carry, step in
                let state = (carry[0] * weight + step[0]).tanh()
                return ([state], [state])
            }
            return (states.outputs[0] * states.outputs[0]).sum()
        }
        let steps = 5
        let start = (0..<2 * steps).map { Double($0) * 0.1 - 0.4 }
        let weight = tensor([0.7, -0.3])
        let x = tensor(start, [steps, 2])
        let gradient = loss(x, weight).gradients(of: [x])[0]
        let computed = values(gradient)
        for place in start.indices {
            func moved(_ by: Double) -> Double {
                var other = start
                other[place] += by
                return values(loss(tensor(other, [steps, 2]), weight))[0]
            }
            #expect(abs((moved(1e-5) - moved(-1e-5)) / 2e-5 - computed[place]) < 1e-7)
        }
        #expect(!Graph([gradient]).instructions.contains { $0.op.primitive.name == "pad" })
    }

    /// Catches parts that overlap, leave gaps or stand on two axes and are put one after the other all the same.
    @Test func sharesOfSlicesAddUp() {
        let x = tensor([1, 2, 3, 4, 5, 6, 7, 8], [4, 2])
        let pieces = [x[0..<2], x[1..<3] * 10, x[3] * 100, x[.all, 1] * 1000, x * 0.5]
        let loss = pieces.map { $0.sum() }.reduce(Tensor.constant(0, .float64), +)
        #expect(values(loss.gradients(of: [x])[0]) == [1.5, 1001.5, 11.5, 1011.5, 10.5, 1010.5, 100.5, 1100.5])
    }
}
