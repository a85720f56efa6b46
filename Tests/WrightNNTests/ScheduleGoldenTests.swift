import Testing
import WrightNN
import WrightRuntime
import WrightTesting

/// Fifty learning rates of every schedule, against PyTorch.
@Suite("Schedules equal PyTorch's")
struct ScheduleGoldenTests {
    static let cases = GoldenFiles.cases("schedules")

    @Test(arguments: cases.filter { $0.kind != "plateau" })
    func equalsPyTorch(_ golden: GoldenCase) throws {
        let base = try #require(golden.config["base"]?.double)
        let schedule = try #require(Self.schedule(golden, base: base), "no schedule for \(golden.kind)")
        let rates = (0..<golden.numbers("learningRates").count).map { base * schedule.factor(at: $0) }
        #expect(Tolerance(relative: 1e-14).failures(rates, golden.numbers("learningRates")) == [])
    }

    private static func schedule(_ golden: GoldenCase, base: Double) -> (any Schedule)? {
        let config = golden.config
        func integer(_ key: String) -> Int { config[key]!.integer! }
        func number(_ key: String) -> Double { config[key]!.double! }
        switch golden.kind {
        case "constant": return ConstantSchedule()
        case "step": return StepSchedule(period: integer("every"), decay: number("factor"))
        case "multiStep": return MultiStepSchedule(milestones: golden.integers("milestones"), decay: number("factor"))
        case "exponential": return ExponentialSchedule(decay: number("factor"))
        case "cosine": return CosineSchedule(steps: integer("totalSteps"), minimum: number("minimum") / base)
        case "polynomial": return PolynomialSchedule(steps: integer("totalSteps"), power: number("power"))
        case "oneCycle":
            return OneCycleSchedule(
                steps: integer("totalSteps"), rise: number("warmUpFraction"), startDivisor: number("initialDivisor"),
                endDivisor: number("finalDivisor"), shape: .init(rawValue: config["annealing"]!.string!)!,
                isSymmetric: config["threePhase"]!.bool!)
        case "warmUpCosine":
            let warm = integer("warmUpSteps")
            return WarmUpSchedule(
                steps: warm, from: number("startFactor"),
                then: CosineSchedule(steps: integer("totalSteps") - warm, minimum: number("minimum") / base))
        case "warmUpLinear":
            let warm = integer("warmUpSteps")
            return WarmUpSchedule(
                steps: warm, from: number("startFactor"),
                then: LinearSchedule(steps: integer("totalSteps") - warm, from: 1, to: 0))
        default: return nil
        }
    }

    @Test(arguments: cases.filter { $0.kind == "plateau" })
    func plateauEqualsPyTorch(_ golden: GoldenCase) throws {
        let config = golden.config
        let base = try #require(config["base"]?.double)
        var plateau = Plateau(
            goal: config["mode"]?.string == "maximum" ? .highest : .lowest, decay: config["factor"]!.double!,
            patience: config["patience"]!.integer!, threshold: config["threshold"]!.double!,
            isThresholdRelative: config["relative"]!.bool!, coolDown: config["cooldown"]!.integer!,
            minimum: config["minimum"]!.double! / base)
        var rates: [Double] = []
        for metric in golden.numbers("metrics") {
            rates.append(base * plateau.factor)
            _ = plateau.update(metric)
        }
        #expect(Tolerance(relative: 1e-14).failures(rates, golden.numbers("learningRates")) == [])
    }
}
