import Foundation
import WrightRuntime
import WrightTesting

/// PyTorch's values beside these tests, and the backends that must reproduce them.
enum GoldenFiles {
    static func cases(_ group: String) -> [GoldenCase] {
        do {
            return try GoldenGroup(group, in: Bundle.module.bundlePath + "/Golden").cases
        } catch {
            preconditionFailure("\(error)")
        }
    }
}

enum TestedBackend: String, CaseIterable, Sendable {
    case interpreter

    var backend: any Backend {
        switch self {
        case .interpreter: Interpreter()
        }
    }
}
