extension MessageCatalogue {
    static let media: [MessageCode: MessagePattern] = [
        .emptyPicture: MessagePattern(
            "it is empty", "文件为空",
            remedy: "Convert it to PNG or JPEG", "请转换为 PNG 或 JPEG"),
        .notPicture: MessagePattern(
            "it is no PNG or JPEG file", "既不是 PNG 也不是 JPEG 文件",
            remedy: "Convert it to PNG or JPEG", "请转换为 PNG 或 JPEG"),
        .pictureTooLarge: MessagePattern(
            "it states {size} pixels, more than the {limit} allowed", "尺寸为 {size} 像素，超过允许的 {limit}",
            remedy: "Scale it down, or raise the limit if you trust its source", "请缩小图片；若来源可信，可调高上限"),
        .pictureDamaged: MessagePattern(
            "{problem}", "图片已损坏：{problem}",
            remedy: "Copy or download it again", "请重新复制或下载"),
        .pictureForm: MessagePattern(
            "{problem}", "不支持这种图片：{problem}"),
        .pictureSizes: MessagePattern(
            "it has {size} pixels, the first picture {first}", "尺寸为 {size} 像素，第一张图片是 {first}",
            remedy: "Set a height and a width: pictures are then brought to that size", "请设置高和宽，图片会统一为该尺寸"),
        .noReadablePicture: MessagePattern(
            "it holds no picture that can be read. {report}", "其中没有可读取的图片。{report}",
            remedy: "Put PNG or JPEG files into one folder for each class", "请将 PNG 或 JPEG 文件按类别放入各自的文件夹"),
        .noPictureNoSound: MessagePattern(
            "it holds no picture and no sound. {report}", "其中没有图片，也没有声音。{report}",
            remedy: "Put PNG, JPEG, WAV or FLAC files into one folder for each class, or a metadata.csv beside them",
            "请将 PNG、JPEG、WAV 或 FLAC 文件按类别放入各自的文件夹，或在旁边放置 metadata.csv"),
        .notSixteenBits: MessagePattern(
            "it is no PNG file of 16 bits", "不是 16 位的 PNG 文件",
            remedy: "Read it with read(_:)", "请用 read(_:) 读取"),
        .notPictures: MessagePattern(
            "it is {type}; pictures are uint8 [n, height, width] or [n, height, width, channels]",
            "类型为 {type}；图片应为 uint8 [n, height, width] 或 [n, height, width, channels]"),
        .noSuchPicture: MessagePattern(
            "it has {count} pictures, and number {number} is asked for", "共 {count} 张图片，却要读取第 {number} 号"),
        .emptySound: MessagePattern(
            "it is empty", "文件为空",
            remedy: "Convert it to one of them", "请转换为 WAV 或 FLAC"),
        .notSound: MessagePattern(
            "it is neither a WAV nor a FLAC file", "既不是 WAV 也不是 FLAC 文件",
            remedy: "Convert it to one of them", "请转换为其中一种"),
        .soundDamaged: MessagePattern(
            "{problem}", "{problem}",
            remedy: "Copy or save it again", "请重新复制或保存"),
        .soundForm: MessagePattern(
            "it holds {form}", "采样格式为 {form}",
            remedy: "Convert it to PCM of 16 bits", "请转换为 16 位 PCM"),
        .soundTooLong: MessagePattern(
            "{problem}", "声音过长：{problem}",
            remedy: "Cut it into shorter sounds", "请切成较短的声音"),
        .noSamples: MessagePattern(
            "it holds no samples", "其中没有采样"),
    ]
}
