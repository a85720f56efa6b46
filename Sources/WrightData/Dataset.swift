public import WrightGraph

/// Rows that can be read in any order, from any thread, as often as wanted.
///
/// A conforming type gives the same samples for the same rows every time: augmentation belongs in ``Pipeline``.
public protocol Dataset: Sendable {
    /// The number of rows.
    var count: Int { get }
    /// The types of one sample's inputs, without the axis that counts samples.
    var inputTypes: [TensorType] { get }
    /// The types of one sample's targets, without the axis that counts samples.
    var targetTypes: [TensorType] { get }

    /// The given rows in the given order, in memory of their own that the caller may change.
    func samples(_ rows: [Int]) throws -> Samples
}

extension Dataset {
    /// Some rows of this dataset, in this order, as a dataset.
    public func subset(_ rows: [Int]) -> some Dataset { SubsetDataset(base: self, rows: rows) }
}

private struct SubsetDataset<Base: Dataset>: Dataset {
    let base: Base
    let rows: [Int]

    var count: Int { rows.count }
    var inputTypes: [TensorType] { base.inputTypes }
    var targetTypes: [TensorType] { base.targetTypes }

    func samples(_ rows: [Int]) throws -> Samples { try base.samples(rows.map { self.rows[$0] }) }
}
