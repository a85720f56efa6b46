import WrightData
import WrightGraph
import WrightRuntime

/// Where a run can be taken up again to find out what went wrong: before the first checkpoint, its beginning.
struct Snapshot {
    let values: [Buffer]
    let state: TrainingState

    /// Larger programs are not copied: the copy would be felt.
    static let maximumBytes = 64 << 20

    init?(_ program: TrainingProgram, _ state: TrainingState) {
        let buffers = program.buffers
        guard buffers.reduce(0, { $0 + $1.type.byteCount }) <= Self.maximumBytes else { return nil }
        values = buffers.map(\.duplicate)
        self.state = state
    }

    func restore(_ program: TrainingProgram) {
        for (target, value) in zip(program.buffers, values) { target.copy(value) }
    }
}

extension TrainingRun {
    /// Seconds that the search for a cause may take.
    private static let patience = 60.0

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
        beginning?.restore(trainer.program)
        return beginning?.state
    }
}
