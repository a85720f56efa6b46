import WrightRuntime

extension Phrase {
    /// What a codec says is wrong with a file: its own words, and those in Chinese where it is one of its common
    /// complaints.
    static func codec(_ problem: String) -> Phrase {
        // "libpng says: …"
        guard let says = problem.firstRange(of: " says: ") else { return Phrase(problem, problems[problem] ?? problem) }
        let reason = String(problem[says.upperBound...])
        return Phrase(problem, "\(problem[..<says.lowerBound])：\(problems[reason] ?? reason)")
    }

    private static let problems = [
        // Of our own.
        "the PNG signature is cut off": "PNG 签名不完整",
        "it does not start like a PNG file": "开头不是 PNG 文件",
        "it does not start like a JPEG file": "开头不是 JPEG 文件",
        "a PNG chunk is cut off": "PNG 数据块不完整",
        "a PNG chunk states a length out of range": "PNG 数据块的长度超出范围",
        "a PNG chunk's check sum does not match": "PNG 数据块的校验和不符",
        "the PNG header chunk is missing": "缺少 PNG 头",
        "the PNG header states a size of zero": "PNG 头中的尺寸为零",
        "the PNG header states a size out of range": "PNG 头中的尺寸超出范围",
        "the PNG file holds no pixels": "PNG 文件没有像素",
        "the size is not that of its header": "尺寸与文件头不符",
        "16 bits are read as they are stored, without alpha": "16 位样本按存储的样子读取，不读取透明度",
        "there is no memory for its pixels": "内存不足以容纳像素",
        "there is no memory to decompress it": "内存不足，无法解压",
        "the compressed data is damaged": "压缩数据已损坏",
        "the rate of its samples changes on the way": "采样率中途改变",
        "it holds more samples than are read from one file": "采样数超过单个文件的上限",
        "there is no memory for its samples": "内存不足以容纳采样",
        "there is no memory to decode it": "内存不足，无法解码",
        "a frame's check sum does not match": "某一帧的校验和不符",
        "its last frame is cut off or damaged": "最后一帧不完整或已损坏",
        "a frame is damaged": "某一帧已损坏",
        "it ends before its last samples": "在最后的采样之前就结束了",
        "the check sum of its samples does not match": "采样的校验和不符",
        // Of zlib.
        "incorrect header check": "文件头校验不符",
        "incorrect data check": "数据校验不符",
        "incorrect length check": "长度校验不符",
        "unknown compression method": "未知的压缩方法",
        "invalid block type": "无效的块类型",
        "invalid stored block lengths": "无效的块长度",
        "invalid distance too far back": "引用的距离过远",
        "invalid distance code": "无效的距离编码",
        "invalid literal/length code": "无效的长度编码",
        "invalid code lengths set": "无效的编码长度",
        // Of libjpeg-turbo.
        "Premature end of JPEG file": "JPEG 文件提前结束",
        "Bogus marker length": "标记的长度无效",
        "Unsupported marker type 0x00": "不支持的标记",
    ]
}
