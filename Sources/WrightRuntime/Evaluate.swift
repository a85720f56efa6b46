public import WrightGraph

extension Tensor {
    /// Computes this value now. It must not depend on an input.
    public func evaluate(on backend: any Backend) throws -> Buffer {
        try backend.compile(Graph([self])).run([])[0]
    }
}
