import CWrightTile
import Testing

extension CKernelTests {
    /// PyTorch's formulas in Double, three steps of each.
    @Suite struct Updates {
        static let steps = 3

        private func gradients(_ size: Int, _ step: Int) -> [Float] { Numbers.floats(size, seed: 100 + step) }

        @Test("Adam and AdamW", arguments: [false, true])
        func adam(decoupled: Bool) {
            let (beta1, beta2, epsilon, decay, rate, scale) = (0.9, 0.999, 1e-8, 0.1, 0.01, 0.5)
            withEveryInstructionSet { set in
                for size in awkwardSizes + [20_000] {
                    let start = Numbers.floats(size, seed: 1)
                    let p = KernelArray(start), m = KernelArray<Float>(repeating: 0, count: size)
                    let v = KernelArray<Float>(repeating: 0, count: size)
                    var (x, first, second) = (
                        start.map { Double($0) }, [Double](repeating: 0, count: size),
                        [Double](repeating: 0, count: size)
                    )
                    for step in 1...Self.steps {
                        let g = gradients(size, step)
                        let (c1, c2) = (1 - .power(beta1, step), 1 - .power(beta2, step))
                        let scalars = KernelArray([Float(rate), Float(c1), Float(c2), Float(scale)])
                        let gradient = KernelArray(g)
                        var arguments = wright_adam_arguments(
                            parameter: p.pointer, first_moment: m.pointer, second_moment: v.pointer,
                            gradient: gradient.pointer, count: Int64(size), learning_rate: scalars.pointer,
                            bias_correction1: scalars.pointer + 1, bias_correction2: scalars.pointer + 2,
                            gradient_scale: scalars.pointer + 3, beta1: Float(beta1), beta2: Float(beta2),
                            epsilon: Float(epsilon), weight_decay: Float(decay), decoupled: decoupled)
                        wright_adam(&arguments)
                        for i in 0..<size {
                            var d = Double(g[i]) * scale
                            if decoupled { x[i] *= 1 - rate * decay } else { d += decay * x[i] }
                            first[i] = beta1 * first[i] + (1 - beta1) * d
                            second[i] = beta2 * second[i] + (1 - beta2) * d * d
                            x[i] -= rate / c1 * first[i] / (second[i].squareRoot() / c2.squareRoot() + epsilon)
                        }
                    }
                    expectClose(p.values, x, relative: 1e-6, absolute: 3e-6, "\(set) \(size)")
                    expectClose(v.values, second, relative: 1e-4, absolute: 1e-8, "\(set) \(size) moment")
                }
            }
        }

        @Test("Stochastic gradient descent", arguments: [0, 1, 2])
        func sgd(variant: Int) {
            let (momentum, decay, rate) = (0.9, 0.01, 0.1)
            let nesterov = variant == 2
            withEveryInstructionSet { set in
                for size in awkwardSizes {
                    let start = Numbers.floats(size, seed: 1)
                    let p = KernelArray(start), velocity = KernelArray<Float>(repeating: 0, count: size)
                    let rateMemory = KernelArray([Float(rate)])
                    var (x, u) = (start.map { Double($0) }, [Double](repeating: 0, count: size))
                    for step in 1...Self.steps {
                        let g = gradients(size, step)
                        let gradient = KernelArray(g)
                        var arguments = wright_sgd_arguments(
                            parameter: p.pointer, velocity: variant == 0 ? nil : velocity.pointer,
                            gradient: gradient.pointer, count: Int64(size), learning_rate: rateMemory.pointer,
                            gradient_scale: nil, momentum: Float(momentum), dampening: 0, weight_decay: Float(decay),
                            nesterov: nesterov)
                        wright_sgd(&arguments)
                        for i in 0..<size {
                            let d = Double(g[i]) + decay * x[i]
                            u[i] = momentum * u[i] + d
                            x[i] -= rate * (variant == 0 ? d : nesterov ? d + momentum * u[i] : u[i])
                        }
                    }
                    expectClose(p.values, x, relative: 1e-6, absolute: 1e-6, "\(set) \(size)")
                }
            }
        }

        @Test("RMSprop, plain, centered and with momentum", arguments: [false, true], [false, true])
        func rmsprop(centered: Bool, hasMomentum: Bool) {
            let (alpha, epsilon, decay, momentum, rate) = (0.99, 1e-6, 0.02, 0.9, 0.01)
            withEveryInstructionSet { set in
                for size in awkwardSizes {
                    let start = Numbers.floats(size, seed: 1)
                    let p = KernelArray(start)
                    let state = (0..<3).map { _ in KernelArray<Float>(repeating: 0, count: size) }
                    let rateMemory = KernelArray([Float(rate)])
                    let zeros = [Double](repeating: 0, count: size)
                    var (x, s, a, u) = (start.map { Double($0) }, zeros, zeros, zeros)
                    for step in 1...Self.steps {
                        let g = gradients(size, step)
                        let gradient = KernelArray(g)
                        var arguments = wright_rmsprop_arguments(
                            parameter: p.pointer, square_average: state[0].pointer,
                            gradient_average: centered ? state[1].pointer : nil,
                            velocity: hasMomentum ? state[2].pointer : nil, gradient: gradient.pointer,
                            count: Int64(size), learning_rate: rateMemory.pointer, gradient_scale: nil,
                            alpha: Float(alpha), epsilon: Float(epsilon), weight_decay: Float(decay),
                            momentum: Float(momentum))
                        wright_rmsprop(&arguments)
                        for i in 0..<size {
                            let d = Double(g[i]) + decay * x[i]
                            s[i] = alpha * s[i] + (1 - alpha) * d * d
                            a[i] = alpha * a[i] + (1 - alpha) * d
                            let root = (centered ? s[i] - a[i] * a[i] : s[i]).squareRoot() + epsilon
                            u[i] = momentum * u[i] + d / root
                            x[i] -= rate * (hasMomentum ? u[i] : d / root)
                        }
                    }
                    expectClose(p.values, x, relative: 1e-5, absolute: 1e-5, "\(set) \(size)")
                }
            }
        }

        @Test("Lion")
        func lion() {
            let (beta1, beta2, decay, rate) = (0.9, 0.99, 0.1, 0.001)
            withEveryInstructionSet { set in
                for size in awkwardSizes {
                    let start = Numbers.floats(size, seed: 1)
                    let p = KernelArray(start), m = KernelArray<Float>(repeating: 0, count: size)
                    let rateMemory = KernelArray([Float(rate)])
                    var (x, moment) = (start.map { Double($0) }, [Double](repeating: 0, count: size))
                    for step in 1...Self.steps {
                        // A zero gradient on a zero moment must not move the parameter.
                        let g = gradients(size, step).enumerated().map { $0 == 0 ? 0 : $1 }
                        let gradient = KernelArray(g)
                        var arguments = wright_lion_arguments(
                            parameter: p.pointer, moment: m.pointer, gradient: gradient.pointer, count: Int64(size),
                            learning_rate: rateMemory.pointer, gradient_scale: nil, beta1: Float(beta1),
                            beta2: Float(beta2), weight_decay: Float(decay))
                        wright_lion(&arguments)
                        for i in 0..<size {
                            let blend = beta1 * moment[i] + (1 - beta1) * Double(g[i])
                            x[i] = x[i] * (1 - rate * decay) - rate * (blend > 0 ? 1 : blend < 0 ? -1 : 0)
                            moment[i] = beta2 * moment[i] + (1 - beta2) * Double(g[i])
                        }
                    }
                    expectClose(p.values, x, relative: 1e-6, absolute: 1e-6, "\(set) \(size)")
                }
            }
        }
    }
}

extension Double {
    fileprivate static func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }
}
