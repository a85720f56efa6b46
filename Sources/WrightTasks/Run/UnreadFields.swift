public import WrightRuntime
import WrightTrain

/// Fields of an input column that hold something and yet say nothing to a model, as a word does among numbers: a prediction
/// takes them for missing ones.
public struct UnreadFields: Hashable, Sendable {
    public let column: String
    public private(set) var count: Int
    /// Fields of the column that hold something.
    public private(set) var present: Int
    /// A few of them.
    private let examples: String

    /// nil when there are none.
    init?(_ fields: [String?], of column: String, readBy feature: any InputFeature) {
        let unread = feature.unread(fields)
        guard !unread.isEmpty else { return nil }
        self.column = column
        count = unread.count
        present = fields.count { $0 != nil }
        examples = unread.map(Optional.some).examples { _ in true }
    }

    /// For people.
    public var phrase: Phrase {
        Phrase(
            "\(count.grouped) of \(present.grouped) fields of \(column.readable) are nothing that the model knows, such as "
                + "\(examples); they count as missing",
            "列 \(column.readable) 的 \(present.grouped) 个值中有 \(count.grouped) 个模型不认识，如 \(examples)；按缺失处理")
    }

    /// Adds what other rows of the same columns have.
    public static func add(_ others: [UnreadFields], to all: inout [UnreadFields]) {
        for other in others {
            if let place = all.firstIndex(where: { $0.column == other.column }) {
                all[place].count += other.count
                all[place].present += other.present
            } else {
                all.append(other)
            }
        }
    }

    /// `{COLUMN: count}`
    public static func json(_ all: [UnreadFields]) -> JSON {
        var object = JSON.Object()
        for fields in all { object[fields.column] = .integer(Int64(fields.count)) }
        return .object(object)
    }
}

extension TaskModel {
    /// The input columns of a table with fields that say nothing to the model.
    public func unread(_ table: TaskTable) -> [UnreadFields] {
        zip(inputs, config.inputs).compactMap { feature, input in
            table.column(input.name).flatMap { UnreadFields($0, of: input.name, readBy: feature) }
        }
    }
}
