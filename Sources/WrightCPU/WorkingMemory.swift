import CWrightTile
import Synchronization
import WrightGraph

/// The memory that the plans of one backend compute in. They run one after the other and keep nothing in it between runs, so
/// they share it: a model with a plan for each width of its batches needs no more than the largest of them.
final class WorkingMemory: Sendable {
    /// Held while a plan runs.
    let running = Mutex(())
    /// As much address space as the machine has memory; nil where the system grants none.
    private let shared: Storage?

    init() {
        let bytes = wright_memory_of_machine()
        shared = wright_memory_reserve(bytes).map {
            Storage(adopting: $0, byteCount: Int(bytes)) { wright_memory_release($0, bytes) }
        }
    }

    /// Memory of at least this size that begins where that of every other plan begins, or else is the plan's own.
    func storage(byteCount: Int) -> Storage {
        if let shared, byteCount <= shared.byteCount { return shared }
        return Storage(byteCount: byteCount)
    }
}
