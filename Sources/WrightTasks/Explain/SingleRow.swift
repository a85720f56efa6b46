import WrightData
import WrightGraph
import WrightRuntime

/// One row as networks read it, and what of it stands where.
struct SingleRow {
    /// The fields of the input columns, in the order of the task.
    let fields: [String?]
    private let model: TaskModel
    private let data: TaskRows

    /// - Throws: ``ConfigProblems`` naming every column that is not there; ``FeatureProblem`` when the row cannot be predicted.
    init(_ model: TaskModel, row: Int, of table: TaskTable) throws {
        precondition(row >= 0 && row < table.count, "row \(row) of \(table.count)")
        fields = try model.fields(table).map { $0[row] }
        let columns = try zip(model.inputs, fields).map { try $0.encode([$1]) }
        if let defect = TaskModel.defects(columns, [], model.config)[0] {
            throw FeatureProblem(.noAnswer, table.place(of: row), defect)
        }
        self.model = model
        data = TaskRows(columns, model.form, count: 1)
    }

    /// What a network reads of the row, so many times.
    func inputs(copies: Int) throws -> [Buffer] {
        try data.samples([Int](repeating: 0, count: copies)).inputs
    }

    /// What each column adds, from what each number, vector, step or pixel of the network's inputs adds.
    func columns(_ values: [[Double]]) throws -> [IntegratedGradients.Column] {
        let order = model.form.order
        let pictures = try inputs(copies: 1)
        // Where each kind goes on: features lie side by side in the order of the columns.
        var next: [NetworkForm.Input: Int] = [:]
        var (texts, images, sequences) = (0, 0, 0)
        func take(_ kind: NetworkForm.Input, _ count: Int) -> Double {
            guard count > 0, let index = order.firstIndex(of: kind) else { return 0 }
            let start = next[kind, default: 0]
            next[kind] = start + count
            return values[index][start..<(start + count)].reduce(0, +)
        }
        return try zip(model.config.inputs, zip(model.inputs, fields)).map { input, own in
            let (feature, field) = own
            let shape = feature.shape
            var value = take(.continuous, shape.continuous) + take(.plain, shape.plain)
            value += take(.categories, shape.categories.count)
            var pieces: [(text: String, value: Double)] = []
            var regions: PictureRegions?
            for kind in shape.texts.map({ _ in NetworkForm.Input.text(texts) })
                + shape.sequences.map({ _ in NetworkForm.Input.sequence(sequences) })
            {
                let steps = values[order.firstIndex(of: kind)!]
                value += steps.reduce(0, +)
                pieces += zip(try feature.pieces(field ?? ""), steps).map { (text: $0, value: $1) }
            }
            texts += shape.texts.count
            sequences += shape.sequences.count
            for _ in shape.pictures {
                let index = order.firstIndex(of: .picture(images))!
                let found = PictureRegions(adding: values[index], over: pictures[index])
                value += found.total
                regions = found
                images += 1
            }
            return IntegratedGradients.Column(
                name: input.name, field: field, value: value, pieces: pieces, regions: regions)
        }
    }
}
