import WrightData
import WrightGraph
import WrightRuntime

/// A copy of everything that steps change.
struct Snapshot {
    private let values: [Buffer]

    /// What a copy takes, in bytes.
    static func byteCount(_ program: TrainingProgram) -> Int {
        program.buffers.reduce(0) { $0 + $1.type.byteCount }
    }

    init(_ program: TrainingProgram) { values = program.buffers.map(\.duplicate) }

    func restore(_ program: TrainingProgram) {
        for (target, value) in zip(program.buffers, values) { target.copy(value) }
    }
}

extension TrainingRun {
    /// Seconds that the search for a cause may take.
    private static let patience = 60.0
    /// A larger program's beginning is not kept: the copy would be felt.
    private static let maximumSnapshotBytes = 64 << 20

    /// Keeps what the run starts with, until there is a checkpoint.
    func keepBeginning() {
        guard Snapshot.byteCount(trainer.program) <= Self.maximumSnapshotBytes else { return }
        beginning = (Snapshot(trainer.program), state)
    }

    /// What went wrong in `batch`, whose loss is not finite. By then the update has spoilt the weights, so the run is
    /// repeated from its last checkpoint (or its beginning) up to this batch; it comes out the same, bit for bit.
    func divergence(in batch: Batch) -> Divergence {
        var found = Divergence(
            step: state.step + 1, epoch: state.position.epoch, loss: stepper.loss, learningRate: state.learningRate,
            checkpoint: lastCheckpoint)
        let spoilt = trainer.program.nonFinite
        do {
            guard let count = try replay(until: batch.position)?.count else {
                found.parameters = spoilt
                return found
            }
            if trainer.program.nonFinite.isEmpty {
                found.explain(try Diagnosis(trainer.program, batch.samples))
            } else if let (_, position) = try replay(until: batch.position, atMost: count - 1) {
                // The batch before did it: its loss was finite, its gradient not.
                found.parameters = trainer.program.nonFinite
                found.explain(try Diagnosis(trainer.program, try training.batch(at: position).samples))
            }
        } catch {
            // Why: that training diverged is what matters; the search for the place is only help.
            found.parameters = spoilt
        }
        return found
    }

    /// Parameters turned out to be broken when a checkpoint was to be written.
    func divergence(parameters: [String]) -> Divergence {
        Divergence(
            step: state.step, epoch: state.position.epoch, loss: stepper.loss, parameters: parameters,
            learningRate: state.learningRate, checkpoint: lastCheckpoint)
    }

    /// Repeats the run up to the batch at `target`, or `atMost` so many batches. Gives how many it repeated and where it
    /// stands; nil when there is nothing to start from or it would take too long.
    private func replay(until target: DataPosition, atMost: Int = .max) throws -> (count: Int, position: DataPosition)?
    {
        guard var state = try restoredStart() else { return nil }
        let deadline = SystemCalls.monotonicTime + Self.patience
        var stepper = stepper
        let stream = try training.stream(from: state.position, depth: 2, workers: 1)
        defer { stream.cancel() }
        var (count, place) = (0, 0)
        while state.position != target, count < atMost {
            guard SystemCalls.monotonicTime < deadline, let batch = try stream.next() else { return nil }
            if place == 0 { stepper.begin(rateFactor: rateFactor(state)) }
            place += 1
            let part = part(of: batch, place: place)
            try stepper.run(part, batch)
            state.position = batch.next
            count += 1
            if part != .first {
                state.step += 1
                place = 0
            }
        }
        return (count, state.position)
    }

    /// Puts the program where the last checkpoint, or the snapshot of the beginning, says.
    private func restoredStart() throws -> TrainingState? {
        trainer.program.clearAccumulators()
        if let lastCheckpoint {
            var start = state
            try readCheckpoint(lastCheckpoint, &start, callbacks: [])
            return start
        }
        beginning?.values.restore(trainer.program)
        return beginning?.state
    }
}
