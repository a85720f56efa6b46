// Longer than other files, because a list of codes that never change is one list.

/// The codes of everything that can be wrong: the one list. A code never changes its meaning, and none is used again.
///
/// 1000 files and formats · 1100 tables · 1200 texts and tokenizers · 1300 pictures and sounds · 2000 task files · 2200
/// features · 2400 data that is refused · 3000 training · 3100 trained models · 3200 metrics · 4000 the command line.
public enum MessageCode: Int, CaseIterable, Sendable {
    // MARK: Files and formats

    /// The operating system refused to open, read, write, rename or remove a file.
    case system = 1001
    /// A file has more bytes than are read of its kind.
    case moreBytesThanRead = 1002
    /// A folder was named where a file is needed.
    case isFolder = 1003
    /// A pipe or a device was named where a file is needed.
    case isNotRegular = 1004
    /// Two processes write the same file.
    case isBeingWritten = 1005
    /// A temporary file lost its end while it was in use.
    case endedEarly = 1006
    /// A text file is not UTF-8.
    case notUTF8 = 1007
    /// Folders lie in folders without end, mostly because of a link.
    case foldersTooDeep = 1008
    /// A file that a task needs is not there.
    case noSuchFile = 1009
    /// A JSON text has something else where a mark or a value must stand.
    case jsonUnexpected = 1020
    /// A JSON text ends too early.
    case jsonEnds = 1021
    /// Something follows a JSON value.
    case jsonGoesOn = 1022
    /// An object of a JSON text has a key twice.
    case jsonKeyTwice = 1023
    /// A string of a JSON text holds a control character.
    case jsonControlCharacter = 1024
    /// A string of a JSON text holds half of a surrogate pair.
    case jsonHalfPair = 1025
    /// A string of a JSON text holds a backslash before another letter than JSON knows.
    case jsonEscape = 1026
    /// A number of a JSON text has no double.
    case jsonNumber = 1027
    /// A JSON text has more values than are read.
    case jsonValues = 1028
    /// A JSON text is nested deeper than is read.
    case jsonDepth = 1029
    /// A file called .npy is something else.
    case notNumPy = 1030
    /// The header of an .npy file contradicts the format, or the file is cut off.
    case numPyDamaged = 1031
    /// An .npy file has a later version of the format.
    case numPyVersion = 1032
    /// An .npy file holds a structured array.
    case numPyStructured = 1033
    /// An .npy file holds Python objects.
    case numPyPickled = 1034
    /// An .npy file holds texts.
    case numPyText = 1035
    /// An array or a tensor has an element type that is not read.
    case elementType = 1036
    /// A uint64 array holds a number that int64 cannot.
    case beyondInt64 = 1037
    /// A file called .safetensors is something else.
    case notSafetensors = 1040
    /// A safetensors file is cut off, or its header contradicts its data.
    case safetensorsDamaged = 1041
    /// The header of a safetensors file says something of a tensor that cannot be.
    case safetensorsEntry = 1042
    /// A tensor is asked for that a safetensors file has not.
    case noTensor = 1043
    /// A cache file does not hold what was put there.
    case noDataset = 1044
    /// A zip archive contradicts itself or is cut off.
    case zipDamaged = 1050
    /// A member of a zip archive is encrypted.
    case zipEncrypted = 1051
    /// A member of a zip archive is compressed by a method that is not read.
    case zipMethod = 1052
    /// Compressed data cannot be decompressed.
    case compressedData = 1053
    /// A gzip file is cut off.
    case gzipEnds = 1054
    /// An array is asked for that an .npz archive has not.
    case noArray = 1055
    /// A file is read as IDX and is something else.
    case notIDX = 1060
    /// An IDX file is cut off or contradicts its header.
    case idxDamaged = 1061
    /// An IDX file states more bytes than are read.
    case shapeTooLarge = 1062
    /// A folder lacks one of the files of an MNIST-like data set.
    case noIDXFile = 1063
    /// The arrays of an MNIST-like data set have other shapes or types.
    case idxKind = 1064
    /// There are not as many labels as images.
    case labelCount = 1065

    // MARK: Tables

    /// A table has not one row.
    case noRows = 1101
    /// Names of columns were given, and the table has more columns or fewer.
    case namedColumns = 1102
    /// Two columns of a table have one name.
    case columnTwice = 1103
    /// A row of a strictly read table does not fit its columns.
    case unfitRow = 1104
    /// A field of a CSV file is not UTF-8.
    case fieldNotUTF8 = 1105
    /// A quote of a CSV file is opened and never closed.
    case unclosedQuote = 1106
    /// A field of a CSV file is larger than any field should be.
    case fieldTooLarge = 1107
    /// A line of a text file is longer than any line should be.
    case lineTooLong = 1108
    /// A line of an ARFF file is not UTF-8.
    case byteNotUTF8 = 1109
    /// A file has bytes that are no characters of the encoding that was named.
    case undecodable = 1110
    /// The system cannot decode an encoding.
    case noEncoding = 1111
    /// A column is asked for that a table has not.
    case noColumn = 1112
    /// No column of a table can be an input of a model of numbers.
    case noNumbers = 1113
    /// An option was given that the file's format has no use for.
    case idleOption = 1114
    /// The list of an image folder lacks the column of file names.
    case needsColumn = 1115
    /// A file that should be a table is a workbook, an archive, a picture or the like.
    case otherFile = 1116
    /// An attribute of an ARFF file has no name.
    case arffNoName = 1120
    /// An attribute of an ARFF file has a type that is not read.
    case arffType = 1121
    /// Two attributes of an ARFF file have one name.
    case arffTwice = 1122
    /// The header of an ARFF file holds something else.
    case arffHeader = 1123
    /// An ARFF file has a header without attributes or without data.
    case arffEnds = 1124
    /// A JSON file of rows is no array of objects.
    case jsonArray = 1130
    /// A JSON file holds no rows.
    case noObjects = 1131
    /// A table is asked for that a database has not.
    case noTable = 1132
    /// A database is empty.
    case noTables = 1133
    /// A database has several tables, and none was named.
    case severalTables = 1134
    /// SQLite cannot read a database.
    case database = 1135
    /// A text of a database is not UTF-8.
    case columnNotUTF8 = 1136
    /// An .npz archive has no pair of arrays of examples and labels.
    case noExamples = 1140
    /// Arrays of an .npz archive are no pictures with labels.
    case unfitArrays = 1141
    /// A dataset has no rows when training or evaluation begins.
    case emptyDataset = 1150
    /// There are fewer rows than a batch, and incomplete batches are left out.
    case noBatch = 1151
    /// A label is not the number of a class.
    case labelOutOfRange = 1152

    // MARK: Texts and tokenizers

    /// A field of a tokenizer file is missing or something else.
    case tokenizerField = 1201
    /// A tokenizer file has a component that is not known here.
    case unknownPart = 1202
    /// Sequences of components lie in sequences of a tokenizer file.
    case sequencesTooDeep = 1203
    /// A tokenizer file leaves out merges at random.
    case mergeDropout = 1204
    /// A SentencePiece model is damaged, or is something else.
    case sentencePiece = 1205
    /// A SentencePiece model is of a type that is not read.
    case sentencePieceType = 1206
    /// A merge of a BPE model makes a token that is not in the vocabulary.
    case mergeToken = 1207
    /// A token of a vocabulary has a number that cannot be.
    case tokenNumber = 1208
    /// A vocabulary has a token twice.
    case tokenTwice = 1209
    /// Two tokens of a vocabulary have one number.
    case sharedNumber = 1210
    /// The character map of a SentencePiece model is cut off.
    case characterMap = 1211
    /// A regular expression of a tokenizer file cannot be used.
    case pattern = 1212
    /// A text holds what a vocabulary lacks, and there is no token for that.
    case noUnknownToken = 1220
    /// A regular expression takes too many steps on a text.
    case patternTooCostly = 1221
    /// A text of 2 GiB or more is encoded.
    case textTooLong = 1222
    /// There is no memory for a regular expression.
    case noMemoryForMatching = 1223
    /// Two texts cannot be cut to the length that is allowed.
    case cannotTruncate = 1224
    /// A tokenizer is trained on no text.
    case noTrainingText = 1230
    /// A vocabulary is to be smaller than the characters that it must hold.
    case vocabularyTooSmall = 1231
    /// Most lines of a text file are not UTF-8.
    case linesNotUTF8 = 1240
    /// A table has no column beside the labels.
    case noTexts = 1241
    /// A table was given where plain lines are needed.
    case tableForText = 1242
    /// Two files of translations have different numbers of lines.
    case unpairedLines = 1243

    // MARK: Pictures and sounds

    /// A picture file has no bytes.
    case emptyPicture = 1301
    /// A file is neither PNG nor JPEG.
    case notPicture = 1302
    /// A picture states more pixels than are read.
    case pictureTooLarge = 1303
    /// A picture cannot be decoded.
    case pictureDamaged = 1304
    /// A picture is of a form that its decoder does not know.
    case pictureForm = 1305
    /// The pictures of a folder have different sizes, and none was asked for.
    case pictureSizes = 1306
    /// Not one picture of a folder can be read.
    case noReadablePicture = 1307
    /// A folder that is read as a table holds no picture and no sound.
    case noPictureNoSound = 1308
    /// A file is read as a PNG of 16 bits and is none.
    case notSixteenBits = 1309
    /// An array that is read as pictures has another shape or type.
    case notPictures = 1310
    /// A picture of an array is asked for by a number that is too large.
    case noSuchPicture = 1311
    /// A sound file has no bytes.
    case emptySound = 1320
    /// A file is neither WAV nor FLAC.
    case notSound = 1321
    /// A sound cannot be decoded.
    case soundDamaged = 1322
    /// A WAV file holds samples of a form that is not read.
    case soundForm = 1323
    /// A sound has more samples than are read.
    case soundTooLong = 1324
    /// A sound lasts no time.
    case noSamples = 1325

    // MARK: Task files

    /// A task file says nothing.
    case emptyTaskFile = 2001
    /// A task file is not YAML from some place on.
    case yaml = 2002
    /// A task file is not YAML at all.
    case notYAML = 2003
    /// A task file has more values, or deeper ones, than any task.
    case taskFileTooLarge = 2004
    /// A key of a task file is a list or a map.
    case keyNotText = 2005
    /// A setting has a value of another kind, or out of its range.
    case settingValue = 2010
    /// A task file has a setting that there is not.
    case unknownSetting = 2011
    /// A task file lacks a setting that every task needs.
    case missingSetting = 2012
    /// A column of a task file has a type that there is not.
    case unknownType = 2013
    /// A column is an input or an output twice.
    case columnInListTwice = 2014
    /// The goal is about an output that there is not.
    case noSuchOutput = 2015
    /// --set names a column that the task has not.
    case noSuchElement = 2016
    /// --set goes into a value that is no map and no list.
    case nothingInside = 2017
    /// A goal asks for at least more than at most.
    case goalBounds = 2020
    /// A task file names its data twice.
    case pathAndPaths = 2021
    /// A delimiter is not one character.
    case delimiter = 2022
    /// A split by a column does not name it.
    case splitNeedsColumn = 2023
    /// Validation and test take all rows.
    case splitLeavesNothing = 2024
    /// A combiner was chosen for a network that joins inputs itself.
    case combiner = 2025
    /// More coefficients of a sound are asked for than there are bands.
    case coefficients = 2026
    /// An output is a sequence, and no input is.
    case sequenceNeedsSequence = 2030
    /// An output that is a sequence is an input of the same step.
    case sequenceGivenAway = 2031
    /// An output is a forecast of a column that is no series.
    case forecastNeedsSeries = 2032
    /// A forecast is to be split otherwise than by time.
    case forecastNeedsTime = 2033
    /// An output is an input too.
    case answerGivenAway = 2034
    /// There are series and no forecast, or a forecast and no series.
    case seriesNeedsForecast = 2035
    /// A task or a model needs a column that the data has not.
    case missingColumn = 2040
    /// Classes are to be drawn equally often, and there are none.
    case balancedNeedsClasses = 2041
    /// The goal is a metric that the output has not.
    case noSuchMetric = 2042
    /// The costs of mistakes name a class that there is not.
    case costsNameNoClass = 2043
    /// Costs or calibration are given for an output without classes.
    case costsNeedClasses = 2044
    /// The files of a task have different columns.
    case otherColumns = 2045
    /// Not one row of the data can be used.
    case noRowLeft = 2046
    /// A table has nothing but the names of its columns.
    case onlyColumnNames = 2047
    /// A line of a search's record is damaged.
    case notATrial = 2048
    /// A setting cannot have a value that a search is to try.
    case valueOfSpace = 2049
    /// 'wright init' is to predict a column that no output fits.
    case cannotPredict = 2050
    /// 'wright init' finds no column to learn from.
    case nothingToLearnFrom = 2051

    // MARK: Features and rows

    /// A column of numbers holds none.
    case noNumber = 2201
    /// A column of numbers holds too much else.
    case notNumbers = 2202
    /// A column of dates holds too much else.
    case notDates = 2203
    /// A series holds no number.
    case noSeriesNumber = 2204
    /// A column of vectors holds none.
    case noVector = 2205
    /// The vectors of a column have different lengths.
    case vectorLengths = 2206
    /// A column to predict has one value only.
    case sameValue = 2207
    /// The steps of a sequence to predict have one class only.
    case sameStep = 2208
    /// A series never changes.
    case constantSeries = 2209
    /// A column to predict is empty.
    case emptyColumn = 2210
    /// The logarithm of a column to predict is asked for, and it is not above zero.
    case noLogarithm = 2211
    /// An input of two values has more.
    case moreThanTwo = 2212
    /// An output of two values has another number of them.
    case notTwo = 2213
    /// 'positive' is no value of the column.
    case positive = 2214
    /// 'weights' names a class that there is not.
    case weightsNameNoClass = 2215
    /// The items of sequences to predict have too many values.
    case tooManyItems = 2216
    /// A column of sequences holds none.
    case noSequence = 2217
    /// A column of texts holds none.
    case noText = 2218
    /// A column of sets to predict holds none.
    case noNames = 2219
    /// A column of pictures names none.
    case noPicturePath = 2220
    /// Not one picture of a column can be read.
    case unreadPictures = 2221
    /// A column of sounds names none.
    case noSoundPath = 2222
    /// Not one sound of a column can be read.
    case unreadSounds = 2223
    /// No row can be trained on.
    case noTrainingRow = 2240
    /// The split of the rows leaves none to train on.
    case splitLeavesNoRow = 2241
    /// The column of the split says something else.
    case splitColumn = 2242
    /// The column of time of the split lacks a time.
    case splitTime = 2243
    /// A series is too short for its windows.
    case noWindow = 2244
    /// A row of a series has no time.
    case noTime = 2245
    /// The rows of a series are not in the order of time.
    case timeOrder = 2246
    /// A series has fewer than two rows.
    case shortSeries = 2247
    /// The last row of a series cannot be forecast from.
    case noForecast = 2248
    /// A row that cannot be predicted is to be explained.
    case noAnswer = 2249
    /// No row says what a model should have predicted.
    case noKnownTruth = 2250
    /// Rows do not fit into the memory, and cannot be kept on the disk.
    case memory = 2251
    /// The time of a search is over before its first trial.
    case searchTime = 2252
    /// A search has no rows to judge its trials by.
    case noHeldOut = 2253
    /// The metric of a search is no number.
    case metricNotFinite = 2254
    /// Two models that are compared answer different things.
    case otherAnswers = 2255
    /// Two models that are compared have no output in common.
    case nothingToCompare = 2256
    /// Data with serious findings is trained on under 'data.strict'.
    case dataRefused = 2401

    // MARK: Training

    /// The loss or a parameter is no longer a finite number.
    case diverged = 3001
    /// Training was interrupted and can be taken up again.
    case interrupted = 3002
    /// Training was interrupted before its first step.
    case interruptedAtOnce = 3003
    /// Training without a folder of checkpoints was interrupted.
    case interruptedUnsaved = 3004
    /// A checkpoint is of a run with other settings.
    case otherRun = 3005
    /// A checkpoint lacks something.
    case checkpointDamaged = 3006
    /// A checkpoint has another version of the format.
    case checkpointVersion = 3007
    /// Two processes train in one folder.
    case folderInUse = 3008
    /// A new run would overwrite the checkpoints of an earlier one.
    case earlierRun = 3009
    /// A checkpoint cannot be written.
    case checkpointUnwritten = 3010
    /// A length of training is zero or below.
    case mustBePositive = 3020
    /// Training is given no end.
    case noEnd = 3021
    /// Validation is to happen by the clock.
    case validationBySeconds = 3022
    /// A plateau is watched with another goal than the monitored metric's.
    case plateauGoal = 3023
    /// Two callbacks have one name.
    case callbackTwice = 3024
    /// The metric that is watched is none that validation gives.
    case monitorMetric = 3025
    /// Training is to end at a value of a metric that validation does not give.
    case goalWithoutMetric = 3026
    /// Metrics are asked for, and the objective gives no predictions.
    case noPredictions = 3027
    /// The best weights in a checkpoint are not those of the model.
    case bestWeights = 3031
    /// A model has no parameter to train.
    case nothingToTrain = 3040
    /// A parameter belongs to no group.
    case inNoGroup = 3041
    /// The loss does not depend on a parameter.
    case unreached = 3042

    // MARK: Trained models

    /// A folder holds no trained model.
    case noModel = 3101
    /// The config of a model is something else.
    case notModelConfig = 3102
    /// A model was written by a newer Wright.
    case newerFormat = 3103
    /// The config of a model lacks something.
    case modelConfig = 3104
    /// Weights and config of a model are of two saves.
    case weightsCutShort = 3105
    /// The weights of a model are those of another.
    case otherTensors = 3106
    /// The config of a trained task is something else.
    case notTask = 3107
    /// The config of a trained task lacks something.
    case taskConfig = 3108
    /// A trained task lacks a feature.
    case missingFeature = 3109
    /// A feature of a trained task is damaged.
    case savedFeature = 3110
    /// The settings of a model cannot be.
    case modelSettings = 3111
    /// A model is of a task that is not known here.
    case unknownTask = 3112
    /// The tokenizer of a model is that of another.
    case otherTokenizer = 3113

    // MARK: Metrics and evaluation

    /// A metric is given outputs of another type.
    case metricOutputs = 3201
    /// A metric is given targets of another type.
    case metricTargets = 3202
    /// A label is no class of the model.
    case metricLabel = 3203
    /// Two metrics that measure different things are to be one.
    case metricMerge = 3204
    /// What is said beside the predictions does not fit them.
    case metricExamples = 3205

    // MARK: The command line

    /// The first word after `wright` is no command.
    case unknownCommand = 4001
    /// A flag is unknown to the command.
    case unknownOption = 4002
    /// A flag stands without the value it takes.
    case missingValue = 4003
    /// An argument or a flag that the command needs is missing.
    case missingArgument = 4004
    /// A flag that takes no value got one.
    case unexpectedValue = 4005
    /// There are more arguments than the command takes.
    case unexpectedArgument = 4006
    /// A value is none that the flag or argument takes.
    case invalidValue = 4007
    /// The number of a flag is too small or too large.
    case numberOutOfBounds = 4020
    /// A flag that explains one row stands without the row.
    case needsRow = 4021
    /// Of two ways to give the same thing both are used, or none.
    case eitherOr = 4022
    /// A flag for draws is given together with a search.
    case drawsWithBeams = 4023
    /// A comparison was asked for of one model, or of more than two.
    case twoModels = 4024
    /// Neither files nor texts nor a table were given to predict.
    case nothingToPredict = 4025
    /// Training was asked for without a place for the model.
    case noOutput = 4027
    /// The column of the classes of a table is not given.
    case noTargetColumn = 4029
    /// The column of the labels of texts is not given.
    case noLabelColumn = 4030
    /// It is not said where translations are.
    case noTranslations = 4031
    /// Several columns were named to translate.
    case oneTextColumn = 4032
    /// A flag says what a task file says itself.
    case saidByTaskFile = 4040
    /// A task was asked to go on from a path.
    case resumePath = 4041
    /// A check of a task file was told how to read a table.
    case tableOfTaskFile = 4042
    /// A flag for task files is given with other data.
    case forTaskFiles = 4043
    /// A flag for tables is given with a folder of images.
    case notForImages = 4044
    /// A flag says what a trained task knows.
    case saidByTrainedTask = 4045
    /// A flag for trained tasks is given with another model.
    case forTrainedTasks = 4046
    /// A flag for models of texts is given with another model.
    case forTextModels = 4047
    /// A trained task was given texts, or several files.
    case oneTable = 4048
    /// A flag says what is the same in every task.
    case settledForTasks = 4050
    /// How a table is read contradicts itself.
    case tableOption = 4049
    /// The folder of the model is not there.
    case noSuchModel = 4101
    /// The folder holds no whole model.
    case unfinishedModel = 4102
    /// A command for trained tasks was given something else.
    case noTrainedTask = 4103
    /// Text was asked for of something that is no language model.
    case noLanguageModel = 4104
    /// Text was asked for of a translator.
    case isTranslator = 4105
    /// Predictions were asked for of a language model.
    case isLanguageModel = 4106
    /// A model would be lost.
    case outputHoldsModel = 4120
    /// An unfinished run would be lost.
    case outputHoldsRun = 4121
    /// A file would be lost.
    case outputExists = 4122
    /// A search would be lost.
    case outputHoldsSearch = 4123
    /// A run that is done was asked to go on.
    case nothingToResume = 4124
    /// The folder for the model cannot be written.
    case unwritableOutput = 4125
    /// A network is unknown, or reads another kind of data.
    case unknownNetwork = 4140
    /// A network for images was asked to read rows of numbers.
    case networkForImages = 4141
    /// Images are too small for a network, or its settings contradict each other.
    case networkDoesNotFit = 4142
    /// A setting by `--set` is none of the network's.
    case networkSetting = 4143
    /// `--tokenizer` names neither a file nor a kind.
    case unknownTokenizer = 4144
    /// A data set was named that this machine lacks.
    case dataSetNotInstalled = 4201
    /// DATA is no file, no folder and no data set.
    case noSuchData = 4202
    /// DATA is a file of another kind.
    case unknownFileKind = 4203
    /// A file of images has a name that does not say where its labels are.
    case imageFileName = 4204
    /// An archive of arrays has no examples with labels.
    case noArrays = 4210
    /// Arrays of examples and labels are of different lengths, or empty.
    case arrayCounts = 4211
    /// An array of labels holds something else than class numbers.
    case arrayLabels = 4212
    /// An array of examples holds neither images nor rows.
    case arrayShape = 4213
    /// A table lacks a column that a flag names.
    case columnNotThere = 4220
    /// Every row of a table was dropped.
    case noUsableRow = 4221
    /// The column of the classes has too many values to be one.
    case tooManyClasses = 4222
    /// A classifier was asked for of examples that are all of one class.
    case oneClass = 4223
    /// There are too few examples to train on.
    case tooFewExamples = 4224
    /// A part for the test was asked for of data that sets none apart.
    case noTestPart = 4225
    /// A row was asked for that the table does not have.
    case rowBeyond = 4226
    /// Images lie in no folders that would name their classes.
    case imagesWithoutClasses = 4230
    /// A folder holds no image that can be read.
    case noImage = 4231
    /// A file has no text, or none with a label.
    case nothingToRead = 4240
    /// A text is shorter than what a language model reads at once.
    case tooFewTokens = 4241
    /// There are too few texts with translations to train on.
    case tooFewPairs = 4242
    /// No label of the data is one of the model's.
    case foreignLabels = 4243
    /// An example is of a class that the model does not know.
    case foreignClass = 4244
    /// Examples are of another size than the model's.
    case unfitInput = 4245
    /// A JSON file holds no list of texts.
    case noTextList = 4246
    /// A word stands where a token's number was expected.
    case noTokenNumber = 4247
    /// A prompt holds nothing to go on from.
    case emptyPrompt = 4248
    /// Some files or rows could not be classified; the others were.
    case someNotClassified = 4301
    /// Some files could not be translated; the others were.
    case someNotTranslated = 4302
    /// A method has nothing in a task that it could explain.
    case nothingToExplain = 4303
    /// A model does not reach the goal of its task, and `--require-goal` was given.
    case goalMissed = 4304
    /// `--require-goal` was given with a task without a goal.
    case noGoal = 4305
    /// A few batches could not be learned by heart.
    case notMemorised = 4306
    /// A check of data found something serious, and `--strict` was given.
    case seriousFindings = 4307
    /// Something of this machine does not work.
    case checkupFailed = 4308

    /// `WR-1203`.
    public var text: String { "WR-\(rawValue)" }

    /// How the message reads.
    public var pattern: MessagePattern {
        // Every code has one: a test asks for all.
        MessageCatalogue.patterns[self]!
    }
}
