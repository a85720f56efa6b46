import Wright

/// Times whole training steps (forward, backward, Adam with a learning rate of 1e-3) of a workload on one batch.
struct StepBenchmark {
    var workload: Workload
    var precision = CompileOptions.Precision.float32
    var seconds = 5.0
    var threads: Int?
    var isProfiled = false

    /// What was measured.
    struct Result {
        /// The median.
        var millisecondsPerStep: Double
        var fastest: Double
        var steps: Int
        var threads: Int
        /// From the start of the process to the end of the first step.
        var secondsToFirstStep: Double
        var peakMemory: Int
        var firstLoss: Double
        var lastLoss: Double
        var profile: [ProfileRow]
    }

    func run() throws -> Result {
        let backend = CPUBackend(threads: threads)
        var source = ParameterSource(seed: 1)
        let workload = workload
        let network = Network(workload.model(from: &source))
        let optimizer = try OptimizerState(network.parameters, groups: [ParameterGroup(optimizer: Adam())])
        let random = RandomState(seed: 1)
        let function = CompiledFunction(
            on: backend, options: CompileOptions(precision: precision, isProfiled: isProfiled)
        ) { arguments in
            let pass = Pass(isTraining: true, randomKey: Tensor(random.key))
            let loss = pass { workload.loss(network.layer(arguments[0]), classes: arguments[1]) }
            let updates = try optimizer.update(optimizer.gradients(of: loss))
            return Trace([loss], assigning: pass.assignments + [random.advance] + updates)
        }
        let batch = workload.batch()
        let plan = try function.executable(for: batch.map(\.type))
        func step() throws -> Double { try plan.run(batch)[0].doubles[0] }

        let firstLoss = try step()
        let secondsToFirstStep = Machine.secondsSinceStart
        var lastLoss = firstLoss
        // Caches, threads and clock speeds settle before anything is timed.
        let begin = SystemCalls.monotonicTime
        var warm = 1
        while warm < 20, SystemCalls.monotonicTime - begin < seconds / 4 {
            lastLoss = try step()
            warm += 1
        }
        var times: [Double] = []
        let start = SystemCalls.monotonicTime
        var last = start
        repeat {
            lastLoss = try step()
            let now = SystemCalls.monotonicTime
            times.append(now - last)
            last = now
        } while last - start < seconds
        times.sort()
        return Result(
            millisecondsPerStep: times[times.count / 2] * 1000, fastest: times[0] * 1000, steps: times.count,
            threads: backend.threads, secondsToFirstStep: secondsToFirstStep, peakMemory: SystemCalls.peakMemory,
            firstLoss: firstLoss, lastLoss: lastLoss, profile: plan.profile)
    }

    /// A layer of any kind, so that its parameters are found.
    private struct Network: Module {
        let layer: any Layer
        init(_ layer: any Layer) { self.layer = layer }
    }
}
