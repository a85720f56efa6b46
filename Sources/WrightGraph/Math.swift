#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The C library's functions of one number, so that no target of the graph needs Foundation.
enum Math {
    static func exp(_ x: Double) -> Double { callExp(x) }
    static func expm1(_ x: Double) -> Double { callExpm1(x) }
    static func log(_ x: Double) -> Double { callLog(x) }
    static func log1p(_ x: Double) -> Double { callLog1p(x) }
    static func tanh(_ x: Double) -> Double { callTanh(x) }
    static func erf(_ x: Double) -> Double { callErf(x) }
    static func sine(_ x: Double) -> Double { callSin(x) }
    static func cosine(_ x: Double) -> Double { callCos(x) }
    static func power(_ x: Double, _ y: Double) -> Double { callPow(x, y) }
    static func sigmoid(_ x: Double) -> Double { x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)) }
}

// Outside the enum, where the names still mean the C library's functions.
private func callExp(_ x: Double) -> Double { exp(x) }
private func callExpm1(_ x: Double) -> Double { expm1(x) }
private func callLog(_ x: Double) -> Double { log(x) }
private func callLog1p(_ x: Double) -> Double { log1p(x) }
private func callTanh(_ x: Double) -> Double { tanh(x) }
private func callErf(_ x: Double) -> Double { erf(x) }
private func callSin(_ x: Double) -> Double { sin(x) }
private func callCos(_ x: Double) -> Double { cos(x) }
private func callPow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
