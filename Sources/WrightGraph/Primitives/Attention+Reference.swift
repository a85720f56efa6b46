/// The slow and obvious implementation: the matrix of scores, row by row.
extension Attention {
    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let extents = extents(of: types)
        let heads = Heads(self, operands, extents)
        let (batch, size) = (extents.batch, extents.headSize)
        var outcome = [Double](repeating: 0, count: result.count)
        let maskShape = maskIndex.map { types[$0].shape }
        for b in 0..<batch {
            let length = lengthsIndex.map { min(max(Int(operands[$0][b]), 0), extents.keys) } ?? extents.keys
            for h in 0..<extents.heads {
                for i in 0..<extents.queries {
                    let keys = visibleKeys(i, extents, length: length)
                    let scores = keys.map { j in
                        var score = 0.0
                        for d in 0..<size {
                            score +=
                                operands[heads.operand(0)][heads.query(b, i, h) + d]
                                * operands[heads.operand(1)][heads.key(b, j, h) + d]
                        }
                        guard let index = maskIndex, let shape = maskShape else { return score * scale }
                        let plane = (shape[0] == 1 ? 0 : b) * shape[1] + (shape[1] == 1 ? 0 : h)
                        return score * scale + operands[index][(plane * shape[2] + i) * shape[3] + j]
                    }
                    let row = Row(b: b, h: h, i: i, keys: keys, scores: scores)
                    if role == .forward {
                        forward(row, heads, operands, &outcome)
                    } else {
                        gradient(row, heads, operands, &outcome)
                    }
                }
            }
        }
        return outcome
    }

    /// One query's scores for the keys that it sees.
    private struct Row {
        var b, h, i: Int
        var keys: Range<Int>
        var scores: [Double]
    }

    /// Where heads lie in the operands, and their gradients in the result.
    private struct Heads {
        let extents: Extents
        let isPacked: Bool

        init(_ op: Attention, _ operands: [[Double]], _ extents: Extents) {
            self.extents = extents
            isPacked = op.packedKeyHeads > 0
        }

        private var packedHeads: Int { extents.heads + 2 * extents.keyHeads }
        private func shared(_ h: Int) -> Int { h / (extents.heads / extents.keyHeads) }
        func operand(_ index: Int) -> Int { isPacked ? 0 : index }

        func output(_ b: Int, _ i: Int, _ h: Int) -> Int {
            ((b * extents.queries + i) * extents.heads + h) * extents.headSize
        }
        func query(_ b: Int, _ i: Int, _ h: Int) -> Int {
            isPacked ? ((b * extents.queries + i) * packedHeads + h) * extents.headSize : output(b, i, h)
        }
        func key(_ b: Int, _ j: Int, _ h: Int) -> Int {
            isPacked
                ? ((b * extents.keys + j) * packedHeads + extents.heads + shared(h)) * extents.headSize
                : ((b * extents.keys + j) * extents.keyHeads + shared(h)) * extents.headSize
        }
        func value(_ b: Int, _ j: Int, _ h: Int) -> Int {
            key(b, j, h) + (isPacked ? extents.keyHeads * extents.headSize : 0)
        }
        /// Where the gradients of query, key and value start.
        var starts: [Int] {
            isPacked ? [0, 0, 0] : [0, extents.outputCount, extents.outputCount + extents.keyCount]
        }
    }

    private func forward(_ row: Row, _ heads: Heads, _ operands: [[Double]], _ outcome: inout [Double]) {
        let extents = heads.extents
        let largest = row.scores.max() ?? -.infinity
        guard largest > -.infinity else { return }
        let exponentials = row.scores.map { Math.exp($0 - largest) }
        let sum = exponentials.reduce(0, +)
        for (j, exponential) in zip(row.keys, exponentials) {
            for d in 0..<extents.headSize {
                outcome[heads.output(row.b, row.i, row.h) + d] +=
                    exponential / sum * operands[heads.operand(2)][heads.value(row.b, j, row.h) + d]
            }
        }
        outcome[extents.outputCount + (row.b * extents.heads + row.h) * extents.queries + row.i] =
            Math.log(sum) + largest
    }

    private func gradient(_ row: Row, _ heads: Heads, _ operands: [[Double]], _ outcome: inout [Double]) {
        let extents = heads.extents
        let (result, upstream) = (operands[forwardCount], operands[forwardCount + 1])
        let logarithm = (row.b * extents.heads + row.h) * extents.queries + row.i
        let output = heads.output(row.b, row.i, row.h)
        let query = heads.query(row.b, row.i, row.h)
        var correction = -operands[forwardCount + 2][logarithm]
        for d in 0..<extents.headSize { correction += result[output + d] * upstream[output + d] }
        let starts = heads.starts
        for (j, score) in zip(row.keys, row.scores) {
            let probability = Math.exp(score - result[extents.outputCount + logarithm])
            let (key, value) = (heads.key(row.b, j, row.h), heads.value(row.b, j, row.h))
            var slope = -correction
            for d in 0..<extents.headSize { slope += upstream[output + d] * operands[heads.operand(2)][value + d] }
            slope *= probability * scale
            for d in 0..<extents.headSize {
                outcome[starts[0] + query + d] += slope * operands[heads.operand(1)][key + d]
                outcome[starts[1] + key + d] += slope * operands[heads.operand(0)][query + d]
                outcome[starts[2] + value + d] += probability * upstream[output + d]
            }
        }
    }
}
