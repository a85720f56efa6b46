import ArgumentParser
import Wright

/// The rules that `--optimizer` names.
enum OptimizerName: String, CaseIterable, ExpressibleByArgument {
    case adam, adamw, sgd, rmsprop, adagrad, lion

    /// The rule with PyTorch's defaults; nil keeps one.
    func optimizer(learningRate: Double?, weightDecay: Double?, momentum: Double?) -> any Optimizer {
        let decay = WeightDecay.l2(weightDecay ?? 0)
        switch self {
        case .adam: return Adam(learningRate: learningRate ?? 1e-3, weightDecay: decay)
        case .adamw: return AdamW(learningRate: learningRate ?? 1e-3, weightDecay: weightDecay ?? 0.01)
        case .sgd: return SGD(learningRate: learningRate ?? 1e-2, momentum: momentum ?? 0.9, weightDecay: decay)
        case .rmsprop: return RMSprop(learningRate: learningRate ?? 1e-2, momentum: momentum ?? 0, weightDecay: decay)
        case .adagrad: return Adagrad(learningRate: learningRate ?? 1e-2, weightDecay: decay)
        case .lion: return Lion(learningRate: learningRate ?? 1e-4, weightDecay: .decoupled(weightDecay ?? 0))
        }
    }
}

/// How the learning rate changes, by `--schedule`.
enum ScheduleName: String, CaseIterable, ExpressibleByArgument {
    case constant, cosine, linear
    case oneCycle = "one-cycle"
    case step

    func schedule(steps: Int, warmUp: Int) -> any Schedule {
        let rest = max(1, steps - warmUp)
        let next: any Schedule =
            switch self {
            case .constant: ConstantSchedule()
            case .cosine: CosineSchedule(steps: rest)
            case .linear: LinearSchedule(steps: rest, from: 1, to: 0)
            case .oneCycle: OneCycleSchedule(steps: rest)
            case .step: StepSchedule(period: max(1, rest / 3))
            }
        return warmUp > 0 ? WarmUpSchedule(steps: warmUp, then: next) : next
    }
}

/// A length of time as it is typed: `90`, `90s`, `15m`, `1.5h`.
struct TimeLength: ExpressibleByArgument {
    var seconds: Double

    init?(argument: String) {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
        let unit = argument.last.flatMap { units[$0] }
        guard let number = Double(unit == nil ? argument : String(argument.dropLast())), number > 0, number < 1e8 else {
            return nil
        }
        seconds = number * (unit ?? 1)
    }
}

/// An amount of memory as it is typed: `800M`, `1G`, `1.5 GB`; binary units.
struct MemorySize: ExpressibleByArgument {
    var bytes: Int

    init?(argument: String) {
        let text = argument.uppercased().filter { $0 != " " }
        let number = text.prefix { $0.isNumber || $0 == "." }
        let units = ["": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        var unit = text.dropFirst(number.count)
        if unit.hasSuffix("IB") { unit = unit.dropLast(2) } else if unit.hasSuffix("B") { unit = unit.dropLast() }
        guard let factor = units[String(unit)], let value = Double(number), value > 0, value < 1e12 else { return nil }
        bytes = Int(min(value * Double(factor), 1e15))
    }

    /// As `--max-memory`.
    func check() throws {
        guard bytes >= 256 << 20 else {
            throw Failure.usage(.outOfBounds("--max-memory", .memory(least: "256M"), bytes.bytes))
        }
    }
}

/// What `--validation` names.
enum ValidationChoice: ExpressibleByArgument, CustomStringConvertible {
    /// Of the training data, from 0 to below 1.
    case share(Double)
    /// What the files themselves set apart.
    case test

    init?(argument: String) {
        if argument == "test" {
            self = .test
        } else {
            guard let share = Double(argument), (0..<1).contains(share) else { return nil }
            self = .share(share)
        }
    }

    var description: String {
        switch self {
        case .share(let share): "\(share)"
        case .test: "test"
        }
    }

    var defaultValueDescription: String { description }
}

/// A value of validation to stop at: `accuracy=0.9`, `loss=0.3`.
struct ValidationGoal: ExpressibleByArgument {
    var metric: String
    var value: Double

    init?(argument: String) {
        let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let value = Double(parts[1]), value.isFinite else { return nil }
        metric = String(parts[0])
        self.value = value
    }

    var callback: GoalReached { GoalReached(metric, value, goal: metric == "loss" ? .lowest : .highest) }
}

/// Random changes to images by `--augment flip,crop=2,rotate=10`.
struct AugmentationList: ExpressibleByArgument {
    var augmentation = Augmentation()
    var text: String

    private static let settings: [(name: String, preset: Double, set: @Sendable (inout Augmentation, Double) -> Void)] =
        [
            ("flip", 0.5, { $0.flipHorizontally = $1 }), ("flip-vertical", 0.5, { $0.flipVertically = $1 }),
            ("crop", 2, { $0.cropPadding = Int($1) }), ("rotate", 10, { $0.rotation = $1 }),
            ("brightness", 0.2, { $0.brightness = $1 }), ("contrast", 0.2, { $0.contrast = $1 }),
            ("saturation", 0.2, { $0.saturation = $1 }), ("cutout", 8, { $0.cutout = Int($1) }),
            ("mixup", 0.2, { $0.mixup = $1 }),
        ]

    static var help: String {
        settings.map { setting in
            let isWhole = setting.preset == setting.preset.rounded()
            return "\(setting.name)[=\(isWhole ? setting.preset.fixed(0) : "\(setting.preset)")]"
        }.joined(separator: ",")
    }

    init?(argument: String) {
        text = argument
        for part in argument.split(separator: ",") {
            let pieces = part.split(separator: "=", maxSplits: 1)
            guard let setting = Self.settings.first(where: { $0.name == pieces[0] }) else { return nil }
            guard pieces.count == 2 else {
                setting.set(&augmentation, setting.preset)
                continue
            }
            guard let value = Double(pieces[1]), value >= 0, value <= 360 else { return nil }
            setting.set(&augmentation, value)
        }
    }
}

/// `--resume`, `--resume auto` or `--resume PATH`.
enum ResumeChoice: ExpressibleByArgument, CustomStringConvertible {
    case automatic
    case from(String)

    init(argument: String) { self = argument == "auto" ? .automatic : .from(argument) }

    var description: String {
        switch self {
        case .automatic: "auto"
        case .from(let path): path
        }
    }
}

/// A setting of the model by `--set dropout=0.3`; the value is JSON, or else a word.
struct ModelSetting: ExpressibleByArgument {
    var name: String
    var value: JSON

    init?(argument: String) {
        let pieces = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard pieces.count == 2, !pieces[0].isEmpty else { return nil }
        name = pieces[0]
        do { value = try JSON(parsing: pieces[1], file: "--set") } catch { value = .string(pieces[1]) }
    }
}

/// What `--log` writes beside the model.
enum LogFormat: String, CaseIterable, ExpressibleByArgument { case json, csv }
