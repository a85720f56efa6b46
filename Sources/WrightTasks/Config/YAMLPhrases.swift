import WrightRuntime

extension Phrase {
    /// What libyaml says is wrong with a text: its own words, and those in Chinese where it is one of its common
    /// complaints.
    static func yaml(_ problem: String) -> Phrase { Phrase(problem, problems[problem] ?? problem) }

    private static let problems = [
        "block sequence entries are not allowed in this context": "此处不能有以 '-' 开头的列表项",
        "control characters are not allowed": "不允许控制字符",
        "could not find expected ':'": "缺少 ':'",
        "did not find expected ',' or ']'": "缺少 ',' 或 ']'",
        "did not find expected ',' or '}'": "缺少 ',' 或 '}'",
        "did not find expected '-' indicator": "缺少列表项开头的 '-'",
        "did not find expected <document start>": "缺少文档的开头",
        "did not find expected alphabetic or numeric character": "缺少字母或数字",
        "did not find expected comment or line break": "此处只能是注释或换行",
        "did not find expected hexdecimal number": "缺少十六进制数",
        "did not find expected key": "缺少键，请检查缩进",
        "did not find expected node content": "缺少内容",
        "did not find expected whitespace or line break": "缺少空白或换行",
        "found a tab character that violates indentation": "缩进中有制表符，请改用空格",
        "found a tab character where an indentation space is expected": "缩进中有制表符，请改用空格",
        "found an incorrect leading UTF-8 octet": "不是 UTF-8",
        "found an incorrect trailing UTF-8 octet": "不是 UTF-8",
        "found character that cannot start any token": "此字符不能出现在开头，请加引号",
        "found unexpected ':'": "多余的 ':'",
        "found unexpected document indicator": "多余的文档标记",
        "found unexpected end of stream": "文件在引号内结束",
        "found unknown escape character": "未知的转义字符",
        "mapping keys are not allowed in this context": "此处不能有键",
        "mapping values are not allowed in this context": "此处不能有 ':'，请检查缩进或加引号",
    ]
}
