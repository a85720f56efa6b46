/// The texts of every code, one table for each area, in files beside this one.
enum MessageCatalogue {
    static let patterns: [MessageCode: MessagePattern] =
        [
            files, tables, texts, media, tasks, features, training, models, metrics, arguments, commandModels,
            commandData,
        ].reduce(into: [:]) { all, table in
            all.merge(table) { first, _ in preconditionFailure("two texts with one code: \(first.text.english)") }
        }
}
