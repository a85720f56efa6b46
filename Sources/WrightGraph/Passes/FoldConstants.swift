extension GraphPass {
    /// The most elements that a folded value, or an operand it is computed from, may have.
    private static let largestFolded = 4096

    /// Computes what depends on constants alone, by the primitives' references: one number repeated becomes a constant
    /// stretched over the shape, anything else a literal. Large values stay as they are; so does everything that reads an
    /// input or a variable, and whole numbers that a double cannot hold.
    public static let foldConstants = GraphPass("foldConstants") { graph in
        var known: [Tensor: [Double]] = [:]
        return graph.rewritten { instruction, operands in
            let tensor = instruction.rebuilt(operands)
            guard let values = value(of: tensor, known) else { return tensor }
            let folded = operands.isEmpty ? tensor : folding(values, tensor.type)
            known[folded] = values
            return folded
        }
    }

    private static func value(of tensor: Tensor, _ known: [Tensor: [Double]]) -> [Double]? {
        guard tensor.count <= largestFolded else { return nil }
        switch tensor.op {
        case .source(.input), .source(.variable): return nil
        default: break
        }
        let operands = tensor.operands.compactMap { known[$0] }
        guard operands.count == tensor.operands.count else { return nil }
        let dtype = tensor.dtype
        let values = tensor.op.primitive.reference(operands, types: tensor.operands.map(\.type), result: tensor.type)
            .map(dtype.normalized)
        return dtype == .int64 && values.contains { abs($0) > 0x1p53 } ? nil : values
    }

    private static func folding(_ values: [Double], _ type: TensorType) -> Tensor {
        // Bit patterns, so that NaN equals itself and −0 is not 0.
        if let first = values.first, values.allSatisfy({ $0.bitPattern == first.bitPattern }) {
            return Tensor.constant(first, type.dtype).broadcast(to: type.shape)
        }
        return values.isEmpty
            ? Tensor.constant(0, type.dtype).broadcast(to: type.shape) : Tensor(Buffer(type, doubles: values))
    }
}
