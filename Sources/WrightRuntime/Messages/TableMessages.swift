extension MessageCatalogue {
    static let tables: [MessageCode: MessagePattern] = [
        .noRows: MessagePattern(
            "it holds no rows", "其中没有数据行",
            remedy: "A first row should name the columns", "第一行应为列名"),
        .namedColumns: MessagePattern(
            "the first row has {fields} fields, and {columns} columns were named",
            "首行有 {fields} 个字段，却指定了 {columns} 个列名",
            remedy: "Name every column, in order", "请按顺序写出每一列的名字"),
        .columnTwice: MessagePattern(
            "two columns are named {name}", "有两列都叫 {name}",
            remedy: "Rename one; if the file has no header, name its columns with '--columns' or 'data.columns'",
            "请改掉其中一个；若文件没有标题行，请用 '--columns' 或 'data.columns' 指定列名"),
        .unfitRow: MessagePattern(
            "a row {defect}", "有一行{defect}",
            remedy: "Mend it, or set isStrict to false to drop such rows", "请修正该行，或将 isStrict 设为 false 以舍弃这类行"),
        .fieldNotUTF8: MessagePattern(
            "byte {byte} of field {field} is not well-formed UTF-8", "第 {field} 个字段的第 {byte} 字节不是合法的 UTF-8",
            remedy: "{remedy}", "{remedy}"),
        .unclosedQuote: MessagePattern(
            "a quote opened here is never closed", "此处打开的引号没有闭合",
            remedy: "Close it, or read the file with hasQuotes off if quotes are ordinary text in it",
            "请补上右引号；若引号只是普通文本，请关闭 hasQuotes 再读取"),
        .fieldTooLarge: MessagePattern(
            "a field has more than {limit} bytes; a quote may never have been closed", "有一个字段超过 {limit} 字节，可能是引号没有闭合",
            remedy: "Look at the quotes of this row, or raise maximumFieldBytes", "请检查该行的引号，或调大 maximumFieldBytes"),
        .lineTooLong: MessagePattern(
            "a line of more than {limit} bytes", "有一行超过 {limit} 字节"),
        .byteNotUTF8: MessagePattern(
            "this byte is not well-formed UTF-8", "该字节不是合法的 UTF-8",
            remedy: "{remedy}", "{remedy}"),
        .undecodable: MessagePattern(
            "{problem} of {encoding}", "{problem}（编码 {encoding}）",
            remedy: "Name the encoding that the file has, or save it as UTF-8", "请指定文件实际使用的编码，或另存为 UTF-8"),
        .noEncoding: MessagePattern(
            "this system cannot read {encoding}", "本系统无法读取 {encoding} 编码",
            remedy: "Save the file as UTF-8", "请将文件另存为 UTF-8"),
        .noColumn: MessagePattern(
            "there is no column of this name", "没有这个名字的列",
            remedy: "The columns are {names}", "现有的列：{names}"),
        .noNumbers: MessagePattern(
            "no column but {target} holds numbers", "除 {target} 外没有数值列"),
        .otherFile: MessagePattern(
            "it is {kind} and no table", "这是{kind}，不是表格",
            remedy:
                "Save its rows as CSV in UTF-8, JSON Lines, ARFF or SQLite (gzip is read too); for pictures and sounds "
                + "give their folder", "请把数据行另存为 UTF-8 的 CSV、JSON Lines、ARFF 或 SQLite（也可用 gzip 压缩）；图片与声音请给出所在文件夹"),
        .idleOption: MessagePattern(
            "the option {option} means nothing for {format}", "选项 {option} 对 {format} 没有意义",
            remedy: "Leave it out", "请去掉该选项"),
        .needsColumn: MessagePattern(
            "it has no column named {name}", "其中没有名为 {name} 的列"),
        .arffNoName: MessagePattern(
            "an attribute has no name", "有一个属性没有名字"),
        .arffType: MessagePattern(
            "attribute {name} has no type that is read here", "属性 {name} 的类型不受支持",
            remedy: "Known are numeric, real, integer, string, date and lists in braces",
            "支持 numeric、real、integer、string、date 以及花括号中的列表"),
        .arffTwice: MessagePattern(
            "two attributes are named {name}", "有两个属性都叫 {name}",
            remedy: "Rename one", "请改掉其中一个"),
        .arffHeader: MessagePattern(
            "{word} is no part of an ARFF header", "{word} 不属于 ARFF 文件头",
            remedy: "A header holds @relation, @attribute and @data", "文件头由 @relation、@attribute 和 @data 组成"),
        .arffEnds: MessagePattern(
            "the header ends without @attribute and @data", "文件头缺少 @attribute 或 @data"),
        .jsonArray: MessagePattern(
            "{problem}", "{problem}",
            remedy: "Copy or write it again", "请重新复制或生成该文件"),
        .noObjects: MessagePattern(
            "it holds no JSON object", "其中没有 JSON 对象",
            remedy: "Rows are objects: one on every line, or in an array", "每行数据是一个对象：一行一个，或放在一个数组里"),
        .noTable: MessagePattern(
            "there is no table of this name", "没有这个名字的表",
            remedy: "Name one with the option table: {names}", "请用选项 table 指定一个：{names}"),
        .noTables: MessagePattern(
            "it holds no tables", "其中没有表"),
        .severalTables: MessagePattern(
            "it holds several tables", "其中有多个表",
            remedy: "Name one with the option table: {names}", "请用选项 table 指定一个：{names}"),
        .database: MessagePattern(
            "the database cannot be {done}: {reason}", "无法{done}数据库：{reason}"),
        .columnNotUTF8: MessagePattern(
            "a text of this column is not well-formed UTF-8", "该列中有文本不是合法的 UTF-8"),
        .noExamples: MessagePattern(
            "it has no arrays of examples and labels", "其中没有样本数组和标签数组",
            remedy:
                "It has {names}; name them x_train and y_train, train_images and train_labels, images and labels, or x and y",
            "现有 {names}；请命名为 x_train 和 y_train、train_images 和 train_labels、images 和 labels，或 x 和 y"),
        .unfitArrays: MessagePattern(
            "it is {shape} with {labels} labels; pictures are [n, height, width] or [n, height, width, channels] with one label each",
            "形状为 {shape}，有 {labels} 个标签；图片应为 [n, height, width] 或 [n, height, width, channels]，每张一个标签"),
        .emptyDataset: MessagePattern(
            "the dataset has no rows", "数据集没有数据",
            remedy: "Look at its drop report for the reason", "原因见其舍弃报告"),
        .noBatch: MessagePattern(
            "{rows} rows make no batch of {size}", "{rows} 行不足一个大小为 {size} 的批次",
            remedy: "Choose a smaller batch, or keep the last one (dropsLast)", "请减小批次，或保留最后的不完整批次（dropsLast）"),
        .labelOutOfRange: MessagePattern(
            "a label is {label}, and there are {classes} classes: labels go from 0 to {last}",
            "有一个标签是 {label}，而类别共 {classes} 个：标签应从 0 到 {last}"),
    ]
}
