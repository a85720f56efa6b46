import Testing
import Wright
import WrightTasks

@testable import wright_cli

/// Parts of reports in every language and for many classes.
struct ReportPartsTests {
    @Test("A finding is told in the language of the page, and one of an older folder in English")
    func findings() {
        let finding: JSON = [
            "kind": "outliers", "severity": "warning", "text": "3 values <are> odd", "advice": "Mend them",
            "text_zh": "三个值<异常>", "advice_zh": "请改正",
        ]
        let chinese = FindingText(finding: finding, say: .chinese).html.text
        #expect(chinese.contains("警告") && chinese.contains("三个值&lt;异常&gt;") && chinese.contains("请改正"), "\(chinese)")
        let english = FindingText(finding: finding, say: .english).html.text
        #expect(english.contains("3 values &lt;are&gt; odd") && english.contains("Mend them"))
        let older: JSON = ["kind": "outliers", "severity": "warning", "text": "odd", "advice": "Mend them"]
        #expect(FindingText(finding: older, say: .chinese).html.text.contains("odd"))
    }

    @Test("Of many classes the matrix shows those with the most mistakes, and the weakest come first")
    func manyClasses() {
        var matrix = ConfusionMatrix(classes: 60)
        for label in 0..<60 { matrix.add(label: label, predicted: label, times: 10) }
        matrix.add(label: 7, predicted: 33, times: 9)
        matrix.add(label: 41, predicted: 59, times: 5)
        let labels = (0..<60).map { "class\($0)." }
        let page = ConfusionSections(matrix: matrix, labels: labels, say: .english).html.text
        let table = page.split(separator: "</section>")[0]
        #expect(table.contains("class7.") && table.contains("class33.") && table.contains("class59."))
        #expect(table.ranges(of: "scope=\"row\"").count == 20 && table.contains("other classes"))
        #expect(table.contains("Of 60 classes these are the 20"))
        let byClass = page.split(separator: "<h2>By class").last ?? ""
        let first = byClass.split(separator: "scope=\"row\">").dropFirst().first ?? ""
        #expect(first.hasPrefix("class7."), "the lowest F1")
        #expect(byClass.contains("class22."), "none is left out")
    }
}
