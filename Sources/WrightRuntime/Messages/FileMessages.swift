extension MessageCatalogue {
    static let files: [MessageCode: MessagePattern] = [
        .system: MessagePattern("{trouble}: {reason}", "{trouble}：{reason}", remedy: "{remedy}", "{remedy}"),
        .moreBytesThanRead: MessagePattern(
            "holds more than the {limit} bytes that are read here", "文件超过此处允许读取的 {limit} 字节"),
        .isFolder: MessagePattern(
            "is a folder, a file was expected", "这是文件夹，此处需要文件", remedy: "Name a file inside it", "请指定其中的某个文件"),
        .isNotRegular: MessagePattern(
            "is not a regular file", "不是普通文件", remedy: "Copy it to a regular file first", "请先复制为普通文件"),
        .isBeingWritten: MessagePattern(
            "is being written by another process", "另一个进程正在写入",
            remedy: "Wait for it, or give each process a path of its own", "请等待其完成，或让每个进程使用各自的路径"),
        .endedEarly: MessagePattern(
            "it ends before byte {count}", "文件在第 {count} 字节之前就结束了",
            remedy: "Something else shortened it; run the command again", "有其他程序截短了它；请重新运行命令"),
    ]
}
