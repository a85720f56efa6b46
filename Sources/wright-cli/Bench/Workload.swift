public import ArgumentParser
public import Wright

extension Workload: ExpressibleByArgument {
    func model(from source: inout ParameterSource) -> any Layer { Catalog.model(config, from: &source) }

    /// Standard normal inputs, or any tokens, and class numbers, the same every time.
    func batch() -> [Buffer] {
        var random = KeyedRandom(seed: 7, stream: .shuffle)
        func numbers(_ shape: [Int], below limit: Int) -> Buffer {
            Buffer((0..<shape.reduce(1, *)).map { _ in Int32(random.integer(below: limit)) }, shape: shape)
        }
        if let vocabulary {
            let tokens = numbers([batchSize] + inputShape, below: vocabulary)
            return [tokens, numbers(targetShape, below: classes)]
        }
        let input = Buffer(zeros: TensorType([batchSize] + inputShape))
        input.withElements(of: Float.self) { values in
            // The sum of twelve uniform numbers: near enough to normal for a measurement.
            for index in values.indices {
                values[index] = Float((0..<12).reduce(-6) { sum, _ in sum + random.uniform() })
            }
        }
        return [input, numbers(targetShape, below: classes)]
    }
}
