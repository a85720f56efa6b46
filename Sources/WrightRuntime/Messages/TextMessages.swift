extension MessageCatalogue {
    static let texts: [MessageCode: MessagePattern] = [
        .tokenizerField: MessagePattern(
            "{problem}", "{problem}"),
        .unknownPart: MessagePattern(
            "there is no {part} {type} here", "不支持类型为 {type} 的{part}",
            remedy: "Known are {known}", "支持的有 {known}"),
        .sequencesTooDeep: MessagePattern(
            "sequences lie more than 20 deep", "序列嵌套超过 20 层"),
        .mergeDropout: MessagePattern(
            "merges that are left out at random are not supported", "不支持随机丢弃合并规则",
            remedy: "Set it to null: the same text then always has the same tokens", "请设为 null：同一文本总得到同样的词元"),
        .sentencePiece: MessagePattern(
            "{problem}", "{problem}",
            remedy: "Is this a SentencePiece model?", "请确认这是 SentencePiece 模型"),
        .sentencePieceType: MessagePattern(
            "models of type {type} are not read here", "不支持类型为 {type} 的模型",
            remedy: "Unigram (1) and BPE (2) are", "支持 Unigram（1）和 BPE（2）"),
        .mergeToken: MessagePattern(
            "merge {rank} needs the token {token}, which the vocabulary lacks", "第 {rank} 条合并规则需要词元 {token}，词表中没有它"),
        .tokenNumber: MessagePattern(
            "the token {token} has the number {number}, which is not from 0 to {largest}",
            "词元 {token} 的编号是 {number}，不在 0 到 {largest} 之间"),
        .tokenTwice: MessagePattern(
            "the token {token} occurs twice", "词元 {token} 重复",
            remedy: "Keep one of the two", "请只保留一个"),
        .sharedNumber: MessagePattern(
            "the tokens {one} and {other} both have number {number}", "词元 {one} 和 {other} 的编号都是 {number}"),
        .characterMap: MessagePattern(
            "the character map states a size that its {bytes} bytes do not have", "字符映射声明的大小与其 {bytes} 字节不符"),
        .pattern: MessagePattern(
            "the pattern {pattern} cannot be used: {reason}", "正则表达式 {pattern} 无法使用：{reason}"),
        .noUnknownToken: MessagePattern(
            "the text holds something that the {model} vocabulary lacks, and the model names no unknown token that it has; train with an unknown token, or with byte fallback",
            "文本中有 {model} 词表没有的内容，而模型又没有可用的未知词元；训练时请设置未知词元或字节回退"),
        .patternTooCostly: MessagePattern(
            "the pattern {pattern} takes too many steps on this text; use a simpler pattern",
            "正则表达式 {pattern} 在此文本上步数过多；请改用更简单的表达式"),
        .textTooLong: MessagePattern(
            "the text has {bytes} bytes; encode it in parts below 2 GiB", "文本有 {bytes} 字节；请切成小于 2 GiB 的部分再编码"),
        .noMemoryForMatching: MessagePattern(
            "there is no memory for matching a pattern", "没有足够内存来匹配正则表达式"),
        .cannotTruncate: MessagePattern(
            "the texts cannot be cut to {length} tokens by the strategy {strategy}; allow more tokens, or use longest first",
            "按 {strategy} 策略无法将文本截到 {length} 个词元；请放宽词元数，或改用先截长者的策略"),
        .noTrainingText: MessagePattern(
            "there is no text to train on", "没有可供训练的文本"),
        .vocabularyTooSmall: MessagePattern(
            "the texts have {characters} different characters, and a vocabulary of {size} must hold them all; allow more tokens",
            "文本有 {characters} 种不同的字符，大小为 {size} 的词表必须全部容纳；请增大词表"),
        .linesNotUTF8: MessagePattern(
            "{dropped} of its {lines} lines are not UTF-8", "{lines} 行中有 {dropped} 行不是 UTF-8",
            remedy: "{remedy}", "{remedy}"),
        .noTexts: MessagePattern(
            "it has no column of texts beside the labels", "除标签外没有文本列"),
        .tableForText: MessagePattern(
            "a table where plain text, a text on each line, was expected", "这是表格，此处需要每行一条的纯文本",
            remedy: "Leave out the file of translations and name their column of the table", "请去掉译文文件，改为指定表格中的译文列"),
        .unpairedLines: MessagePattern(
            "{lines} lines, and {source} has {others}", "有 {lines} 行，而 {source} 有 {others} 行",
            remedy: "Line n of one file must be the translation of line n of the other", "一个文件的第 n 行必须是另一个文件第 n 行的译文"),
    ]
}
