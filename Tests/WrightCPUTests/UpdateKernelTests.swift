import CWrightTile
import Testing

extension CKernelTests {
    /// The formula in Double, three steps.
    @Suite struct Updates {
        @Test("Adam, and AdamW with the gradient clipped", arguments: [false, true])
        func adam(shrinks: Bool) {
            let (beta1, beta2, epsilon, decay, rate) = (0.9, 0.999, 1e-8, 0.001, 0.01)
            let clip = shrinks ? 0.5 : 1
            withEveryInstructionSet { set in
                for size in awkwardSizes + [20_000] {
                    let start = Numbers.floats(size, seed: 1)
                    let p = KernelArray(start), m = KernelArray<Float>(repeating: 0, count: size)
                    let v = KernelArray<Float>(repeating: 0, count: size)
                    let zeros = [Double](repeating: 0, count: size)
                    var (x, first, second) = (start.map { Double($0) }, zeros, zeros)
                    var (power1, power2) = (1.0, 1.0)
                    for step in 1...3 {
                        (power1, power2) = (power1 * beta1, power2 * beta2)
                        let (c1, c2) = (1 - power1, 1 - power2)
                        let g = Numbers.floats(size, seed: 100 + step)
                        let scalars = KernelArray([
                            Float(rate / c1), Float(1 / c2.squareRoot()), Float(1 - decay), Float(clip),
                        ])
                        let gradient = KernelArray(g)
                        var arguments = wright_adam_arguments()
                        arguments.parameter = UnsafePointer(p.pointer)
                        arguments.mean = UnsafePointer(m.pointer)
                        arguments.variance = UnsafePointer(v.pointer)
                        arguments.gradient = UnsafePointer(gradient.pointer)
                        arguments.new_parameter = p.pointer
                        arguments.new_mean = m.pointer
                        arguments.new_variance = v.pointer
                        arguments.count = Int64(size)
                        arguments.rate = UnsafePointer(scalars.pointer)
                        arguments.scale = UnsafePointer(scalars.pointer + 1)
                        if shrinks {
                            arguments.shrink = UnsafePointer(scalars.pointer + 2)
                            arguments.gradient_scale = UnsafePointer(scalars.pointer + 3)
                        }
                        (arguments.beta1, arguments.complement1) = (Float(beta1), Float(1 - beta1))
                        (arguments.beta2, arguments.complement2) = (Float(beta2), Float(1 - beta2))
                        arguments.epsilon = Float(epsilon)
                        wright_adam(&arguments)
                        for i in 0..<size {
                            let d = Double(g[i]) * clip
                            first[i] = beta1 * first[i] + (1 - beta1) * d
                            second[i] = beta2 * second[i] + (1 - beta2) * d * d
                            let root = second[i].squareRoot() / c2.squareRoot()
                            x[i] = x[i] * (shrinks ? 1 - decay : 1) - rate / c1 * first[i] / (root + epsilon)
                        }
                    }
                    expectClose(p.values, x, relative: 1e-6, absolute: 3e-6, "\(set) \(size)")
                    expectClose(v.values, second, relative: 1e-4, absolute: 1e-8, "\(set) \(size) moment")
                }
            }
        }
    }
}
