#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The C library's functions for values that are computed once, while a graph is built or a parameter is filled.
package enum HostMath {
    package static func log(_ x: Double) -> Double { callLog(x) }
    package static func log(_ x: Float) -> Float { callLog(x) }
    package static func exp(_ x: Double) -> Double { callExp(x) }
    package static func erf(_ x: Double) -> Double { callErf(x) }
    package static func cosine(_ x: Double) -> Double { callCos(x) }
    package static func power(_ x: Double, _ y: Double) -> Double { callPow(x, y) }
}

// Outside the enum, where the names still mean the C library's functions.
private func callLog(_ x: Double) -> Double { log(x) }
private func callLog(_ x: Float) -> Float { logf(x) }
private func callExp(_ x: Double) -> Double { exp(x) }
private func callErf(_ x: Double) -> Double { erf(x) }
private func callCos(_ x: Double) -> Double { cos(x) }
private func callPow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
