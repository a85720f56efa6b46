import CWrightText

/// Unicode's normalization forms (UAX 15), with the origin of every scalar kept.
public enum NormalizationForm: String, Hashable, Sendable, CaseIterable {
    case nfc = "NFC"
    case nfd = "NFD"
    case nfkc = "NFKC"
    case nfkd = "NFKD"

    private var isCompatibility: Bool { self == .nfkc || self == .nfkd }
    private var isComposed: Bool { self == .nfc || self == .nfkc }

    private struct Part {
        var scalar: UInt32
        var change: Int
        var combiningClass: Int32
    }

    func apply(to text: inout AlignedText) {
        // Below U+00A0 every form leaves everything as it is; below U+0300 NFC does.
        let limit: UInt8 = self == .nfc ? 0xCC : 0xC2
        if text.bytes.allSatisfy({ $0 < limit }) { return }
        let scalars = text.bytes.scalars
        var parts: [Part] = []
        parts.reserveCapacity(scalars.count + 16)
        var decomposition = [UInt32](repeating: 0, count: 18)
        for scalar in scalars {
            if scalar < 0xA0 {
                parts.append(Part(scalar: scalar, change: 0, combiningClass: 0))
                continue
            }
            let count = wright_scalar_decompose(scalar, isCompatibility ? 1 : 0, &decomposition)
            for index in 0..<count {
                let part = decomposition[index]
                parts.append(
                    Part(
                        scalar: part, change: index > 0 ? 1 : 0,
                        combiningClass: part < 0x300 ? 0 : wright_scalar_combining_class(part)))
            }
        }
        Self.order(&parts)
        if isComposed { parts = Self.composed(parts) }
        text.replace(by: parts.map { AlignedText.Change($0.scalar, $0.change) })
    }

    /// Canonical order: marks between two starters by their class, equal ones as they stood.
    private static func order(_ parts: inout [Part]) {
        var start = 0
        while start < parts.count {
            guard parts[start].combiningClass != 0 else {
                start += 1
                continue
            }
            var end = start
            while end < parts.count, parts[end].combiningClass != 0 { end += 1 }
            if end - start > 1 {
                // `sort` keeps the order of equal elements, which the standard library does but does not promise.
                let ordered = parts[start..<end].enumerated().sorted {
                    ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset)
                }
                parts.replaceSubrange(start..<end, with: ordered.map(\.element))
            }
            start = end
        }
    }

    /// Canonical composition. A scalar that vanishes into another counts as removed when it stood in the text.
    private static func composed(_ parts: [Part]) -> [Part] {
        var result: [Part] = []
        result.reserveCapacity(parts.count)
        var starter: Int?
        var lastClass: Int32 = 0
        for part in parts {
            if let index = starter {
                let isAdjacent = index == result.count - 1
                let isBlocked = !isAdjacent && (lastClass == 0 || lastClass >= part.combiningClass)
                if !isBlocked, canCompose(part.scalar),
                    case let whole = wright_scalar_compose(result[index].scalar, part.scalar), whole != 0
                {
                    result[index].scalar = whole
                    if part.change == 0 { result[index].change -= 1 }
                    continue
                }
            }
            if part.combiningClass == 0 { starter = result.count }
            lastClass = part.combiningClass
            result.append(part)
        }
        return result
    }

    /// Nothing below the combining marks is the second half of a composition.
    @inline(__always) private static func canCompose(_ scalar: UInt32) -> Bool {
        scalar >= 0x300 && !(0x3400..<0xA000).contains(scalar)
    }
}
