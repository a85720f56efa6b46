import WrightRuntime

/// Rows for training, for choosing between models, and for the final test: each row in exactly one part.
public struct Split: Hashable, Sendable {
    /// The share of each part; they add up to 1.
    public struct Fractions: Hashable, Sendable {
        public var train = 0.8
        public var validation = 0.1
        public var test = 0.1

        public init(train: Double = 0.8, validation: Double = 0.1, test: Double = 0.1) {
            self.train = train
            self.validation = validation
            self.test = test
        }

        fileprivate var ends: [Double] {
            let parts = [train, validation, test]
            precondition(
                parts.allSatisfy { $0 >= 0 } && abs(parts.reduce(0, +) - 1) < 1e-6,
                "the fractions \(parts) must not be negative and add up to 1")
            return [train, train + validation]
        }
    }

    /// Row numbers in ascending order.
    public private(set) var train: [Int] = []
    public private(set) var validation: [Int] = []
    public private(set) var test: [Int] = []

    /// Splits by a hash of each row's key (an identifier, a path, or the content itself).
    ///
    /// A row stays in its part when others are added, removed or reordered, and rows of equal keys are never parted:
    /// use the key that must not leak (the person, not the photograph). The sizes are the fractions on average only.
    public init(hashing keys: some Sequence<String>, _ fractions: Fractions = Fractions(), salt: UInt64 = 0) {
        let ends = fractions.ends
        for (row, key) in keys.enumerated() {
            let hash = stableHash(key, salt: salt)
            add(row, at: Double(hash >> 11) * 0x1p-53, ends)
        }
    }

    /// Splits by a hash of each row's bytes: a picture or a record that occurs twice never ends up in two parts.
    public init(
        hashingContentOf dataset: some Dataset, _ fractions: Fractions = Fractions(), salt: UInt64 = 0
    ) throws {
        let ends = fractions.ends
        for row in 0..<dataset.count {
            var hash = salt
            for buffer in try dataset.samples([row]).inputs {
                hash = buffer.withBytes { stableHash($0, salt: hash) }
            }
            add(row, at: Double(hash >> 11) * 0x1p-53, ends)
        }
    }

    /// Splits at random into parts of exactly the fractions, up to one row.
    public init(count: Int, _ fractions: Fractions = Fractions(), seed: UInt64) {
        self.init(stratifying: [Int32](repeating: 0, count: count), fractions, seed: seed)
    }

    /// Splits at random so that every label has the same share of each part, up to one row.
    public init(stratifying labels: [Int32], _ fractions: Fractions = Fractions(), seed: UInt64) {
        let ends = fractions.ends
        for (label, group) in Dictionary(grouping: labels.indices, by: { labels[$0] }) {
            var rows = group
            var random = KeyedRandom(seed: seed, row: Int(UInt32(bitPattern: label)), stream: .split)
            random.shuffle(&rows)
            let cuts = ends.map { Int((Double(rows.count) * $0).rounded()) }
            train += rows[..<cuts[0]]
            validation += rows[cuts[0]..<cuts[1]]
            test += rows[cuts[1]...]
        }
        train.sort()
        validation.sort()
        test.sort()
    }

    /// The part that each row is of, from 0 to below `count`: parts of equal size, up to one row, in which every label has
    /// the same share. For models that are each trained without one part (k-fold cross-validation).
    public static func parts(_ count: Int, stratifying labels: [Int32], seed: UInt64) -> [Int] {
        precondition(count >= 2, "\(count) parts leave nothing out")
        var parts = [Int](repeating: 0, count: labels.count)
        // Labels take turns: small ones do not all start with the first part.
        var next = 0
        let groups = Dictionary(grouping: labels.indices, by: { labels[$0] }).sorted { $0.key < $1.key }
        for (label, group) in groups {
            var rows = group
            var random = KeyedRandom(seed: seed, row: Int(UInt32(bitPattern: label)), stream: .split)
            random.shuffle(&rows)
            for row in rows {
                parts[row] = next
                next = (next + 1) % count
            }
        }
        return parts
    }

    private mutating func add(_ row: Int, at point: Double, _ ends: [Double]) {
        if point < ends[0] {
            train.append(row)
        } else if point < ends[1] {
            validation.append(row)
        } else {
            test.append(row)
        }
    }
}

/// A hash of the bytes that never changes, across runs, machines and versions: FNV-1a, 64 bits, then the finaliser of
/// SplitMix64 so that every bit depends on every byte.
package func stableHash(_ bytes: UnsafeRawBufferPointer, salt: UInt64 = 0) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ salt
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
    return hash ^ hash >> 31
}

/// The same of a text's UTF-8.
package func stableHash(_ text: String, salt: UInt64 = 0) -> UInt64 {
    var text = text
    return text.withUTF8 { stableHash(UnsafeRawBufferPointer($0), salt: salt) }
}
