import Testing
import WrightRuntime

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct AtomicFileTests {
    @Test func replacesAFileWhole() throws {
        let folder = TemporaryFolder()
        let path = folder.write("old", "a.txt")
        try AtomicFile.write(Array("new".utf8), to: path)
        #expect(contents(path) == Array("new".utf8))
        #expect(folder.names == ["a.txt"])
    }

    @Test func anAbandonedWriteLeavesTheOldFileAndNothingElse() throws {
        let folder = TemporaryFolder()
        let path = folder.write("old", "a.txt")
        do {
            let file = try AtomicFile(path)
            try file.write("half of the n")
        }
        #expect(contents(path) == Array("old".utf8))
        #expect(folder.names == ["a.txt"])
    }

    @Test func whatAKilledProcessLeftIsOverwritten() throws {
        let folder = TemporaryFolder()
        _ = folder.write("a long rest of a write that was cut off", "a.txt.partial")
        try AtomicFile.write(Array("new".utf8), to: folder.path + "/a.txt")
        #expect(contents(folder.path + "/a.txt") == Array("new".utf8))
        #expect(folder.names == ["a.txt"])
    }

    @Test func twoWritersOfOneFileDoNotMix() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/a.txt"
        let first = try AtomicFile(path)
        try first.write("first")
        let error = fileError { _ = try AtomicFile(path) }
        #expect(error?.cause.contains("another process") == true)
        try first.commit()
        #expect(contents(path) == Array("first".utf8))
    }

    @Test func aFullDiskIsAnErrorThatSaysSo() throws {
        // Every write to this device fails as on a full disk.
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        let error = fileError {
            try Array("x".utf8).withUnsafeBytes { try writeAll($0, to: full, "model.safetensors") }
        }
        #expect(error?.kind == .inputOutput)
        #expect(error?.description.contains("model.safetensors") == true)
        #expect(error?.description.contains("No space left") == true)
    }

    @Test func missingFilesAndFoldersAreNamed() {
        #expect(fileError { _ = try FileAccess.map("/nowhere/x") }?.kind == .missing)
        #expect(fileError { _ = try AtomicFile("/nowhere/x") }?.file.contains("/nowhere/x") == true)
        let folder = TemporaryFolder()
        #expect(fileError { _ = try FileAccess.map(folder.path) }?.cause.contains("is a folder") == true)
        #expect(fileError { _ = try FileAccess.read(folder.write("12345", "five"), limit: 4) }?.kind == .tooLarge)
    }

    @Test func foldersAreListedInOneOrder() throws {
        let folder = TemporaryFolder()
        for name in ["b", "B", "a10", "a2", "ä", "sub/x"] { _ = folder.write("", name) }
        let entries = try FileAccess.entries(of: folder.path)
        #expect(entries.map(\.name) == ["B", "a10", "a2", "b", "sub", "ä"])
        #expect(entries.map(\.isFolder) == [false, false, false, false, true, false])
        try FileAccess.createFolder(folder.path + "/one/two/three")
        try FileAccess.createFolder(folder.path + "/one/two/three")
        #expect(FileAccess.isFolder(folder.path + "/one/two/three"))
        #expect(
            FileAccess.folder(of: "/a/b") == "/a" && FileAccess.folder(of: "/a") == "/"
                && FileAccess.folder(of: "a") == ".")
    }
}
