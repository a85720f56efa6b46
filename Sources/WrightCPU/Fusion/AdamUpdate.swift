import CWrightTile
import WrightGraph

/// The update of Adam or AdamW, recognised in a fused region by its algebra: a kernel of its own keeps the whole
/// expression in vector registers, where the tile program goes through L1 for every operation.
///
///     mean     ← mean · β₁ + gradient · (1 − β₁)
///     variance ← variance · β₂ + gradient² · (1 − β₂)
///     p        ← p · shrink − mean · rate / (√variance · scale + ε)
///
/// `rate`, `scale` and `shrink` are scalars that the step computes; a gradient may be scaled by one too (clipping).
struct AdamUpdate {
    private let parameters, mean, variance, gradient: Int
    private let updated, newMean, newVariance: Int
    private let rate, scale: Int
    private let shrink, gradientScale: Int?
    private let beta1, beta2, epsilon: (Double)
    private let complement1, complement2: Double
    private let count: Int

    init?(_ region: Region, stored: Set<Int>, _ reading: Reading) {
        let graph = reading.graph
        guard stored.count == 3, region.count >= 256 else { return nil }
        count = region.count
        func operands(_ index: Int, _ op: Binary) -> (Int, Int)? {
            let instruction = graph.instructions[reading.behindReshapes(index)]
            return instruction.op == .binary(op) ? (instruction.operands[0], instruction.operands[1]) : nil
        }
        func whole(_ index: Int) -> Int? {
            let access = reading.access(index)
            return access.kind == .full && graph.instructions[access.base].type.count == region.count
                ? access.base : nil
        }
        func scalar(_ index: Int) -> Int? {
            let access = reading.access(index)
            return access.kind == .scalar ? access.base : nil
        }
        func scaled(_ index: Int) -> (value: Int, factor: Double)? {
            guard let (value, factor) = operands(index, .multiply),
                case .immediate(let number) = reading.access(factor).kind
            else { return nil }
            return (reading.behindReshapes(value), number)
        }
        func unary(_ index: Int, _ op: Unary) -> Int? {
            let instruction = graph.instructions[reading.behindReshapes(index)]
            return instruction.op == .unary(op) ? reading.behindReshapes(instruction.operands[0]) : nil
        }
        guard let updated = stored.first(where: { operands($0, .subtract) != nil }),
            let (start, change) = operands(updated, .subtract),
            let (numerator, denominator) = operands(change, .divide),
            let (newMean, rateFactor) = operands(numerator, .multiply), let rate = scalar(rateFactor),
            let (scaledRoot, addend) = operands(denominator, .add),
            case .immediate(let epsilon) = reading.access(addend).kind,
            let (root, scaleFactor) = operands(scaledRoot, .multiply), let scale = scalar(scaleFactor),
            let newVariance = unary(root, .sqrt),
            let (oldMean, gradientShare) = operands(newMean, .add), let keptMean = scaled(oldMean),
            let addedMean = scaled(gradientShare),
            let (oldVariance, squareShare) = operands(newVariance, .add), let keptVariance = scaled(oldVariance),
            let addedVariance = scaled(squareShare), let squared = unary(addedVariance.value, .square),
            squared == addedMean.value,
            let parameters = whole(start) ?? operands(start, .multiply).flatMap({ whole($0.0) }),
            let mean = whole(keptMean.value), let variance = whole(keptVariance.value)
        else { return nil }
        let newMeanBase = reading.behindReshapes(newMean)
        guard stored == [updated, newMeanBase, newVariance] else { return nil }
        (self.updated, self.newMean, self.newVariance) = (updated, newMeanBase, newVariance)
        (self.rate, self.scale, self.mean, self.variance) = (rate, scale, mean, variance)
        (self.beta1, self.beta2, self.epsilon) = (keptMean.factor, keptVariance.factor, epsilon)
        (complement1, complement2) = (addedMean.factor, addedVariance.factor)
        // The start is the parameters themselves, or shrunk by decoupled weight decay.
        if region.members.contains(parameters), let (value, factor) = operands(parameters, .multiply),
            let base = whole(value), let shrink = scalar(factor)
        {
            (self.parameters, self.shrink) = (base, shrink)
        } else {
            (self.parameters, shrink) = (parameters, nil)
        }
        if region.members.contains(addedMean.value), let (value, factor) = operands(addedMean.value, .multiply),
            let base = whole(value), let gradientScale = scalar(factor)
        {
            (gradient, self.gradientScale) = (base, gradientScale)
        } else {
            guard let base = whole(addedMean.value) else { return nil }
            (gradient, gradientScale) = (base, nil)
        }
        let reads = [self.parameters, mean, variance, gradient]
        guard !reads.contains(where: region.members.contains) else { return nil }
    }

    var step: Step {
        let reads = [parameters, mean, variance, gradient, rate, scale] + [shrink, gradientScale].compactMap(\.self)
        return Step(
            name: "Adam [\(count)]", kernel: "adam", reads: reads, writes: [updated, newMean, newVariance],
            inPlace: [(updated, parameters), (newMean, mean), (newVariance, variance)], operationCount: count * 13
        ) { pointer, _ in
            func floats(_ index: Int) -> UnsafeMutablePointer<Float> {
                pointer(index).assumingMemoryBound(to: Float.self)
            }
            var arguments = wright_adam_arguments()
            (arguments.parameter, arguments.mean, arguments.variance) = (
                UnsafePointer(floats(parameters)), UnsafePointer(floats(mean)), UnsafePointer(floats(variance))
            )
            (arguments.new_parameter, arguments.new_mean, arguments.new_variance) = (
                floats(updated), floats(newMean), floats(newVariance)
            )
            arguments.gradient = UnsafePointer(floats(gradient))
            arguments.count = Int64(count)
            (arguments.rate, arguments.scale) = (UnsafePointer(floats(rate)), UnsafePointer(floats(scale)))
            arguments.shrink = shrink.map { UnsafePointer(floats($0)) }
            arguments.gradient_scale = gradientScale.map { UnsafePointer(floats($0)) }
            (arguments.beta1, arguments.beta2) = (Float(beta1), Float(beta2))
            (arguments.complement1, arguments.complement2) = (Float(complement1), Float(complement2))
            arguments.epsilon = Float(epsilon)
            return [BoundLaunch({ wright_adam($0) }, arguments)]
        }
    }
}
