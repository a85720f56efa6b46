import Testing
import WrightGraph
import WrightRuntime

/// A file with this header and so many bytes of data.
private func file(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
    let text = Array(header.utf8)
    return withUnsafeBytes(of: (length ?? UInt64(text.count)).littleEndian) { Array($0) } + text
        + [UInt8](repeating: 1, count: data)
}

@Suite struct SafetensorsTests {
    @Test func readsWhatTheReferenceLibraryWrote() throws {
        let file = try SafetensorsFile(golden("numpy.safetensors"))
        #expect(file.metadata == ["format": "np", "note": "héllo"])
        #expect(try file.tensor("b.weight").array(of: Float.self) == (0..<12).map(Float.init))
        #expect(file.type(of: "b.weight") == TensorType([3, 4], .float32))
        #expect(try file.tensor("a").array(of: Int64.self) == [1, 2, 3])
        #expect(try file.tensor("flags").array(of: Bool.self) == [true, false])
        #expect(try file.tensor("empty").shape == [0, 5])
        #expect(try file.tensor("scalar").shape == [])
        #expect(try file.tensor("scalar").doubles == [-2.5])
        #expect(try file.tensor("small").array(of: Int8.self) == [1, -2, 3, 127])
        #expect(file.notices == [])
    }

    @Test func widensHalfPrecisionAndSaysSo() throws {
        let file = try SafetensorsFile(golden("torch.safetensors"))
        #expect(try file.tensor("half").array(of: Float.self) == [1, -0.5, 65504, 0x1p-24, .infinity])
        #expect(try file.tensor("brain").dtype == .bfloat16)
        #expect(try file.tensor("brain").doubles.prefix(2) == [1, 3.140625])
        #expect(try file.tensor("short").array(of: Int32.self) == [-3, 32767])
        #expect(file.notices.sorted().first == "\"half\" is stored as float16 and was read as float32")
        let error = fileError { _ = try file.tensor("eight") }
        #expect(error?.kind == .unsupported)
        #expect(error?.cause.contains("F8_E4M3") == true)
        #expect(file.type(of: "eight") == nil)
    }

    @Test func halfPrecisionIsExactForAllItsValues() {
        for bits in UInt16.min...UInt16.max {
            #if !(os(macOS) && arch(x86_64))
                let expected = Float(Float16(bitPattern: bits))
                let value = StoredType.float(half: bits)
                #expect(value == expected || value.isNaN && expected.isNaN)
                #expect(value.sign == expected.sign)
            #endif
        }
    }

    @Test func writesEveryTypeAndReadsItBack() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/all.safetensors"
        var tensors: [(name: String, buffer: Buffer)] = []
        for dtype in DType.allCases {
            for shape in [[], [0, 3], [5], [16, 16]] {
                let type = TensorType(shape, dtype)
                tensors.append(("\(type)", Buffer(type, doubles: (0..<type.count).map { Double($0 % 2) })))
            }
        }
        try SafetensorsFile.write(tensors, metadata: ["b": "2", "a": "1"], to: path)
        let file = try SafetensorsFile(path)
        #expect(file.entries.count == tensors.count)
        #expect(file.metadata == ["b": "2", "a": "1"])
        for (name, buffer) in tensors {
            let read = try file.tensor(name)
            #expect(read.type == buffer.type)
            #expect(read.doubles == buffer.doubles)
            #expect(Int(bitPattern: read.pointer) % Storage.alignment == 0)
        }
        let first = contents(path)
        try SafetensorsFile.write(tensors.reversed(), metadata: ["a": "1", "b": "2"], to: path)
        #expect(contents(path) == first, "the order of the arguments must not matter")
        #expect(folder.names == ["all.safetensors"])
    }

    @Test func alignedTensorsShareTheFileAndWritesStayPrivate() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/x.safetensors"
        let tensors = [("odd", Buffer([1, 2, 3] as [UInt8])), ("even", Buffer([Float](repeating: 2, count: 32)))]
        try SafetensorsFile.write(tensors, to: path)
        let file = try SafetensorsFile(path)
        let before = contents(path)
        let one = try file.tensor("even")
        one.withElements(of: Float.self) { $0[0] = 7 }
        #expect(try file.tensor("even").array(of: Float.self)[0] == 7, "no copy was made")
        #expect(contents(path) == before)
    }

    @Test(arguments: [
        ("{}", 1, "belong to none"),
        (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 3, "belong to none"),
        (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 1, "the file holds 1"),
        (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, 3, "leaves a gap"),
        (
            #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
            3, "overlaps"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#,
            2, "overlaps"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}"#,
            3, "leaves a gap"
        ),
        (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}"#, 2, "begin ≤ end"),
        (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[-2,0]}}"#, 2, "begin ≤ end"),
        (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0]}}"#, 2, "begin ≤ end"),
        (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,9223372036854775807]}}"#, 2, "should have 2 bytes"),
        (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,18446744073709551615]}}"#, 2, "begin ≤ end"),
        (#"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, 1, "none of them negative"),
        (#"{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}"#, 1, "whole numbers"),
        (#"{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}"#, 1, "whole numbers"),
        (#"{"a":{"dtype":"U8","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}}"#, 0, "more elements than"),
        (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0, "more elements than"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,1]}}"#, 1, "should have 4 bytes"),
        (#"{"a":{"dtype":"X9","shape":[1],"data_offsets":[0,1]}}"#, 1, "unknown dtype"),
        (#"{"a":{"shape":[1],"data_offsets":[0,1]}}"#, 1, "no dtype"),
        (#"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#, 1, "no shape"),
        (#"{"a":{"dtype":"U8","shape":[1]}}"#, 1, "no data_offsets"),
        (#"{"a":[1]}"#, 0, "not described by an object"),
        (#"{"__metadata__":{"a":1}}"#, 0, "not a string"),
        (#"{"__metadata__":[]}"#, 0, "not an object"),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
            1, "occurs twice"
        ),
        (#"{"a":{"dtype":"U8","shape":[[[[[1]]]]],"data_offsets":[0,1]}}"#, 1, "deep"),
        ("[]", 0, "brace"),
        ("", 0, "brace"),
        ("{} x", 0, "more text"),
        ("{\"\u{0}\":1}", 0, "control character"),
    ]) func refusesHostileHeaders(_ header: String, _ data: Int, _ cause: String) {
        let error = fileError { _ = try SafetensorsFile(storage(file(header, data: data)), file: "m.safetensors") }
        #expect(error?.cause.contains(cause) == true, "\(error as Any)")
        #expect(error?.file.hasPrefix("m.safetensors") == true)
    }

    @Test func refusesLengthsOutOfRangeAndTextThatIsNotUTF8() {
        for length: UInt64 in [.max, 1 << 63, 100_000_001, 100_000_000, 3] {
            let error = fileError { _ = try SafetensorsFile(storage(file("{}", length: length)), file: "m") }
            #expect(error?.position == .byte(length > 100_000_000 ? 0 : 8))
        }
        let bytes = file("{\"a\":1}").map { $0 == UInt8(ascii: "a") ? 0xFF : $0 }
        #expect(fileError { _ = try SafetensorsFile(storage(bytes), file: "m") }?.cause.contains("UTF-8") == true)
    }

    @Test func everyTruncationIsRefused() throws {
        for name in ["numpy.safetensors", "torch.safetensors"] {
            let bytes = contents(golden(name))
            for count in 0..<bytes.count {
                #expect(throws: FileError.self) { try SafetensorsFile(storage(Array(bytes[..<count])), file: "m") }
            }
        }
    }

    @Test func booleansAreZeroOrOneWhateverTheFileSays() throws {
        let bytes = file(#"{"a":{"dtype":"BOOL","shape":[4],"data_offsets":[0,4]}}"#) + [0, 2, 255, 1]
        let buffer = try SafetensorsFile(storage(bytes), file: "m").tensor("a")
        #expect(UnsafeRawBufferPointer(start: buffer.pointer, count: 4).elementsEqual([0, 1, 1, 1]))
    }

    @Test func aMissingNameIsAnsweredWithNamesThatAreThere() throws {
        let file = try SafetensorsFile(golden("numpy.safetensors"))
        let error = fileError { _ = try file.tensor("c.weight") }
        #expect(error?.kind == .missing)
        #expect(error?.remedy.contains("\"b.weight\"") == true)
    }
}
