extension MessageCatalogue {
    static let files: [MessageCode: MessagePattern] = [
        .system: MessagePattern(
            "{trouble}: {reason}", "{trouble}：{reason}",
            remedy: "{remedy}", "{remedy}"),
        .moreBytesThanRead: MessagePattern(
            "holds more than the {limit} bytes that are read here", "文件超过此处允许读取的 {limit} 字节"),
        .isFolder: MessagePattern(
            "is a folder, a file was expected", "这是文件夹，此处需要文件",
            remedy: "Name a file inside it", "请指定其中的某个文件"),
        .isNotRegular: MessagePattern(
            "is not a regular file", "不是普通文件",
            remedy: "Copy it to a regular file first", "请先复制为普通文件"),
        .isBeingWritten: MessagePattern(
            "is being written by another process", "另一个进程正在写入",
            remedy: "Wait for it, or give each process a path of its own", "请等待其完成，或让每个进程使用各自的路径"),
        .endedEarly: MessagePattern(
            "it ends before byte {count}", "文件在第 {count} 字节之前就结束了",
            remedy: "Something else shortened it; run the command again", "有其他程序截短了它；请重新运行命令"),
        .notUTF8: MessagePattern(
            "the bytes are not well-formed UTF-8", "字节不是合法的 UTF-8",
            remedy: "Save the file as UTF-8", "请将文件另存为 UTF-8"),
        .foldersTooDeep: MessagePattern(
            "folders lie more than {depth} deep", "文件夹嵌套超过 {depth} 层",
            remedy: "Look for a link that leads back up", "请检查是否有指回上层的链接"),
        .noSuchFile: MessagePattern(
            "there is no such file", "没有该文件",
            remedy: "{remedy}", "{remedy}"),
        .jsonUnexpected: MessagePattern(
            "expected {expected}, found {found}", "此处应为{expected}，却是 {found}"),
        .jsonEnds: MessagePattern(
            "the text ends where {expected} should be", "文本在应有{expected}处结束了"),
        .jsonGoesOn: MessagePattern(
            "there is more text after the value", "值之后还有多余的文本"),
        .jsonKeyTwice: MessagePattern(
            "the key {key} occurs twice", "键 {key} 重复",
            remedy: "Keep one of the two", "请只保留一个"),
        .jsonControlCharacter: MessagePattern(
            "a string holds a control character; write it as \\u00…", "字符串中含有控制字符；请写成 \\u00…"),
        .jsonHalfPair: MessagePattern(
            "half of a surrogate pair stands alone", "代理对只有一半"),
        .jsonEscape: MessagePattern(
            "there is no such escape in JSON", "JSON 中没有这种转义"),
        .jsonNumber: MessagePattern(
            "the number {number} is too large for a double", "数 {number} 超出双精度范围"),
        .jsonValues: MessagePattern(
            "there are more than {limit} values", "值超过 {limit} 个"),
        .jsonDepth: MessagePattern(
            "arrays and objects lie more than {depth} deep", "数组和对象嵌套超过 {depth} 层"),
        .notNumPy: MessagePattern(
            "it does not start like an .npy file", "开头不像 .npy 文件",
            remedy: "Save it with numpy.save", "请用 numpy.save 保存"),
        .numPyDamaged: MessagePattern(
            "{problem}", "{problem}",
            remedy: "Save it again with numpy.save", "请用 numpy.save 重新保存"),
        .numPyVersion: MessagePattern(
            "version {version} of the format is not known", "不认识该格式的第 {version} 版"),
        .numPyStructured: MessagePattern(
            "it is a structured array", "这是结构化数组",
            remedy: "Save each field as an array of its own: numpy.savez(path, **{fields})",
            "请将每个字段存为单独的数组：numpy.savez(path, **{fields})"),
        .numPyPickled: MessagePattern(
            "it holds pickled Python objects, which are never read: a pickle can run any code",
            "其中是 pickle 序列化的 Python 对象，出于安全绝不读取：pickle 可以执行任意代码",
            remedy: "Convert it in Python to an array of numbers: a.astype('float32')",
            "请在 Python 中转换为数值数组：a.astype('float32')"),
        .numPyText: MessagePattern(
            "it holds text ({type}), not numbers", "其中是文本（{type}），不是数值",
            remedy: "Save text as CSV or JSON", "请将文本存为 CSV 或 JSON"),
        .elementType: MessagePattern(
            "element type {type} is not read", "不支持读取元素类型 {type}",
            remedy: "{remedy}", "{remedy}"),
        .beyondInt64: MessagePattern(
            "holds {largest}, more than int64 can", "含有 {largest}，超出 int64 的范围",
            remedy: "Save it as int64 or float64", "请保存为 int64 或 float64"),
        .notSafetensors: MessagePattern(
            "the header's length reads as {length} bytes, more than the {limit} allowed",
            "文件头长度读作 {length} 字节，超过允许的 {limit}",
            remedy: "This is not a safetensors file, or it is damaged", "这不是 safetensors 文件，或已损坏"),
        .safetensorsDamaged: MessagePattern(
            "{problem}", "{problem}",
            remedy: "Copy or download it again", "请重新复制或下载"),
        .safetensorsEntry: MessagePattern(
            "{problem}", "{problem}",
            remedy: "Save it again with a current library", "请用新版本的库重新保存"),
        .noTensor: MessagePattern(
            "there is no tensor of this name", "没有这个名字的张量",
            remedy: "The file has {names}", "文件中有 {names}"),
        .noDataset: MessagePattern(
            "it holds no dataset: input.0 … and target.0 … with as many rows each",
            "其中没有数据集：应有行数相同的 input.0 … 和 target.0 …",
            remedy: "Remove the file, it will be made again from its source", "请删除该文件，它会从源数据重新生成"),
        .zipDamaged: MessagePattern(
            "{problem}", "{problem}",
            remedy: "Copy or download it again", "请重新复制或下载"),
        .zipEncrypted: MessagePattern(
            "it is encrypted", "已加密",
            remedy: "Decrypt it first", "请先解密"),
        .zipMethod: MessagePattern(
            "it is compressed by method {method}", "使用了第 {method} 种压缩方法",
            remedy: "Only stored and deflated members are read: pack it again with zip",
            "只能读取未压缩或 deflate 压缩的成员；请用 zip 重新打包"),
        .compressedData: MessagePattern(
            "the compressed data is damaged: {problem}", "压缩数据已损坏：{problem}",
            remedy: "Copy or download it again", "请重新复制或下载"),
        .gzipEnds: MessagePattern(
            "the gzip stream ends too early", "gzip 数据流过早结束",
            remedy: "Copy or download it again", "请重新复制或下载"),
        .noArray: MessagePattern(
            "there is no array of this name", "没有这个名字的数组",
            remedy: "The file has {names}", "文件中有 {names}"),
        .notIDX: MessagePattern(
            "it does not start like an IDX file", "开头不像 IDX 文件",
            remedy: "IDX files start with 0, 0, the element type and the number of axes", "IDX 文件以 0、0、元素类型和轴数开头"),
        .idxDamaged: MessagePattern(
            "{problem}", "{problem}",
            remedy: "Copy or download it again", "请重新复制或下载"),
        .shapeTooLarge: MessagePattern(
            "shape {shape} has more than the {limit} bytes allowed", "形状 {shape} 超过允许的 {limit} 字节"),
        .noIDXFile: MessagePattern(
            "there is no such file, nor one with .gz", "没有该文件，也没有带 .gz 的文件",
            remedy: "Fashion-MNIST is Debian's package dataset-fashion-mnist (/usr/share/datasets/fashion-mnist)",
            "Fashion-MNIST 是 Debian 的软件包 dataset-fashion-mnist（/usr/share/datasets/fashion-mnist）"),
        .idxKind: MessagePattern(
            "{what} are uint8 {shape}, this is {type}", "{what}应为 uint8 {shape}，这里是 {type}"),
        .labelCount: MessagePattern(
            "there are {labels} labels for {images} images", "有 {labels} 个标签，却有 {images} 张图片"),
    ]
}
