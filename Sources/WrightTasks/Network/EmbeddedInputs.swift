import WrightGraph
import WrightModels
import WrightNN

/// What a network's inputs are once each stands on a continuous scale and none is mixed with another: numbers, flags,
/// pixels, vectors of categories, of words and of items. A gradient with respect to them says what each does.
struct EmbeddedInputs {
    /// In the order of the form. Vectors lie on the last axis; rows on the first, and for sequences on the second.
    var values: [Tensor]
    /// Of texts and sequences: how many of their vectors are there, int32 `[n]`.
    let lengths: [Tensor?]
    /// Whether pictures are what their networks' last stages make of them.
    let areMaps: Bool
}

extension TaskNetwork {
    /// - Parameter asMaps: whether pictures are taken after the last stage of their networks.
    func embedded(_ inputs: [Tensor], asMaps: Bool = false) -> EmbeddedInputs {
        let values = zip(form.order, inputs).map { input, x in
            switch input {
            case .continuous, .plain, .series: x
            case .categories: (categories ?? transformer?.categories)!(x)
            case .text(let place): texts[place].vectors(of: x)
            case .picture(let place):
                asMaps
                    ? pictures[place].network.maps(of: pictures[place].normalised(x)) : pictures[place].normalised(x)
            case .sequence(let place): sequences!.embeddings[place](x.transposed())
            }
        }
        let lengths = zip(form.order, inputs).map { input, x -> Tensor? in
            switch input {
            case .text, .sequence: TokenPadding.lengths(x)
            case .continuous, .plain, .categories, .picture, .series: nil
            }
        }
        return EmbeddedInputs(values: values, lengths: lengths, areMaps: asMaps)
    }

    /// The answers of all outputs side by side, float32 `[n, outputs]`.
    func answer(to embedded: EmbeddedInputs) -> Tensor {
        var (columns, parts) = ([Tensor](), [Tensor]())
        var vectors: Tensor?
        var items: [Tensor] = []
        var series: [Tensor] = []
        var lengths: Tensor?
        for (index, input) in form.order.enumerated() {
            let x = embedded.values[index]
            switch input {
            case .continuous: columns.append(numbers.map { $0(x) } ?? x)
            case .plain: columns.append(x)
            case .categories: vectors = x
            case .text(let place): parts.append(texts[place](vectors: x, lengths: embedded.lengths[index]))
            case .picture(let place):
                let network = pictures[place].network
                parts.append(embedded.areMaps ? network.answer(fromMaps: x) : network(x))
            case .sequence:
                items.append(x)
                lengths = lengths ?? embedded.lengths[index]
            case .series: series.append(x)
            }
        }
        let joined = Concatenation.joined
        let rows = columns + (vectors.map { [$0.flattened(from: 1)] } ?? [])
        var steps: Tensor?
        if let sequences, let lengths {
            let others = rows + parts
            let read = sequences(items, lengths: lengths, others: others.isEmpty ? nil : joined(others))
            steps = read.steps
            parts.append(read.last)
        }
        var whole: Tensor?
        if let transformer {
            whole = transformer(
                numbers: columns.isEmpty ? nil : joined(columns), categories: vectors, vectors: parts)
        } else if let combiner {
            whole = combiner(fusion(rows + parts))
        }
        func takeFirst(_ width: Int) -> Tensor? {
            guard let all = whole else { return nil }
            let sizes = [width, all.shape[1] - width]
            guard sizes[1] > 0 else { return all }
            let cut = all.split(sizes: sizes, along: 1)
            whole = cut[1]
            return cut[0]
        }
        var decoder = decoders.makeIterator()
        let answers = zip(form.answers, form.continued).map { answer, continued -> Tensor in
            switch answer {
            case .row(let width): return takeFirst(width)!
            case .steps: return decoder.next()!(steps!, lengths: lengths!)
            case .horizon(let horizon):
                let window = Window(lookback: form.inputs.series[continued!], horizon: horizon)
                let forecast = forecasters[windows.firstIndex(of: window)!](series[continued!])
                return takeFirst(horizon).map { forecast + $0 } ?? forecast
            }
        }
        return answers.count == 1 ? answers[0] : Tensor.concatenated(answers, along: 1)
    }
}
