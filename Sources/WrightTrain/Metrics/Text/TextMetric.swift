/// Something measured over texts that a model wrote, each beside one or more texts that would have been right.
///
/// Texts are compared scalar by scalar, as Python's libraries do: an accented letter written as one scalar and as two is
/// not the same. Two halves of a corpus measured apart and merged give what measuring it whole gives.
public protocol TextMetric: Sendable {
    /// Takes in one text and its references, of which there must be at least one.
    mutating func add(_ hypothesis: String, references: [String])
    /// Takes in what `other` measured.
    ///
    /// - Throws: ``MetricError`` when the other was measured with other settings.
    mutating func merge(_ other: Self) throws(MetricError)
    /// The results so far, by name; NaN before the first text.
    var values: [MetricValue] { get }
}

/// A piece of text as scalars. Strings compare by canonical equivalence, which reference implementations do not.
typealias Word = [Unicode.Scalar]

extension Unicode.Scalar {
    /// What Python's `str.isspace` says: White_Space and the four separators of ASCII.
    var isSpace: Bool { properties.isWhitespace || (0x1C...0x1F).contains(value) }

    var isDigit: Bool { (0x30...0x39).contains(value) }

    /// What Python's `string.punctuation` holds.
    var isASCIIPunctuation: Bool {
        switch value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    var isPunctuation: Bool {
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }

    /// A letter or a number of any script.
    var isLetterOrNumber: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            true
        default: false
        }
    }
}

extension Sequence<Unicode.Scalar> {
    /// The pieces between white space.
    var words: [Word] {
        var words: [Word] = []
        var word = Word()
        for scalar in self {
            guard scalar.isSpace else {
                word.append(scalar)
                continue
            }
            if !word.isEmpty { words.append(word) }
            word = []
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// In lower case, each scalar by itself.
    var lowercased: Word { flatMap(\.properties.lowercaseMapping.unicodeScalars) }
}

extension Word {
    /// Without white space at both ends.
    var trimmed: Word {
        guard let first = firstIndex(where: { !$0.isSpace }), let last = lastIndex(where: { !$0.isSpace }) else {
            return []
        }
        return Word(self[first...last])
    }

    /// With blanks around each scalar that stands alone.
    func setApart(_ standsAlone: (Unicode.Scalar) -> Bool) -> Word {
        var result = Word()
        result.reserveCapacity(count + 16)
        for scalar in self {
            if standsAlone(scalar) { result += [" ", scalar, " "] } else { result.append(scalar) }
        }
        return result
    }
}

/// Gives equal words equal numbers, so that sequences of words are compared as sequences of numbers.
struct WordNumbers {
    private var numbers: [Word: Int] = [:]

    mutating func callAsFunction(_ words: [Word]) -> [Int] {
        words.map { word in
            if let number = numbers[word] { return number }
            numbers[word] = numbers.count
            return numbers.count - 1
        }
    }
}
