import WrightRuntime

/// Keeps a table of the epochs in a CSV file, replaced whole after each epoch:
/// `epoch,step,seconds,learning_rate,loss,accuracy,val_loss,val_accuracy`. Epochs count from 1; what was not measured
/// is empty. A resumed run keeps the rows up to its checkpoint.
public final class HistoryCSV: Callback {
    public let path: String
    private var header = ""
    private var rows: [String] = []
    private var validationNames: [String] = []

    public init(path: String) { self.path = path }

    public func received(_ event: TrainingEvent) throws -> Directive {
        switch event {
        case .started(let plan):
            validationNames = plan.validationMeasures
            let columns =
                ["epoch", "step", "seconds", "learning_rate"] + plan.measures + validationNames.map { "val_" + $0 }
            header = columns.joined(separator: ",")
            rows = plan.startStep == 0 ? [] : try keptRows(upTo: plan.startStep)
        case .epochEnded(let report):
            let validation = validationNames.map { name in report.validation.first { $0.name == name }?.value }
            let numbers = [report.learningRate] + report.training.map(\.value)
            var cells = ["\(report.epoch + 1)", "\(report.step)", Self.rounded(report.totalSeconds)]
            cells += numbers.map(\.description) + validation.map { $0?.description ?? "" }
            rows.append(cells.joined(separator: ","))
            try write()
        default: break
        }
        return .proceed
    }

    private func keptRows(upTo step: Int) throws -> [String] {
        let lines = try LogFile.lines(of: path)
        guard lines.first == header else { return [] }
        return lines.dropFirst().filter { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            return cells.count > 1 && Int(cells[1]).map { $0 <= step } ?? false
        }
    }

    private func write() throws {
        try FileAccess.createFolder(FileAccess.folder(of: path))
        try AtomicFile.write(Array(([header] + rows).joined(separator: "\n").utf8) + Array("\n".utf8), to: path)
    }

    private static func rounded(_ seconds: Double) -> String { String((seconds * 1000).rounded() / 1000) }
}
