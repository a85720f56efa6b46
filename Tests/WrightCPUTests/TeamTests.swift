import CWrightTeam
import Dispatch
import Testing

extension CKernelTests {
    @Suite("The team of threads")
    struct TeamTests {
        /// How often each share of a call was done, and out of how many.
        private final class Tally {
            let done: UnsafeMutablePointer<Int32>
            let counts: UnsafeMutablePointer<Int32>
            let capacity = 64

            init() {
                done = .allocate(capacity: capacity)
                counts = .allocate(capacity: capacity)
                done.initialize(repeating: 0, count: capacity)
                counts.initialize(repeating: 0, count: capacity)
            }

            deinit {
                done.deallocate()
                counts.deallocate()
            }

            var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

            static let add: wright_parallel_function = { context, share, count in
                let tally = Unmanaged<Tally>.fromOpaque(context!).takeUnretainedValue()
                tally.done[Int(share)] += 1
                tally.counts[Int(share)] = count
            }

            func values(_ pointer: UnsafeMutablePointer<Int32>, _ count: Int32) -> [Int32] {
                (0..<Int(count)).map { pointer[$0] }
            }
        }

        @Test("Every share of every call is done once, with more and with fewer threads than shares")
        func everyShareOnce() {
            withThreads([1, 2, 3, 8]) {
                for count: Int32 in [1, 2, 3, 17, 64] {
                    let tally = Tally()
                    for _ in 0..<2000 { wright_parallel_shares(Tally.add, tally.pointer, count) }
                    #expect(tally.values(tally.done, count).allSatisfy { $0 == 2000 })
                    #expect(tally.values(tally.counts, count).allSatisfy { $0 == count })
                }
            }
        }

        @Test("Callers at the same time do not get each other's shares")
        func manyCallers() {
            withThreads([3]) {
                let tallies = (0..<6).map { _ in Tally() }
                nonisolated(unsafe) let pointers = tallies.map(\.pointer)
                DispatchQueue.concurrentPerform(iterations: 6) { caller in
                    for _ in 0..<3000 { wright_parallel_shares(Tally.add, pointers[caller], 5) }
                }
                for tally in tallies { #expect(tally.values(tally.done, 5) == [3000, 3000, 3000, 3000, 3000]) }
            }
        }

        @Test("Inside of a share there is one share, whoever does it")
        func nesting() {
            withThreads([4]) {
                let tally = Tally()
                wright_parallel_shares(
                    { context, share, _ in
                        // Each share calls for a tally of its own.
                        let tally = Unmanaged<Tally>.fromOpaque(context!).takeUnretainedValue()
                        var place = tally.counts + Int(share)
                        wright_parallel(
                            { $0!.load(as: UnsafeMutablePointer<Int32>.self).pointee += 1000 * $2 + 1 }, &place)
                    }, tally.pointer, 9)
                #expect(tally.values(tally.counts, 9).allSatisfy { $0 == 1001 })
            }
        }

        @Test("Threads that fell asleep come back")
        func sleepers() async throws {
            let tally = Tally()
            for _ in 0..<5 {
                // Longer than any thread watches for work.
                try await Task.sleep(for: .milliseconds(20))
                wright_parallel_shares(Tally.add, tally.pointer, 4)
            }
            #expect(tally.values(tally.done, 4) == [5, 5, 5, 5])
        }
    }
}
