import Wright

/// An axis with round ticks (1, 2 or 5 times a power of ten) that cover the values.
struct ChartAxis {
    var low: Double
    var high: Double
    var ticks: [Double]
    private var step: Double
    /// Digits after the point that tell neighbouring ticks apart.
    private var digits = 0

    /// - Parameter range: where the axis goes from and to, instead of covering the values.
    init(_ values: [Double], range: ClosedRange<Double>? = nil, wanted: Int = 5) {
        low = range?.lowerBound ?? values.min() ?? 0
        high = range?.upperBound ?? values.max() ?? 1
        if high - low < 1e-9 * max(1, abs(low)) { (low, high) = (low - 0.5, high + 0.5) }
        step = 1
        let rough = (high - low) / Double(wanted)
        while step > rough { step /= 10 }
        while step * 10 <= rough { step *= 10 }
        step *= rough / step > 5 ? 10 : rough / step > 2 ? 5 : rough / step > 1 ? 2 : 1
        if range == nil {
            low = (low / step).rounded(.down) * step
            high = (high / step).rounded(.up) * step
        }
        ticks = []
        var tick = (low / step).rounded(.up) * step
        while tick <= high + step * 1e-6 {
            ticks.append(tick)
            tick += step
        }
        var scaled = step
        while digits < 6, abs(scaled - scaled.rounded()) > 1e-6 { (scaled, digits) = (scaled * 10, digits + 1) }
    }

    /// `0.25`, `1,500`, `200k`, `1.5M`.
    func label(_ tick: Double) -> String {
        for (size, letter) in [(1e9, "G"), (1e6, "M"), (1e4, "k")] where max(abs(low), abs(high)) >= size {
            let unit = size == 1e4 ? 1e3 : size
            let scaled = tick / unit
            return abs(tick) < step * 1e-6 ? "0" : scaled.fixed(step / unit < 0.999 ? 1 : 0) + letter
        }
        return digits == 0 && abs(tick) >= 1000 ? Int(tick).grouped : tick.fixed(digits)
    }
}

/// The frame that charts are drawn into: axes, grid, title and legend, as SVG that keeps its letters readable on a phone.
struct ChartFrame {
    /// A line of the legend, and the style of what it explains.
    struct Key {
        var name: String
        var style: Int
    }

    var title: String
    var horizontal: String
    var xs: ChartAxis
    var ys: ChartAxis
    var keys: [Key] = []
    /// The chart in a sentence, for people who don't see it.
    var spoken: String

    private static let width = 420.0
    private static let height = 250.0
    private static let left = 46.0
    private static let right = 22.0
    private static let top = 10.0
    private static let bottom = 38.0

    func x(_ value: Double) -> Double {
        Self.left + (value - xs.low) / (xs.high - xs.low) * (Self.width - Self.left - Self.right)
    }

    func y(_ value: Double) -> Double {
        Self.height - Self.bottom - (value - ys.low) / (ys.high - ys.low) * (Self.height - Self.top - Self.bottom)
    }

    /// A line from corner to corner: where both axes say the same.
    var diagonal: HTML {
        let (low, high) = (max(xs.low, ys.low), min(xs.high, ys.high))
        return """
            <line class="diagonal" x1="\(x(low).fixed(1))" y1="\(y(low).fixed(1))" \
            x2="\(x(high).fixed(1))" y2="\(y(high).fixed(1))"/>
            """
    }

    func figure(_ content: HTML) -> HTML {
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
        let legend = keys.map { key -> HTML in
            """
            <span class="key"><svg viewBox="0 0 24 8" aria-hidden="true"><line class="s\(key.style)" x1="1" x2="23" \
            y1="4" y2="4"/></svg>\(key.name)</span>
            """
        }
        return """
            <figure class="chart">
            <figcaption><b>\(title)</b> \(legend)</figcaption>
            <svg viewBox="0 0 \(Self.width.fixed(0)) \(Self.height.fixed(0))" role="img" aria-label="\(spoken)">
            \(grid)\(marks)
            <text x="\((Self.width - Self.right).fixed(1))" y="\((Self.height - 4).fixed(1))" \
            text-anchor="end">\(horizontal)</text>
            \(content)
            </svg>
            </figure>
            """
    }
}
