extension Tensor {
    /// The gradients of this scalar with respect to `targets`, as more graph; zeros where it does not depend on one.
    public func gradients(of targets: [Tensor]) -> [Tensor] {
        zip(reachableGradients(of: targets), targets).map { gradient, target in
            gradient ?? Tensor.constant(0, target.dtype).broadcast(to: target.shape)
        }
    }

    /// The gradients of this scalar with respect to `targets`; nil for a target that no differentiable path leads to.
    ///
    /// Reverse accumulation (Griewank & Walther, *Evaluating Derivatives*, 2008) as a rewrite: only nodes between a
    /// target and this scalar are visited, and every share is Tensor code that can be differentiated again.
    public func reachableGradients(of targets: [Tensor]) -> [Tensor?] {
        precondition(
            shape.isEmpty && dtype.isFloatingPoint,
            "only a floating-point scalar has a gradient, not \(type): reduce it with sum() or mean() first")
        let order = Node.ordered([node])
        var dependent = Set(targets.map { ObjectIdentifier($0.node) })
        for node in order
        where node.type.dtype.isFloatingPoint && !dependent.contains(ObjectIdentifier(node))
            && node.operands.contains(where: { dependent.contains(ObjectIdentifier($0)) })
        {
            dependent.insert(ObjectIdentifier(node))
        }
        var shares: [ObjectIdentifier: [Tensor]] = [ObjectIdentifier(node): [.constant(1, dtype)]]
        var cotangents: [ObjectIdentifier: Tensor] = [:]
        for node in order.reversed() where dependent.contains(ObjectIdentifier(node)) {
            // Everything that uses the node comes behind it in the order, so its shares are complete.
            guard let found = shares.removeValue(forKey: ObjectIdentifier(node)) else { continue }
            let cotangent = Tensor.sum(ofParts: found)
            cotangents[ObjectIdentifier(node)] = cotangent
            guard !node.operands.isEmpty else { continue }
            let pulled = node.op.primitive.pullback(
                cotangent, operands: node.operands.map(Tensor.init(node:)), result: Tensor(node: node))
            for case (let operand, let share?) in zip(node.operands, pulled)
            where dependent.contains(ObjectIdentifier(operand)) {
                precondition(
                    share.type == operand.type,
                    "the pullback of \(node.op.primitive.name) gave \(share.type) for an operand of \(operand.type)")
                shares[ObjectIdentifier(operand), default: []].append(share)
            }
        }
        return targets.map { cotangents[ObjectIdentifier($0.node)] }
    }

    /// Stops gradients: the same value, through which nothing is differentiated.
    public func stoppingGradient() -> Tensor { Tensor(Unary.stopGradient, self) }
}
