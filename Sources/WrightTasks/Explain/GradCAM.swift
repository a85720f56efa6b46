import WrightGraph
public import WrightRuntime

/// Where in a picture, or a sound, its network's last stage sees what speaks for the answer: the maps of that stage, each as
/// strong as the answer's gradient with respect to it is on average, added up; what speaks against it is left out
/// (Selvaraju et al., *Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization*, 2017). Of classes
/// the answer is the number before the softmax.
public struct GradCAM: Sendable {
    public let output: String
    /// `price`, `probability of yes`.
    public let answer: Phrase
    public let column: String
    /// At the size of the last stage; nothing below 0.
    public let regions: PictureRegions

    public var json: JSON {
        [
            "output": .string(output), "answer": .string(answer.english), "column": .string(column),
            "regions": regions.json,
        ]
    }
}

extension TaskModel {
    /// Grad-CAM of each picture and sound of a row for each output that says a single number.
    ///
    /// - Throws: ``ConfigProblems`` naming every column that is not there; ``FeatureProblem`` when the row cannot be predicted.
    public func gradCAM(row: Int, of table: TaskTable) throws -> [GradCAM] {
        let seen = form.order.indices.filter { if case .picture = form.order[$0] { true } else { false } }
        guard !seen.isEmpty else { return [] }
        let single = try SingleRow(self, row: row, of: table)
        let inputs = try single.inputs(copies: 1)
        let names = zip(config.inputs, self.inputs).flatMap { input, feature in
            feature.shape.pictures.map { _ in input.name }
        }
        var found: [GradCAM] = []
        for place in outputs.indices {
            guard let explained = try explained(place, row: single.fields) else { continue }
            for (name, (index, heat)) in zip(names, zip(seen, try heat(explained, seen, inputs))) {
                found.append(
                    GradCAM(
                        output: config.outputs[place].name, answer: explained.name, column: name,
                        regions: PictureRegions(
                            heat.array(of: Float.self).map(Double.init), rows: heat.shape[1], columns: heat.shape[2],
                            over: inputs[index])))
            }
        }
        return found
    }

    /// The mean over all networks, `[1, height, width]` for each of the inputs `seen`.
    private func heat(_ explained: ExplainedAnswer, _ seen: [Int], _ inputs: [Buffer]) throws -> [Buffer] {
        let (members, widths) = (ensemble.members, outputs.map(\.width))
        let function = CompiledFunction(on: backend) { arguments in
            let heats = members.map { member -> [Tensor] in
                let embedded = member.embedded(arguments, asMaps: true)
                let answer = member.answer(to: embedded).split(sizes: widths, along: 1)[explained.place]
                let score = answer.sliced(from: [0, explained.label ?? 0], sizes: [1, 1]).sum()
                let maps = seen.map { embedded.values[$0] }
                return zip(maps, score.gradients(of: maps)).map { map, gradient in
                    (map * gradient.mean(along: [1, 2], keepingAxes: true)).sum(along: [3]).relu()
                }
            }
            return Trace(
                seen.indices.map { index in
                    heats.dropFirst().reduce(heats[0][index]) { $0 + $1[index] } / Double(heats.count)
                })
        }
        return try function(inputs)
    }
}
