import WrightData

/// Several items in one field, one for each step, in order.
enum SequenceField {
    private static let separators = [" ", ",", "|", ";", "\t"]

    /// The items without blanks around them; an empty place between two separators is an item too, so that steps keep
    /// their places.
    static func items(_ field: String?, _ separator: String) -> [String] {
        guard let field, !field.isEmpty else { return [] }
        // Blanks in a row are one.
        return field.split(separator: separator, omittingEmptySubsequences: separator == " ")
            .map { Substring($0).trimmed }
    }

    /// The separator that most fields have, the first of equally frequent ones; nil when no field has any.
    static func separator(of fields: [String?]) -> String? {
        let sample = fields.lazy.compactMap(\.self).prefix(2000)
        let counts = separators.map { separator in sample.count { $0.contains(separator) } }
        guard let most = counts.max(), most > 0 else { return nil }
        return separators[counts.firstIndex(of: most)!]
    }
}
