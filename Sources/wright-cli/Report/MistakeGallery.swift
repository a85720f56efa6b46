import Wright
import WrightTasks

/// Examples that a model of images got wrong, the most confident ones first.
struct MistakeGallery {
    struct Mistake {
        /// The file or the number of the example: `test image 4,711`.
        var name: String
        var picture: [UInt8]?
        var label: String
        var predicted: String
        /// The probability given to the wrong class, and to the true one.
        var confidence: Double
        var shareOfTruth: Double
    }

    var mistakes: [Mistake]
    /// How many there are in all.
    var count: Int
    var say: Language

    var html: HTML {
        guard count > 0 else { return "" }
        let pictures = mistakes.map { mistake -> HTML in
            let image: HTML =
                mistake.picture.map { bytes in
                    """
                    <img src="\(HTML.address(ofPNG: bytes))" loading="lazy" \
                    alt="\(mistake.label) → \(mistake.predicted)">
                    """
                } ?? "<p class=\"none\">\(say(.noPicture))</p>"
            return """
                <figure class="mistake">\(image)<figcaption><b>\(mistake.predicted)</b> \
                <span class="share">\(mistake.confidence.percent(0))</span><br>\(say(.isTruly)) \(mistake.label) \
                <span class="share">\(mistake.shareOfTruth.percent(0))</span><br>\
                <small>\(mistake.name)</small></figcaption></figure>
                """
        }
        return """
            <section><h2>\(say(.worstMistakes))</h2>
            <p>\(say(.worstMistakesExplained(shown: mistakes.count, of: count)))</p>
            <div class="gallery">\(pictures)</div></section>
            """
    }
}
