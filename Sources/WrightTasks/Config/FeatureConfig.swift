import WrightRuntime

/// An input column and how it is read.
public struct InputConfig: Sendable {
    /// The column.
    public var name: String
    public var settings: any InputSettings
    public var place: ConfigPlace = .program

    public init(name: String, settings: any InputSettings) {
        self.name = name
        self.settings = settings
    }

    /// Whether its fields are paths of files, which say nothing by themselves.
    public var namesFiles: Bool { Swift.type(of: settings).namesFiles }
}

/// An output column and how it is learned.
public struct OutputConfig: Sendable {
    /// The column.
    public var name: String
    public var settings: any OutputSettings
    public var place: ConfigPlace = .program

    public init(name: String, settings: any OutputSettings) {
        self.name = name
        self.settings = settings
    }
}

/// One column of a list whose `type` says which settings there are.
protocol TypedColumn: Sendable {
    static var types: [(name: String, summary: Phrase, section: any ConfigSection.Type)] { get }
    static var noun: Phrase { get }
    var name: String { get }
    var section: any ConfigSection { get }
    var type: String { get }
    init?(name: String, section: any ConfigSection, place: ConfigPlace)
}

extension InputConfig: TypedColumn {
    static var types: [(name: String, summary: Phrase, section: any ConfigSection.Type)] {
        InputTypes.all.map { ($0.type, $0.summary, $0) }
    }
    static var noun: Phrase { Phrase("input", "输入") }
    var section: any ConfigSection { settings }
    public var type: String { Swift.type(of: settings).type }

    init?(name: String, section: any ConfigSection, place: ConfigPlace) {
        guard let settings = section as? any InputSettings else { return nil }
        self.init(name: name, settings: settings)
        self.place = place
    }
}

extension OutputConfig: TypedColumn {
    static var types: [(name: String, summary: Phrase, section: any ConfigSection.Type)] {
        OutputTypes.all.map { ($0.type, $0.summary, $0) }
    }
    static var noun: Phrase { Phrase("output", "输出") }
    var section: any ConfigSection { settings }
    public var type: String { Swift.type(of: settings).type }

    init?(name: String, section: any ConfigSection, place: ConfigPlace) {
        guard let settings = section as? any OutputSettings else { return nil }
        self.init(name: name, settings: settings)
        self.place = place
    }
}

extension TypedColumn {
    /// Reads one column; nil when too much is wrong with it.
    static func read(_ node: ConfigNode, at path: String, _ problems: inout ConfigProblems) -> Self? {
        guard node.map != nil else {
            problems.add(
                node.place, path,
                Message(.settingValue, Phrase("a map with name and type", "含有 name 和 type 的映射"), node.words))
            return nil
        }
        guard let name = node["name"]?.text, !name.isEmpty else {
            problems.add(node.place, path, Message(.missingSetting, "name", Phrase("the column of the data", "数据中的列名")))
            addUnknownKeys(node, path, &problems)
            return nil
        }
        let path = path.prefix { $0 != "[" } + ".\(name)"
        let names = types.map(\.name)
        guard let type = node["type"]?.text else {
            problems.add(
                node.place, String(path), Message(.missingSetting, "type", Phrase("one of ", "以下之一：") + names.phrase))
            addUnknownKeys(node, String(path), &problems)
            return nil
        }
        guard let section = types.first(where: { $0.name == type })?.section else {
            problems.add(
                node["type"]!.place, "\(path).type",
                Message(.unknownType, noun, type.readable, Suggestion.phrase(for: type, among: names), names))
            return nil
        }
        let settings = section.init(node, at: String(path), others: ["name", "type"], &problems)
        return Self(name: name, section: settings, place: node.place)
    }

    /// Keys that a column of no type has: what is missing may be one of them, misspelt.
    private static func addUnknownKeys(_ node: ConfigNode, _ path: String, _ problems: inout ConfigProblems) {
        let known = ["name", "type"] + Set(types.flatMap { $0.section.settingNames }).sorted()
        for entry in node.map ?? [] where !known.contains(entry.key) {
            problems.add(
                entry.place, "\(path).\(entry.key)",
                Message(.unknownSetting, Suggestion.phrase(for: entry.key, among: known), known))
        }
    }

    var json: JSON {
        var object = JSON.Object()
        object["name"] = .string(name)
        object["type"] = .string(type)
        for (key, value) in section.json.object ?? JSON.Object() { object[key] = value }
        return .object(object)
    }

    /// A list of such columns as a setting.
    static func setting<Section>(
        _ key: String, _ path: any WritableKeyPath<Section, [Self]> & Sendable, _ summary: Phrase
    ) -> Setting<Section> {
        return Setting(
            name: key, summary: summary, isRequired: true,
            schema: { language in
                let kinds = types.map { name, summary, section in
                    section.schema(
                        summary, in: language,
                        others: [("name", ["type": "string"]), ("type", ["const": .string(name)])])
                }
                return ["type": "array", "minItems": 1, "items": ["oneOf": .array(kinds)]]
            },
            read: { .array($0[keyPath: path].map(\.json)) },
            write: { section, node, place, problems in
                guard let list = node.list, !list.isEmpty else {
                    return problems.add(
                        node.place, place,
                        Message(
                            .settingValue,
                            Phrase("a list with at least one \(noun.english)", "至少含一个\(noun.chinese)的列表"), node.words))
                }
                var found: [Self] = []
                for (index, element) in list.enumerated() {
                    guard let column = Self.read(element, at: "\(place)[\(index)]", &problems) else { continue }
                    if found.contains(where: { $0.name == column.name }) {
                        problems.add(element.place, "\(place).\(column.name)", Message(.columnInListTwice))
                    } else {
                        found.append(column)
                    }
                }
                section[keyPath: path] = found
            })
    }
}
