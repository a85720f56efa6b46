import Wright

/// Lines over a common horizontal axis, drawn as SVG that keeps its letters readable on a phone.
struct LineChart {
    /// One line.
    struct Series {
        var name: String
        var points: [(x: Double, y: Double)]
    }

    var title: String
    var horizontal: String
    var series: [Series]
    /// Whether both axes go from 0 to 1 with a dashed line between their ends, as in a reliability diagram.
    var comparesShares = false

    private static let width = 420.0
    private static let height = 250.0
    private static let left = 46.0
    private static let right = 22.0
    private static let top = 10.0
    private static let bottom = 38.0

    var html: HTML {
        let drawn = series.map { line in
            Series(name: line.name, points: Self.thinned(line.points.filter { $0.x.isFinite && $0.y.isFinite }))
        }.filter { !$0.points.isEmpty }
        guard drawn.contains(where: { $0.points.count > 1 }) else { return "" }
        let xs = Self.axis(drawn.flatMap { $0.points.map(\.x) }, range: comparesShares ? 0...1 : nil, wanted: 5)
        let ys = Self.axis(drawn.flatMap { $0.points.map(\.y) }, range: comparesShares ? 0...1 : nil, wanted: 5)
        func x(_ value: Double) -> Double {
            Self.left + (value - xs.low) / (xs.high - xs.low) * (Self.width - Self.left - Self.right)
        }
        func y(_ value: Double) -> Double {
            Self.height - Self.bottom - (value - ys.low) / (ys.high - ys.low) * (Self.height - Self.top - Self.bottom)
        }
        let grid = ys.ticks.map { tick -> HTML in
            """
            <line class="grid" x1="\(Self.left.fixed(1))" x2="\((Self.width - Self.right).fixed(1))" \
            y1="\(y(tick).fixed(1))" y2="\(y(tick).fixed(1))"/>\
            <text x="\((Self.left - 6).fixed(1))" y="\((y(tick) + 4).fixed(1))" text-anchor="end">\(ys.label(tick))</text>
            """
        }
        let marks = xs.ticks.map { tick -> HTML in
            """
            <text x="\(x(tick).fixed(1))" y="\((Self.height - Self.bottom + 17).fixed(1))" \
            text-anchor="middle">\(xs.label(tick))</text>
            """
        }
        let lines = drawn.enumerated().map { index, line -> HTML in
            let path = line.points.map { "\(x($0.x).fixed(1)),\(y($0.y).fixed(1))" }.joined(separator: " ")
            let dots: [HTML] =
                line.points.count > 40
                ? []
                : line.points.map {
                    "<circle class=\"s\(index)\" cx=\"\(x($0.x).fixed(1))\" cy=\"\(y($0.y).fixed(1))\" r=\"2.6\"/>"
                }
            return "<polyline class=\"s\(index)\" points=\"\(path)\"/>\(dots)"
        }
        let diagonal: HTML =
            comparesShares
            ? """
            <line class="diagonal" x1="\(x(xs.low).fixed(1))" y1="\(y(ys.low).fixed(1))" \
            x2="\(x(xs.high).fixed(1))" y2="\(y(ys.high).fixed(1))"/>
            """ : ""
        let legend = drawn.enumerated().map { index, line -> HTML in
            """
            <span class="key"><svg viewBox="0 0 24 8" aria-hidden="true"><line class="s\(index)" x1="1" x2="23" \
            y1="4" y2="4"/></svg>\(line.name)</span>
            """
        }
        return """
            <figure class="chart">
            <figcaption><b>\(title)</b> \(legend)</figcaption>
            <svg viewBox="0 0 \(Self.width.fixed(0)) \(Self.height.fixed(0))" role="img" aria-label="\(spoken(drawn))">
            \(grid)\(diagonal)\(marks)
            <text x="\((Self.width - Self.right).fixed(1))" y="\((Self.height - 4).fixed(1))" \
            text-anchor="end">\(horizontal)</text>
            \(lines)
            </svg>
            </figure>
            """
    }

    /// The chart in a sentence, for people who don't see it.
    private func spoken(_ drawn: [Series]) -> String {
        let parts = drawn.compactMap { line -> String? in
            guard let first = line.points.first, let last = line.points.last else { return nil }
            return "\(line.name) from \(first.y.short) to \(last.y.short)"
        }
        return "\(title) by \(horizontal): " + parts.joined(separator: "; ")
    }

    /// At most 300 points, each the mean of its neighbours: more than a screen can show.
    private static func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        let most = 300
        guard points.count > most else { return points }
        return (0..<most).map { index in
            let part = points[index * points.count / most..<(index + 1) * points.count / most]
            let count = Double(part.count)
            return (part.reduce(0) { $0 + $1.x } / count, part.reduce(0) { $0 + $1.y } / count)
        }
    }

    private struct Axis {
        var low: Double
        var high: Double
        var step: Double
        var ticks: [Double]
        /// Digits after the point that tell neighbouring ticks apart.
        var digits: Int

        func label(_ tick: Double) -> String { tick.fixed(digits) }
    }

    /// Round ticks (1, 2 or 5 times a power of ten) that cover the values.
    private static func axis(_ values: [Double], range: ClosedRange<Double>?, wanted: Int) -> Axis {
        var low = range?.lowerBound ?? values.min() ?? 0
        var high = range?.upperBound ?? values.max() ?? 1
        if high - low < 1e-9 { (low, high) = (low - 0.5, high + 0.5) }
        var step = 1.0
        let rough = (high - low) / Double(wanted)
        while step > rough { step /= 10 }
        while step * 10 <= rough { step *= 10 }
        step *= rough / step > 5 ? 10 : rough / step > 2 ? 5 : rough / step > 1 ? 2 : 1
        if range == nil {
            low = (low / step).rounded(.down) * step
            high = (high / step).rounded(.up) * step
        }
        var ticks: [Double] = []
        var tick = (low / step).rounded(.up) * step
        while tick <= high + step * 1e-6 {
            ticks.append(tick)
            tick += step
        }
        var digits = 0
        var scaled = step
        while digits < 6, abs(scaled - scaled.rounded()) > 1e-6 { (scaled, digits) = (scaled * 10, digits + 1) }
        return Axis(low: low, high: high, step: step, ticks: ticks, digits: digits)
    }
}
