import WrightData
import WrightGraph
import WrightRuntime
import WrightTrain

/// Labels that networks which did not learn from them are sure to be another one: as many as ``LabelNoise`` says are wrong,
/// in the order of the normalized margin of confident learning (Northcutt, Jiang & Chuang, *Confident Learning: Estimating
/// Uncertainty in Dataset Labels*, 2021). The count is not confident learning's, which takes every hard row of a noisy
/// problem for a wrong label.
enum LabelErrors {
    /// One such label.
    struct Suspect: Hashable {
        /// Among the rows that were looked at.
        var index: Int
        var given: Int
        var likely: Int
        /// Of the likely class.
        var probability: Float
        /// How much more probable the likely class is than the given one.
        var margin: Float
    }

    /// Less is no probability that a network could mean.
    private static let leastProbability: Float = 1e-7

    /// The surest first; none where hard rows explain every contradiction. `probabilities` are float32 `[n, classes]`, `truths`
    /// int32 `[n]`.
    static func suspects(_ probabilities: Buffer, truths: Buffer) -> [Suspect] {
        let width = probabilities.shape[1]
        let values = probabilities.array(of: Float.self)
        var suspects: [Suspect] = []
        var sureness: [Double] = []
        var isContradicted: [Bool] = []
        for (row, label) in truths.array(of: Int32.self).map(Int.init).enumerated() {
            let start = row * width
            let answer = (0..<width).max { values[start + $0] < values[start + $1] }!
            let next = (0..<width).reduce(Self.leastProbability) { $1 == answer ? $0 : max($0, values[start + $1]) }
            let probability = values[start + answer]
            sureness.append(SystemCalls.naturalLogarithm(Double(max(probability, next) / next)))
            isContradicted.append(answer != label)
            guard answer != label else { continue }
            suspects.append(
                Suspect(
                    index: row, given: label, likely: answer, probability: probability,
                    margin: probability - values[start + label]))
        }
        guard !suspects.isEmpty else { return [] }
        let noise = LabelNoise(sureness: sureness, isContradicted: isContradicted, classes: width)
        guard noise.isTold else { return [] }
        let count = Int((noise.rate * Double(sureness.count)).rounded())
        return Array(suspects.sorted { ($1.margin, $0.index) < ($0.margin, $1.index) }.prefix(count))
    }
}

extension TaskRun {
    /// Labels that are told as examples.
    private static let toldLabels = 3

    /// A finding for each output of classes, from averages of rows that were held out.
    func labelFindings(
        _ model: TaskModel, _ averages: Buffer, _ answers: [EncodedOutput], rows: [Int], _ table: TaskTable
    ) -> [DataFinding] {
        zip(model.predictions(averages).indices, model.predictions(averages)).compactMap { place, probabilities in
            guard let labels = (model.outputs[place] as? CategoryOutput)?.labels else { return nil }
            let name = config.outputs[place].name
            let truths = TaskRows.gathered(answers[place].truths, rows)
            let suspects = LabelErrors.suspects(probabilities, truths: truths)
            guard !suspects.isEmpty else { return nil }
            let examples = suspects.prefix(Self.toldLabels).map { suspect in
                let (given, likely) = (labels[suspect.given].readable, labels[suspect.likely].readable)
                let share = (100 * Double(suspect.probability)).fixed(0)
                return Phrase.place(table.place(of: rows[suspect.index]))
                    + Phrase(" says \(given), likely \(likely) (\(share) %)", "写作 \(given)，应为 \(likely)（\(share)%）")
            }
            return DataFinding(
                .labelErrors, .warning, column: name, part: "train",
                lines: suspects.map { table.lines[rows[$0.index]] },
                Phrase(
                    "about \(suspects.count.grouped) of \(rows.count.grouped) values of \(name.readable) are wrong, by how "
                        + "often networks that did not learn from these rows are sure of another one; the surest: ",
                    "估计 \(name.readable) 的 \(rows.count.grouped) 个值中约有 \(suspects.count.grouped) 个有误，依据是未用这些行学习的网络"
                        + "有把握地给出另一个值的次数；最可能的：")
                    + examples.joined(),
                advice: Phrase(
                    "Look at the first of them, which are the surest, and mend or leave out what is wrong",
                    "请从排在最前、把握最大的开始查看，并改正或去掉有误的"))
        }
    }
}
