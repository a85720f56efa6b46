#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Wright

/// What this computer and this process have.
enum Machine {
    /// `AMD EPYC 9R14`.
    static var processor: String {
        field("model name", in: "/proc/cpuinfo") ?? "unknown"
    }

    /// The instruction sets that kernels ask for, of those that this processor has.
    static var features: [String] {
        let flags = Set(
            (field("flags", in: "/proc/cpuinfo") ?? field("Features", in: "/proc/cpuinfo") ?? "").split(separator: " "))
        return ["avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "asimd", "bf16"].filter {
            flags.contains(Substring($0))
        }
    }

    static var cores: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Bytes of memory in all, and free for a new process; nil where the system does not say.
    static var memory: (total: Int, available: Int)? {
        guard let total = kibibytes("MemTotal", in: "/proc/meminfo"),
            let available = kibibytes("MemAvailable", in: "/proc/meminfo")
        else { return nil }
        return (total, available)
    }

    /// `Debian GNU/Linux 12 (bookworm)`.
    static var system: String {
        guard let name = lines(of: "/etc/os-release").first(where: { $0.hasPrefix("PRETTY_NAME=") }) else {
            return "unknown"
        }
        return String(name.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" })
    }

    /// `2026-11-21 05:12 UTC`.
    static var date: String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)) UTC"
    }

    /// Seconds since this process was started; the kernel counts them in hundredths.
    static var secondsSinceStart: Double {
        // The name in parentheses may hold blanks; field 22 of the line is the start, in ticks since the system's.
        let line = lines(of: "/proc/self/stat").first ?? ""
        let fields = line.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 19, let start = Double(fields[19]) else { return .nan }
        var now = timespec()
        #if os(Linux)
            clock_gettime(CLOCK_BOOTTIME, &now)
        #endif
        return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9 - start / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// What results may depend on, for reports and model folders.
    static func facts(threads: Int) -> [(name: String, value: String)] {
        let library = CPUBackend.libraryVersion
        return [
            ("wright", WrightCommand.version), ("system", system), ("processor", processor),
            ("instruction sets", features.joined(separator: " ")), ("threads", "\(threads)"),
            ("oneDNN", "\(library / 10000).\(library / 100 % 100).\(library % 100)"), ("date", date),
        ]
    }

    private static func kibibytes(_ name: String, in path: String) -> Int? {
        field(name, in: path)?.split(separator: " ").first.flatMap { Int($0) }.map { $0 * 1024 }
    }

    /// The value of `name: value` in one of the system's text files.
    private static func field(_ name: String, in path: String) -> String? {
        for line in lines(of: path) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            guard line[..<colon].trimmed == name else { continue }
            return String(line[line.index(after: colon)...].trimmed)
        }
        return nil
    }

    /// Nothing for a file that is not there: these files are the kernel's, and other systems lack them.
    private static func lines(of path: String) -> [Substring] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0, bytes.count < 1 << 20 {
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var text = drop(while: blank)
        while let last = text.last, blank(last) { text.removeLast() }
        return text
    }
}
