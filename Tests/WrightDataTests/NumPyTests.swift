import Testing
import WrightGraph
import WrightRuntime

private let counting = (0..<24).map(Double.init)

@Suite struct NumPyTests {
    @Test(arguments: [
        ("c_order", DType.float32), ("fortran", .int32), ("big_endian", .float64), ("version2", .int64),
        ("version3", .uint8),
    ]) func readsOrdersVersionsAndEndings(_ name: String, _ dtype: DType) throws {
        let buffer = try NumPy.load(golden("\(name).npy"))
        #expect(buffer.type == TensorType([2, 3, 4], dtype))
        #expect(buffer.doubles == counting)
    }

    @Test func readsOtherTypesAsWiderOnes() throws {
        #expect(try NumPy.load(golden("half.npy")).array(of: Float.self) == [1, -0.5, 65504, 0x1p-24])
        #expect(try NumPy.load(golden("short.npy")).array(of: Int32.self) == [-3, 32767])
        #expect(try NumPy.load(golden("unsigned.npy")).array(of: Int64.self) == [0, 4_294_967_295])
        #expect(try NumPy.load(golden("scalar.npy")).doubles == [2.5])
        #expect(try NumPy.load(golden("scalar.npy")).shape == [])
        #expect(try NumPy.load(golden("bool.npy")).array(of: Bool.self) == [true, false, true])
    }

    @Test(arguments: [
        ("objects", "pickled"), ("text", "text"), ("structured", "structured"), ("too_large", "more than int64"),
    ]) func refusesWhatIsNoArrayOfNumbers(_ name: String, _ cause: String) {
        let error = fileError { _ = try NumPy.load(golden("\(name).npy")) }
        #expect(error?.kind == .unsupported)
        #expect(error?.cause.contains(cause) == true, "\(error as Any)")
        #expect(error?.remedy.isEmpty == false)
    }

    @Test func writesWhatItReads() throws {
        let folder = TemporaryFolder()
        for dtype in DType.allCases {
            for shape in [[], [0], [3], [2, 0, 3], [4, 5]] {
                let type = TensorType(shape, dtype)
                let buffer = Buffer(type, doubles: (0..<type.count).map { Double($0 % 2) })
                try NumPy.write(buffer, to: folder.path + "/x.npy")
                let read = try NumPy.load(folder.path + "/x.npy")
                #expect(read.type == TensorType(shape, dtype == .bfloat16 ? .float32 : dtype))
                #expect(read.doubles == buffer.doubles)
                #expect(contents(folder.path + "/x.npy") == NumPy.bytes(of: buffer))
            }
        }
    }

    @Test func writesTheBytesThatNumPyWrites() throws {
        let buffer = try NumPy.load(golden("c_order.npy"))
        #expect(NumPy.bytes(of: buffer) == contents(golden("c_order.npy")))
    }

    @Test func everyTruncationAndExtensionIsRefused() {
        for name in ["c_order", "fortran", "version2"] {
            let bytes = contents(golden("\(name).npy"))
            for count in 0..<bytes.count {
                #expect(throws: FileError.self) { try NumPy.read(storage(bytes), 0..<count, file: "x.npy") }
            }
            let longer = storage(bytes + [0])
            #expect(
                fileError { _ = try NumPy.read(longer, 0..<(bytes.count + 1), file: "x") }?.cause.contains("follow")
                    == true)
        }
    }

    @Test(arguments: [
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4611686018427387904)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 16, 0)}",
        "{'descr': '<f4', 'fortran_order': Fals, 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': ()}",
        "{'descr': '<f3', 'fortran_order': False, 'shape': ()}",
        "{'descr': '', 'fortran_order': False, 'shape': ()}",
        "{'descr': '<c8', 'fortran_order': False, 'shape': ()}",
        "{'descr': __import__('os'), 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': ()} x",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}",
        "{'descr': '<f4' 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f4",
        "",
        "(",
    ]) func refusesHostileHeaders(_ header: String) {
        let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        let whole = storage(bytes + [0, 0, 0, 0])
        let error = fileError { _ = try NumPy.read(whole, 0..<whole.byteCount, file: "x.npy") }
        #expect(error?.file == "x.npy")
    }
}
