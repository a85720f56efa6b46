import Wright

extension TrainingSetup {
    /// Trains a model of texts as the command says, saves it, and says what came out and what comes `next`.
    func fit(
        _ model: SavedTextModel, _ pipeline: Pipeline, validation: Pipeline?, next: String,
        objective: @escaping @Sendable (_ network: any Module, _ batch: BatchTensors) -> Objective
    ) throws {
        let module = NetworkModule(network: model.network)
        let identity = ["model": Catalog.description(of: model.config).text(), "tokens": "\(model.tokens.rows)"]
        let trainer = try Trainer(
            module, trainerConfig(identity: identity), groups: [ParameterGroup(optimizer: optimizer)],
            schedule: schedule(batches: pipeline.batchesPerEpoch), on: CPUBackend(threads: command.compute.threads)
        ) { module, batch in objective(module.network, batch) }
        let curve = LearningCurve()
        let result = try trainer.fit(
            pipeline, validation: validation, callbacks: callbacks(curve), resume: resume, interruption: .onSignals())
        try finish(
            result, curve, model: model.architecture,
            parameterCount: module.parameters.reduce(0) { $0 + $1.parameter.count }, next: [next]
        ) { folder, metrics, curves in try model.write(to: folder, metrics: metrics, curves: curves) }
    }
}
