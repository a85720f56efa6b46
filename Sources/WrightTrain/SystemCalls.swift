#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The few things that training asks of the operating system, the same on Linux and macOS.
package enum SystemCalls {
    package static func naturalLogarithm(_ x: Double) -> Double { callLog(x) }
    package static func exponential(_ x: Double) -> Double { callExp(x) }
    package static func power(_ x: Double, _ y: Double) -> Double { callPow(x, y) }

    /// Seconds since 1970.
    package static var wallTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Seconds since some fixed moment; never goes back.
    package static var monotonicTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    package static var hostName: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "localhost" }
        return bytes.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    package static var processIdentifier: Int { Int(getpid()) }

    package static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The most memory that this process has held, in bytes.
    package static var peakMemory: Int {
        var usage = rusage()
        guard getrusage(usageOfThisProcess, &usage) == 0 else { return 0 }
        #if canImport(Darwin)
            return Int(usage.ru_maxrss)
        #else
            return Int(usage.ru_maxrss) * 1024
        #endif
    }

    package static let standardError: Int32 = STDERR_FILENO
    package static let standardOutput: Int32 = STDOUT_FILENO

    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Columns of the terminal; nil when it does not say.
    package static func width(ofTerminal descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes text to a descriptor; what a closed pipe or terminal does not take is dropped, as it is only for reading.
    package static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = callWrite(descriptor, rest.baseAddress!, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    /// Bytes that the disk under `folder` can still take; nil when it does not say.
    package static func freeBytes(in folder: String) -> Int? {
        var information = statvfs()
        guard statvfs(folder, &information) == 0 else { return nil }
        return Int(information.f_bavail) * Int(information.f_frsize)
    }
}

// Outside the enum, where the names still mean the C library's functions.
private func callLog(_ x: Double) -> Double { log(x) }
private func callExp(_ x: Double) -> Double { exp(x) }
private func callPow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
private func callWrite(_ descriptor: Int32, _ from: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, from, count)
}
/// RUSAGE_SELF, which every C library types differently.
private let usageOfThisProcess: Int32 = 0
