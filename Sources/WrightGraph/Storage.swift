/// A block of memory, aligned to a cache line, that lives as long as something refers to it.
///
/// Who may write is decided by the owner: a literal's storage is never written after it was wrapped in a tensor, a
/// variable's only by the executable that runs, an arena's only by its plan.
public final class Storage: Sendable {
    /// Alignment of every storage: a cache line, and the widest vector register.
    public static let alignment = 64

    // Safety: the pointer itself never changes; writers are ordered by the rule above.
    nonisolated(unsafe) public let pointer: UnsafeMutableRawPointer
    public let byteCount: Int
    private let release: @Sendable (UnsafeMutableRawPointer) -> Void

    /// Allocates `byteCount` bytes set to zero.
    public init(byteCount: Int) {
        let padded = (max(byteCount, 1) + Self.alignment - 1) / Self.alignment * Self.alignment
        pointer = .allocate(byteCount: padded, alignment: Self.alignment)
        pointer.initializeMemory(as: UInt8.self, repeating: 0, count: padded)
        self.byteCount = byteCount
        release = { $0.deallocate() }
    }

    /// Adopts memory from elsewhere (a mapped file); `release` is called once with it.
    public init(
        adopting pointer: UnsafeMutableRawPointer, byteCount: Int,
        release: @escaping @Sendable (UnsafeMutableRawPointer) -> Void
    ) {
        self.pointer = pointer
        self.byteCount = byteCount
        self.release = release
    }

    deinit { release(pointer) }
}
