// swift-tools-version: 6.2
import PackageDescription

/// Set in CI, where a warning is an error. A user's newer compiler may warn and must still build.
let isStrict = Context.environment["WRIGHT_STRICT"] != nil

/// Swift 6 language mode plus the features that make a missing import, an implicit existential or a
/// surprise hop between executors an error.
let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])

/// Kernels are measured in release builds; the flag only keeps `assert` out of their loops.
let kernelSettings: [CSetting] = [.define("NDEBUG")] + (isStrict ? [.treatAllWarnings(as: .error)] : [])

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "Wright",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Wright", targets: ["Wright"]),
        .library(name: "WrightTasks", targets: ["WrightTasks"]),
        .library(name: "WrightTesting", targets: ["WrightTesting"]),
        .executable(name: "wright", targets: ["wright-cli"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ],
    targets: [
        library("WrightGraph", []),
        library("WrightRuntime", ["WrightGraph"]),
        .target(name: "CWrightTeam", cSettings: kernelSettings),
        .target(
            name: "CWrightTile", dependencies: ["CWrightTeam"], cSettings: kernelSettings,
            linkerSettings: [.linkedLibrary("m")]),
        .target(
            name: "CWrightDNN", dependencies: ["CWrightTeam"],
            cSettings: kernelSettings,
            cxxSettings: [.define("NDEBUG")] + (isStrict ? [.treatAllWarnings(as: .error)] : []),
            linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp", .when(platforms: [.linux]))]),
        .target(
            name: "CWrightImage",
            linkerSettings: [.linkedLibrary("turbojpeg"), .linkedLibrary("png"), .linkedLibrary("z")]),
        .target(
            name: "CWrightText", cSettings: kernelSettings,
            linkerSettings: [
                .linkedLibrary("pcre2-8"), .linkedLibrary("utf8proc"),
                .linkedLibrary("iconv", .when(platforms: [.macOS])),
            ]),
        .target(name: "CWrightSound", cSettings: kernelSettings, linkerSettings: [.linkedLibrary("FLAC")]),
        .target(name: "CWrightSQLite", cSettings: kernelSettings, linkerSettings: [.linkedLibrary("sqlite3")]),
        library("WrightCPU", ["WrightGraph", "WrightRuntime", "CWrightTeam", "CWrightTile", "CWrightDNN"]),
        library("WrightNN", ["WrightGraph", "WrightRuntime"]),
        library(
            "WrightData",
            ["WrightGraph", "WrightRuntime", "CWrightImage", "CWrightText", "CWrightSound", "CWrightSQLite"]),
        library("WrightModels", ["WrightGraph", "WrightRuntime", "WrightNN"]),
        library("WrightTrain", ["WrightGraph", "WrightRuntime", "WrightNN", "WrightData"]),
        .target(
            name: "WrightTasks",
            dependencies: [
                "WrightGraph", "WrightRuntime", "WrightNN", "WrightData", "WrightModels", "WrightTrain",
                .product(name: "Yams", package: "Yams"),
            ], swiftSettings: settings),
        library(
            "Wright",
            [
                "WrightGraph", "WrightRuntime", "WrightCPU", "WrightNN", "WrightData", "WrightModels", "WrightTrain",
            ]),
        library("WrightTesting", ["WrightGraph", "WrightRuntime", "WrightNN"]),
        .executableTarget(
            name: "wright-cli", dependencies: ["Wright", "WrightTasks", argumentParser],
            swiftSettings: settings),
        tests("TinyTests", ["Wright"]),
        tests("HouseTests", []),
        tests("WrightGraphTests", ["WrightGraph", "WrightRuntime", "WrightTesting"]),
        tests("WrightRuntimeTests", ["WrightGraph", "WrightRuntime", "WrightTesting"]),
        tests(
            "WrightCPUTests",
            ["WrightCPU", "WrightRuntime", "WrightGraph", "WrightTesting", "CWrightTeam", "CWrightTile", "CWrightDNN"]),
        tests("WrightNNTests", ["Wright", "WrightTesting"], resources: [.copy("Golden")]),
        tests(
            "WrightDataTests", ["WrightData", "WrightRuntime", "WrightGraph", "WrightTesting", "CWrightImage"],
            resources: [.copy("Golden")]),
        // A process of its own, for tests that kill training.
        .executableTarget(
            name: "wright-train-probe", dependencies: ["Wright"], path: "Tests/TrainProbe", swiftSettings: settings),
        tests(
            "WrightTrainTests", ["Wright", "WrightTesting", "wright-train-probe"], resources: [.copy("Golden")]),
        tests("WrightModelsTests", ["Wright", "WrightTesting"], resources: [.copy("Golden")]),
        tests("WrightTasksTests", ["Wright", "WrightTasks", "WrightTesting"], resources: [.copy("Stored")]),
        .testTarget(
            name: "CommandLineTests", dependencies: ["wright-cli", "Wright"], exclude: ["Golden"],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17,
    cxxLanguageStandard: .cxx17
)
