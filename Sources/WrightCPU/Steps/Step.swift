import CWrightTile
import WrightGraph

/// One or more kernel launches that compute one region, before their memory is known.
struct Step {
    /// What is computed, in the graph's words.
    var name: String
    /// Which kernel does it.
    var kernel: String
    /// Values read from memory and written to it, as instruction indices.
    var reads: [Int]
    var writes: [Int]
    /// Written values that may take the memory of a read value, which the kernel has finished with by then.
    var inPlace: [(write: Int, over: Int)] = []
    var scratchByteCount = 0
    var operationCount = 0
    /// Makes the launches once every value has a place; `scratch` is aligned to a cache line.
    var bind: (_ pointer: (Int) -> UnsafeMutableRawPointer, _ scratch: UnsafeMutableRawPointer) throws -> [BoundLaunch]
}

/// A kernel with its context, ready to run.
struct BoundLaunch {
    var function: @convention(c) (UnsafeMutableRawPointer?) -> Void
    var context: UnsafeMutableRawPointer
    /// What keeps the context alive.
    var owner: AnyObject
    /// A failure that the kernel reports by state rather than by return value, if any.
    var failure: (() -> String?)?
}

/// A C structure at a fixed place, for as long as a plan lives.
final class Context<Arguments> {
    let pointer: UnsafeMutablePointer<Arguments>

    init(_ arguments: Arguments) {
        pointer = .allocate(capacity: 1)
        pointer.initialize(to: arguments)
    }

    deinit {
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }
}

extension BoundLaunch {
    init<Arguments>(
        _ function: @escaping @convention(c) (UnsafeMutableRawPointer?) -> Void, _ arguments: Arguments
    ) {
        let context = Context(arguments)
        self.init(function: function, context: UnsafeMutableRawPointer(context.pointer), owner: context)
    }
}
