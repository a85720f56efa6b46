public import WrightNN

extension Module {
    /// The parameters of each layer, as a table to print before training:
    ///
    /// ```text
    /// layer      parameters  shapes
    /// layers.0      100,480  weight [784, 128], bias [128]
    /// layers.2        1,290  weight [128, 10], bias [10]
    /// total         101,770
    /// ```
    ///
    /// Frozen layers are marked.
    public var parameterTable: String {
        var rows: [(layer: String, count: Int, shapes: [String])] = []
        for (path, parameter) in parameters {
            let parts = path.split(separator: ".")
            let layer = parts.dropLast().joined(separator: ".")
            let shape = "\(parts.last ?? "") \(parameter.shape)" + (parameter.isTrainable ? "" : " (frozen)")
            if rows.last?.layer == layer {
                rows[rows.count - 1].count += parameter.count
                rows[rows.count - 1].shapes.append(shape)
            } else {
                rows.append((layer, parameter.count, [shape]))
            }
        }
        let total = (layer: "total", count: rows.reduce(0) { $0 + $1.count }, shapes: [String]())
        let cells =
            [["layer", "parameters", "shapes"]]
            + (rows + [total]).map { [$0.layer, $0.count.grouped, $0.shapes.joined(separator: ", ")] }
        let widths = (0..<2).map { column in cells.map { $0[column].count }.max()! }
        func padding(_ row: [String], _ column: Int) -> String {
            String(repeating: " ", count: widths[column] - row[column].count)
        }
        return cells.map { row in
            let line = "\(row[0])\(padding(row, 0))  \(padding(row, 1))\(row[1])"
            return row[2].isEmpty ? line : "\(line)  \(row[2])"
        }.joined(separator: "\n")
    }
}
