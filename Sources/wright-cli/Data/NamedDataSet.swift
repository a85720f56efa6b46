import Wright

/// Data sets that a name stands for, wherever the system keeps them.
enum NamedDataSet: String, CaseIterable {
    case fashionMNIST = "fashion-mnist"

    /// Names a folder of data sets that is looked into before the system's.
    static let variable = "WRIGHT_DATA"

    /// The Debian package that installs it.
    var package: String { "dataset-\(rawValue)" }

    var labels: LabelNames {
        switch self {
        case .fashionMNIST: .fashionMNIST
        }
    }

    /// Where it is; nil when it is nowhere.
    var folder: String? {
        let roots = [SystemCalls.environment(Self.variable), "/usr/share/datasets", "/usr/local/share/datasets"]
        return roots.compactMap { $0.map { "\($0)/\(rawValue)" } }.first { FileAccess.isFolder($0) }
    }
}
