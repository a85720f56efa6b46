public import Testing
public import WrightRuntime

/// What makes a message come up.
public typealias MessageTrigger = @Sendable () throws -> Void

/// Expects that `body` throws an error with the code, which says the same in both languages: Chinese has Chinese characters,
/// every number of the English text, and everything that it puts in quotes.
public func expectMessage(
    _ code: MessageCode, location: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
    do {
        try body()
        Issue.record("\(code.text) \(code): nothing was thrown", sourceLocation: location)
    } catch let error as any ExplainedError {
        let (english, chinese) = (error.report(in: .english), error.report(in: .chinese))
        #expect(
            english.contains("\(code.text) "), "\(code.text) \(code) was expected: \(english)", sourceLocation: location
        )
        #expect(
            chinese.contains("\(code.text) ") && chinese.unicodeScalars.contains { 0x4E00...0x9FFF ~= $0.value },
            "\(code) is not Chinese: \(chinese)", sourceLocation: location)
        for word in english.facts where !chinese.contains(word) {
            Issue.record("\(code): \(word) of “\(english)” is not in “\(chinese)”", sourceLocation: location)
        }
    } catch {
        Issue.record("\(code): \(error) is not explained", sourceLocation: location)
    }
}

/// Expects that the codes of these numbers, and no others, have a trigger: a code that nothing says must go.
public func expectEveryCode(
    in numbers: [ClosedRange<Int>], isTriggeredBy triggers: some Sequence<MessageCode>,
    location: SourceLocation = #_sourceLocation
) {
    let wanted = MessageCode.allCases.filter { code in numbers.contains { $0.contains(code.rawValue) } }
    let found = Set(triggers)
    for code in wanted where !found.contains(code) {
        Issue.record("\(code.text) \(code) is triggered by no test", sourceLocation: location)
    }
    #expect(found.isSubset(of: wanted), sourceLocation: location)
}

extension String {
    /// Runs of digits, and what stands in quotes.
    fileprivate var facts: [String] {
        var facts: [String] = []
        var digits = ""
        for scalar in unicodeScalars.map(Character.init) + [" "] {
            if scalar.isASCII, scalar.isNumber {
                digits.append(scalar)
            } else if !digits.isEmpty {
                facts.append(digits)
                digits = ""
            }
        }
        let parts = split(separator: "\"", omittingEmptySubsequences: false)
        return facts + stride(from: 1, to: parts.count - 1, by: 2).map { String(parts[$0]) }
    }
}
