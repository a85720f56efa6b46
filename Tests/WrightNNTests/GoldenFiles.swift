import Foundation
import WrightCPU
import WrightRuntime
import WrightTesting

/// PyTorch's values beside these tests.
enum GoldenFiles {
    static func cases(_ group: String) -> [GoldenCase] {
        do {
            return try GoldenGroup(group, in: Bundle.module.bundlePath + "/Golden").cases
        } catch {
            preconditionFailure("\(error)")
        }
    }
}

/// The backends that must reproduce them.
enum TestedBackend: String, CaseIterable, Sendable {
    case interpreter, cpu

    var backend: any Backend {
        switch self {
        case .interpreter: Interpreter()
        case .cpu: CPUBackend()
        }
    }
}
