import CWrightTile
import Testing

extension CKernelTests {
    @Suite struct RandomNumbers {
        static func words(seed: UInt64, step: UInt64, stream: UInt32, block: UInt64) -> [UInt32] {
            var words: [UInt32] = [0, 0, 0, 0]
            wright_philox(seed, step, stream, block, &words)
            return words
        }

        @Test("The cipher agrees with its authors' known answers")
        func knownAnswers() {
            #expect(
                Self.words(seed: 0, step: 0, stream: 0, block: 0)
                    == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
            #expect(
                Self.words(seed: .max, step: .max, stream: .max, block: 0xFFFF_FFFF)
                    == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
        }

        @Test("Programs give the numbers of the definition, whatever the tiles and threads")
        func tiles() {
            let (seed, step, stream) = (UInt64(0x1234_5678_9ABC_DEF0), UInt64(7 << 32 | 5), UInt32(77))
            let key = [UInt64](arrayLiteral: seed, step).flatMap {
                [Int32(truncatingIfNeeded: $0), Int32(truncatingIfNeeded: $0 >> 32)]
            }
            func expected(_ count: Int) -> [UInt32] {
                (0..<(count + 3) / 4).flatMap { Self.words(seed: seed, step: step, stream: stream, block: UInt64($0)) }
            }
            withEveryInstructionSet { set in
                for (rows, columns) in [(1, 1), (1, 130), (3, 7), (64, 10), (5, 65), (2, 3000)] {
                    let all = Array(expected(rows * columns).prefix(rows * columns))
                    for tile in [(0, 0), (2, 5)] as [(Int32, Int32)] {
                        let bits = KernelArray<UInt32>(repeating: 0, count: rows * columns)
                        let uniform = KernelArray<Float>(repeating: 0, count: rows * columns)
                        let byRow = KernelArray<UInt32>(repeating: 0, count: rows)
                        let program = TileHarness(rows: rows, columns: columns)
                        (program.tileRows, program.tileColumns) = tile
                        let keyOperand = program.memory(.scalar, KernelArray(key), type: .int32)
                        program.append(
                            .randomBits, program.memory(.full, bits, type: .int32), keyOperand, n: Int32(stream))
                        let register = program.register()
                        program.append(.randomUniform, register, keyOperand, n: Int32(stream))
                        program.append(.move, program.memory(.full, uniform), register)
                        if tile == (0, 0) {
                            program.append(
                                .randomBits, program.memory(.column, byRow, type: .int32), keyOperand, n: Int32(stream))
                        }
                        program.run()
                        expectSame(bits.values, all, "bits \(set) \(rows)×\(columns)")
                        expectSame(
                            uniform.values, all.map { Float($0 >> 8) / 16_777_216 }, "uniform \(set) \(rows)×\(columns)"
                        )
                        if tile == (0, 0) { expectSame(byRow.values, Array(all.prefix(rows)), "by row \(set)") }
                    }
                }
            }
        }
    }
}
