import WrightRuntime

/// Data that belongs to a person: e-mail addresses, telephone, card and identity numbers, in columns of their own or
/// inside of texts.
public enum PersonalData: String, Hashable, Sendable, CaseIterable {
    case email = "e-mail"
    case phone
    /// A bank card: 13 to 19 digits whose check digit is right (ISO/IEC 7812, Luhn's formula).
    case card
    /// A Chinese citizen's number: 18 places with a date of birth and a check digit (GB 11643).
    case identity = "ID"

    /// One place in a text.
    struct Match {
        var kind: PersonalData
        var range: Range<Int>
    }

    /// The text with every such place replaced by its kind in brackets.
    public static func redacted(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var index = 0
        for match in matches(scalars) {
            result.append(contentsOf: scalars[index..<match.range.lowerBound])
            result.append(contentsOf: "[\(match.kind.rawValue)]".unicodeScalars)
            index = match.range.upperBound
        }
        result.append(contentsOf: scalars[index...])
        return String(result)
    }

    /// What a column's name or its values say.
    static func findings(_ profile: ColumnProfile, _ part: TablePart) -> [DataFinding] {
        var rows: [PersonalData: [Int]] = [:]
        // Each value once: most columns have few. Nothing personal is shorter than six letters.
        var kinds: [String: Set<PersonalData>] = [:]
        for field in profile.counts.keys where field.utf8.count >= 6 {
            let found = Set(matches(Array(field.unicodeScalars)).map(\.kind))
            if !found.isEmpty { kinds[field] = found }
        }
        if !kinds.isEmpty {
            for (row, field) in profile.fields.enumerated() {
                for kind in field.flatMap({ kinds[$0] }) ?? [] { rows[kind, default: []].append(row) }
            }
        }
        // One of ten numbers has a right check digit by chance: a column of numbers needs more of them.
        if profile.numbers != nil {
            rows = rows.filter {
                2 * $0.value.count >= profile.present && ($0.key != .phone || isNamedPersonal(profile.name))
            }
        }
        if rows[.phone] == nil, MobileNumbers.fill(profile) {
            rows[.phone] = profile.fields.indices.filter { profile.fields[$0] != nil }
        }
        let found = allCases.compactMap { kind in
            rows[kind].map { rows in
                DataFinding(
                    .personalData, .warning, column: profile.name, part: part.name, lines: rows.map { part.lines[$0] },
                    Phrase(
                        "\(profile.name.readable) holds what looks like \(kind.meaning.english) in \(rows.count) rows",
                        "\(profile.name.readable) 有 \(rows.count) 行像是含有\(kind.meaning.chinese)"),
                    advice: Phrase(
                        "Leave the column out or redact it, unless you may use it and need it", "除非有权使用且确有必要，请去掉该列或脱敏"))
            }
        }
        // A column of few values says whether there is a telephone, not which.
        guard found.isEmpty, profile.counts.count >= 10, isNamedPersonal(profile.name) else { return found }
        return [
            DataFinding(
                .personalData, .warning, column: profile.name, part: part.name,
                Phrase(
                    "\(profile.name.readable) is the name of a column about persons",
                    "\(profile.name.readable) 是关于个人的列名"),
                advice: Phrase("Leave the column out, unless you may use it and need it", "除非有权使用且确有必要，请去掉该列"))
        ]
    }

    private var meaning: Phrase {
        switch self {
        case .email: Phrase("an e-mail address", "电子邮箱")
        case .phone: Phrase("a telephone number", "电话号码")
        case .card: Phrase("the number of a bank card", "银行卡号")
        case .identity: Phrase("an identity number", "身份证号")
        }
    }

    private static let names: Set<String> = [
        "email", "mail", "phone", "telephone", "mobile", "cellphone", "ssn", "passport", "surname", "lastname",
        "firstname", "fullname", "iban", "creditcard", "birthdate", "birthday", "dob", "姓名", "手机", "手机号", "手机号码",
        "电话", "电话号码", "身份证", "身份证号", "身份证号码", "邮箱", "电子邮箱", "住址", "家庭住址", "银行卡", "银行卡号", "护照号",
    ]

    /// `customer_email`, `FirstName` and `手机号` are; `mailing` is not.
    static func isNamedPersonal(_ name: String) -> Bool {
        var words: [String] = [""]
        var previous: Unicode.Scalar = "_"
        for scalar in name.unicodeScalars {
            if !scalar.properties.isAlphabetic {
                words.append("")
            } else {
                if scalar.properties.isUppercase, !previous.properties.isUppercase { words.append("") }
                words[words.count - 1] += scalar.properties.lowercaseMapping
            }
            previous = scalar
        }
        words = words.filter { !$0.isEmpty }
        return words.contains(where: names.contains)
            || zip(words, words.dropFirst()).contains { names.contains($0 + $1) }
    }
}
