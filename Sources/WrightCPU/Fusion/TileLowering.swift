import CWrightTile
import WrightGraph
import WrightRuntime

/// Turns a fused region into a tile program.
struct TileLowering {
    private let region: Region
    private let number: Int
    private let regions: Regions
    private let graph: Graph
    private let columns: Int
    private let rows: Int
    private var operations: [Int: TileOperation] = [:]
    private let stored: Set<Int>

    init(_ region: Region, _ number: Int, _ regions: Regions, stored: Set<Int>) {
        self.region = region
        self.number = number
        self.regions = regions
        graph = regions.reading.graph
        columns = region.columns ?? region.count
        rows = columns == 0 ? 0 : region.count / columns
        self.stored = stored
        for member in region.members {
            operations[member] = TileOperation(graph.instructions[member], regions.reading)
        }
        combine()
    }

    /// The members of a region whose values something outside it reads.
    static func stored(_ region: Region, _ number: Int, _ regions: Regions) -> Set<Int> {
        let graph = regions.reading.graph
        let kept = Set((graph.outputs + graph.assignments.map(\.value)).map(graph.storageRoot))
        return Set(
            region.members.filter { member in
                guard regions.owner[member] == number else { return false }
                if kept.contains(member) { return true }
                var pending = regions.users[member]
                var seen: Set<Int> = []
                while let user = pending.popLast() {
                    guard seen.insert(user).inserted else { continue }
                    if regions.views.contains(user) || regions.recomputed.contains(user) {
                        pending += regions.users[user]
                    } else if regions.owner[user] != number {
                        return true
                    }
                }
                return false
            })
    }

    // MARK: Combining operations

    /// How often each member's value is read inside the region.
    private func uses() -> [Int: Int] {
        var uses: [Int: Int] = [:]
        for operation in operations.values {
            for operand in operation.operands where operations[operand.base] != nil {
                uses[operand.base, default: 0] += 1
            }
        }
        return uses
    }

    /// Joins operations that one opcode does: multiply and add, the gradient of ReLU, dot products; then drops what
    /// nothing reads any more.
    private mutating func combine() {
        var uses = uses()
        func isOnlyUse(_ access: Access) -> Bool {
            access.kind == .full && uses[access.base] == 1 && !stored.contains(access.base)
        }
        for member in region.members {
            guard var operation = operations[member] else { continue }
            switch operation.opcode {
            case .select:
                if case .immediate(0) = operation.operands[2].kind, graph.instructions[member].type.dtype == .float32,
                    operation.operands[0].kind == .full, let mask = operations[operation.operands[0].base],
                    mask.opcode == .greater, case .immediate(0) = mask.operands[1].kind
                {
                    uses[operation.operands[0].base, default: 1] -= 1
                    operation = TileOperation(.reluGradient, [operation.operands[1], mask.operands[0]])
                    if operations[operation.operands[1].base] != nil {
                        uses[operation.operands[1].base, default: 0] += 1
                    }
                }
            case .add, .subtract:
                let isAdd = operation.opcode == .add
                for side in isAdd ? [0, 1] : [1] {
                    let access = operation.operands[side]
                    guard isOnlyUse(access), let product = operations[access.base], product.opcode == .multiply
                    else { continue }
                    uses[access.base] = 0
                    operation = TileOperation(
                        isAdd ? .multiplyAdd : .negatedMultiplyAdd, product.operands + [operation.operands[1 - side]])
                    for operand in product.operands where operations[operand.base] != nil {
                        uses[operand.base, default: 0] += 1
                    }
                    break
                }
            case .rowSum, .columnSum, .totalSum:
                let access = operation.operands[0]
                guard isOnlyUse(access), let product = operations[access.base],
                    product.opcode == .multiply || product.opcode == .square
                else { break }
                uses[access.base] = 0
                let factors = product.opcode == .square ? product.operands + product.operands : product.operands
                let dots: [wright_tile_opcode: wright_tile_opcode] = [
                    .rowSum: .rowDot, .columnSum: .columnDot, .totalSum: .totalDot,
                ]
                operation = TileOperation(dots[operation.opcode]!, factors)
                for operand in factors where operations[operand.base] != nil { uses[operand.base, default: 0] += 1 }
            default: break
            }
            operations[member] = operation
        }
        for member in region.members.reversed() where !stored.contains(member) {
            if !operations.values.contains(where: { $0.operands.contains { $0.base == member } }) {
                operations[member] = nil
            }
        }
    }

    // MARK: The step

    func step() throws -> Step {
        var program = TileProgram(rows: rows, columns: columns)
        let members = region.members.filter { operations[$0] != nil }
        // Where each memory operand is read for the last time, by position in `members`.
        var lastRead: [Int: Int] = [:]
        var readOtherwise: Set<Int> = []
        var lastUse: [Int: Int] = [:]
        for (position, member) in members.enumerated() {
            for operand in operations[member]!.operands {
                if case .immediate = operand.kind { continue }
                if operations[operand.base] != nil {
                    lastUse[operand.base] = position
                } else {
                    lastRead[operand.base] = position
                    if operand.kind != .full || graph.instructions[operand.base].type.count != region.count {
                        readOtherwise.insert(operand.base)
                    }
                }
            }
        }
        var inPlace: [(write: Int, over: Int)] = []
        for (position, member) in members.enumerated() {
            emit(member, into: &program)
            if stored.contains(member), graph.instructions[member].type.count == region.count {
                for (base, last) in lastRead.sorted(by: { $0.key < $1.key })
                where last <= position && !readOtherwise.contains(base)
                    && graph.instructions[base].type.byteCount == graph.instructions[member].type.byteCount
                    && graph.instructions[base].type.dtype.byteCount == graph.instructions[member].type.dtype.byteCount
                {
                    inPlace.append((member, base))
                }
            }
            for operand in Set(operations[member]!.operands.map(\.base)) where lastUse[operand] == position {
                program.release(operand)
            }
        }
        let name = name(members)
        let bound = try program.prepared(name: name)
        return Step(
            name: name, kernel: "tile", reads: lastRead.keys.sorted(), writes: stored.sorted(), inPlace: inPlace,
            scratchByteCount: bound.scratchByteCount, operationCount: region.count * members.count
        ) { pointer, scratch in [bound.launch(pointer, scratch)] }
    }

    private func name(_ members: [Int]) -> String {
        let names = members.map { graph.instructions[$0].op.primitive.name }
        let shown = names.count > 6 ? names.prefix(3) + ["…\(names.count - 5)…"] + names.suffix(2) : names[...]
        return "\(shown.joined(separator: "·")) [\(rows), \(columns)]"
    }

    private func shape(of member: Int) -> TileProgram.Shape {
        regions.isPerRow(member, in: number) ? .column : .full
    }

    private func emit(_ member: Int, into program: inout TileProgram) {
        let operation = operations[member]!
        let type = graph.instructions[member].type
        let operands = operation.operands.map { access -> UInt8 in
            if let place = program.place(of: access.base), operations[access.base] != nil { return place }
            let dtype = graph.instructions[access.base].type.dtype
            if case .immediate(let value) = access.kind { return program.constant(value, dtype) }
            if operation.opcode == .randomBits || operation.opcode == .randomUniform {
                return program.memory(access.base, .scalar, .int32)
            }
            // A reduction reads whole rows; what follows it reads one element per row.
            let isPerRow = region.perRow.contains(member) && access.kind == .full
            return program.loaded(access.base, isPerRow ? .column : access.kind, dtype)
        }
        switch operation.opcode {
        case .columnSum, .columnMaximum, .columnMinimum, .columnDot:
            program.append(operation, operands, result: program.memory(member, accumulator: .columnAccumulator))
        case .totalSum, .totalMaximum, .totalMinimum, .totalDot:
            program.append(operation, operands, result: program.memory(member, accumulator: .totalAccumulator))
        case .notEqual where operands.count == 1:
            program.append(
                operation, operands + [program.constant(0, .float32)], result: result(member, type, &program))
        case .intNotEqual where operands.count == 1:
            program.append(operation, operands + [program.constant(0, .int32)], result: result(member, type, &program))
        default: program.append(operation, operands, result: result(member, type, &program))
        }
        // Other types than the lanes' own go to memory by a store of their own.
        if stored.contains(member), !TileProgram.isLane(type.dtype) {
            program.store(member, shape(of: member), type.dtype)
        }
    }

    private func result(_ member: Int, _ type: TensorType, _ program: inout TileProgram) -> UInt8 {
        let shape = shape(of: member)
        guard stored.contains(member), TileProgram.isLane(type.dtype) else { return program.register(member, shape) }
        return program.memory(member, shape == .column ? .column : .full, type.dtype, isResult: true)
    }
}
