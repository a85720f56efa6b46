/// Everything that a program which trains or runs models needs, in one import.
@_exported public import WrightCPU
@_exported public import WrightData
@_exported public import WrightGraph
@_exported public import WrightModels
@_exported public import WrightNN
@_exported public import WrightRuntime
@_exported public import WrightTrain

extension Tensor {
    /// Computes this value now, on the CPU. It must not depend on an input.
    public func evaluate() throws -> Buffer { try evaluate(on: CPUBackend()) }
}
