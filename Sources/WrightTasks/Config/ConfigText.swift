public import WrightRuntime

/// JSON values as YAML for people.
public enum ConfigText {
    /// The value as block YAML, lists of scalars and empty values on one line.
    public static func yaml(_ json: JSON) -> String {
        var lines: [String] = []
        write(json, indentation: "", to: &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func write(_ json: JSON, indentation: String, to lines: inout [String]) {
        switch json {
        case .object(let object) where !object.isEmpty:
            for (key, value) in object {
                if let line = oneLine(value) {
                    lines.append("\(indentation)\(scalar(key)): \(line)")
                } else {
                    lines.append("\(indentation)\(scalar(key)):")
                    write(value, indentation: indentation + "  ", to: &lines)
                }
            }
        case .array(let values) where !values.isEmpty && oneLine(json) == nil:
            for value in values {
                var inner: [String] = []
                write(value, indentation: indentation + "  ", to: &inner)
                inner[0] = "\(indentation)- " + inner[0].dropFirst(indentation.count + 2)
                lines += inner
            }
        default: lines.append(indentation + (oneLine(json) ?? ""))
        }
    }

    /// nil for what needs lines of its own.
    private static func oneLine(_ json: JSON) -> String? {
        switch json {
        case .string(let text): return scalar(text)
        case .array(let values):
            let items = values.compactMap { value -> String? in
                switch value {
                case .array, .object: nil
                default: oneLine(value)
                }
            }
            return items.count == values.count ? "[\(items.joined(separator: ", "))]" : nil
        case .object(let object): return object.isEmpty ? "{}" : nil
        default: return json.text()
        }
    }

    /// A text as a scalar that every YAML reader takes for a text: in quotes where it could be anything else.
    public static func scalar(_ text: String) -> String {
        let words: Set = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"]
        func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic || scalar == "_" }
        let isPlain =
            text.unicodeScalars.first.map(isLetter) ?? false
            && text.unicodeScalars.allSatisfy {
                isLetter($0) || $0.properties.numericType != nil || " -./".unicodeScalars.contains($0)
            }
            && text.unicodeScalars.last != " " && !words.contains(text.lowercased())
        return isPlain ? text : JSON.string(text).text()
    }
}
