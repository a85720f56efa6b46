import Foundation
import Wright
@testable import WrightTasks

/// A folder for a test's files that is removed with everything in it.
final class TaskFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/wright-tasks-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }  // Why: what is left is in the temporary folder

    /// Writes a file and gives its path.
    @discardableResult
    func write(_ text: String, _ name: String) throws -> String {
        try AtomicFile.write(Array(text.utf8), to: "\(path)/\(name)")
        return "\(path)/\(name)"
    }

    /// The task in `text`, read from a file.
    func config(_ text: String, _ overrides: [(path: String, value: ConfigNode)] = []) throws -> TaskConfig {
        try TaskConfig(file: write(text, "run.yaml"), overrides: overrides)
    }

    /// The problems of a task, or of training it.
    func problems(_ text: String, trains: Bool = false) throws -> [ConfigProblems.Problem] {
        do {
            let config = try config(text)
            if trains { _ = try run(config) }
            return []
        } catch let error as ConfigProblems {
            return error.problems
        }
    }

    func run(_ config: TaskConfig) throws -> TaskRun.Result {
        try TaskRun(config, file: "\(path)/run.yaml", on: CPUBackend()).run()
    }
}

/// Rows whose answers follow from their columns.
enum MadeRows {
    /// The part of a task file that says what the columns are.
    static let columns = """
        inputs:
          - {name: size, type: number}
          - {name: color, type: category}
          - {name: day, type: date}
          - {name: note, type: text}
          - {name: tags, type: set}
        outputs:
          - {name: big, type: binary}
          - {name: price, type: number}
        """

    /// `size` tells `big` and, tenfold with a jump of `color`, `price`; `note` and `tags` say the colour in their own ways.
    static func csv(_ count: Int = 240, from start: Int = 0) -> String {
        let colors = ["red", "green", "blue"]
        var lines = ["size,color,day,note,tags,big,price"]
        for row in start..<(start + count) {
            let size = Double((row * 37) % 101) / 10
            let color = row * 7 % 3
            let day = "2024-\(row % 12 < 9 ? "0" : "")\(row % 12 + 1)-1\(row % 10)"
            let field = row % 29 == 5 ? "" : "\(size)"
            let note = "it looks quite \(colors[color]) to me"
            let tags = (color == 2 ? "cold" : "warm|\(colors[color])") + (row % 2 == 0 ? "|even" : "")
            lines.append(
                "\(field),\(colors[color]),\(day),\(note),\(tags),\(size > 5 ? "yes" : "no"),\(100 + size * 10 + Double(color) * 40)"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
