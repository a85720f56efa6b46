public import WrightRuntime
import WrightTrain

/// One training of a search, a row of `trials.jsonl`.
public struct TuneTrial: Sendable {
    /// From 0, which is the task as it stands in its file.
    public var number: Int
    /// The share of the epochs that it was given.
    public var budget: Double
    /// What was changed in the task.
    public var settings: JSON.Object
    /// Of rows that were held out; nil when the trial failed.
    public var score: Double?
    /// The standard deviation of the score over folds; nil without folds. Scores that differ by less are alike.
    public var deviation: Double?
    /// What went wrong.
    public var error: String?
    public var seconds: Double

    init(number: Int, budget: Double, settings: JSON.Object) {
        self.number = number
        self.budget = budget
        self.settings = settings
        seconds = 0
    }

    public var isWhole: Bool { budget == 1 }

    public var json: JSON {
        var object = JSON.Object()
        object["trial"] = .integer(Int64(number))
        object["budget"] = .number(budget)
        object["settings"] = .object(settings)
        object["score"] = score.map(JSON.number)
        object["score_std"] = deviation.map(JSON.number)
        object["error"] = error.map(JSON.string)
        object["seconds"] = .number(seconds)
        return .object(object)
    }

    init?(_ json: JSON) {
        guard let number = json["trial"]?.integer, let budget = json["budget"]?.double,
            let settings = json["settings"]?.object, json["score"] != nil || json["error"] != nil
        else { return nil }
        self.init(number: number, budget: budget, settings: settings)
        score = json["score"]?.double
        deviation = json["score_std"]?.double
        error = json["error"]?.string
        seconds = json["seconds"]?.double ?? 0
    }
}
