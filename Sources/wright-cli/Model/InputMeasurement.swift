import Wright

extension InputForm {
    /// Measured on the data that a model is about to be trained on.
    init(measuring part: DataSource.Part, of source: DataSource, target: String?) throws {
        self.init(
            shape: source.inputType.shape, features: source.features, target: source.features.isEmpty ? nil : target,
            normalisation: try Normalisation(measuring: part.data))
    }
}
