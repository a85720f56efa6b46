import Foundation
import Synchronization
import Testing
import WrightCPU
import WrightGraph
import WrightRuntime

#if canImport(Glibc)
    /// Signals while kernels run.
    @Suite("Signals")
    struct SignalTests {
        private static let received = Atomic<Int>(0)
        private static let isDone = Atomic<Bool>(false)
        private static let astray = Atomic<Int>(0)
        private static let base = Atomic<UInt>(0)

        /// Catches a signal that is handled while generated code uses the stack pointer for something else: its frame then
        /// lies outside the stack, over someone's data.
        @Test func comeOnTheStack() async throws {
            // Threads of the test's own pool take no signals, and this one must end with its mask.
            let result = await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: Result { try Self.runUnderSignals() }) }
            }
            try result.get()
            #expect(Self.received.load(ordering: .relaxed) > 10)
            #expect(Self.astray.load(ordering: .relaxed) == 0)
        }

        private static func runUnderSignals() throws {
            // A product and its gradients, of sizes for which different kernels are generated.
            let sizes = [(192, 192, 192), (1024, 32, 48), (300, 96, 800)]
            let types = sizes.flatMap { rows, inner, columns in
                [TensorType([rows, inner]), TensorType([inner, columns]), TensorType([rows, columns])]
            }
            let results = sizes.indices.flatMap { index in
                let (x, w, g) = (3 * index, 3 * index + 1, 3 * index + 2)
                let operands = [x, w, g].map { Tensor.input($0, types[$0]) }
                return [
                    operands[0].matmul(operands[1]), operands[2].matmul(operands[1].transposed()),
                    operands[0].transposed().matmul(operands[2]),
                ]
            }
            let plan = try CPUBackend().compile(Graph(results))
            let operands = types.map { Buffer(zeros: $0) }
            _ = try plan.run(operands)

            var local = 0
            Self.base.store(withUnsafeMutablePointer(to: &local) { UInt(bitPattern: $0) }, ordering: .relaxed)
            var (action, before) = (sigaction(), sigaction())
            action.__sigaction_handler.sa_handler = { _ in
                var local = 0
                let place = withUnsafeMutablePointer(to: &local) { UInt(bitPattern: $0) }
                // A frame lies less than a few pages below those that were there before.
                let isInside = Self.base.load(ordering: .relaxed) &- place < 1 << 18
                Self.received.add(1, ordering: .relaxed)
                if !isInside { Self.astray.add(1, ordering: .relaxed) }
            }
            sigaction(SIGUSR2, &action, &before)
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGUSR2)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            defer { sigaction(SIGUSR2, &before, nil) }

            Self.isDone.store(false, ordering: .relaxed)
            let target = pthread_self()
            let ended = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                while !Self.isDone.load(ordering: .relaxed) {
                    pthread_kill(target, SIGUSR2)
                    usleep(100)
                }
                ended.signal()
            }
            for _ in 0..<300 { _ = try plan.run(operands) }
            Self.isDone.store(true, ordering: .relaxed)
            ended.wait()
        }
    }
#endif
