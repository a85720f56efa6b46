import Testing
import Wright

@testable import wright_cli

/// Parts of the command line that a process test would only reach in a roundabout way.
struct PartsTests {
    @Test("Text in a page is escaped, markup is not")
    func escaping() {
        let name = "<b>&\"'"
        let part: HTML = "<i>\(name)</i>"
        #expect(("<p>\(part)</p>" as HTML).text == "<p><i>&lt;b&gt;&amp;&quot;&#39;</i></p>")
    }

    @Test(
        "RFC 4648's own examples",
        arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
    func base64(plain: String, encoded: String) {
        #expect(HTML.base64(Array(plain.utf8)) == encoded)
    }

    @Test("A near name is suggested, a far one is not")
    func suggestions() {
        #expect(Suggestion.text(for: "convnt", among: ["mlp", "convnet"]) == " Did you mean 'convnet'?")
        #expect(Suggestion.text(for: "transformer", among: ["mlp", "convnet"]).isEmpty)
        #expect(Suggestion.distance("kitten", "sitting") == 3)
    }

    @Test("The environment's flags stand before what is typed, so that typing wins")
    func environmentFlags() {
        let merged = EnvironmentFlags.merged(
            ["bench", "train", "mlp1", "--threads", "1"], environment: ["WRIGHT_THREADS": "2", "WRIGHT_JSON": "0"])
        #expect(merged == ["bench", "train", "--threads", "2", "mlp1", "--threads", "1"])
        #expect(EnvironmentFlags.merged(["--help"], environment: ["WRIGHT_THREADS": "2"]) == ["--help"])
    }

    @Test("Lengths of time")
    func times() {
        #expect(TimeLength(argument: "90")?.seconds == 90)
        #expect(TimeLength(argument: "1.5h")?.seconds == 5400)
        #expect(TimeLength(argument: "15m")?.seconds == 900)
        for wrong in ["", "m", "-3s", "0", "1d", "inf"] { #expect(TimeLength(argument: wrong) == nil) }
    }

    @Test("A chart needs two points and says itself in words")
    func charts() {
        let one = LineChart(title: "Loss", horizontal: "step", series: [.init(name: "a", points: [(1, 2)])])
        #expect(one.html.text.isEmpty)
        let two = LineChart(
            title: "Loss", horizontal: "step", series: [.init(name: "a", points: [(1, 2), (2, .nan), (3, 1)])])
        #expect(two.html.text.contains("Loss by step: a from 2.0000 to 1.0000"))
        #expect(!two.html.text.contains("nan"))
    }
}
