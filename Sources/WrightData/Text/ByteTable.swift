/// Strings of bytes, numbered from 0 in the order they were added, found by their content: open addressing over one
/// block of memory.
///
/// The hash is seeded for each table, so that no text can be prepared to make look-ups slow.
struct ByteTable: Sendable {
    /// Upper half: the hash's; lower half: the number of the entry plus one, 0 for an empty slot.
    private var slots: [UInt64]
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private let seed = UInt64.random(in: .min ... .max)

    init(capacity: Int = 16) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = [UInt64](repeating: 0, count: size)
        ends.reserveCapacity(capacity)
    }

    var count: Int { ends.count }
    /// The bytes of all entries together.
    var byteCount: Int { bytes.count }

    subscript(index: Int) -> [UInt8] { Array(bytes[range(of: index)]) }

    private func range(of index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    func withBytes<Result>(of index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { body($0[part: range(of: index)]) }
    }

    /// The number of the entry with these bytes.
    @inline(__always) func find(_ key: UnsafeBufferPointer<UInt8>) -> Int? { find(key, hash(key)) }

    func find(_ key: [UInt8]) -> Int? { key.withUnsafeBufferPointer { find($0) } }

    @inline(__always) func find(_ key: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        return slots.withUnsafeBufferPointer { slots in
            while true {
                let content = slots[slot]
                if content == 0 { return nil }
                if content >> 32 == hash >> 32 {
                    let entry = Int(truncatingIfNeeded: content & 0xFFFF_FFFF) - 1
                    if isEqual(entry, key) { return entry }
                }
                slot = (slot + 1) & mask
            }
        }
    }

    @inline(__always) private func isEqual(_ entry: Int, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = range(of: entry)
        guard range.count == key.count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            // Safety: both have `key.count` bytes from here on; the wide reads stay inside.
            let own = UnsafeRawPointer(bytes.baseAddress!) + range.lowerBound
            guard let other = UnsafeRawPointer(key.baseAddress) else { return true }
            var index = 0
            while index + 8 <= key.count {
                let difference =
                    own.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    ^ other.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if difference != 0 { return false }
                index += 8
            }
            while index < key.count {
                if own.load(fromByteOffset: index, as: UInt8.self) != key[index] { return false }
                index += 1
            }
            return true
        }
    }

    /// The number of the entry with these bytes, which is added when it is new.
    mutating func insert(_ key: UnsafeBufferPointer<UInt8>) -> (index: Int, isNew: Bool) {
        let hash = hash(key)
        if let found = find(key, hash) { return (found, false) }
        add(key, hash)
        return (count - 1, true)
    }

    mutating func insert(_ key: [UInt8]) -> (index: Int, isNew: Bool) {
        key.withUnsafeBufferPointer { insert($0) }
    }

    /// Adds an entry that is known to be new.
    mutating func add(_ key: UnsafeBufferPointer<UInt8>, _ hash: UInt64) {
        if (count + 1) * 2 > slots.count { grow() }
        bytes.append(contentsOf: key)
        ends.append(bytes.count)
        place(count, hash)
    }

    private mutating func place(_ number: Int, _ hash: UInt64) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = (hash >> 32) << 32 | UInt64(number)
    }

    private mutating func grow() {
        slots = [UInt64](repeating: 0, count: slots.count * 2)
        for index in 0..<count {
            let hash = withBytes(of: index) { self.hash($0) }
            place(index + 1, hash)
        }
    }

    /// A multiplicative hash, eight bytes at a time.
    @inline(__always) func hash(_ key: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = seed ^ UInt64(key.count) &* 0x9E37_79B9_7F4A_7C15
        guard let base = UnsafeRawPointer(key.baseAddress) else { return mixed(hash) }
        // Safety: reads end at `key.count`.
        var index = 0
        while index + 8 <= key.count {
            hash = mixed(hash ^ base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        if index < key.count {
            var word: UInt64 = 0
            for place in index..<key.count { word = word << 8 | UInt64(key[place]) }
            hash = mixed(hash ^ word)
        }
        return hash
    }

    @inline(__always) private func mixed(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return product.high ^ product.low
    }
}

/// 64-bit keys with a 64-bit value each: open addressing, keys and values side by side. `UInt64.max` is no key.
struct WordTable: Sendable {
    private struct Slot: Sendable {
        var key = UInt64.max
        var value: UInt64 = 0
    }

    private var slots: [Slot]
    private(set) var count = 0

    init(capacity: Int = 16) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = [Slot](repeating: Slot(), count: size)
    }

    @inline(__always) private static func start(_ key: UInt64, _ mask: Int) -> Int {
        let product = key &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: (product >> 32) ^ product) & mask
    }

    @inline(__always) subscript(key: UInt64) -> UInt64? {
        slots.withUnsafeBufferPointer { slots in
            let mask = slots.count - 1
            var slot = Self.start(key, mask)
            while true {
                let content = slots[slot]
                if content.key == key { return content.value }
                if content.key == .max { return nil }
                slot = (slot + 1) & mask
            }
        }
    }

    /// Sets the value of a key.
    mutating func set(_ key: UInt64, _ value: UInt64) {
        update(key) { $0 = value }
    }

    /// Changes the value of a key, which is 0 when the key is new; gives what it then is.
    @inline(__always) @discardableResult
    mutating func update(_ key: UInt64, _ change: (inout UInt64) -> Void) -> UInt64 {
        precondition(key != .max, "this key stands for an empty slot")
        if (count + 1) * 2 > slots.count { grow() }
        let mask = slots.count - 1
        var slot = Self.start(key, mask)
        while slots[slot].key != key {
            if slots[slot].key == .max {
                slots[slot].key = key
                count += 1
                break
            }
            slot = (slot + 1) & mask
        }
        change(&slots[slot].value)
        return slots[slot].value
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        let mask = slots.count - 1
        for content in old where content.key != .max {
            var slot = Self.start(content.key, mask)
            while slots[slot].key != .max { slot = (slot + 1) & mask }
            slots[slot] = content
        }
    }
}
