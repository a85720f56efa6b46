import WrightData
import WrightNN
import WrightRuntime
import WrightTrain

/// Which trial comes next: a function of the search's seed and the trials so far alone, so that a search that was
/// interrupted goes on as if it had not been.
struct TuneSearch {
    let space: TuneSpace
    let search: TuneConfig.Search
    let seed: UInt64
    /// Whether a score should be small or large.
    var goal = Trainer.Monitor()

    /// A bracket of halving: how many trials get which share of the epochs.
    static let rungs: [(count: Int, budget: Double)] = [(9, 1.0 / 9), (3, 1.0 / 3), (1, 1)]
    /// Of proposals by what is known, one in so many is by lot all the same (BOHB's ρ).
    private static let lotEvery = 3

    func next(after trials: [TuneTrial]) -> TuneTrial {
        let number = trials.count
        guard number > 0 else { return TuneTrial(number: 0, budget: 1, settings: JSON.Object()) }
        guard search == .halving || search == .mixed else {
            return TuneTrial(number: number, budget: 1, settings: proposed(number, trials))
        }
        let length = Self.rungs.reduce(0) { $0 + $1.count }
        let start = 1 + (number - 1) / length * length
        var (place, first) = (number - start, start)
        for (level, rung) in Self.rungs.enumerated() {
            guard place >= rung.count else {
                guard level > 0 else {
                    return TuneTrial(number: number, budget: rung.budget, settings: proposed(number, trials))
                }
                let before = trials[(first - Self.rungs[level - 1].count)..<first]
                let best = before.filter { $0.score != nil }.sorted { ranks($0, before: $1) }
                // Where too many failed, another is tried instead.
                let settings = best.indices.contains(place) ? best[place].settings : proposed(number, trials)
                return TuneTrial(number: number, budget: rung.budget, settings: settings)
            }
            place -= rung.count
            first += rung.count
        }
        preconditionFailure("trial \(number) lies in no rung of its bracket")
    }

    /// Whether a trial is better than another of the same budget; the earlier one of equals is.
    func ranks(_ one: TuneTrial, before other: TuneTrial) -> Bool {
        let (first, second) = (badness(one), badness(other))
        return first == second ? one.number < other.number : first < second
    }

    private func badness(_ trial: TuneTrial) -> Double {
        guard let score = trial.score else { return .infinity }
        return goal.goal == .lowest ? score : -score
    }

    private func proposed(_ number: Int, _ trials: [TuneTrial]) -> JSON.Object {
        var random = KeyedRandom(seed: seed, epoch: number, stream: .search)
        let isByLot = search == .random || search == .halving || number % Self.lotEvery == 0
        if !isByLot, let found = found(trials) {
            return space.settings(at: ParzenEstimator(space, found: found).propose(&random))
        }
        return space.settings(at: space.draw(&random))
    }

    /// What trials of the largest budget found of which there are enough; nil when there are not.
    private func found(_ trials: [TuneTrial]) -> [(places: [Double], badness: Double)]? {
        let budgets = Set(trials.map(\.budget)).sorted(by: >)
        for budget in budgets {
            let found = trials.filter { $0.budget == budget && $0.score?.isFinite ?? false }.compactMap { trial in
                space.places(of: trial.settings).map { (places: $0, badness: badness(trial)) }
            }
            if found.count >= ParzenEstimator.leastTrials(space) { return found }
        }
        return nil
    }
}
