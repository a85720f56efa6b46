import WrightData
import WrightRuntime
import WrightTrain

/// What is done with tables that do not fit into memory.
///
/// As many rows as fit are drawn by lot. Features are fitted to them, some of them validate and test, and they are what
/// reports speak of. All other rows train: they are read a second time, encoded, and kept on the disk.
extension TaskRun {
    /// Rows that are encoded at a time.
    private static let chunkRows = 8192
    /// What a program takes before it has read anything, and what a network takes.
    private static let otherBytes = 128 << 20
    /// The share of the memory for the fields of a table: they are encoded, checked and measured beside them.
    private static let tableShare = 0.2
    private static let leastBytes = 8 << 20

    /// What the fields of a table may take of so much memory.
    public static func tableBytes(within memory: Int) -> Int {
        max(Int(Double(memory - otherBytes) * tableShare), leastBytes)
    }

    /// Encodes all rows to train on.
    ///
    /// - Throws: ``FeatureProblem`` where this cannot be done with these inputs or this split.
    func store(_ task: PreparedTask) throws -> StoredRows {
        let memory = (maximumMemory ?? 0).bytes
        let (kept, total) = (task.table.count.grouped, task.table.total.grouped)
        func refuse(_ english: String, _ chinese: String) -> FeatureProblem {
            FeatureProblem(.memory, task.table.file, total, memory, Phrase(english, chinese))
        }
        guard task.rows.isSelfContained else {
            throw refuse("images, sounds, sequences and series cannot be kept on the disk", "图片、声音、序列和时间序列不能存放在磁盘上")
        }
        guard task.drawn == nil else {
            throw refuse(
                "drawing classes equally often needs all of them in memory; train.class_weights does not",
                "按类别均衡抽样需要全部行都在内存中；train.class_weights 则不需要")
        }
        guard config.split.kind != .time else { throw refuse("a split by time needs all of them", "按时间划分需要全部行") }
        say(
            .note(
                Phrase(
                    "\(task.table.file): its \(total) rows do not fit into \(memory). \(kept) drawn by lot decide how columns "
                        + "are encoded, and those that validate and test are among them; the others are kept on the disk",
                    "\(task.table.file)：共 \(total) 行，超出 \(memory) 内存。随机抽取 \(kept) 行决定各列如何编码，验证集与测试集也取自其中；"
                        + "其余的行留在磁盘上")))
        let temporary = SystemCalls.environment("TMPDIR") ?? "/tmp"
        let folder = (workingFolder ?? "\(temporary)/wright-\(SystemCalls.processIdentifier)") + "-rows"
        let writer = try StoredRowsWriter(in: folder, like: task.rows, expected: task.table.total)
        let held = Set((task.split.test + task.split.members[0].validation).map { task.table.lines[$0] })
        let names = neededColumns
        var rows = try CleanedRows(Self.dataPaths(config, file: file), config.data, dropsRows: true) {
            names.contains($0)
        }
        var report = DropReport(unit: "row")
        while let chunk = try TaskTable(next: Self.chunkRows, of: &rows) {
            if interruption.isRequested { throw TrainingError.interrupted(step: 0, checkpoint: nil) }
            let answers = zip(task.outputs, task.config.outputs).map { $0.encode(chunk.column($1.name)!) }
            let columns = try zip(task.inputs, task.config.inputs).map { try $0.encode(chunk.fields(of: $1)!) }
            let encoded = TaskRows(columns, task.form, targets: answers.map(\.targets), count: chunk.count)
            var defects = TaskModel.defects(columns, answers, task.config)
            for (output, answer) in zip(task.config.outputs, answers) {
                for (row, defect) in answer.defects.enumerated() where defects[row] == nil {
                    defects[row] = defect?.inColumn(output.name)
                }
            }
            for (row, defect) in defects.sorted(by: { $0.key < $1.key }) {
                report.drop(defect, at: chunk.place(of: row))
            }
            let training = trains(chunk)
            let chosen = chunk.lines.indices.filter {
                defects[$0] == nil && !held.contains(chunk.lines[$0]) && training($0)
            }
            report.keep(chosen.count)
            try writer.append(encoded, chosen: chosen)
        }
        if report.dropped > 0 { say(.note(Phrase("\(task.table.file): ", "\(task.table.file)：") + report.phrase)) }
        return try writer.finish()
    }

    /// Which rows of a chunk may train. Lots are drawn for rows in memory alone; columns and groups decide for every row.
    private func trains(_ chunk: TaskTable) -> (Int) -> Bool {
        let fields = config.split.column.flatMap { chunk.column($0) } ?? []
        switch config.split.kind {
        case .column: return { fields[$0]?.lowercased() == "train" }
        case .group:
            let training = TaskSplit.trainingGroups(config.split, fields, seed: UInt64(config.train.seed))
            return { training[$0] }
        case .random, .stratified, .time: return { _ in true }
        }
    }
}
