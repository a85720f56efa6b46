extension MessageCatalogue {
    /// What commands say of models, and of folders they write.
    static let commandModels: [MessageCode: MessagePattern] = [
        .noSuchModel: MessagePattern(
            "{folder}: there is no such model", "{folder}：没有这个模型",
            remedy: "MODEL is a folder that 'wright train' wrote with --output",
            "MODEL 是 'wright train' 用 --output 写出的文件夹"),
        .unfinishedModel: MessagePattern(
            "{folder}: no {file} in it, so it is no finished model", "{folder}：其中没有 {file}，所以不是完整的模型",
            remedy: "MODEL is a folder that 'wright train' wrote with --output",
            "MODEL 是 'wright train' 用 --output 写出的文件夹"),
        .noTrainedTask: MessagePattern(
            "{folder} is no trained task; 'wright train run.yaml --output {folder}' makes one",
            "{folder} 不是训练好的任务；可用 'wright train run.yaml --output {folder}' 训练"),
        .noLanguageModel: MessagePattern(
            "{folder} is no language model; 'wright train TEXT.txt -o MODEL' makes one",
            "{folder} 不是语言模型；可用 'wright train TEXT.txt -o MODEL' 训练"),
        .isTranslator: MessagePattern(
            "{folder} is a translator; use 'wright predict {folder} --text TEXT'",
            "{folder} 是翻译模型；请用 'wright predict {folder} --text TEXT'"),
        .isLanguageModel: MessagePattern(
            "{folder} is a language model; use 'wright generate {folder} --prompt TEXT'",
            "{folder} 是语言模型；请用 'wright generate {folder} --prompt TEXT'"),
        .outputHoldsModel: MessagePattern(
            "{folder} holds a model already", "{folder} 中已有模型",
            remedy: "Choose another --output, go on with --resume, or take its place with --overwrite",
            "请换一个 --output，用 --resume 继续，或用 --overwrite 覆盖"),
        .outputHoldsRun: MessagePattern(
            "{folder} holds an unfinished run already", "{folder} 中已有未完成的训练",
            remedy: "Choose another --output, go on with --resume, or take its place with --overwrite",
            "请换一个 --output，用 --resume 继续，或用 --overwrite 覆盖"),
        .outputExists: MessagePattern(
            "{file} is there already", "{file} 已存在",
            remedy: "Choose another --output, or take its place with --overwrite",
            "请换一个 --output，或用 --overwrite 覆盖"),
        .outputHoldsSearch: MessagePattern(
            "{folder} holds a search already", "{folder} 中已有搜索",
            remedy: "Choose another --output, or go on with --resume", "请换一个 --output，或用 --resume 继续"),
        .nothingToResume: MessagePattern(
            "{folder} holds a model that is done, so there is nothing to resume",
            "{folder} 中的模型已训练完成，没有可继续的训练"),
        .unwritableOutput: MessagePattern(
            "--output cannot be written: {reason}", "--output 无法写入：{reason}"),
        .unknownNetwork: MessagePattern(
            "there is no model '{name}' for {input}.{near} There are {names}",
            "没有用于{input}的模型 '{name}'。{near}可用的模型：{names}"),
        .networkForImages: MessagePattern(
            "model '{name}' is for images, and {data} holds rows of numbers; use --model mlp",
            "模型 '{name}' 用于图像，而 {data} 是数值行；请用 --model mlp"),
        .networkDoesNotFit: MessagePattern(
            "model '{name}' does not fit {shape}: {problems}", "模型 '{name}' 不适合 {shape}：{problems}"),
        .networkSetting: MessagePattern("--set: {reason}", "--set 有误：{reason}"),
        .unknownTokenizer: MessagePattern(
            "--tokenizer {name}: no such file, and no kind of that name.{near} Kinds are {kinds}",
            "--tokenizer {name}：没有这个文件，也没有这种分词器。{near}分词器的种类：{kinds}"),
    ]
}

extension MessageCatalogue {
    /// What commands say of the data they are given, and of results that are not as they should be.
    static let commandData: [MessageCode: MessagePattern] = [
        .dataSetNotInstalled: MessagePattern(
            "the data set '{name}' is not on this machine", "本机没有数据集 '{name}'",
            remedy:
                "Install it with 'apt-get install {package}', or set {variable} to the folder that holds it",
            "请用 'apt-get install {package}' 安装，或把 {variable} 设为其所在的文件夹"),
        .noSuchData: MessagePattern(
            "{name}: there is no such file or folder, and no data set of that name.{near} DATA is a "
                + "folder of IDX files, a folder with one folder of images for each class, an .npz file, a "
                + ".csv file with --target, or one of {sets}",
            "{name}：没有这个文件或文件夹，也没有这个名称的数据集。{near}DATA 可以是 IDX 文件的文件夹、每个类别一个子文件夹的图像文件夹、.npz 文件、带 --target 的 .csv 文件，或数据集 {sets}"
        ),
        .unknownFileKind: MessagePattern(
            "{file}: a file of a kind that is not read here; data is .npz, .csv, .tsv, an IDX file "
                + "of images, or a folder of images", "{file}：不支持这种文件；数据可以是 .npz、.csv、.tsv、IDX 图像文件或图像文件夹"),
        .imageFileName: MessagePattern(
            "{file}: IDX images are named PART-images-idx3-ubyte, for example train-images-idx3-ubyte",
            "{file}：IDX 图像文件名应为 PART-images-idx3-ubyte，例如 train-images-idx3-ubyte"),
        .noArrays: MessagePattern(
            "{file}: no pair of arrays of examples and labels", "{file}：没有成对的样本与标签数组", remedy: "{remedy}",
            "{remedy}"),
        .arrayCounts: MessagePattern(
            "{file}: {values} is {shape} and {labels} {other}; there must be one label for each "
                + "example, and at least one",
            "{file}：{values} 是 {shape}，{labels} 是 {other}；每个样本须" + "有一个标签，且至少有一个样本"),
        .arrayLabels: MessagePattern(
            "{file}: {labels} must hold class numbers from 0, as whole numbers",
            "{file}：{labels} 须为从 0 开始的整数类别编号"),
        .arrayShape: MessagePattern(
            "{file}: {values} is {shape}; images are [n, height, width] or [n, height, width, "
                + "channels], rows of numbers [n, columns]",
            "{file}：{values} 是 {shape}；图像应为 [n, 高, 宽] 或 [n, 高, " + "宽, 通道]，数值行应为 [n, 列]"),
        .columnNotThere: MessagePattern(
            "{file} has no column '{name}'.{near} Its columns are {columns}",
            "{file} 没有列 '{name}'。{near}其中的列：{columns}"),
        .noUsableRow: MessagePattern(
            "{file}: not one row can be used. {report}", "{file}：没有一行可用。{report}"),
        .tooManyClasses: MessagePattern(
            "{file}: column '{column}' has {count} different values; is it a class? Numbers are not "
                + "predicted here", "{file}：列 '{column}' 有 {count} 个不同的值；它是类别吗？这里不预测数值",
            remedy: "'wright init' writes a task that predicts numbers", "可用 'wright init' 生成预测数值的任务文件"),
        .oneClass: MessagePattern(
            "{data} has one class only, '{label}'; a classifier needs at least two",
            "{data} 只有一个类别 '{label}'；分类器至少需要两个"),
        .tooFewExamples: MessagePattern(
            "{data} holds {examples}; too few to train on", "{data} 只有 {examples}，不足以训练"),
        .noTestPart: MessagePattern(
            "{data} has no test part of its own; --validation takes a share, such as 0.1, and --part "
                + "takes all", "{data} 没有另外的测试部分；--validation 可取比例，如 0.1，--part 可取 all"),
        .rowBeyond: MessagePattern("--row {row}: {data} has {count}", "--row {row}：{data} 有 {count}"),
        .imagesWithoutClasses: MessagePattern(
            "{folder}: images lie right in the folder, so their classes are not known",
            "{folder}：图像直接放在该文件夹中，无法得知类别",
            remedy: "Put them into one folder for each class, or add a metadata.csv with the columns "
                + "file_name and label", "请按类别分别放入子文件夹，或添加含 file_name 与 label 两列的 metadata.csv"),
        .noImage: MessagePattern(
            "{folder}: no PNG or JPEG image that can be read.{report}",
            "{folder}：没有可读取的 PNG 或 JPEG 图像。{report}"),
        .nothingToRead: MessagePattern(
            "{data} holds no text, or none with a label or a translation", "{data} 中没有文本，或没有带标签或译文的文本"),
        .tooFewTokens: MessagePattern(
            "{data}: {tokens}, less than a window of {window} and one more; give more text or a "
                + "smaller --context",
            "{data}：只有 {tokens}，少于一个窗口的 {window} 个再加一个；请提供更多文本，" + "或用更小的 --context"),
        .tooFewPairs: MessagePattern(
            "{data} holds {pairs} of texts, and at least 2 are needed", "{data} 中只有 {pairs}，至少需要 2 对"),
        .foreignLabels: MessagePattern(
            "{data}: none of its labels is one of the model's: {labels}",
            "{data}：其中没有一个标签属于模型的标签：{labels}"),
        .foreignClass: MessagePattern(
            "{data} has an example of class {number}, and the model knows classes 0 to {last}",
            "{data} 中有类别 {number} 的样本，而模型只知道类别 0 到 {last}"),
        .unfitInput: MessagePattern("{data}: {problem}", "{data}：{problem}"),
        .noTextList: MessagePattern("{file}: a JSON list of texts was expected", "{file}：应为 JSON 文本列表"),
        .noTokenNumber: MessagePattern(
            "{file}, line {line}: a token number was expected, not '{word}'",
            "{file}，第 {line} 行：应为词元编号，而不是 '{word}'"),
        .emptyPrompt: MessagePattern("--prompt '{text}' holds no token", "--prompt '{text}' 不含任何词元"),
        .someNotClassified: MessagePattern(
            "{failed} of {total} could not be classified; see above", "{total} 个中有 {failed} 个未能分类；见上文"),
        .someNotTranslated: MessagePattern(
            "not everything could be translated; see above", "未能全部翻译；见上文"),
        .nothingToExplain: MessagePattern(
            "{model} has nothing for {methods}: classes and numbers are explained row by row, words "
                + "of texts by occlusion, pictures and sounds by occlusion and grad-cam",
            "{model} 中没有可用 {methods} 解释的内容：类别与数值逐行解释，文本中的词用 occ" + "lusion，图像与声音用 occlusion 与 grad-cam"),
        .goalMissed: MessagePattern("the goal is not met: {goals}", "未达到目标：{goals}"),
        .noGoal: MessagePattern(
            "--require-goal: {file} has no goal to reach", "--require-goal：{file} 中没有目标",
            remedy: "Give it a section goal, or leave the flag out", "请在其中加入 goal 一节，或去掉该选项"),
        .notMemorised: MessagePattern(
            "{rows} could not be learned by heart: the loss is {loss} and not {target}",
            "{rows}未能背下来：损失为 {loss}，未降到 {target}"),
        .seriousFindings: MessagePattern(
            "{data}: {count}, and --strict was given", "{data}：有 {count}，且给出了 --strict"),
        .checkupFailed: MessagePattern("{names} failed; see above", "{names} 未通过；见上文"),
    ]
}
