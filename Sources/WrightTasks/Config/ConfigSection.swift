public import WrightRuntime

/// A part of a task file: a struct whose properties are the settings and whose initial values are the defaults. The list
/// of its settings is what files are read by, what `wright config show` writes and what the JSON Schema says.
public protocol ConfigSection: Sendable {
    /// Every setting at its default.
    init()
    static var settings: [Setting<Self>] { get }
    /// What is wrong with how settings go together: the setting to change, and why.
    var contradictions: [(setting: String, message: Message)] { get }
}

extension ConfigSection {
    public var contradictions: [(setting: String, message: Message)] { [] }

    static var settingNames: [String] { settings.map(\.name) }

    /// Reads the section at `path`, and adds everything that is wrong to `problems`. Keys in `others` are read elsewhere.
    init(_ node: ConfigNode, at path: String, others: [String] = [], _ problems: inout ConfigProblems) {
        self.init()
        guard let entries = node.map else {
            problems.add(
                node.place, path, Message(.settingValue, Phrase("a map of keys and values", "由键和值组成的映射"), node.words))
            return
        }
        let count = problems.problems.count
        let known = Self.settings.map(\.name) + others
        // In the order of the settings, not of the file: one may say what later ones are at first.
        let order = Dictionary(Self.settings.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let sorted = entries.sorted { order[$0.key] ?? .max < order[$1.key] ?? .max }
        for entry in sorted where !others.contains(entry.key) {
            let place = path.isEmpty ? entry.key : "\(path).\(entry.key)"
            guard let setting = Self.settings.first(where: { $0.name == entry.key }) else {
                problems.add(
                    entry.place, place,
                    Message(.unknownSetting, Suggestion.phrase(for: entry.key, among: known), known))
                continue
            }
            setting.write(&self, entry.value, place, &problems)
        }
        for setting in Self.settings where setting.isRequired && !entries.contains(where: { $0.key == setting.name }) {
            problems.add(
                node.place, path,
                Message(.missingSetting, setting.name, setting.summary))
        }
        guard problems.problems.count == count else { return }
        for (setting, message) in contradictions {
            let named = entries.first { $0.key == setting }
            problems.add(named?.place ?? node.place, path.isEmpty ? setting : "\(path).\(setting)", message)
        }
    }

    /// Every setting with its value, defaults resolved; what is unset is left out.
    var json: JSON {
        var object = JSON.Object()
        for setting in Self.settings { object[setting.name] = setting.read(self) }
        return .object(object)
    }

    /// What JSON Schema (2020-12) says of the section. `others` are properties read elsewhere.
    static func schema(
        _ summary: Phrase, in language: Language, others: [(name: String, schema: JSON)] = []
    ) -> JSON {
        let initial = Self()
        var properties = JSON.Object()
        for (name, schema) in others { properties[name] = schema }
        for setting in settings {
            guard case .object(var object) = setting.schema(language) else { continue }
            object["description"] = .string(language(setting.summary))
            if !setting.isRequired, object["properties"] == nil, let preset = setting.read(initial) {
                object["default"] = preset
            }
            properties[setting.name] = .object(object)
        }
        let required = others.map(\.name) + settings.filter(\.isRequired).map(\.name)
        return [
            "type": "object", "description": .string(language(summary)), "properties": .object(properties),
            "required": .array(required.map { .string($0) }), "additionalProperties": false,
        ]
    }
}

/// One setting of a section: its name in files, what it is for, and how it is read and written.
public struct Setting<Section>: Sendable {
    public let name: String
    /// One sentence without a full stop.
    public let summary: Phrase
    let isRequired: Bool
    let schema: @Sendable (Language) -> JSON
    let read: @Sendable (Section) -> JSON?
    let write: @Sendable (inout Section, ConfigNode, _ path: String, inout ConfigProblems) -> Void

    /// A value of this form.
    static func value<Value>(
        _ name: String, _ path: any WritableKeyPath<Section, Value> & Sendable, _ form: ValueForm<Value>,
        isRequired: Bool = false, _ summary: Phrase
    ) -> Setting {
        Setting(
            name: name, summary: summary, isRequired: isRequired, schema: { _ in form.schema },
            read: { form.write($0[keyPath: path]) },
            write: { section, node, place, problems in
                guard let value = form.read(node) else {
                    return problems.add(node.place, place, Message(.settingValue, form.words, node.words))
                }
                section[keyPath: path] = value
            })
    }

    /// A value of this form, or none.
    static func optional<Value>(
        _ name: String, _ path: any WritableKeyPath<Section, Value?> & Sendable, _ form: ValueForm<Value>,
        _ summary: Phrase
    ) -> Setting {
        Setting(
            name: name, summary: summary, isRequired: false, schema: { _ in form.schema },
            read: { $0[keyPath: path].map(form.write) },
            write: { section, node, place, problems in
                if node.isNull {
                    section[keyPath: path] = nil
                } else if let value = form.read(node) {
                    section[keyPath: path] = value
                } else {
                    problems.add(node.place, place, Message(.settingValue, form.words, node.words))
                }
            })
    }

    /// A section of its own.
    static func section<Inner: ConfigSection>(
        _ name: String, _ path: any WritableKeyPath<Section, Inner> & Sendable, isRequired: Bool = false,
        _ summary: Phrase
    ) -> Setting {
        Setting(
            name: name, summary: summary, isRequired: isRequired, schema: { Inner.schema(summary, in: $0) },
            read: { $0[keyPath: path].json },
            write: { section, node, place, problems in
                section[keyPath: path] = Inner(node, at: place, &problems)
            })
    }
}

/// How values of one kind stand in files.
struct ValueForm<Value>: Sendable {
    /// `a whole number of at least 1`.
    let words: Phrase
    let schema: JSON
    let read: @Sendable (ConfigNode) -> Value?
    let write: @Sendable (Value) -> JSON
}

extension ValueForm where Value == String {
    static let text = ValueForm(
        words: Phrase("a text", "文本"), schema: ["type": "string"], read: { $0.isNull ? nil : $0.text },
        write: { .string($0) })
}

extension ValueForm where Value == Bool {
    static let flag = ValueForm(
        words: Phrase("true or false", " true 或 false"), schema: ["type": "boolean"], read: \.bool, write: { .bool($0) }
    )
}

extension ValueForm where Value == Int {
    static func integer(atLeast least: Int) -> ValueForm {
        ValueForm(
            words: Phrase("a whole number of at least \(least)", "不小于 \(least) 的整数"),
            schema: ["type": "integer", "minimum": .integer(Int64(least))],
            read: { $0.integer.flatMap { $0 >= least ? $0 : nil } }, write: { .integer(Int64($0)) })
    }
}

extension ValueForm where Value == Double {
    static func number(in range: Range<Double>) -> ValueForm {
        let isOpen = range.upperBound == .infinity
        var schema: JSON.Object = JSON.Object()
        schema["type"] = "number"
        schema["minimum"] = .number(range.lowerBound)
        if !isOpen { schema["exclusiveMaximum"] = .number(range.upperBound) }
        return ValueForm(
            words: Phrase(
                "a number of at least \(range.lowerBound)" + (isOpen ? "" : " and below \(range.upperBound)"),
                "不小于 \(range.lowerBound)\(isOpen ? "" : "、小于 \(range.upperBound)") 的数"),
            schema: .object(schema), read: { $0.double.flatMap { range.contains($0) ? $0 : nil } },
            write: { .number($0) })
    }
}

extension ValueForm {
    /// A list of such values; one value alone counts as a list of one.
    static func list<Element>(_ form: ValueForm<Element>) -> ValueForm where Value == [Element] {
        ValueForm(
            words: Phrase("a list of values, each ", "值的列表，每个值应为") + form.words,
            schema: ["anyOf": [["type": "array", "items": form.schema], form.schema]],
            read: { node in
                guard let list = node.list else { return form.read(node).map { [$0] } }
                let values = list.compactMap(form.read)
                return values.count == list.count ? values : nil
            },
            write: { .array($0.map(form.write)) })
    }

    /// Values by names.
    static func table<Element>(_ form: ValueForm<Element>) -> ValueForm where Value == [String: Element] {
        ValueForm(
            words: Phrase("a map from names to values, each ", "从名字到值的映射，每个值应为") + form.words,
            schema: ["type": "object", "additionalProperties": form.schema],
            read: { node in
                guard let entries = node.map else { return nil }
                let values = entries.compactMap { entry in form.read(entry.value).map { (entry.key, $0) } }
                return values.count == entries.count ? Dictionary(values) { $1 } : nil
            },
            write: { values in
                var object = JSON.Object()
                for (key, value) in values.sorted(by: { $0.key < $1.key }) { object[key] = form.write(value) }
                return .object(object)
            })
    }

    /// One of the words of an enumeration.
    static func choice() -> ValueForm where Value: RawRepresentable<String> & CaseIterable & Sendable {
        let words = Value.allCases.map(\.rawValue)
        return ValueForm(
            words: Phrase("one of ", "以下之一：") + words.phrase, schema: ["enum": .array(words.map { .string($0) })],
            read: { $0.text.flatMap(Value.init(rawValue:)) }, write: { .string($0.rawValue) })
    }
}
