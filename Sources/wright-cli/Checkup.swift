import Wright

/// What `wright doctor` looks at.
struct Checkup {
    enum State: String { case fine = "ok", note, failed = "FAILED" }

    /// One finding.
    struct Check {
        var name: String
        var state = State.fine
        var finding: String
        /// What to do about it; empty when there is nothing to do.
        var advice = ""
    }

    var threads: Int?
    var precision: CompileOptions.Precision

    func run() -> [Check] {
        [system, processor, pool, library, memory, disk, codecs] + dataSets + [gradients, speed]
    }

    private var system: Check {
        Check(name: "wright", finding: "\(WrightCommand.version) on \(Machine.system)")
    }

    private var processor: Check {
        let features = Machine.features
        let isSlow = !features.isEmpty && !features.contains("avx2") && !features.contains("asimd")
        return Check(
            name: "processor", state: isSlow ? .note : .fine,
            finding: "\(Machine.processor), \(Machine.cores.counted("core")): \(features.joined(separator: " "))",
            advice: isSlow ? "without AVX2 kernels run several times slower" : "")
    }

    private var pool: Check {
        Check(name: "threads", finding: "\(CPUBackend(threads: threads).threads)")
    }

    private var library: Check {
        let version = CPUBackend.libraryVersion
        let text = "\(version / 10000).\(version / 100 % 100).\(version % 100)"
        let bfloat16 = CPUBackend.hasBFloat16 ? "bfloat16 runs natively" : "no native bfloat16"
        return Check(name: "oneDNN", finding: "\(text), \(bfloat16)")
    }

    private var memory: Check {
        guard let memory = Machine.memory else { return Check(name: "memory", state: .note, finding: "unknown") }
        let isShort = memory.available < 1 << 30
        return Check(
            name: "memory", state: isShort ? .note : .fine,
            finding: "\(memory.available.bytes) free of \(memory.total.bytes)",
            advice: isShort ? "less than 1 GiB is free: use small batches, or end other programs" : "")
    }

    private var disk: Check {
        guard let free = SystemCalls.freeBytes(in: ".") else {
            return Check(name: "disk", state: .note, finding: "unknown")
        }
        let isShort = free < 1 << 30
        return Check(
            name: "disk", state: isShort ? .note : .fine, finding: "\(free.bytes) free here",
            advice: isShort ? "checkpoints need room: free some, or give --output on another disk" : "")
    }

    /// A picture written and read again by each codec.
    private var codecs: Check {
        let picture = Buffer((0..<64).map { UInt8($0 * 4) }, shape: [8, 8, 1])
        do {
            let png = try ImageFile.decode(ImageFile.png(picture), file: "check.png")
            let jpeg = try ImageFile.decode(ImageFile.jpeg(picture, quality: 100), file: "check.jpeg")
            let distance = zip(jpeg.doubles, picture.doubles).map { abs($0 - $1) }.max() ?? 0
            guard png.doubles == picture.doubles, distance < 16 else {
                return Check(
                    name: "codecs", state: .failed, finding: "a picture came back changed",
                    advice: "reinstall libpng and libjpeg-turbo")
            }
            return Check(name: "codecs", finding: "PNG and JPEG, written and read")
        } catch {
            return Check(
                name: "codecs", state: .failed, finding: "\(error)", advice: "reinstall libpng and libjpeg-turbo")
        }
    }

    private var dataSets: [Check] {
        NamedDataSet.allCases.map { set in
            guard let folder = set.folder else {
                return Check(
                    name: set.rawValue, state: .note, finding: "not found",
                    advice: "to get it: apt-get install \(set.package), or set \(NamedDataSet.variable) to the folder "
                        + "that holds a folder \(set.rawValue)")
            }
            return Check(name: set.rawValue, finding: folder)
        }
    }

    /// The gradient of a small network on the CPU against the interpreter's, in double precision.
    private var gradients: Check {
        do {
            var source = ParameterSource(seed: 3)
            let network = Sequential {
                Convolution(Convolution.Config(inputs: 2, outputs: 4, kernel: [3, 3]), from: &source)
                Activation.gelu
                Flatten()
                Linear(64, 5, from: &source)
            }
            var random = KeyedRandom(seed: 5, stream: .shuffle)
            let images = Buffer((0..<4 * 72).map { _ in Float(random.uniform(-1, 1)) }, shape: [4, 6, 6, 2])
            let classes = Buffer([Int32]([0, 3, 4, 1]))
            let loss = Loss.crossEntropy(network(Tensor.input(0, images.type)), classes: .input(1, classes.type))
            let graph = Graph(loss.gradients(of: network.parameters.map { $0.parameter.value }))
            let fast = try CPUBackend(threads: threads).compile(graph).run([images, classes]).flatMap(\.doubles)
            let slow = try Interpreter().compile(graph).run([images, classes]).flatMap(\.doubles)
            let largest = slow.map { abs($0) }.max() ?? 1
            let distance = (zip(fast, slow).map { abs($0 - $1) }.max() ?? .infinity) / largest
            return Check(
                name: "gradients", state: distance < 1e-4 ? .fine : .failed,
                finding: "differ from double precision by at most \(distance.short) of the largest",
                advice: distance < 1e-4
                    ? "" : "results of this machine cannot be trusted; please report it with this output")
        } catch {
            return Check(name: "gradients", state: .failed, finding: "\(error)", advice: "please report it")
        }
    }

    /// A short training that must learn something.
    private var speed: Check {
        do {
            let result = try StepBenchmark(
                workload: .mlp1, precision: precision, seconds: 0.3, threads: threads
            ).run()
            let learned = result.lastLoss < result.firstLoss
            return Check(
                name: "training", state: learned ? .fine : .failed,
                finding: "\(result.millisecondsPerStep.short) ms a step of mlp1; loss \(result.firstLoss.short) → "
                    + result.lastLoss.short,
                advice: learned ? "" : "training does not lower the loss; please report it with this output")
        } catch {
            return Check(name: "training", state: .failed, finding: "\(error)", advice: "please report it")
        }
    }
}
