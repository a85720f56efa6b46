import Wright
import WrightTasks

/// Lines over a common horizontal axis.
struct LineChart {
    /// One line. Lines of one style share a place in the legend.
    struct Series {
        var name: String
        var points: [(x: Double, y: Double)]
        var style = 0
    }

    /// How far the axes go.
    enum Scale {
        /// As far as the points.
        case free
        /// From 0 to 1.
        case shares
        /// From 0 to 1, with a line where both say the same, as in a reliability diagram.
        case comparedShares
    }

    var title: String
    var horizontal: String
    var series: [Series]
    var scale = Scale.free

    var html: HTML {
        let drawn = series.map { line in
            Series(
                name: line.name, points: Self.thinned(line.points.filter { $0.x.isFinite && $0.y.isFinite }),
                style: line.style)
        }.filter { !$0.points.isEmpty }
        guard drawn.contains(where: { $0.points.count > 1 }) else { return "" }
        let range: ClosedRange<Double>? = scale == .free ? nil : 0...1
        var keys: [ChartFrame.Key] = []
        for line in drawn where !keys.contains(where: { $0.style == line.style }) {
            keys.append(.init(name: line.name, style: line.style))
        }
        let frame = ChartFrame(
            title: title, horizontal: horizontal, xs: ChartAxis(drawn.flatMap { $0.points.map(\.x) }, range: range),
            ys: ChartAxis(drawn.flatMap { $0.points.map(\.y) }, range: range), keys: keys, spoken: spoken(drawn))
        let thin = drawn.count > 6 ? " thin" : ""
        let lines = drawn.map { line -> HTML in
            let path = line.points.map { "\(frame.x($0.x).fixed(1)),\(frame.y($0.y).fixed(1))" }.joined(separator: " ")
            let dots: [HTML] =
                line.points.count > 40 || drawn.count > 6
                ? []
                : line.points.map {
                    """
                    <circle class="s\(line.style)" cx="\(frame.x($0.x).fixed(1))" cy="\(frame.y($0.y).fixed(1))" r="2.6"/>
                    """
                }
            return "<polyline class=\"s\(line.style)\(thin)\" points=\"\(path)\"/>\(dots)"
        }
        return frame.figure("\(scale == .comparedShares ? frame.diagonal : "")\(lines)")
    }

    private func spoken(_ drawn: [Series]) -> String {
        let parts = drawn.prefix(6).compactMap { line -> String? in
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
}

/// Points of two numbers that should be the same.
struct ScatterChart {
    var title: String
    var horizontal: String
    var points: [(x: Double, y: Double)]

    var html: HTML {
        guard points.count > 1 else { return "" }
        // One axis for both: a point below the line is a prediction that is too low.
        let axis = ChartAxis(points.flatMap { [$0.x, $0.y] })
        let frame = ChartFrame(
            title: title, horizontal: horizontal, xs: axis, ys: axis,
            spoken: "\(title) by \(horizontal), \(points.count.counted("point"))")
        let dots = points.map {
            "<circle class=\"dot\" cx=\"\(frame.x($0.x).fixed(1))\" cy=\"\(frame.y($0.y).fixed(1))\" r=\"2.4\"/>"
                as HTML
        }
        return frame.figure("\(frame.diagonal)\(dots)")
    }
}

/// How many values lie in each of several ranges of one width.
struct Histogram {
    var title: String
    var horizontal: String
    var bars: [(low: Double, count: Int)]
    var barWidth: Double

    var html: HTML {
        guard let first = bars.first, let last = bars.last else { return "" }
        let frame = ChartFrame(
            title: title, horizontal: horizontal,
            xs: ChartAxis([], range: first.low...(last.low + barWidth)),
            ys: ChartAxis([0] + bars.map { Double($0.count) }),
            spoken: "\(title) by \(horizontal): " + bars.map { "\($0.count)" }.joined(separator: ", "))
        let rectangles = bars.map { bar -> HTML in
            let (x, y) = (frame.x(bar.low), frame.y(Double(bar.count)))
            return """
                <rect class="bar" x="\(x.fixed(1))" y="\(y.fixed(1))" \
                width="\(max(1, frame.x(bar.low + barWidth) - x - 1).fixed(1))" height="\((frame.y(0) - y).fixed(1))"/>
                """
        }
        return frame.figure("\(rectangles)")
    }
}

extension LearningCurve {
    /// Loss, and where validation measured it accuracy, by step.
    func charts(_ say: Language) -> [LineChart] {
        let accuracies = validationPoints("accuracy")
        return [
            LineChart(
                title: say(.loss), horizontal: say(.step),
                series: [
                    .init(name: say(.training), points: trainingPoints, style: 0),
                    .init(name: say(.validation), points: validationPoints("loss"), style: 1),
                ]),
            LineChart(
                title: say(.accuracy), horizontal: say(.step),
                series: [.init(name: say(.validation), points: accuracies, style: 1)]),
        ]
    }

    var trainingPoints: [(x: Double, y: Double)] { points.map { (Double($0.step), $0.loss) } }

    func validationPoints(_ name: String) -> [(x: Double, y: Double)] {
        validations.compactMap { validation in
            validation.values.first { $0.name == name }.map { (Double(validation.step), $0.value) }
        }
    }
}
