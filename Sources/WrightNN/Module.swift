public import WrightGraph

/// A part of a model. A module is an immutable value; only its ``Parameter``s, and the running statistics that a
/// training pass assigns, change.
public protocol Module: Sendable {}

/// A module that maps one tensor to one tensor, so that it can stand in a ``Sequential``.
public protocol Layer: Module {
    func callAsFunction(_ x: Tensor) -> Tensor
}

/// Values that a module keeps between runs but no optimizer touches: running means, counters. Saved with the model.
public struct ModuleState: Sendable {
    public let variable: Variable
    public init(_ name: String, _ buffer: Buffer) { variable = Variable(name, buffer) }
    public var value: Tensor { Tensor(variable) }
}

extension Module {
    /// The parameters by path, in declaration order: `layers.0.weight`. One that two properties share is listed once.
    public var parameters: [(path: String, parameter: Parameter)] {
        var found: [(path: String, parameter: Parameter)] = []
        var seen: Set<ObjectIdentifier> = []
        ModuleReflection.visit(self) { path, value in
            guard let parameter = value as? Parameter, seen.insert(ObjectIdentifier(parameter)).inserted else { return }
            found.append((path, parameter))
        }
        return found
    }

    /// The values kept between runs, by path: `norm.runningMean`.
    public var states: [(path: String, state: ModuleState)] {
        var found: [(path: String, state: ModuleState)] = []
        ModuleReflection.visit(self) { path, value in
            if let state = value as? ModuleState { found.append((path, state)) }
        }
        return found
    }
}

/// Reads the names of a module's properties, once; never writes.
enum ModuleReflection {
    static func visit(_ root: any Module, _ body: (_ path: String, _ value: Any) -> Void) {
        var pending: [(value: Any, path: String)] = [(root, "")]
        while let (value, path) = pending.popLast() {
            if value is Parameter || value is ModuleState {
                body(path, value)
                continue
            }
            let mirror = Mirror(reflecting: value)
            switch mirror.displayStyle {
            case .optional: if let some = mirror.children.first { pending.append((some.value, path)) }
            case .collection, .tuple, .enum, .struct:
                guard !(value is Tensor) else { continue }
                let children = mirror.children.enumerated().map { index, child in
                    let label = mirror.displayStyle == .collection ? String(index) : (child.label ?? String(index))
                    return (value: child.value, path: path.isEmpty ? label : path + "." + label)
                }
                pending.append(contentsOf: children.reversed())
            default: continue
            }
        }
    }
}
