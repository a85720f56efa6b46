import WrightData
import WrightNN
import WrightRuntime

/// Where a run is: all that decides, with the program's buffers, what comes next.
struct TrainingState {
    var step = 0
    /// What the next step starts with.
    var position: DataPosition
    var examples = 0
    /// Seconds trained in all parts of the run, and in this epoch.
    var seconds = 0.0
    var epochSeconds = 0.0
    /// Of this epoch, as far as it goes.
    var means: RunningMeans
    /// Epochs whose end was reported.
    var reportedEpochs = 0
    /// The step after which validation last ran; nil before the first.
    var validatedStep: Int?
    var best: TrainingResult.Best?
    /// The means of the last whole epoch, and the last validation.
    var training: [MetricValue] = []
    var validation: [MetricValue] = []
    var plateau: Plateau?
    /// Of the last step.
    var learningRate = 0.0

    /// Whether the step just done was the last of its epoch.
    var isAtEpochEnd: Bool { position.epoch > reportedEpochs }
}

extension TrainingState {
    static let formatVersion = 1

    var json: JSON {
        var object = JSON.Object()
        object["formatVersion"] = JSON(Self.formatVersion)
        object["step"] = JSON(step)
        object["position"] = position.json
        object["examples"] = JSON(examples)
        object["seconds"] = .number(seconds)
        object["epochSeconds"] = .number(epochSeconds)
        object["means"] = ["sums": .array(means.sums.map(JSON.number)), "weight": .number(means.weight)]
        object["reportedEpochs"] = JSON(reportedEpochs)
        object["learningRate"] = .number(learningRate)
        object["validatedStep"] = validatedStep.map { JSON($0) }
        object["training"] = JSON(training)
        object["validation"] = JSON(validation)
        if let best {
            object["best"] = [
                "metric": .string(best.metric), "value": .number(best.value), "step": JSON(best.step),
                "epoch": JSON(best.epoch),
            ]
        }
        if let plateau {
            var members = JSON.Object()
            members["factor"] = .number(plateau.factor)
            members["badChecks"] = JSON(plateau.badChecks)
            members["coolDownLeft"] = JSON(plateau.coolDownLeft)
            members["best"] = plateau.best.map(JSON.number)
            object["plateau"] = .object(members)
        }
        return .object(object)
    }

    /// Reads what ``json`` wrote; `self` brings what is not stored.
    ///
    /// - Throws: the name of the member that is missing or something else.
    mutating func restore(_ json: JSON) throws(MissingMember) {
        func member<Value>(_ name: String, _ value: Value?) throws(MissingMember) -> Value {
            guard let value else { throw MissingMember(name: name) }
            return value
        }
        step = try member("step", json["step"]?.integer)
        position = try member("position", json["position"].flatMap { DataPosition(json: $0) })
        examples = try member("examples", json["examples"]?.integer)
        seconds = try member("seconds", json["seconds"]?.double)
        epochSeconds = try member("epochSeconds", json["epochSeconds"]?.double)
        let sums = try member("means.sums", json["means"]?["sums"]?.array).map { $0.double ?? .nan }
        means = RunningMeans(sums: sums, weight: try member("means.weight", json["means"]?["weight"]?.double))
        reportedEpochs = try member("reportedEpochs", json["reportedEpochs"]?.integer)
        learningRate = try member("learningRate", json["learningRate"]?.double)
        validatedStep = json["validatedStep"]?.integer
        training = try member("training", json["training"]?.metricValues)
        validation = try member("validation", json["validation"]?.metricValues)
        if let saved = json["best"] {
            best = TrainingResult.Best(
                metric: try member("best.metric", saved["metric"]?.string),
                value: try member("best.value", saved["value"]?.double),
                step: try member("best.step", saved["step"]?.integer),
                epoch: try member("best.epoch", saved["epoch"]?.integer))
        }
        if let saved = json["plateau"] {
            plateau?.restore(
                factor: try member("plateau.factor", saved["factor"]?.double), best: saved["best"]?.double,
                badChecks: try member("plateau.badChecks", saved["badChecks"]?.integer),
                coolDownLeft: try member("plateau.coolDownLeft", saved["coolDownLeft"]?.integer))
        }
    }

    struct MissingMember: Error {
        var name: String
    }
}

extension JSON {
    init(_ value: Int) { self = .integer(Int64(value)) }

    /// An object; numbers that are not finite become null.
    package init(_ values: [MetricValue]) {
        var object = Object()
        for value in values { object[value.name] = .number(value.value) }
        self = .object(object)
    }

    var metricValues: [MetricValue]? { object?.map { MetricValue($0.key, $0.value.double ?? .nan) } }
}
