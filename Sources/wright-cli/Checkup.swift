import Wright

/// What `wright doctor` looks at.
struct Checkup {
    enum State: String {
        case fine = "ok"
        case note
        case failed = "FAILED"

        var word: Phrase {
            switch self {
            case .fine: Phrase(rawValue, "正常")
            case .note: Phrase(rawValue, "注意")
            case .failed: Phrase(rawValue, "失败")
            }
        }
    }

    /// One finding.
    struct Check {
        /// For programs.
        var name: String
        var state = State.fine
        var finding: Phrase
        /// What to do about it; empty when there is nothing to do.
        var advice = Phrase("")

        /// The name for people.
        var title: Phrase { Self.titles[name] ?? Phrase(name) }

        private static let titles = [
            "processor": Phrase("processor", "处理器"), "threads": Phrase("threads", "线程"),
            "memory": Phrase("memory", "内存"), "disk": Phrase("disk", "磁盘"), "codecs": Phrase("codecs", "编解码"),
            "gradients": Phrase("gradients", "梯度"), "training": Phrase("training", "训练"),
        ]
    }

    var threads: Int?
    var precision: CompileOptions.Precision

    func run() -> [Check] {
        [system, processor, pool, library, memory, disk, codecs] + dataSets + [gradients, speed]
    }

    private var system: Check {
        Check(
            name: "wright",
            finding: Phrase(
                "\(WrightCommand.version) on \(Machine.system)", "\(WrightCommand.version)，系统 \(Machine.system)"))
    }

    private var processor: Check {
        let features = Machine.features
        let isSlow = !features.isEmpty && !features.contains("avx2") && !features.contains("asimd")
        return Check(
            name: "processor", state: isSlow ? .note : .fine,
            finding: Phrase(
                "\(Machine.processor), \(Machine.cores.counted("core")): \(features.joined(separator: " "))",
                "\(Machine.processor)，\(Machine.cores) 个核心：\(features.joined(separator: " "))"),
            advice: isSlow ? Phrase("without AVX2 kernels run several times slower", "没有 AVX2 时，计算会慢数倍") : Phrase(""))
    }

    private var pool: Check {
        Check(name: "threads", finding: Phrase("\(CPUBackend(threads: threads).threads)"))
    }

    private var library: Check {
        let version = CPUBackend.libraryVersion
        let text = "\(version / 10000).\(version / 100 % 100).\(version % 100)"
        let bfloat16 =
            CPUBackend.hasBFloat16
            ? Phrase(", bfloat16 runs natively", "，原生支持 bfloat16") : Phrase(", no native bfloat16", "，无原生 bfloat16")
        return Check(name: "oneDNN", finding: Phrase(text) + bfloat16)
    }

    private var memory: Check {
        guard let memory = Machine.memory else {
            return Check(name: "memory", state: .note, finding: Phrase("unknown", "未知"))
        }
        let isShort = memory.available < 1 << 30
        return Check(
            name: "memory", state: isShort ? .note : .fine,
            finding: Phrase(
                "\(memory.available.bytes) free of \(memory.total.bytes)",
                "可用 \(memory.available.bytes)，共 \(memory.total.bytes)"),
            advice: isShort
                ? Phrase(
                    "less than 1 GiB is free: use small batches, or end other programs", "可用内存不足 1 GiB：请减小批大小，或关闭其他程序")
                : Phrase(""))
    }

    private var disk: Check {
        guard let free = SystemCalls.freeBytes(in: ".") else {
            return Check(name: "disk", state: .note, finding: Phrase("unknown", "未知"))
        }
        let isShort = free < 1 << 30
        return Check(
            name: "disk", state: isShort ? .note : .fine,
            finding: Phrase("\(free.bytes) free here", "此处可用 \(free.bytes)"),
            advice: isShort
                ? Phrase(
                    "checkpoints need room: free some, or give --output on another disk",
                    "检查点需要空间：请清理磁盘，或用 --output 指定其他磁盘")
                : Phrase(""))
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
                    name: "codecs", state: .failed, finding: Phrase("a picture came back changed", "图像读回后有变化"),
                    advice: Phrase("reinstall libpng and libjpeg-turbo", "请重新安装 libpng 与 libjpeg-turbo"))
            }
            return Check(name: "codecs", finding: Phrase("PNG and JPEG, written and read", "PNG 与 JPEG 读写正常"))
        } catch {
            return Check(
                name: "codecs", state: .failed, finding: .about(error),
                advice: Phrase("reinstall libpng and libjpeg-turbo", "请重新安装 libpng 与 libjpeg-turbo"))
        }
    }

    private var dataSets: [Check] {
        NamedDataSet.allCases.map { set in
            guard let folder = set.folder else {
                return Check(
                    name: set.rawValue, state: .note, finding: Phrase("not found", "未找到"),
                    advice: Phrase(
                        "to get it: apt-get install \(set.package), or set \(NamedDataSet.variable) to the folder that "
                            + "holds a folder \(set.rawValue)",
                        "获取方法：apt-get install \(set.package)，或把 \(NamedDataSet.variable) 设为含有 \(set.rawValue) 的文件夹"))
            }
            return Check(name: set.rawValue, finding: Phrase(folder))
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
                finding: Phrase(
                    "differ from double precision by at most \(distance.short) of the largest",
                    "与双精度最多相差最大值的 \(distance.short)"),
                advice: distance < 1e-4
                    ? Phrase("")
                    : Phrase(
                        "results of this machine cannot be trusted; please report it with this output",
                        "本机的结果不可信；请附上此输出报告问题"))
        } catch {
            return Check(
                name: "gradients", state: .failed, finding: .about(error), advice: Phrase("please report it", "请报告此问题"))
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
                finding: Phrase(
                    "\(result.millisecondsPerStep.short) ms a step of mlp1; loss \(result.firstLoss.short) → "
                        + result.lastLoss.short,
                    "mlp1 每步 \(result.millisecondsPerStep.short) 毫秒；损失 \(result.firstLoss.short) → \(result.lastLoss.short)"
                ),
                advice: learned
                    ? Phrase("")
                    : Phrase(
                        "training does not lower the loss; please report it with this output", "训练未能降低损失；请附上此输出报告问题"))
        } catch {
            return Check(
                name: "training", state: .failed, finding: .about(error), advice: Phrase("please report it", "请报告此问题"))
        }
    }
}
