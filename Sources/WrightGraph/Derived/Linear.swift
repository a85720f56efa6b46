extension Tensor {
    /// The sum of the products of two vectors.
    public func dot(_ other: Tensor) -> Tensor {
        precondition(rank == 1 && shape == other.shape, "dot: needs vectors of one length, not \(type), \(other.type)")
        return matmul(other)
    }

    /// Every product of an element of this vector (rows) and one of `other` (columns).
    public func outer(_ other: Tensor) -> Tensor {
        precondition(rank == 1 && other.rank == 1, "outer: needs two vectors, not \(type) and \(other.type)")
        return reshaped([count, 1]) * other.reshaped([1, other.count])
    }

    /// Einstein's summation: `einsum("bij,bjk->bik", a, b)` names each axis with a letter, multiplies elements whose
    /// letters agree, and sums over the letters missing after the arrow. A letter twice in one operand walks its diagonal.
    /// Without an arrow the result has the letters that occur once, in alphabetical order.
    ///
    /// Operands are contracted from the left, two at a time, each pair as one (batched) matrix product.
    public static func einsum(_ equation: String, _ operands: Tensor...) -> Tensor { einsum(equation, operands) }

    public static func einsum(_ equation: String, _ operands: [Tensor]) -> Tensor {
        let (inputs, output) = lettersOf(equation, operands)
        var terms = zip(operands, inputs).map { Term(tensor: $0, letters: $1).withoutRepeats() }
        var product = terms.removeFirst()
        while true {
            let needed = Set(output).union(terms.flatMap(\.letters))
            product = product.summed(keeping: needed)
            guard !terms.isEmpty else { break }
            let next = terms.removeFirst()
            let later = Set(output).union(terms.flatMap(\.letters))
            product = product.contracted(with: next.summed(keeping: later.union(product.letters)), keeping: later)
        }
        return product.tensor.permuted(output.map { product.letters.firstIndex(of: $0)! })
    }

    /// The letters of each operand and of the result, checked against the operands.
    private static func lettersOf(_ equation: String, _ operands: [Tensor]) -> ([[UInt8]], [UInt8]) {
        let text = equation.utf8.filter { $0 != UInt8(ascii: " ") }
        let isLetter = { (byte: UInt8) in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        }
        let arrow = text.indices.first { text[$0...].starts(with: "->".utf8) }
        let inputs = text[..<(arrow ?? text.count)]
            .split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(Array.init)
        let all = inputs.flatMap { $0 }
        let output =
            arrow.map { Array(text[($0 + 2)...]) }
            ?? Set(all).filter { letter in all.count { $0 == letter } == 1 }.sorted()
        precondition(
            (all + output).allSatisfy(isLetter),
            "einsum: '\(equation)' may hold letters, commas and one arrow, like 'bij,bjk->bik'")
        precondition(
            inputs.count == operands.count && zip(inputs, operands).allSatisfy { $0.count == $1.rank },
            "einsum: '\(equation)' does not fit operands \(operands.map(\.type)): one group of letters for each, one letter "
                + "for each axis")
        precondition(
            Set(output).count == output.count && Set(output).isSubset(of: all),
            "einsum: each letter after the arrow of '\(equation)' stands there once and in an operand")
        var extents: [UInt8: Int] = [:]
        for (letters, operand) in zip(inputs, operands) {
            for (letter, extent) in zip(letters, operand.shape) {
                precondition(
                    extents.updateValue(extent, forKey: letter) ?? extent == extent,
                    "einsum: a letter of '\(equation)' names axes of different extents in \(operands.map(\.type))")
            }
        }
        return (inputs, output)
    }
}

/// A tensor whose axes have names, while an einsum is worked out.
private struct Term {
    var tensor: Tensor
    var letters: [UInt8]

    /// The diagonal in place of each letter that stands twice: the two axes end to end, every (n + 1)-th element.
    func withoutRepeats() -> Term {
        var term = self
        while let second = term.letters.indices.first(where: { term.letters[..<$0].contains(term.letters[$0]) }) {
            let first = term.letters.firstIndex(of: term.letters[second])!
            let others = term.letters.indices.filter { $0 != first && $0 != second }
            let n = term.tensor.shape[first]
            let lead = others.map { term.tensor.shape[$0] }
            let flat = term.tensor.permuted(others + [first, second]).reshaped(lead + [n * n])
            term = Term(
                tensor: flat.sliced(
                    from: (lead + [0]).map { _ in 0 }, sizes: lead + [n], steps: lead.map { _ in 1 } + [n + 1]),
                letters: others.map { term.letters[$0] } + [term.letters[first]])
        }
        return term
    }

    func summed(keeping needed: Set<UInt8>) -> Term {
        let axes = letters.indices.filter { !needed.contains(letters[$0]) }
        return Term(tensor: tensor.sum(along: axes), letters: letters.filter(needed.contains))
    }

    /// The product with `other`, summed over the shared letters that are not in `needed`; every other letter of either is.
    func contracted(with other: Term, keeping needed: Set<UInt8>) -> Term {
        let shared = letters.filter(other.letters.contains)
        let (batch, inner) = (shared.filter(needed.contains), shared.filter { !needed.contains($0) })
        let (rows, columns) = (letters.filter { !shared.contains($0) }, other.letters.filter { !shared.contains($0) })
        let extents = [batch, rows, inner].map { group in group.map { tensor.shape[letters.firstIndex(of: $0)!] } }
        let columnExtents = columns.map { other.tensor.shape[other.letters.firstIndex(of: $0)!] }
        let size = { (extents: [Int]) in extents.reduce(1, *) }
        let a = arranged(batch + rows + inner).reshaped([size(extents[0]), size(extents[1]), size(extents[2])])
        let b = other.arranged(batch + inner + columns)
            .reshaped([size(extents[0]), size(extents[2]), size(columnExtents)])
        let product: Tensor
        if inner.isEmpty {
            product = a * b
        } else if !tensor.dtype.isFloatingPoint {
            // Matrix products are of floating-point numbers; whole numbers go the long way.
            product = (a.expandedAxis(at: 3) * b.expandedAxis(at: 1)).sum(along: [2])
        } else if batch.isEmpty {
            product = a.reshaped(Array(a.shape.dropFirst())).matmul(b.reshaped(Array(b.shape.dropFirst())))
        } else {
            product = a.matmul(b)
        }
        return Term(
            tensor: product.reshaped(extents[0] + extents[1] + columnExtents), letters: batch + rows + columns)
    }

    private func arranged(_ order: [UInt8]) -> Tensor { tensor.permuted(order.map { letters.firstIndex(of: $0)! }) }
}
