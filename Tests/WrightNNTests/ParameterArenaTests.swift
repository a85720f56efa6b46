import Testing
import WrightGraph
import WrightNN
import WrightRuntime

@Suite("Parameter arena")
struct ParameterArenaTests {
    let a = Parameter(Buffer([1, 2, 3] as [Float]))
    let b = Parameter(Buffer((0..<20).map(Float.init), shape: [4, 5]))

    /// Catches a layout whose offsets, alignment or copied values are wrong.
    @Test func movesParametersIntoOneBlock() throws {
        let arena = ParameterArena([("a", a), ("b", b)])
        #expect(arena.layout.map(\.offset) == [0, 16])
        #expect(arena.layout.map(\.shape) == [[3], [4, 5]])
        #expect(arena.count == 48)
        #expect(a.buffer.array(of: Float.self) == [1, 2, 3])
        #expect(b.buffer.storage === arena.variable.buffer.storage)
        a.buffer.withElements(of: Float.self) { $0[1] = 7 }
        #expect(arena.variable.buffer.array(of: Float.self)[..<4] == [1, 7, 3, 0])
        #expect(try (b.value * 2).evaluate(on: Interpreter()).array(of: Float.self) == (0..<20).map { Float($0 * 2) })
    }

    /// Catches gradients laid out otherwise than the parameters.
    @Test func flattensGradientsWithZeroGaps() throws {
        let arena = ParameterArena([("a", a), ("b", b)])
        let loss = (a.value.squared().sum() + b.value.sum())
        let flat = arena.flattened(loss.gradients(of: arena.parameters.map(\.value)))
        let values = try flat.evaluate(on: Interpreter()).array(of: Float.self)
        #expect(
            values == [2, 4, 6] + Array(repeating: 0, count: 13) + Array(repeating: 1, count: 20)
                + Array(repeating: 0, count: 12))
    }

    @Test func siblingsHaveTheSameLayout() {
        let arena = ParameterArena([("a", a), ("b", b)])
        let view = arena.view(arena.layout[1], of: arena.sibling("moments"))
        #expect(view.shape == [4, 5])
        #expect(view.byteOffset == 64)
    }
}
