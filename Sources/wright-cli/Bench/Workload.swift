public import ArgumentParser
public import Wright

extension Workload: ExpressibleByArgument {
    func model(from source: inout ParameterSource) -> any Layer { Catalog.model(config, from: &source) }

    /// Standard normal inputs, or any tokens, and class numbers, the same every time.
    func batch() -> [Buffer] {
        var random = KeyedRandom(seed: 7, stream: .shuffle)
        func labels() -> Buffer { Buffer((0..<batchSize).map { _ in Int32(random.integer(below: classes)) }) }
        if let vocabulary {
            let count = inputShape.reduce(batchSize, *)
            let tokens = (0..<count).map { _ in Int32(random.integer(below: vocabulary)) }
            return [Buffer(tokens, shape: [batchSize] + inputShape), labels()]
        }
        let input = Buffer(zeros: TensorType([batchSize] + inputShape))
        input.withElements(of: Float.self) { values in
            // The sum of twelve uniform numbers: near enough to normal for a measurement.
            for index in values.indices {
                values[index] = Float((0..<12).reduce(-6) { sum, _ in sum + random.uniform() })
            }
        }
        return [input, labels()]
    }
}
